"""Options that say what is asked of a model."""

from __future__ import annotations

import argparse
from typing import Any

from .. import _core
from ..classes.class_names import ClassNames
from ..classes.targets import Difference, Probability
from ..errors import InvalidArgumentError
from ..model import Model
from ..settings.request import DEFAULT_METHOD, Request
from .options import add_layer, class_named, listed


def add_request(parser: argparse.ArgumentParser) -> None:
    """Declare what `request_of` takes: -l and what is asked of it, --method, --option, --layer."""
    add = parser.add_argument
    add(
        "-l",
        "--class_label",
        metavar="CLASS",
        help="class to explain: a label name, or a number where no other class has it for a "
        "label; label:3 and index:3 say which is meant; -1, the default, is the class that is "
        "predicted",
    )
    add(
        "--versus",
        metavar="CLASS",
        help="explain why the class of -l rather than this one: the difference of their logits",
    )
    add(
        "--probability",
        action="store_true",
        help="explain the probability of the class of -l in place of its logit",
    )
    add(
        "--method",
        metavar="NAME",
        default=DEFAULT_METHOD,
        help=f"{listed(_core.methods())}; `gradcampp methods` describes them (default %(default)s)",
    )
    add(
        "--option",
        metavar="NAME=NUMBER",
        type=_option,
        action="append",
        default=[],
        help="an option of the method, such as masks=1000 of rise; may be given several times",
    )
    add_layer(parser)


def _option(text: str) -> tuple[str, float]:
    name, _, number = text.partition("=")
    try:
        return name, float(number)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no option of a method, such as masks=1000"
        ) from None


def request_of(options: argparse.Namespace, model: Model) -> Request:
    """Say what the options of `add_request` ask of a model."""
    target = _target(options, model._names)
    return Request(target, options.layer, options.method, options=dict(options.option))


def _target(options: argparse.Namespace, names: ClassNames) -> Any:
    """Say what -l, --versus and --probability mean."""
    target = None if options.class_label is None else class_named(options.class_label, names)
    asked = [name for name in ("versus", "probability") if getattr(options, name)]
    if not asked:
        return target
    if len(asked) > 1:
        raise InvalidArgumentError(
            "--versus asks about logits and --probability about a probability; give one of them"
        )
    other = class_named(options.versus, names) if options.versus else target
    if not isinstance(target, int) or not isinstance(other, int):
        raise InvalidArgumentError(
            f"--{asked[0]} needs classes of a network that has several; name them with -l and "
            "--versus"
        )
    return Probability(target) if options.probability else Difference(target, other)
