"""`gradcampp -f IMAGE`: explain one picture."""

from __future__ import annotations

import argparse
import contextlib
import os
import re

from .. import _core
from ..classes.predictions import Prediction
from ..errors import one_line
from ..explanations.explanation import Explanation
from ..explanations.kinds import check_kind
from ..files import check_destination, folder_of
from ..loading import load
from ..model import Model
from ..pictures.reading import as_image
from ..settings.catalogue import methods
from ..settings.process import set_num_threads
from .options import add_crop, add_preprocessing, class_index
from .terminal import silent_decoders, tell
from .weight_choice import command_weights

OUTPUT_FOLDER = "output"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.description = (
        "Show where in a picture a convolutional network sees the evidence for a class\n"
        "(Grad-CAM++)."
    )
    parser.epilog = (
        "Weights: --weights, else $GRADCAMPP_WEIGHTS, else models/vgg16.npy, else, without -l, the "
        "network in the box, which knows twelve kinds of drawn objects. Labels: --labels, else "
        "synset.txt beside the weights or here, else built-in names. Threads: --threads, else "
        "$GRADCAMPP_NUM_THREADS, else all processors given to the process."
    )
    add = parser.add_argument
    add("-f", "--file_name", metavar="IMAGE", required=True, help="picture to explain")
    add(
        "-l",
        "--class_label",
        metavar="CLASS",
        help="class to explain: a number or a label name; -1, the default, is the predicted class",
    )
    add(
        "-o",
        "--output_filename",
        metavar="PATH",
        default="output.jpeg",
        help=f"where the picture goes (default %(default)s); a relative path is under "
        f"{OUTPUT_FOLDER}/, and its folders are made; the folder of an absolute path must exist; "
        ".npy saves the heat map's numbers",
    )
    add("-gpu", "--gpu_device", metavar="N", type=_gpu, help="accepted, but the CPU is used")
    add("--weights", metavar="PATH", help="weight file, vgg16.npy or its like")
    add("--labels", metavar="PATH", help="text file with one label a line")
    add_preprocessing(parser)
    add_crop(parser)
    add(
        "--method",
        metavar="NAME",
        default="gradcam++",
        help=f"{', '.join(methods())} (default %(default)s)",
    )
    add(
        "--layer",
        metavar="NAME",
        help="layer to explain, for example conv5_3, pool5 or, before ReLU, conv5_3/linear "
        "(default: the last convolution)",
    )
    add(
        "--layout",
        choices=("figure", "overlay", "heatmap", "guided", "panels"),
        help="what to draw (default figure, a page of four panels)",
    )
    add("--threads", metavar="N", type=_thread_count, help="number of threads")
    add("--json", action="store_true", help="print one JSON object instead of lines")
    add("--quiet", action="store_true", help="print no lines; JSON is still printed")
    add("--version", action="version", version=f"%(prog)s {_core.version()}")


def _thread_count(text: str) -> int:
    if not re.fullmatch("[0-9]{1,18}", text) or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of threads, 1 or more")
    return int(text)


def _gpu(text: str) -> int:
    if not re.fullmatch("[0-9]{1,18}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not the number of a GPU, 0 or more")
    return int(text)


# ---- Work ----------------------------------------------------------------------------------


def run(options: argparse.Namespace) -> str:
    """Explain, save, and return what is to be printed."""
    output = os.path.join(OUTPUT_FOLDER, options.output_filename)
    what = options.layout or ("heatmap" if output.lower().endswith(".npy") else "figure")
    # What can fail without the network fails before it runs.
    check_kind(what, output)
    check_destination(output)
    if options.threads is not None:
        set_num_threads(options.threads)
    has_class = options.class_label is not None
    weights = command_weights(options.weights, options.program, has_class=has_class)
    model = load(weights, options.labels, options.preprocessing, crop=options.crop)
    target = class_index(options.class_label, model.labels) if has_class else None
    picture = _read(options.file_name)
    if options.gpu_device is not None:
        tell(options.program, f"no GPU support (-gpu {options.gpu_device}): using the CPU")
    explanation = model.explain(
        picture,
        target=target,
        layer=options.layer,
        method=options.method,
        guided=what in ("figure", "guided", "panels"),
    )
    is_relative = not os.path.isabs(options.output_filename)
    with folder_of(output) if is_relative else contextlib.nullcontext():
        explanation.save(output, what)
    if options.json:
        return _json(model, explanation, output)
    return "" if options.quiet else _lines(explanation, output, target is None)


def _read(path: str) -> _core.Image:
    """Read the picture, without the remarks of Pillow and the libraries below it."""
    with silent_decoders():
        return as_image(path)


# ---- Output --------------------------------------------------------------------------------


def _lines(explanation: Explanation, output: str, is_predicted: bool) -> str:
    def said(prediction: Prediction) -> str:
        return f"{prediction.label} {prediction.probability:.6g}"

    target = explanation.target
    lines = [
        f"Top1: {said(explanation.predictions[0])}",
        f"Top5: {'; '.join(map(said, explanation.predictions))}",
        f"Predicted_class: {target.index}"
        if is_predicted
        else f"Class: {target.index} {said(target)}",
        f"Saved: {output}",
    ]
    return "\n".join(map(one_line, lines))


def _json(model: Model, explanation: Explanation, output: str) -> str:
    import json

    return json.dumps(
        {
            "version": _core.version(),
            "weights": model.path,
            "weights_sha256": model.sha256,
            "method": explanation.method,
            "layer": explanation.layer,
            "target": explanation.target._asdict(),
            "top5": [prediction._asdict() for prediction in explanation.predictions],
            "output": output,
        }
    )
