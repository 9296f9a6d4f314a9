"""Options that several commands take."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING

from ..classes.targets import resolve_target
from ..errors import ClassIndexError, InvalidArgumentError
from ..settings.catalogue import preprocessings

if TYPE_CHECKING:
    from ..model import Model


def count(text: str) -> int:
    """Take a number, 1 or more."""
    if not re.fullmatch("[0-9]{1,9}", text) or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number, 1 or more")
    return int(text)


def names(text: str) -> list[str]:
    """Take names with commas between them."""
    found = [name.strip() for name in text.split(",")]
    if not all(found):
        raise argparse.ArgumentTypeError(f"{text!r} is not a list of names with commas")
    return found


def add_preprocessing(parser: argparse.ArgumentParser) -> None:
    """Declare --preprocessing."""
    parser.add_argument(
        "--preprocessing",
        metavar="NAME",
        help=f"how colours go in: {', '.join(preprocessings())} (default: as the weights say)",
    )


def add_crop(parser: argparse.ArgumentParser) -> None:
    """Declare --crop."""
    parser.add_argument(
        "--crop",
        choices=("center", "squash", "pad"),
        default="center",
        help="how a picture comes to the network's proportions: its middle (default), all of it "
        "squashed, or all of it with a border",
    )


def check_names(found: list[str], known: list[str], what: str) -> None:
    """Raise an InvalidArgumentError unless each name is known and is given once."""
    for place, name in enumerate(found):
        if name not in known:
            raise InvalidArgumentError(
                f"there is no {what} {name!r}, expected one of {', '.join(known)}"
            )
        if name in found[:place]:
            raise InvalidArgumentError(f"the {what} {name!r} is named twice")


def class_index(text: str, labels: list[str]) -> int | None:
    """Find the class that `-l` names, by number or label; None for -1, the predicted one."""
    if not re.fullmatch("[+-]?[0-9]{1,4000}", text):
        return resolve_target(text, labels)
    index = int(text)
    if index == -1:
        return None
    if not 0 <= index < len(labels):
        raise ClassIndexError(
            f"class is {index}, expected 0 to {len(labels) - 1}, or -1 for the predicted class"
        )
    return index


def checked_layer(model: Model, layer: str | None, method: str = "gradcam++") -> str:
    """Find out before the first picture whether the network can explain a layer; return its name.

    None is the model's default.
    """
    import numpy as np

    height, width, _ = model.input_shape
    grey = np.full((height, width, 3), 127, np.uint8)
    return model.explain(grey, layer=layer, method=method).layer
