"""The command `gradcampp`, which is also `classify.py` and `python -m gradcampp_swift`."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .errors import GradCAMError
from .explanation import check_picture
from .files import check_destination, refusal_to_write
from .images import as_image
from .model import Model, load
from .settings import set_num_threads

if TYPE_CHECKING:
    from .explanation import Explanation
    from .predictions import Prediction

OUTPUT_FOLDER = "output"


def main(argv: Sequence[str] | None = None, program: str | None = None) -> int:
    """Run the command.

    Returns
    -------
    int
        0; 1 for a failure, with one line on standard error; 130 when interrupted; 141 when the
        reader of standard output went away. Wrong usage exits with 2.
    """
    parser = _parser(program)
    options = parser.parse_args(argv)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a decoder's remarks are not for the user's terminal
            _print(_run(options, parser.prog))
        return 0
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 141
    except GradCAMError as error:
        _tell(parser.prog, str(error))
    except Exception as error:
        _tell(parser.prog, f"{type(error).__name__}: {error}")
    return 1


def _parser(program: str | None) -> argparse.ArgumentParser:
    from . import __version__

    parser = argparse.ArgumentParser(
        prog=program,
        allow_abbrev=False,
        description="Show where in a picture a convolutional network sees the evidence for a "
        "class (Grad-CAM++).",
        epilog="Weights: --weights, else $GRADCAMPP_WEIGHTS, else models/vgg16.npy. "
        "Labels: --labels, else synset.txt beside the weights or here, else built-in names.",
    )
    add = parser.add_argument
    add("-f", "--file_name", metavar="IMAGE", required=True, help="picture to explain")
    add(
        "-l",
        "--class_label",
        metavar="CLASS",
        default="-1",
        help="class to explain: a number or a label name; -1, the default, is the predicted class",
    )
    add(
        "-o",
        "--output_filename",
        metavar="PATH",
        default="output.jpeg",
        help=f"where the picture goes (default %(default)s); a relative path is under "
        f"{OUTPUT_FOLDER}/; .npy saves the heat map's numbers",
    )
    add("-gpu", "--gpu_device", metavar="N", help="accepted, but the CPU is used")
    add("--weights", metavar="PATH", help="weight file, vgg16.npy or its like")
    add("--labels", metavar="PATH", help="text file with one label a line")
    add("--method", metavar="NAME", default="gradcam++", help="method (default %(default)s)")
    add("--layer", metavar="NAME", help="layer to explain (default: the last convolution)")
    add(
        "--layout",
        choices=("figure", "overlay", "heatmap", "guided", "panels"),
        help="what to draw (default figure, a page of four panels)",
    )
    add("--threads", metavar="N", type=_thread_count, help="number of threads")
    add("--json", action="store_true", help="print one JSON object instead of lines")
    add("--quiet", action="store_true", help="print nothing but failures")
    add("--version", action="version", version=f"%(prog)s {__version__}")
    return parser


def _thread_count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of threads, 1 or more")
    return int(text)


def _run(options: argparse.Namespace, program: str) -> str:
    """Explain, save, and return what is to be printed."""
    output = os.path.join(OUTPUT_FOLDER, options.output_filename)
    what = options.layout or ("heatmap" if output.lower().endswith(".npy") else "figure")
    # What can fail without the network fails before it runs.
    check_picture(what, output)
    check_destination(output)
    if options.threads is not None:
        set_num_threads(options.threads)
    model = load(options.weights, options.labels)
    picture = as_image(options.file_name)
    if options.gpu_device is not None and not options.quiet:
        _tell(program, f"no GPU support (-gpu {options.gpu_device}): using the CPU")
    explanation = model.explain(
        picture,
        target=_target(options.class_label),
        layer=options.layer,
        method=options.method,
        guided=what in ("figure", "guided", "panels"),
    )
    if not os.path.isabs(options.output_filename):
        _make_folder(output)
    explanation.save(output, what)
    if options.json:
        return _json(model, explanation, output)
    return "" if options.quiet else _lines(explanation, output, options.class_label)


def _target(text: str) -> int | str | None:
    try:
        index = int(text)
    except ValueError:
        return text
    return None if index == -1 else index


def _make_folder(output: str) -> None:
    try:
        os.makedirs(os.path.dirname(output), exist_ok=True)
    except OSError as error:
        raise refusal_to_write(output, error) from None


# ---- Output --------------------------------------------------------------------------------


def _lines(explanation: Explanation, output: str, class_label: str) -> str:
    def said(prediction: Prediction) -> str:
        return f"{prediction.label} {prediction.probability:.6g}"

    lines = [
        f"Top1: {said(explanation.predictions[0])}",
        f"Top5: {'; '.join(map(said, explanation.predictions))}",
    ]
    if _target(class_label) is None:
        lines.append(f"Predicted_class: {explanation.target.index}")
    return "\n".join([*lines, f"Saved: {output}"])


def _json(model: Model, explanation: Explanation, output: str) -> str:
    import json

    from . import __version__

    return json.dumps(
        {
            "version": __version__,
            "weights": model.path,
            "weights_sha256": model.sha256,
            "method": explanation.method,
            "layer": explanation.layer,
            "target": explanation.target._asdict(),
            "top5": [prediction._asdict() for prediction in explanation.predictions],
            "output": output,
        }
    )


def _print(text: str) -> None:
    """Print to standard output; afterwards nothing is left that could fail at exit."""
    if not text or sys.stdout is None:
        return
    if hasattr(sys.stdout, "reconfigure"):
        # Paths may hold bytes that are no UTF-8, labels characters the terminal lacks.
        utf8 = sys.stdout.encoding.lower() in ("utf-8", "utf8")
        sys.stdout.reconfigure(errors="surrogateescape" if utf8 else "backslashreplace")
    try:
        print(text, flush=True)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise
        raise refusal_to_write("standard output", error) from None


def _tell(program: str, message: str) -> None:
    """Say one line on standard error."""
    line = " ".join(message.splitlines())
    print(f"{program}: {line}", file=sys.stderr, flush=True)
