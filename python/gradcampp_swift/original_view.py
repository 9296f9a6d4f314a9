"""An explanation in the coordinates of the whole picture, upright and not cropped."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from . import _core
from .arguments import check_name, check_share
from .connected_components import boxes_by_mass
from .errors import InvalidArgumentError
from .geometry import Box, SourceArea, to_picture

_ROWS_AT_ONCE = 256


class OriginalView:
    """What `Explanation` knows of the picture that it was made of."""

    __slots__ = ()

    _core: _core.Explanation

    @property
    def source_area(self) -> SourceArea | None:
        """What of the picture the network saw; None where that is unknown.

        Unknown is it only for explanations that a version without `source_area` pickled.
        """
        found = self._core.source
        return None if found is None else SourceArea(*found)

    @property
    def original_size(self) -> tuple[int, int] | None:
        """Height and width of the picture, upright; None where they are unknown."""
        area = self.source_area
        return None if area is None else (area.image_height, area.image_width)

    def map_to_original(self) -> npt.NDArray[np.float32]:
        """Bring the heat map to the picture's own size.

        Returns
        -------
        float32 (height, width) of the picture, in [0, 1]
            0 where the network did not look. Elsewhere `heatmap`, interpolated linearly: element j
            of its n columns has its centre at ``x = left + (j + 1/2) * width / n`` of the picture,
            where left and width are those of `source_area` and pixel i covers i to i + 1; rows are
            alike.

        Raises
        ------
        InvalidArgumentError
            The size is unknown; see `source_area`.

        Examples
        --------
        >>> import numpy as np
        >>> import gradcampp_swift as gcpp
        >>> photo = np.zeros((300, 400, 3), np.uint8)
        >>> e = gcpp.load().explain(photo)
        >>> e.heatmap.shape, e.map_to_original().shape
        ((224, 224), (300, 400))
        """
        area = self.source_area
        if area is None:
            raise InvalidArgumentError(
                "the picture's size is unknown, since an earlier version pickled this explanation: "
                "explain the picture again, or ask with original=False"
            )
        return to_picture(self._core.heatmap, area)

    def mask(self, threshold: float = 0.5, original: bool = True) -> npt.NDArray[np.bool_]:
        """Find where the map is above a share of its largest value.

        Parameters
        ----------
        threshold
            The share, 0 to less than 1.
        original
            Whether in pixels of the whole picture; else in those of `heatmap`.

        Returns
        -------
        bool (height, width)
            All false for a map without evidence.

        Raises
        ------
        InvalidArgumentError, WrongTypeError
            `threshold` is not as above.

        Examples
        --------
        >>> import gradcampp_swift as gcpp
        >>> e = gcpp.load().explain(gcpp.samples()[0])
        >>> bool(e.mask(0.8).sum() < e.mask(0.2).sum())
        True
        """
        return _above(self._map(original), threshold)

    def boxes(self, threshold: float = 0.5, original: bool = True) -> list[Box]:
        """Draw a box around each connected part of the mask.

        Parameters
        ----------
        threshold, original
            As for `mask`. Pixels are connected by sides and corners.

        Returns
        -------
        list of (x0, y0, x1, y1)
            Columns x0 to x1 - 1 and rows y0 to y1 - 1; the part with the largest sum of the map
            comes first. Empty for a map without evidence.

        Raises
        ------
        InvalidArgumentError, WrongTypeError
            As for `mask`.

        Examples
        --------
        >>> import gradcampp_swift as gcpp
        >>> e = gcpp.load().explain(gcpp.samples()[0])
        >>> x0, y0, x1, y1 = e.boxes(0.5)[0]
        """
        values = self._map(original)
        return boxes_by_mass(_above(values, threshold), values)

    def overlay_rgba(
        self, alpha: float = 0.6, colormap: str = "jet", original: bool = True
    ) -> npt.NDArray[np.uint8]:
        """Draw the map as a transparent picture to lay over the photo.

        Parameters
        ----------
        alpha
            Opacity where the map is 1, more than 0, at most 1; elsewhere it is proportional to the
            map, so that what has no evidence stays clear.
        colormap
            One of `colormaps()`.
        original
            Whether in pixels of the whole picture; else in those of `heatmap`.

        Returns
        -------
        uint8 RGBA (height, width, 4), colours not multiplied by alpha

        Raises
        ------
        InvalidArgumentError, WrongTypeError
            `alpha` lies outside its range, or there is no such colour map.

        Examples
        --------
        >>> import gradcampp_swift as gcpp
        >>> from PIL import Image
        >>> path = gcpp.samples()[0]
        >>> e = gcpp.load().explain(path)
        >>> photo = Image.open(path).convert("RGBA")
        >>> photo.alpha_composite(Image.fromarray(e.overlay_rgba()))
        """
        share = check_share(alpha, "alpha")
        table = _core.colormap_table(check_name(colormap, "colormap"))
        values = self._map(original)
        picture = np.empty((*values.shape, 4), np.uint8)
        for start in range(0, len(values), _ROWS_AT_ONCE):
            rows = slice(start, start + _ROWS_AT_ONCE)
            # In float64, where the library's pictures choose their colours, too.
            numbers = values[rows].astype(np.float64)
            picture[rows, :, :3] = table[255 - (255 * (1 - numbers)).astype(np.intp)]
            picture[rows, :, 3] = np.rint(255 * share * numbers)
        return picture

    def _map(self, original: bool) -> npt.NDArray[np.float32]:
        return self.map_to_original() if original else self._core.heatmap


def _above(values: npt.NDArray[np.float32], threshold: float) -> npt.NDArray[np.bool_]:
    share = check_share(threshold, "threshold", takes_zero=True)
    above: npt.NDArray[np.bool_] = values > np.float32(share) * values.max()
    return above
