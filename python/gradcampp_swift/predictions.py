"""A class and the network's opinion of it."""

from typing import NamedTuple


class Prediction(NamedTuple):
    """One class and the network's opinion of it."""

    index: int  # type: ignore[assignment]  # hides tuple.index on purpose
    label: str
    probability: float
    """Softmax over all classes, 0 to 1."""
    logit: float
    """The value before softmax."""


def labelled(found: tuple[int, float, float], labels: list[str]) -> Prediction:
    """Add the label to an (index, probability, logit) tuple."""
    index, probability, logit = found
    return Prediction(index, labels[index], probability, logit)
