"""Options that several commands take."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .. import _core
from ..classes.class_names import ClassNames
from ..classes.targets import Not
from ..errors import (
    AmbiguousNameError,
    ClassIndexError,
    InvalidArgumentError,
    WrongTypeError,
)
from ..loading import load_with
from ..model import Model
from ..pictures.reading import as_image
from ..settings.limits import DEFAULT_LIMITS, Limits, limits
from ..settings.load_settings import ACTIVATIONS, CROPS, LoadSettings
from ..settings.request import Request
from ..values import replace
from .terminal import tell
from .weight_choice import command_weights

if TYPE_CHECKING:
    from ..pictures.folders import Selection

PREDICTED = "-1"
"""What `-l` says for the class that is predicted."""


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


def listed(described: Sequence[tuple[Any, ...]]) -> str:
    """List the names of what the extension describes, for a help text."""
    return ", ".join(name for name, *_ in described)


def add_preprocessing(
    parser: argparse.ArgumentParser,
    meaning: str = "how colours go in",
    default: str = "as the weights say",
) -> None:
    """Declare --preprocessing, described by its meaning and its default."""
    parser.add_argument(
        "--preprocessing",
        metavar="NAME",
        help=f"{meaning}: {listed(_core.preprocessings())} (default: {default})",
    )


def add_head(parser: argparse.ArgumentParser) -> None:
    """Declare --input-size and --activation, which weights may leave open."""
    parser.add_argument(
        "--input-size",
        metavar="HxW",
        type=_size,
        help="height and width of the network's input, such as 224x224 (default: as the weights "
        "say)",
    )
    parser.add_argument(
        "--activation",
        choices=ACTIVATIONS,
        help="what makes probabilities of logits (default: as the weights say, else softmax, and "
        "sigmoid for a network with one output)",
    )


def add_output(parser: argparse.ArgumentParser) -> None:
    """Declare --output-name."""
    parser.add_argument(
        "--output-name",
        metavar="NAME",
        help="output to explain, of an ONNX file with several (default: the first of classes)",
    )


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch("([0-9]{1,5})x([0-9]{1,5})", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size, such as 224x224")
    return int(found[1]), int(found[2])


def add_loading(parser: argparse.ArgumentParser) -> None:
    """Declare what `loaded_model` takes: weights, labels and how they are loaded."""
    add = parser.add_argument
    add("--weights", metavar="PATH", help="weight file, or a name that `gradcampp models` lists")
    add("--labels", metavar="PATH", help="text file with one label a line")
    add_preprocessing(parser)
    add(
        "--crop",
        choices=CROPS,
        default=CROPS[0],
        help="how a picture comes to the network's proportions: its middle (default), all of it "
        "squashed, or all of it with a border",
    )
    add_head(parser)
    add_output(parser)
    add(
        "--limits",
        metavar="NAME=N,...",
        type=_limits,
        default=DEFAULT_LIMITS,
        help="what weights and pictures may cost, where a message says that it is too much: "
        f"{', '.join(Limits._fields)}",
    )


def _limits(text: str) -> Limits:
    values = {}
    for part in names(text):
        name, _, number = part.partition("=")
        if name not in Limits._fields or not re.fullmatch(
            r"[0-9]{1,19}(\.[0-9]{1,9})?(e[0-9]{1,2})?", number
        ):
            raise argparse.ArgumentTypeError(f"{part!r} is not a limit, such as scans=500")
        values[name] = int(number) if number.isdigit() else float(number)
    try:
        return limits(**values)
    except (InvalidArgumentError, WrongTypeError) as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def add_selection(parser: argparse.ArgumentParser) -> None:
    """Declare what `selection_of` takes: --include, --exclude."""
    for name, meaning in (
        ("--include", "only pictures that PATTERN fits, such as '*.jpg' or 'zoo/*'"),
        ("--exclude", "no pictures and no folders that PATTERN fits"),
    ):
        parser.add_argument(
            name,
            metavar="PATTERN",
            action="append",
            default=[],
            help=f"{meaning}; it is compared with names or, if it has a slash, with paths in "
            "FOLDER; may be given several times",
        )


def selection_of(options: argparse.Namespace) -> Selection:
    """Say which pictures the options of `add_selection` mean."""
    from ..pictures.folders import Selection

    return Selection(options.include, options.exclude)


def loaded_model(options: argparse.Namespace, *, has_class: bool = False) -> Model:
    """Load the network that the options name.

    Parameters
    ----------
    options
        Those of `add_loading`.
    has_class
        Whether a class was named: it is meant for other weights than those in the box.
    """
    weights = command_weights(options.weights, options.program, has_class=has_class)
    model = load_with(
        weights,
        LoadSettings(
            labels=options.labels,
            preprocessing=options.preprocessing,
            crop=options.crop,
            limits=options.limits,
            input_size=options.input_size,
            activation=options.activation,
            output=options.output_name,
        ),
    )
    for note in model.notes:
        tell(options.program, note)
    return model


def add_layer(parser: argparse.ArgumentParser) -> None:
    """Declare --layer."""
    parser.add_argument(
        "--layer",
        metavar="NAME",
        help="layer to explain, for example conv5_3, pool5 or, before ReLU, conv5_3/linear "
        "(default: the last convolution)",
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


def class_named(text: str, names: ClassNames) -> int | Not | None:
    """Find the class that `-l` names, by label or number; None for -1, the predicted one.

    The opposite of a network's only class is what speaks against that.
    """
    if text == PREDICTED:
        if PREDICTED in (names.opposite, *names.labels):
            raise AmbiguousNameError(
                f"{text} is a label, and means the predicted class: say label:{text}, or leave "
                "the class out"
            )
        return None
    try:
        return Not(0) if names.is_opposite(text) else names.index(text)
    except ClassIndexError:
        raise ClassIndexError(
            f"class is {text}, expected 0 to {len(names.labels) - 1}, or -1 for the predicted class"
        ) from None


def checked_layer(model: Model, request: Request) -> str:
    """Find out before the first picture whether a request can be answered; return the layer.

    Its class is not looked at; None is the model's default layer.
    """
    import numpy as np

    height, width, _ = model.input_shape
    grey = np.full((height, width, 3), 127, np.uint8)
    explainer = model._explainer(replace(request, target=None, guided=False))
    (explanation,) = explainer.explain([as_image(grey)])
    layer: str = explanation.layer
    return layer
