"""`gradcampp run FOLDER -o OUT`: explain all pictures of a folder."""

from __future__ import annotations

import argparse
import os
import re
import textwrap
from contextlib import closing

from ...errors import BadDataError, FileAccessError
from ...pictures.folders import FoundPictures, walk_pictures
from ...settings.process import set_num_threads
from ...values import replace
from ..changed_files import tell_changed
from ..options import (
    PREDICTED,
    add_loading,
    add_selection,
    check_names,
    checked_layer,
    count,
    loaded_model,
    names,
    selection_of,
)
from ..record_file import made_by
from ..request_options import add_request, request_of
from ..terminal import print_text, progress_bar, silent_libraries, tell
from .folder_run import FolderRun, check_folders
from .manifest import MANIFEST, SETTINGS, Manifest
from .products import PRODUCTS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = (
        "Explain all pictures of a folder and of the folders below, in the order of their names.\n"
        "Pictures that cannot be read are set aside, with the reason on standard error. Passed\n"
        "over are what is hidden, folders of systems (@eaDir, __MACOSX and the like) and results\n"
        "of earlier runs. Ctrl-C stops it; the same command continues, without those that are\n"
        "done and did not change. `gradcampp report OUT` makes a page of the results."
    )
    parser.epilog = _describe_files()
    add = parser.add_argument
    add("folder", metavar="FOLDER", help="where the pictures are")
    add("-o", "--output", metavar="OUT", required=True, help="folder for the results")
    add_request(parser)
    known = [product.name for product in PRODUCTS]
    add(
        "--formats",
        metavar="A,B",
        type=names,
        default=known,
        help=f"what to write, of {', '.join(known)} (default: all)",
    )
    add(
        "--threshold",
        metavar="T",
        type=_share,
        default=0.5,
        help="boxes are drawn where the map is above this share of its largest value, 0 to less "
        "than 1 (default %(default)s)",
    )
    add("--limit", metavar="N", type=count, help="only the first N pictures")
    add_selection(parser)
    add_loading(parser)
    add(
        "--batch-size",
        metavar="N",
        type=count,
        default=8,
        help="pictures that the network takes at once (default %(default)s); the results do not "
        "depend on it",
    )
    add(
        "--workers",
        metavar="N",
        type=count,
        default=2,
        help="workers that decode, and as many that write (default %(default)s)",
    )
    add("--threads", metavar="N", type=count, help="number of threads that compute")
    add("--quiet", action="store_true", help="no progress bar, no summary")


def run(options: argparse.Namespace) -> str:
    """Explain, and return the summary."""
    if options.threads is not None:
        set_num_threads(options.threads)
    check_names(options.formats, [product.name for product in PRODUCTS], "format")
    check_folders(options.folder, options.output)
    found = walk_pictures(options.folder, options.output, selection_of(options))
    files = found.files[: options.limit]
    has_class = options.class_label not in (None, PREDICTED)
    model = loaded_model(options, has_class=has_class)
    request = request_of(options, model)
    request = replace(request, layer=checked_layer(model, request))
    products = [product for product in PRODUCTS if product.name in options.formats]
    settings = {
        **made_by(model),
        "folder": os.path.realpath(options.folder),
        **request.record(),
        "threshold": options.threshold,
        "formats": [product.name for product in products],
    }
    folder_run = FolderRun(
        model._explainer(request),
        options.folder,
        options.output,
        products,
        options.threshold,
        options.limits,
    )
    with Manifest(options.output, settings) as manifest:
        _explain(folder_run, files, manifest, options)
    path = os.path.join(options.output, MANIFEST)
    _tell_what_was_left(found, options)
    if not manifest.explained:
        raise BadDataError(
            f"{options.folder}: none of {manifest.failed} pictures could be explained; {path} "
            "says why"
        )
    aside = f", {manifest.failed} set aside (see {path})" if manifest.failed else ""
    text = "" if options.quiet else f"{options.output}: {manifest.explained} explained{aside}"
    if found.unreadable:
        print_text(text)
        raise _incomplete(options.folder, len(found.unreadable))
    return text


def _tell_what_was_left(found: FoundPictures, options: argparse.Namespace) -> None:
    for name in found.results:
        path = os.path.join(options.folder, name)
        tell(options.program, f"passed over: {path} holds the results of a run ({SETTINGS})")
    for error in found.unreadable:
        tell(options.program, f"set aside: {error}")


def _incomplete(folder: str, count: int) -> FileAccessError:
    folders = "a folder" if count == 1 else f"{count} folders"
    return FileAccessError(
        f"{folder}: {folders} below could not be read, and any pictures there were not explained"
    )


def _explain(
    folder_run: FolderRun, files: list[str], manifest: Manifest, options: argparse.Namespace
) -> None:
    manifest.remove(tell_changed(manifest.done(files), options, options.workers, "explained"))
    missing = manifest.missing(files)
    with (
        silent_libraries(),
        progress_bar(len(files), len(missing), " images", options.quiet) as bar,
        closing(folder_run.records(missing, options.batch_size, options.workers)) as records,
    ):
        for record in records:
            manifest.add(record)
            if record["status"] == "failed":
                bar.clear()
                path = os.path.join(options.folder, record["file"])
                tell(options.program, f"set aside: {path}: {record['reason']}")
            bar.update()


def _describe_files() -> str:
    rows = [(f"FILE{product.suffix}", product.meaning) for product in PRODUCTS]
    rows.append((MANIFEST, "a line of JSON for each picture that is done"))
    rows.append((SETTINGS, "the settings; a run with others does not continue this one"))
    table = "\n".join(f"  {name:20}{meaning}" for name, meaning in rows)
    keys = textwrap.fill(
        "A picture's line has file (its path in FOLDER), sha256 of its bytes, and status. Where "
        "that is ok, label, class (its index), target_kind (logit: what speaks for the class; not: "
        "what speaks against a network's only one) and probability of what is explained follow, "
        "size (height and width of the upright picture), boxes (x0, y0, x1, y1, half-open, in its "
        "pixels, the one with the most evidence first) and written (paths in OUT, by format). "
        "Where it is failed, reason says why. Lines come in the order of the pictures; to try a "
        "failed one again, remove its line.",
        90,
    )
    return f"files in OUT, which has the folders of FOLDER:\n{table}\n\n{keys}"


def _share(text: str) -> float:
    if not re.fullmatch(r"0|0?\.[0-9]{1,9}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to less than 1")
    return float(text)
