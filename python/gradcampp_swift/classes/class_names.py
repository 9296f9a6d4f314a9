"""Names of a network's classes, and which class a person means."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Sequence

from ..errors import (
    AmbiguousNameError,
    ClassIndexError,
    InvalidArgumentError,
    UnknownNameError,
)
from .target_parts import checked_class


class ClassNames:
    """The names of a network's classes.

    A network with one sigmoid unit has one class. Two names may be given for it: what it is when
    the unit says no, and the class.

    Parameters
    ----------
    labels
        One for each class.
    opposite
        What it is when it is not the class, of a network with one.
    """

    def __init__(self, labels: tuple[str, ...], opposite: str | None = None) -> None:
        self.labels = labels
        self.opposite = opposite

    @classmethod
    def of(cls, labels: Sequence[str], class_count: int) -> ClassNames:
        """Name `class_count` classes, or one and its opposite, which comes first."""
        if class_count == 1 and len(labels) == 2:
            return cls((labels[1],), labels[0])
        return cls(tuple(labels))

    @functools.cached_property
    def short(self) -> tuple[str, ...]:
        """What each class is called: of a label with a WordNet id the first name, else the label.

        A name that several classes have does not tell them apart: then it is all the label's names,
        or the whole label.
        """
        spellings = list(map(_spellings, self.labels))
        firsts = Counter(name for names in spellings for name in {n.casefold() for n in names[2]})
        wholes = Counter(names[1][0].casefold() for names in spellings)
        found = []
        for label, (_, (whole,), names) in zip(self.labels, spellings, strict=True):
            first = whole.partition(", ")[0]
            if whole == label:
                found.append(label)
            elif firsts[first.casefold()] == 1 and first in names:
                found.append(first)
            else:
                found.append(whole if wholes[whole.casefold()] == 1 else label)
        return tuple(found)

    def index(self, given: object) -> int:
        """Turn a class index, a label name or a Prediction into a class index.

        A name may be the whole label, the label without its WordNet id, the id, or one of the
        label's comma-separated names, in that order of preference, upper or lower case. A text
        that is a number may also be the index; `number_or_label` has the rule.

        Raises
        ------
        WrongTypeError
            For anything else than an integer or a string; a bool or a float is neither.
        ClassIndexError
            The index lies outside the classes.
        UnknownNameError
            No class has that name; or, as AmbiguousNameError, several may be meant.
        InvalidArgumentError
            The network has no classes.
        """
        found = checked_class(given)
        if not self.labels:
            raise InvalidArgumentError(
                f"target is {found!r}, but the network ends with a vector and has no classes; "
                "choose a target of its output"
            )
        if isinstance(found, str):
            from .number_or_label import class_of_text

            found = class_of_text(found, self.labels, lambda name: find_label(name, self.labels))
        if not 0 <= found < len(self.labels):
            hint = "; None means the predicted class" if found < 0 else ""
            raise ClassIndexError(f"target is {found}, expected 0 to {len(self.labels) - 1}{hint}")
        return found

    def is_opposite(self, given: object) -> bool:
        """Tell whether the opposite of the only class is named."""
        if self.opposite is None or not isinstance(given, str):
            return False
        from .number_or_label import class_of_text

        names = (self.opposite, *self.labels)
        return class_of_text(given, names, lambda name: find_label(name, names), offset=1) == 0


def find_label(name: str, labels: Sequence[str]) -> int:
    """Find the place of a label by one of its names; see `ClassNames.index`."""
    if labels.count(name) == 1:
        return labels.index(name)
    wanted = " ".join(name.split()).casefold()
    ways = [_spellings(label.casefold()) for label in labels]
    for preference in range(3):
        found = [index for index, spellings in enumerate(ways) if wanted in spellings[preference]]
        if len(found) > 1:
            named = "; ".join(f"{index} = {labels[index]}" for index in found[:8])
            more = f" and {len(found) - 8} more" if len(found) > 8 else ""
            raise AmbiguousNameError(f"label {name!r} names several classes: {named}{more}")
        if found:
            return found[0]
    hint = candidates(wanted, labels)
    hint = f"it could mean {hint}" if hint else f"the first label is {labels[0]!r}"
    raise UnknownNameError(f"no class is labelled {name!r}; {hint}")


def candidates(wanted: str, labels: Sequence[str]) -> str:
    """List the classes with a word in one of their names, at most eight; empty for none."""
    word = re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w)", re.IGNORECASE)
    found = [index for index, label in enumerate(labels) if wanted and word.search(label)]
    named = "; ".join(f"{index} = {labels[index]}" for index in found[:8])
    return f"{named} and {len(found) - 8} more" if len(found) > 8 else named


def _spellings(label: str) -> tuple[list[str], list[str], list[str]]:
    """List the whole label, then its name without WordNet id, then the id and each of its names."""
    first, _, rest = label.partition(" ")
    is_id = len(first) == 9 and first[0] == "n" and first[1:].isdecimal()
    name = rest if is_id and rest else label
    return [label], [name], [first, *name.split(", ")] if is_id else name.split(", ")
