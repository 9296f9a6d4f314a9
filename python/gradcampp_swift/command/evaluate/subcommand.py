"""`gradcampp evaluate FOLDER`: metrics for all pictures of a folder."""

from __future__ import annotations

import argparse
import os
import re

from ...errors import BadDataError, InvalidArgumentError
from ...metrics import METRICS, Metric, cascade
from ...model import Model
from ...pictures.folders import list_pictures
from ...settings.catalogue import methods
from ...settings.process import set_num_threads
from ...settings.request import DEFAULT_METHOD, Request
from ..changed_files import Known, tell_changed
from ..options import (
    add_layer,
    add_loading,
    add_selection,
    check_names,
    checked_layer,
    count,
    loaded_model,
    names,
    selection_of,
)
from ..terminal import check_standard_output, progress_bar, tell
from .description import OPTIONAL, describe_files, settings_of
from .ground_truth import GroundTruth
from .measuring import HASH, MASK_HASH, TARGETS, Measuring, SetAsideError
from .results import Results
from .summary import summary

METHODS = (DEFAULT_METHOD, "gradcam")
"""Those compared by default, as in the paper."""

_READERS = 2
"""Threads that compare files with their hashes."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = (
        "Measure how good the maps of a folder's pictures are: Average Drop, Increase in\n"
        "Confidence and Win of the Grad-CAM++ paper and, where boxes are given, localisation.\n"
        "Prints means with 95 % intervals; --csv keeps the numbers of each picture. Pictures that\n"
        "cannot be read are set aside, with the reason on standard error. Ctrl-C stops it; the\n"
        "same command with the same --csv continues, without those that are done and did not\n"
        "change."
    )
    parser.epilog = describe_files()
    add = parser.add_argument
    add("folder", metavar="FOLDER", help="pictures to measure, in the order of their names")
    add("--boxes", metavar="FILE", help="where instances lie; see below")
    add(
        "--target",
        choices=TARGETS,
        default="predicted",
        help="class to explain: the predicted one (default, as in the paper), or that of the "
        "picture's first line in the file of boxes",
    )
    add(
        "--methods",
        metavar="A,B",
        type=names,
        default=list(METHODS),
        help=f"of {', '.join(methods())} (default {','.join(METHODS)})",
    )
    add_layer(parser)
    add("--csv", metavar="OUT", help="file for the numbers of each picture and method")
    add(
        "--with",
        metavar="NAMES",
        dest="optional",
        type=names,
        default=[],
        help=f"also what takes many passes through the network: {', '.join(OPTIONAL)}, or several "
        "with commas; randomisation keeps one network in memory for each layer",
    )
    add("--limit", metavar="N", type=count, help="only the first N pictures")
    add_selection(parser)
    add("--seed", metavar="N", type=_seed, default=0, help="of intervals and of randomisation")
    add_loading(parser)
    add("--threads", metavar="N", type=count, help="number of threads")
    add("--quiet", action="store_true", help="no progress bar")


def run(options: argparse.Namespace) -> str:
    """Measure, and return the summary."""
    if options.csv is None:
        check_standard_output()
    if options.threads is not None:
        set_num_threads(options.threads)
    check_names(options.methods, list(methods()), "method")
    check_names(options.optional, list(OPTIONAL), "metric for --with")
    files = list_pictures(options.folder, selection_of(options))
    model = loaded_model(options)
    truth = _ground_truth(options, model, files)
    if truth is None and options.target == "labelled":
        raise InvalidArgumentError("--target labelled needs --boxes, which says the labels")
    chosen = [metric for metric in METRICS if _is_chosen(metric, options.optional, truth)]
    layer = checked_layer(model, Request(layer=options.layer))
    requests = [Request(layer=layer, method=method) for method in options.methods]
    networks = []
    if "randomisation" in options.optional:
        networks = list(cascade(model, seed=options.seed))
    measuring = Measuring(model, requests, chosen, truth, options.target, networks)
    settings = settings_of(options, model, requests) if options.csv is not None else {}
    if options.limit is not None:
        files = files[: options.limit]
    with Results(options.csv, measuring.header, options.methods, settings) as results:
        known = _known(files, results, truth, options.folder)
        changed = tell_changed(known, options, _READERS, "measured")
        results.remove(changed)
        aside = _measure(files, measuring, results, options)
        wanted = set(files)
        rows = [row for row in results.rows if row[0] in wanted]
    if not rows:
        raise BadDataError(f"{options.folder}: none of {len(files)} pictures could be used")
    head = f"{len(rows) // len(options.methods)} pictures"
    if aside:
        head += f", {aside} more set aside"
    head += f"; layer {layer}; {options.target} class explained"
    table = summary(measuring.header, rows, measuring.columns, options.methods, options.seed)
    return f"{head}\n\n{table}"


def _known(
    files: list[str], results: Results, truth: GroundTruth | None, folder: str
) -> list[Known]:
    """List the files of pictures that are there: pictures and, where they have some, masks."""
    hashes = results.cells(HASH)
    known = [Known(file, file, hashes[file]) for file in files if file in hashes]
    if truth is not None:
        hashes = results.cells(MASK_HASH)
        for file in files:
            path = truth.mask_path(file)
            if path is not None and file in hashes:
                mask = os.path.relpath(path, folder)
                known.append(Known(file, mask, hashes[file] or None))
    return known


def _measure(
    files: list[str], measuring: Measuring, results: Results, options: argparse.Namespace
) -> int:
    """Measure what is not yet there; return how many pictures were set aside."""
    done = results.files
    missing = [file for file in files if file not in done]
    aside = 0
    with progress_bar(len(files), len(missing), "picture", options.quiet) as bar:
        for file in missing:
            try:
                results.add(measuring.rows(options.folder, file))
            except SetAsideError as error:
                aside += 1
                bar.clear()
                path = os.path.join(options.folder, file)
                reason = str(error)
                tell(options.program, f"set aside: {'' if path in reason else path + ': '}{reason}")
            bar.update()
    return aside


# ---- Options -------------------------------------------------------------------------------


def _ground_truth(
    options: argparse.Namespace, model: Model, files: list[str]
) -> GroundTruth | None:
    if options.boxes is None:
        return None
    truth = GroundTruth(options.boxes, model._names, os.path.join(options.folder, "masks"))
    if truth.files.isdisjoint(files):
        raise BadDataError(
            f"{options.boxes} names no picture of {options.folder}: its first is "
            f"{min(truth.files)!r}, the folder's first is {files[0]!r}"
        )
    if truth.unknown_labels:
        unknown = truth.unknown_labels
        more = f" and {len(unknown) - 5} more" if len(unknown) > 5 else ""
        tell(
            options.program,
            f"{options.boxes}: labels that are no class of the model, so that their instances "
            f"count as background: {', '.join(unknown[:5])}{more}",
        )
    return truth


def _is_chosen(metric: Metric, optional: list[str], truth: GroundTruth | None) -> bool:
    if metric.is_optional and metric.name not in optional:
        return False
    if metric.needs == "masks":
        return truth is not None and truth.has_masks
    return not metric.needs or truth is not None


def _seed(text: str) -> int:
    if not re.fullmatch("[0-9]{1,18}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number, 0 or more")
    return int(text)
