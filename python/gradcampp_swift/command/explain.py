"""`gradcampp -f IMAGE`: explain one picture."""

from __future__ import annotations

import argparse
import contextlib
import os
import re

from .. import _core
from ..classes.predictions import Prediction
from ..classes.targets import Not
from ..errors import one_line
from ..explanations.explanation import Explanation
from ..explanations.kinds import check_kind
from ..files import check_destination, folder_of
from ..model import Model
from ..pictures.reading import as_image
from ..settings.limits import Limits
from ..values import replace
from .options import add_loading, loaded_model
from .request_options import add_request, request_of
from .terminal import check_standard_output, silent_decoders, tell

OUTPUT_FOLDER = "output"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.description = (
        "Show where in a picture a convolutional network sees the evidence for a class\n"
        "(Grad-CAM++)."
    )
    parser.epilog = (
        "Weights: --weights, else $GRADCAMPP_WEIGHTS, else models/vgg16.npy, else the first "
        "network for photos that is installed (see `gradcampp models`), else, without -l, the "
        "network in the box, which knows twelve kinds of drawn objects. Labels: --labels, else "
        "synset.txt beside the weights or here, else built-in names. Threads: --threads, else "
        "$GRADCAMPP_NUM_THREADS, else all processors given to the process."
    )
    add = parser.add_argument
    add("-f", "--file_name", metavar="IMAGE", required=True, help="picture to explain")
    add_request(parser)
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
    add_loading(parser)
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
    if options.json:
        check_standard_output()
    output = os.path.join(OUTPUT_FOLDER, options.output_filename)
    kind = options.layout or ("heatmap" if output.lower().endswith(".npy") else "figure")
    # What can fail without the network fails before it runs.
    check_kind(kind, output)
    check_destination(output)
    if options.threads is not None:
        from ..settings.process import set_num_threads

        set_num_threads(options.threads)
    model = loaded_model(options, has_class=options.class_label is not None)
    request = request_of(options, model)
    picture = _read(options.file_name, options.limits)
    if options.gpu_device is not None:
        tell(options.program, f"no GPU support (-gpu {options.gpu_device}): using the CPU")
    (explanation,) = model._explainer(
        replace(request, guided=kind in ("figure", "guided", "panels"))
    ).explain([picture])
    if not explanation.has_evidence:
        tell(
            options.program,
            f"no evidence: nothing in layer {explanation.layer} speaks for {explanation._title} by "
            f"{explanation.method}, so the map is blank; try another method or layer, or the "
            "predicted class",
        )
    is_relative = not os.path.isabs(options.output_filename)
    with folder_of(output) if is_relative else contextlib.nullcontext():
        explanation.save(output, kind)
    if options.json:
        return _json(model, explanation, output)
    return "" if options.quiet else _lines(explanation, output, request.target is None)


def _read(path: str, limits: Limits) -> _core.Image:
    """Read the picture, without the remarks of Pillow and the libraries below it."""
    with silent_decoders():
        return as_image(path, limits)


# ---- Output --------------------------------------------------------------------------------


def _lines(explanation: Explanation, output: str, is_predicted: bool) -> str:
    def said(prediction: Prediction) -> str:
        return f"{prediction.label} {prediction.probability:.6g}"

    target = explanation.target
    measure = explanation._probability
    if measure is None:  # a difference of logits
        measure = explanation.score
    against = "not " if isinstance(explanation.asked, Not) else ""
    lines = [
        f"Top1: {said(explanation.predictions[0])}",
        f"Top5: {'; '.join(map(said, explanation.predictions))}",
        f"Predicted_class: {against}{target.index}"
        if is_predicted
        else f"Class: {against}{target.index} {explanation._title} {measure:.6g}",
        f"Saved: {output}",
    ]
    return "\n".join(map(one_line, lines))


def _json(model: Model, explanation: Explanation, output: str) -> str:
    import json

    def named(prediction: Prediction) -> dict[str, object]:
        return {**prediction._asdict(), "names": model.labels[prediction.index]}

    return json.dumps(
        {
            "version": _core.version(),
            "weights": model.path,
            "weights_sha256": model.sha256,
            "method": explanation.method,
            "layer": explanation.layer,
            "target": named(explanation.target),
            "target_kind": explanation.asked.kind,
            "score": explanation.score,
            "has_evidence": explanation.has_evidence,
            "top5": [named(prediction) for prediction in explanation.predictions],
            "output": output,
        }
    )
