"""Texts that may be a label or a class index: one rule for Python and the command.

A text that is a label means that class. A number that is no label means the class of that index. A
number that is the label of one class and the index of another is refused: `label:3` and `index:3`
say which is meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ..errors import AmbiguousNameError, UnknownNameError

_NUMBER = "[+-]?[0-9]{1,4000}"


def class_of_text(
    text: str, labels: Sequence[str], find_label: Callable[[str], int], offset: int = 0
) -> int:
    """Find the class that a text means.

    Parameters
    ----------
    text
        What was given.
    labels
        Of the model.
    find_label
        Finds the place of a label, or raises an UnknownNameError.
    offset
        The place among the labels of the class with index 0.

    Returns
    -------
    int
        The class's place among the labels; that of a number may lie outside them.

    Raises
    ------
    UnknownNameError
        It is no number, and no label.
    AmbiguousNameError
        Several classes are labelled so, or one is, and another has that index.

    Examples
    --------
    >>> labels = ["1", "2", "three"]
    >>> [class_of_text(text, labels, labels.index) for text in ("three", "index:1", "label:1")]
    [2, 1, 0]
    """
    kind, colon, rest = text.partition(":")
    if colon and text not in labels:
        if kind == "label":
            return find_label(rest)
        if kind == "index" and re.fullmatch(_NUMBER, rest):
            return _place(rest, offset)
    if not re.fullmatch(_NUMBER, text):
        return find_label(text)
    index = _place(text, offset)
    try:
        labelled = find_label(text)
    except AmbiguousNameError:
        raise
    except UnknownNameError:
        return index
    if 0 <= index < len(labels) and index != labelled:
        raise AmbiguousNameError(
            f"{text!r} is a label, and the index of the class that is labelled {labels[index]!r}: "
            f"say label:{text} or index:{text}"
        )
    return labelled


def _place(number: str, offset: int) -> int:
    index = int(number)
    return index if index < 0 else index + offset
