"""A network that predicts and explains."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias, overload

import numpy as np
import numpy.typing as npt

from . import _core
from .arguments import check_name
from .errors import InvalidArgumentError, UnknownNameError, WrongTypeError
from .explanation import Explanation
from .images import ImageLike, as_image
from .labels import resolve_target, top_count
from .predictions import Prediction, labelled
from .preprocessing import Preprocessing
from .weight_file import WeightFile

Target: TypeAlias = "int | np.integer[Any] | str | Prediction"
"""A class index, a label name, or a Prediction, which means its class."""


class Model:
    """A network with its weights, its preprocessing and its labels. Made by `load`.

    Any number of threads may use one model at once. A model made from a file pickles as the
    file's path and hash. Models do not change, so a copy is the model itself.
    """

    def __init__(self, core: _core.Model, labels: list[str], file: WeightFile | None) -> None:
        self._core = core
        self._labels = labels
        self._file = file

    # ---- Description ---------------------------------------------------------------------

    @property
    def architecture(self) -> str:
        """Name of the architecture, for example "VGG16"."""
        return self._core.architecture

    @property
    def input_shape(self) -> tuple[int, int, int]:
        """Height, width and channels of the network's input."""
        return self._core.input_shape

    @property
    def labels(self) -> list[str]:
        """The name of each class."""
        return list(self._labels)

    @property
    def layers(self) -> list[str]:
        """The layers that can be named, in the order of the data.

        The name of a convolution or dense layer means its tensor after ReLU (the last one has
        none: its tensor is the logits); NAME/linear, for example "conv5_3/linear", means the
        tensor before ReLU.
        """
        return [name for name, _, _ in self._core.layers]

    @property
    def preprocessing(self) -> Preprocessing:
        """How colours become the network's input."""
        return Preprocessing(*self._core.preprocessing)

    @property
    def path(self) -> str | None:
        """Absolute path of the weight file; None for weights that came in memory."""
        return None if self._file is None else self._file.path

    @property
    def sha256(self) -> str | None:
        """Hash of the weight file, in hexadecimal; None for weights that came in memory.

        Computed when first asked for; a BadDataError says that the file changed since `load`.
        """
        return None if self._file is None else self._file.sha256()

    # ---- Use -----------------------------------------------------------------------------

    def predict(self, image: ImageLike, top: int = 5) -> list[Prediction]:
        """Find the most probable classes of a picture.

        Parameters
        ----------
        image
            As for `explain`.
        top
            How many classes; more than the model has give all of them.

        Returns
        -------
        list of Prediction
            Best first.

        Raises
        ------
        InvalidArgumentError, WrongTypeError
            `top` is no integer, or is less than 1.
        GradCAMError
            As for `explain`, if the picture or the weights cannot be used.
        """
        if not isinstance(top, (int, np.integer)) or isinstance(top, bool):
            raise WrongTypeError(f"top is {top!r}, expected an integer")
        if top < 1:
            raise InvalidArgumentError(f"top is {top}, expected 1 or more")
        found = self._core.predict(as_image(image), min(int(top), len(self._labels)))
        return [labelled(prediction, self._labels) for prediction in found]

    @overload
    def explain(  # type: ignore[overload-overlap]  # not a label
        self,
        image: ImageLike,
        target: Literal["top3", "top5", "top10"],
        layer: str | None = None,
        method: str = "gradcam++",
        guided: bool = False,
    ) -> list[Explanation]: ...
    @overload
    def explain(  # type: ignore[overload-overlap]  # a str is a sequence of str, too
        self,
        image: ImageLike,
        target: Target | None = None,
        layer: str | None = None,
        method: str = "gradcam++",
        guided: bool = False,
    ) -> Explanation: ...
    @overload
    def explain(
        self,
        image: ImageLike,
        target: Sequence[Target | None],
        layer: str | None = None,
        method: str = "gradcam++",
        guided: bool = False,
    ) -> list[Explanation]: ...
    def explain(
        self,
        image: ImageLike,
        target: Target | Sequence[Target | None] | None = None,
        layer: str | None = None,
        method: str = "gradcam++",
        guided: bool = False,
    ) -> Explanation | list[Explanation]:
        """Find out where in a picture the evidence for a class lies.

        Parameters
        ----------
        image
            A path or the bytes of a JPEG, PNG, TIFF, WebP or other file; a NumPy array, uint8 or
            floats in [0, 1], (height, width) grey, (height, width, 3) RGB or (height, width, 4)
            with alpha; or a PIL image. At most 2^27 pixels.

            The EXIF orientation is applied, alpha composed over white, CMYK converted by
            Pillow's formula, and 16 bits are divided by 257 and rounded (of 16-bit colours in
            PIL images, and in files other than PNG and TIFF, Pillow leaves 8 bits). Of an
            animation the first frame is taken.
        target
            A class index, a label name, a Prediction, or None for the predicted class. A
            sequence of those gives a list of explanations from one forward pass, and so does
            "top5" (or any other number): the most probable classes, best first.
        layer
            One of `layers` that has a height and a width, or NAME/linear for its tensor before
            ReLU; None for the model's default, the last convolution.
        method
            One of `methods()`.
        guided
            Whether to compute guided gradients down to the pixels as well.

        Returns
        -------
        Explanation, or list of Explanation
            A list, in the order of the targets, where `target` is a sequence or "top5".

        Raises
        ------
        ClassIndexError, UnknownNameError
            There is no such class index, or no such label or layer.
        InvalidArgumentError, WrongTypeError
            There is no such method, the layer has no height and width, or an argument is of
            another kind.
        MissingFileError, FileAccessError, BadDataError
            There is no such picture, or it cannot be read or decoded. BadDataError also for
            weights that are not finite.
        """
        if layer is not None:
            check_name(layer, "layer", UnknownNameError)
        check_name(method, "method")
        if isinstance(target, np.ndarray):
            target = target.tolist()
        items = None
        top = top_count(target, self._labels)
        if isinstance(target, (list, tuple, range)) and not isinstance(target, Prediction):
            items = list(target)
        wanted = [target] if items is None and not top else items or []
        indices = [resolve_target(item, self._labels) for item in wanted if item is not None]
        picture = as_image(image)
        if len(indices) < len(wanted) and len(wanted) > 1:
            predicted = self._core.predict(picture, 1)[0][0]
            given = iter(indices)
            indices = [predicted if item is None else next(given) for item in wanted]
        found = self._core.explain(
            picture,
            method=method,
            layer=layer,
            targets=indices if indices or not (wanted or top) else None,
            guided=bool(guided),
            top=top,
        )
        explanations = [
            Explanation(
                core,
                labelled(core.target, self._labels),
                [labelled(prediction, self._labels) for prediction in core.predictions],
            )
            for core in found
        ]
        return explanations[0] if items is None and not top else explanations

    def activations(self, image: ImageLike, layer: str) -> npt.NDArray[np.float32]:
        """Compute a layer's tensor.

        Parameters
        ----------
        image
            As for `explain`.
        layer
            One of `layers`, after ReLU, or NAME/linear for the tensor before.

        Returns
        -------
        float32 (h, w, channels), for dense layers (units,)

        Raises
        ------
        UnknownNameError
            There is no such layer.
        GradCAMError
            As for `explain`, if the picture or the weights cannot be used.
        """
        check_name(layer, "layer", UnknownNameError)
        return self._core.activations(as_image(image), layer)

    def gradients(
        self, image: ImageLike, layer: str, target: Target | None = None
    ) -> npt.NDArray[np.float32]:
        """Compute the gradient of a class's logit by a layer's tensor.

        Parameters
        ----------
        image, layer
            As for `activations`.
        target
            A class index, a label name, a Prediction, or None for the predicted class.

        Returns
        -------
        float32, of the shape of `activations`

        Raises
        ------
        ClassIndexError, UnknownNameError
            There is no such class index, or no such label or layer.
        GradCAMError
            As for `explain`, if the picture or the weights cannot be used.
        """
        check_name(layer, "layer", UnknownNameError)
        index = None if target is None else resolve_target(target, self._labels)
        return self._core.gradients(as_image(image), layer, index)

    # ---- Python --------------------------------------------------------------------------

    def __repr__(self) -> str:
        shape = "x".join(map(str, self.input_shape))
        source = "weights in memory" if self._file is None else repr(self._file.path)
        return f"Model({self.architecture}, {source}, input={shape}, classes={len(self._labels)})"

    def __copy__(self) -> Model:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Model:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        from .loading import reopen

        if self._file is None:
            raise WrongTypeError(
                "a model made from arrays in memory does not pickle, since there is no file to "
                "load it from: save the weights with numpy.save and load them by path"
            )
        return reopen, (self._file.path, self._file.sha256(), self._labels, self.preprocessing)
