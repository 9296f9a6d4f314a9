"""Texts that may be a label or a class index: one rule for Python, the command and files.

A text that is a label means that class. A number that is no label means the class of that index. A
number that is the label of one class and the index of another is refused: `label:3` and `index:3`
say which is meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ..errors import AmbiguousNameError, UnknownNameError

_NUMBER = re.compile("[+-]?[0-9]{1,4000}")


def class_of_text(text: str, labels: Sequence[str], find_label: Callable[[str], int]) -> int:
    """Find the class that a text means.

    Parameters
    ----------
    text
        What was given.
    labels
        Of the model.
    find_label
        Finds the class of a label, or raises an UnknownNameError.

    Returns
    -------
    int
        The class's index; a number that is no label may lie outside the classes.

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
        if kind == "index" and _NUMBER.fullmatch(rest):
            return int(rest)
    if not _NUMBER.fullmatch(text):
        return find_label(text)
    index = int(text)
    try:
        labelled = find_label(text)
    except AmbiguousNameError:
        raise
    except UnknownNameError:
        return index
    if 0 <= index < len(labels) and index != labelled:
        raise AmbiguousNameError(
            f"{text!r} is the label of class {labelled} and the index of the class that is "
            f"labelled {labels[index]!r}: say label:{text} or index:{text}"
        )
    return labelled
