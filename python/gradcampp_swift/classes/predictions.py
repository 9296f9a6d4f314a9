"""A class and the network's opinion of it."""

from collections.abc import Sequence
from typing import NamedTuple


class Prediction(NamedTuple):
    """One class and the network's opinion of it."""

    index: int  # type: ignore[assignment]  # hides tuple.index on purpose
    label: str
    """What the class is called; of names with WordNet ids the first, `Model.labels` has all."""
    probability: float
    """Softmax over all classes or, where each class is right or not, its sigmoid; 0 to 1."""
    logit: float
    """The value before that."""


def labelled(found: tuple[int, float, float], labels: Sequence[str]) -> Prediction:
    """Add the label to an (index, probability, logit) tuple."""
    index, probability, logit = found
    return Prediction(index, labels[index], probability, logit)


def percent(probability: float) -> str:
    """Write a probability for people.

    Examples
    --------
    >>> percent(0.98765), percent(1), percent(0.0004), percent(0)
    ('98.8 %', '100 %', '< 0.1 %', '0 %')
    """
    if probability in (0, 1):
        return f"{probability:.0%}".replace("%", " %")
    if probability < 0.001:
        return "< 0.1 %"
    return "> 99.9 %" if probability > 0.999 else f"{100 * probability:.1f} %"
