"""`python -m evaluation`: measure fresh scenes with `gradcampp evaluate`, and write the page."""

import argparse
import tempfile
from pathlib import Path

import gradcampp_swift as gcpp
from gradcampp_swift.weights import bundled

from . import examples, pairs, report, splits

SEED = 5
"""Of the scenes: no other program uses it."""


def main() -> None:
    """Run everything, a few minutes on two cores."""
    parser = argparse.ArgumentParser(prog="python -m evaluation", description=__doc__)
    add = parser.add_argument
    add("--scenes", type=int, default=500, metavar="N", help="of each split (default %(default)s)")
    add("--slow", type=int, default=100, metavar="N", help="of each split for deletion, insertion "
        "and randomisation (default %(default)s)")  # fmt: skip
    options = parser.parse_args()
    model = gcpp.load(bundled.WEIGHTS)
    with tempfile.TemporaryDirectory() as folder:
        measured = [
            splits.measure(Path(folder), split, SEED, options.scenes, options.slow)
            for split in splits.TITLES
        ]
        chosen = examples.draw(Path(folder), measured, model)
    two = pairs.measure(model, SEED, options.scenes // 2)
    report.write(model, SEED, measured, two, chosen)


if __name__ == "__main__":
    main()
