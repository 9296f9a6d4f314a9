"""`gradcampp convert IN OUT`: weights of other programs as a file that loads at once."""

from __future__ import annotations

import argparse

from ..arguments import check_path
from ..files import check_destination
from ..loading import load_with
from ..settings.load_settings import LoadSettings
from ..weights.arrays import weights_of
from ..weights.writing import check_weights_suffix, write_weights
from .options import add_head, add_preprocessing
from .terminal import tell


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.description = (
        "Write a network from torchvision, timm, Keras or ONNX as a file that loads at once and "
        "needs no other program."
    )
    add = parser.add_argument
    add(
        "input",
        metavar="IN",
        help="file of weights or of a network: .safetensors, .pth, .npy, .npz or .onnx; .h5 or "
        ".keras, read by an installed h5py",
    )
    add(
        "output",
        metavar="OUT",
        help="file to write: .safetensors, which carries all that is said beside the weights, or "
        ".npy in the layout of vgg16.npy, for VGG networks that want its preprocessing",
    )
    add("--float16", action="store_true", help="halve the file, and the precision")
    add_preprocessing(
        parser,
        "how the weights want colours",
        "what IN says, else torchvision for weights of torchvision and timm, caffe for others",
    )
    add_head(parser)


def run(options: argparse.Namespace) -> str:
    """Convert, and return what is to be printed.

    Raises
    ------
    GradCAMError
        As `load` and `write_weights` do.
    """
    output = check_path(options.output, "OUT")
    # What can fail without the weights fails before they are read.
    check_weights_suffix(output)
    check_destination(output)
    model = load_with(
        options.input,
        LoadSettings(
            preprocessing=options.preprocessing,
            input_size=options.input_size,
            activation=options.activation,
        ),
    )
    for note in model.notes:
        tell(options.program, note)
    write_weights(output, weights_of(model._core), float16=options.float16)
    height, width, _ = model.input_shape
    colors = model.preprocessing
    mean, std = (" ".join(f"{value:g}" for value in values) for values in (colors.mean, colors.std))
    return "\n".join(
        [
            f"Network: {model.architecture}, input {height}x{width}, {len(model.labels)} classes",
            f"Preprocessing: {colors.channel_order}, scale {colors.scale:g}, mean {mean}, "
            f"std {std}",
            f"Saved: {output}",
        ]
    )
