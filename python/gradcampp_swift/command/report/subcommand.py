"""`gradcampp report OUT`: a page of a run's results."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from typing import Any

from ...errors import BadDataError
from ...files import read_text_file, write_whole
from ..options import count
from ..run.manifest import SETTINGS, read_manifest
from ..run.record import Record
from ..terminal import progress_bar
from .layers import Layers, read_layers
from .page import Summary, page

PAGE = "index.html"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = (
        f"Make OUT/{PAGE}, one page with the pictures of `gradcampp run FOLDER -o OUT`: heat maps\n"
        "over what the network saw, with a slider for their strength, sorted and filtered by\n"
        "class. Everything is in the page: it needs no network and can be sent as one file."
    )
    parser.epilog = (
        "A picture takes about 15 KB of the page at the default size. A run that goes on, or was\n"
        "stopped, is shown as far as it came."
    )
    add = parser.add_argument
    add("output", metavar="OUT", help="folder of the run")
    add(
        "--limit",
        metavar="N",
        type=count,
        default=1000,
        help="most pictures on the page (default %(default)s); of more, every second, third and "
        "so on is shown",
    )
    add(
        "--size",
        metavar="PIXELS",
        type=count,
        default=224,
        help="longer side of the pictures (default %(default)s)",
    )
    add("--quiet", action="store_true", help="no progress bar, no summary")


def run(options: argparse.Namespace) -> str:
    """Make the page, and return where it is."""
    explained: list[Record] = []
    failed: list[Record] = []
    for record in read_manifest(options.output):
        (explained if record["status"] == "ok" else failed).append(record)
    if not explained and not failed:
        raise BadDataError(f"{options.output}: the run has no pictures yet")
    shown = _spread(explained, options.limit)
    summary = Summary(_settings(options.output), len(explained), failed, shown)
    path = os.path.join(options.output, PAGE)

    def cards() -> Iterator[tuple[Record, Layers]]:
        with progress_bar(len(shown), len(shown), " pictures", options.quiet) as bar:
            for record in shown:
                yield record, read_layers(options.output, record["written"], options.size)
                bar.update()

    write_whole(
        path,
        lambda file: file.writelines(part.encode() for part in page(summary, cards())),
        follows_link=False,
    )
    if options.quiet:
        return ""
    size = os.path.getsize(path) / 1e6
    return f"{path}: {len(shown)} pictures, {size:.1f} MB"


def _spread(records: list[Record], limit: int) -> list[Record]:
    """Choose at most `limit`, evenly spread, the first one among them."""
    if len(records) <= limit:
        return records
    return [records[number * len(records) // limit] for number in range(limit)]


def _settings(folder: str) -> dict[str, Any]:
    path = os.path.join(folder, SETTINGS)
    text = read_text_file(path, "the settings of a run")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise BadDataError(f"{path} does not say how the run was made; run it again")
    return found
