"""`gradcampp layers MODEL`: what of a network can be explained."""

from __future__ import annotations

import argparse

from ..loading import load_with
from ..model import Model
from ..settings.load_settings import LoadSettings
from .options import add_head, add_output
from .terminal import tell


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.description = (
        "List the layers of a network that can be named with --layer: name, operation and shape, "
        "in the order of the data. The default is marked with *."
    )
    parser.add_argument("weights", metavar="MODEL", help="weight file, or ONNX file")
    add_head(parser)
    add_output(parser)


def run(options: argparse.Namespace) -> str:
    """Load, and return the list.

    Raises
    ------
    GradCAMError
        As `load` does.
    """
    settings = LoadSettings(
        input_size=options.input_size, activation=options.activation, output=options.output_name
    )
    model = load_with(options.weights, settings)
    for note in model.notes:
        tell(options.program, note)
    return listing(model)


def listing(model: Model) -> str:
    """List the layers of a model in columns: mark of the default, name, operation, shape."""
    rows = [
        ("*" if name == model.default_layer else " ", name, kind, "x".join(map(str, shape)))
        for name, kind, shape in model._core.layers
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
