"""The page docs/evaluation.md."""

from pathlib import Path

import numpy as np
from gradcampp_swift import Model
from gradcampp_swift.metrics import (
    Column,
    Interval,
    mean_interval,
    paired_difference,
    win_percent,
)

from .examples import PICTURE
from .pairs import Pairs
from .splits import METHODS, TITLES, Split

PAGE = Path(__file__).parents[1] / "docs" / "evaluation.md"
READING = Path(__file__).with_name("reading.md")
PHOTOS = Path(__file__).with_name("photos.md")
NAMES = {"gradcam++": "Grad-CAM++", "gradcam": "Grad-CAM"}


def write(model: Model, seed: int, measured: list[Split], two: Pairs, examples: list[str]) -> None:
    """Write the page."""
    parts = [_head(model, seed, measured), READING.read_text("utf-8").strip()]
    parts += [_split(split) for split in measured]
    parts += [_pairs(two), _randomisation(measured), _examples(examples)]
    parts.append(PHOTOS.read_text("utf-8").strip())
    PAGE.write_text("\n\n".join(parts) + "\n", "utf-8")


def _head(model: Model, seed: int, measured: list[Split]) -> str:
    scenes = sum(len(split.values("drop", METHODS[0])) for split in measured)
    rates = ", ".join(f"{split.rate:.0f} ({split.name})" for split in measured)
    slow = ", ".join(f"{split.slow_rate:.1f}" for split in measured)
    return f"""# Evaluation

Written by `make evaluation`: {scenes} drawn scenes (seed {seed}) that the network in the box has
not seen, with {len(model.labels)} classes and exact masks, explained for the predicted class by
Grad-CAM++ and by Grad-CAM at the last convolution and measured by `gradcampp evaluate`, whose
definitions `gradcampp evaluate -h` and `gradcampp_swift.metrics` state with their sources. Square
brackets hold bootstrap 95 % intervals over scenes; the difference is Grad-CAM++ minus Grad-CAM,
scene by scene, and **bold** where its interval does not hold 0. Localisation is measured where the
predicted class is in the scene.

Scenes a second on two cores, two methods each: {rates}; with deletion and insertion in 28 steps
and the randomisation of every layer, {slow}."""


def _split(split: Split) -> str:
    rows = [["", *(NAMES[method] for method in METHODS), "difference", "scenes"]]
    for column, is_slow in split.columns:
        first, second = (
            split.values(column.name, method, is_slow) * column.scale for method in METHODS
        )
        difference = paired_difference(first, second)
        shown = _shown(difference, column)
        is_clear = not difference.low <= 0 <= difference.high
        rows.append(
            [
                column.title,
                _shown(mean_interval(first), column),
                _shown(mean_interval(second), column),
                f"**{shown}**" if is_clear else shown,
                str(first.size),
            ]
        )
    drops = [split.values("drop", method) for method in METHODS]
    wins = win_percent(*drops)
    accuracy = mean_interval(100 * split.accuracy())
    return f"""## {TITLES[split.name]}

{_table(rows)}

Win %: Grad-CAM++ {wins[0]:.1f}, Grad-CAM {wins[1]:.1f}, equal {wins[2]:.1f}. The predicted class
is the labelled one in {_shown(accuracy, Column("", "", "", decimals=1))} % of these scenes."""


def _pairs(two: Pairs) -> str:
    rows = [["", "energy on own objects", "of the other class's map there", "own is more, %"]]
    column = Column("", "", "")
    for method in METHODS:
        own, other = two.own[method], two.other[method]
        right = mean_interval(100.0 * (own > other))
        rows.append(
            [
                NAMES[method],
                _shown(mean_interval(own), column),
                _shown(mean_interval(other), column),
                _shown(right, Column("", "", "", decimals=1)),
            ]
        )
    return f"""## Two classes in one picture

{two.count} scenes with one or two objects of each of two classes; each class is explained in turn.

{_table(rows)}"""


def _randomisation(measured: list[Split]) -> str:
    layers = measured[0].randomised
    rows = [["drawn anew down to", *(NAMES[method] for method in METHODS)]]
    for name in layers:
        cells = []
        for method in METHODS:
            values = np.concatenate([split.values(name, method, True) for split in measured])
            cells.append(_shown(mean_interval(values), Column("", "", "")))
        rows.append([name.removeprefix("randomised_to_"), *cells])
    return f"""## A network that forgets

Spearman's correlation of a map with that of the network whose layers, from the last one down, have
random weights of the same spread (cascading randomisation, Adebayo et al. 2018); 1 is the same
order of cells, 0 none.

{_table(rows)}"""


def _examples(texts: list[str]) -> str:
    items = "\n".join(f"{place}. {text}" for place, text in enumerate(texts, start=1))
    return f"""## Examples, good and bad

Rows of scenes, chosen by the share of Grad-CAM++'s energy on the objects. Under each scene the
overlays of Grad-CAM++ and of Grad-CAM for the predicted class.

![Scenes with their maps]({PICTURE.relative_to(PAGE.parent)})

{items}"""


def _shown(found: Interval, column: Column) -> str:
    mean, low, high = (f"{number:.{column.decimals}f}" for number in found)
    return f"{mean} [{low}, {high}]"


def _table(rows: list[list[str]]) -> str:
    rule = ["---"] + ["---:"] * (len(rows[0]) - 1)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [rows[0], rule, *rows[1:]])
