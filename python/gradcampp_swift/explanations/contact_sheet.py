"""Many explanations in one picture."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..errors import InvalidArgumentError, WrongTypeError
from ..pictures.pixels import MOST_PIXELS
from .explanation import Explanation

if TYPE_CHECKING:
    from PIL import ImageDraw, ImageFont

_GAP = 8
_FONT_SIZE = 13
_LINE_HEIGHT = 17


def contact_sheet(
    explanations: Iterable[Explanation | Sequence[Explanation]],
    columns: int | None = None,
    captions: bool | Sequence[str] = True,
    alpha: float = 0.3,
    colormap: str = "jet",
) -> npt.NDArray[np.uint8]:
    """Draw the overlays of several explanations side by side, to compare methods or classes.

    Parameters
    ----------
    explanations
        One or more. A list of lists is drawn as it is: each list is a row.
    columns
        How many in a row, 1 or more; None for about as many as there are rows. Not with lists of
        lists.
    captions
        Whether target, probability or score, method and layer are written below each; or what to
        write, one string for each explanation, in their order.
    alpha, colormap
        As for `Explanation.overlay`.

    Returns
    -------
    uint8 RGB (height, width, 3), on white

    Raises
    ------
    InvalidArgumentError, WrongTypeError
        There is no explanation, `columns` is less than 1, the number of captions is another, or
        an argument is of another kind.

    Examples
    --------
    >>> import gradcampp_swift as gcpp
    >>> from PIL import Image
    >>> explanations = gcpp.load("box").explain(gcpp.samples()[0], target="top4")
    >>> sheet = gcpp.contact_sheet(explanations, columns=4)
    >>> Image.fromarray(sheet).save("sheet.png")  # doctest: +SKIP
    """
    rows = _rows(explanations, columns)
    shown = [each for row in rows for each in row]
    texts = _texts(shown, captions)
    height = max(each.heatmap.shape[0] for each in shown)
    width = max(each.heatmap.shape[1] for each in shown)
    lines = max(text.count("\n") + 1 if text else 0 for text in texts)
    tile = height + (lines * _LINE_HEIGHT + 4 if lines else 0)
    across = max(len(row) for row in rows)
    shape = (len(rows) * (tile + _GAP) + _GAP, across * (width + _GAP) + _GAP, 3)
    if shape[0] * shape[1] > MOST_PIXELS:
        raise InvalidArgumentError(
            f"{len(shown)} explanations make a picture of {shape[0]} x {shape[1]} pixels, expected "
            f"at most {MOST_PIXELS}: draw several sheets"
        )
    sheet = np.full(shape, 255, np.uint8)
    places = []
    numbers = iter(range(len(shown)))
    for down, row in enumerate(rows):
        for right, each in enumerate(row):
            top, left = _GAP + down * (tile + _GAP), _GAP + right * (width + _GAP)
            picture = each.overlay(alpha, colormap)
            sheet[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
            places.append((left, top + height + 2, texts[next(numbers)]))
    return _written(sheet, places, width) if lines else sheet


def _rows(
    explanations: Iterable[Explanation | Sequence[Explanation]], columns: int | None
) -> list[list[Explanation]]:
    """Arrange the explanations, all checked."""
    if isinstance(explanations, Explanation) or not isinstance(explanations, Iterable):
        raise WrongTypeError(
            f"explanations is of type {type(explanations).__name__}, expected a list of them"
        )
    items: list[Any] = list(explanations)
    nested = any(isinstance(item, (list, tuple)) for item in items)
    if nested:
        if columns is not None:
            raise InvalidArgumentError("columns is given with rows, which decide it themselves")
        rows = [list(item) if isinstance(item, (list, tuple)) else [item] for item in items]
    else:
        across = math.ceil(math.sqrt(len(items))) if columns is None else _columns(columns)
        rows = [items[start : start + across] for start in range(0, len(items), across or 1)]
    for row in rows:
        for each in row:
            if not isinstance(each, Explanation):
                raise WrongTypeError(
                    f"explanations hold something of type {type(each).__name__}, expected what "
                    "Model.explain returns"
                )
    if not any(rows):
        raise InvalidArgumentError("explanations is empty, expected one or more")
    return rows


def _columns(columns: object) -> int:
    if not isinstance(columns, (int, np.integer)) or isinstance(columns, bool):
        raise WrongTypeError(f"columns is {columns!r}, expected an integer")
    if columns < 1:
        raise InvalidArgumentError(f"columns is {columns}, expected 1 or more")
    return int(columns)


def _texts(shown: list[Explanation], captions: bool | Sequence[str]) -> list[str]:
    if isinstance(captions, (bool, np.bool_)):
        return [_caption(each) if captions else "" for each in shown]
    if isinstance(captions, str) or not isinstance(captions, Sequence):
        raise WrongTypeError(f"captions is {captions!r}, expected True, False or a list of str")
    for text in captions:
        if not isinstance(text, str):
            raise WrongTypeError(f"captions hold {text!r}, expected str")
    if len(captions) != len(shown):
        raise InvalidArgumentError(
            f"there are {len(captions)} captions, expected one for each of {len(shown)} "
            "explanations"
        )
    return list(captions)


def _caption(explanation: Explanation) -> str:
    title = " ".join(explanation._title.split())
    return f"{title}  {explanation._measure}\n{explanation.method}, {explanation.layer}"


def _written(
    sheet: npt.NDArray[np.uint8], places: list[tuple[int, int, str]], width: int
) -> npt.NDArray[np.uint8]:
    """Write the captions at (left, top), each line cut to the width of a tile."""
    from PIL import Image, ImageDraw

    picture = Image.fromarray(sheet)
    draw = ImageDraw.Draw(picture)
    font = _font()
    for left, top, text in places:
        for number, line in enumerate(text.split("\n")):
            cut = _cut(_readable(line), draw, font, width)
            draw.text((left, top + number * _LINE_HEIGHT), cut, fill=(20, 20, 20), font=font)
    return np.asarray(picture)


def _font() -> ImageFont.ImageFont | ImageFont.FreeTypeFont:
    from PIL import ImageFont

    try:
        return ImageFont.load_default(_FONT_SIZE)
    except TypeError:  # Pillow before 10.1 has one size
        return ImageFont.load_default()


def _readable(text: str) -> str:
    """Leave letters their accents off, and what else Pillow's own font has no sign for.

    Examples
    --------
    >>> _readable("Tête-à-tête 水")
    'Tete-a-tete ?'
    """
    plain = (c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return "".join(c if " " <= c <= "~" else "?" for c in plain)


def _cut(
    text: str,
    draw: ImageDraw.ImageDraw,
    font: ImageFont.ImageFont | ImageFont.FreeTypeFont,
    width: int,
) -> str:
    """Shorten a line until it fits."""
    if draw.textlength(text, font=font) <= width:
        return text
    kept = text[: 2 * width]
    while kept and draw.textlength(kept + "...", font=font) > width:
        kept = kept[:-1]
    return kept + "..."
