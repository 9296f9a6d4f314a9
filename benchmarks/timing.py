"""Times taken alternately, and what is computed from them."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field

Turn = list[float]
"""Seconds of a few calls, one after the other."""


@dataclass
class Times:
    """Turns of one thing."""

    name: str
    turns: list[Turn] = field(default_factory=list)

    @property
    def median(self) -> float:
        """Median of all calls, in seconds."""
        return statistics.median(self._all())

    @property
    def minimum(self) -> float:
        """Fastest call, in seconds."""
        return min(self._all())

    def _all(self) -> list[float]:
        return [seconds for turn in self.turns for seconds in turn]


@dataclass
class Comparison:
    """Turns of ours and of another, taken alternately: the n-th of each are a pair."""

    ours: Times
    other: Times

    @property
    def ratio(self) -> float:
        """Median over the pairs of (median of our turn / median of its turn).

        A machine that is slow for a while is slow for both of a pair.
        """
        pairs = zip(self.ours.turns, self.other.turns, strict=True)
        return statistics.median(statistics.median(a) / statistics.median(b) for a, b in pairs)


@dataclass
class Contestant:
    """A thing to time, and how: a call that returns a turn."""

    name: str
    take: Callable[[], Turn]


def alternate(ours: Contestant, others: list[Contestant], rounds: int) -> list[Comparison]:
    """Take turns: ours, the first other, ours, the second other, and so on, `rounds` times."""
    comparisons = [Comparison(Times(ours.name), Times(other.name)) for other in others]
    for _ in range(rounds):
        for comparison, other in zip(comparisons, others, strict=True):
            comparison.ours.turns.append(ours.take())
            comparison.other.turns.append(other.take())
    return comparisons


def merged(comparisons: list[Comparison]) -> Times:
    """All turns of ours."""
    turns = [turn for comparison in comparisons for turn in comparison.ours.turns]
    return Times(comparisons[0].ours.name, turns)
