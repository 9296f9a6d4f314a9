"""`python -m scenes`, in the folder tools: write scenes, or measure what colours give away."""

from __future__ import annotations

import argparse
from pathlib import Path

from . import colours, folder
from .scene import SPLITS


def main() -> None:
    """Run a command."""
    parser = argparse.ArgumentParser(prog="python -m scenes", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    writing = commands.add_parser("write", help="pictures, masks and boxes.csv into a folder")
    writing.add_argument("folder", type=Path)
    writing.add_argument("--count", type=int, default=100, help="(default %(default)s)")
    writing.add_argument(
        "--first", type=int, default=0, help="number of the first scene (default %(default)s)"
    )
    sheet = commands.add_parser("sheet", help="one picture of many scenes")
    sheet.add_argument("file", type=Path)
    sheet.add_argument("--columns", type=int, default=6, help="(default %(default)s)")
    sheet.add_argument("--rows", type=int, default=4, help="(default %(default)s)")
    measuring = commands.add_parser(
        "colours", help="accuracy of a classifier that sees colour histograms only"
    )
    measuring.add_argument("--known", type=int, default=4800, help="scenes (default %(default)s)")
    measuring.add_argument("--fresh", type=int, default=1200, help="scenes (default %(default)s)")
    for command in (writing, sheet, measuring):
        command.add_argument("--seed", type=int, default=1, help="(default %(default)s)")
        command.add_argument(
            "--split",
            choices=SPLITS,
            default="single",
            help="single: one object; multi: two to four of one class; pair: one or two of each of "
            "two classes (default %(default)s)",
        )

    given = parser.parse_args()
    if given.command == "write":
        indices = range(given.first, given.first + given.count)
        folder.write(given.folder, given.seed, indices, given.split)
    elif given.command == "sheet":
        folder.sheet(given.seed, given.columns, given.rows, given.split).save(given.file)
    else:
        known, fresh = colours.measure(given.seed, given.known, given.fresh, given.split)
        print(f"colour histograms, {given.split}: {known:.1%} of {given.known} known scenes,")
        print(f"{fresh:.1%} of {given.fresh} fresh ones; chance is {1 / 12:.1%}")


if __name__ == "__main__":
    main()
