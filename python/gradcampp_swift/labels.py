"""Names of classes: where they come from, and which class a person means."""

from __future__ import annotations

import contextlib
import operator
import os
import re
from collections.abc import Sequence

import numpy as np

from .arguments import check_path
from .errors import (
    BadDataError,
    ClassIndexError,
    InvalidArgumentError,
    UnknownNameError,
    WrongTypeError,
)
from .files import refusal_to_read
from .predictions import Prediction

FILE_NAME = "synset.txt"


def find_labels(labels: object, class_count: int, weights_path: str | None) -> list[str]:
    """Find the names of a model's classes.

    Parameters
    ----------
    labels
        A path to a file with one name a line, a sequence of names, or None: then `synset.txt`
        beside the weights or in the working directory where its line count fits, built-in names
        for 1000 classes (ImageNet), else the class indices.
    class_count
        Number of names wanted.
    weights_path
        Where the weights lie; None for weights in memory.
    """
    if isinstance(labels, (str, os.PathLike)):
        path = check_path(labels, "labels")
        return _checked(_read(path), class_count, path)
    if labels is not None:
        return _checked(_listed(labels), class_count, "the list of labels")
    folders = [os.path.dirname(weights_path)] if weights_path is not None else []
    for folder in [*folders, ""]:
        path = os.path.join(folder, FILE_NAME)
        if not os.path.isfile(path):  # nor a FIFO, which would be waited for
            continue
        try:
            names = _read(path)
        except (OSError, ValueError):
            continue
        if len(names) == class_count:
            return names
    if class_count == 1000:
        return _read(os.path.join(os.path.dirname(__file__), "imagenet.txt"))
    return [str(index) for index in range(class_count)]


def _read(path: str) -> list[str]:
    try:
        with open(path, encoding="utf-8-sig") as file:
            text = file.read().rstrip()
    except UnicodeDecodeError:
        raise BadDataError(f"{path}: not UTF-8 text, expected one label a line") from None
    except OSError as error:
        raise refusal_to_read(path, error) from None
    return [line.strip() for line in text.split("\n")] if text else []


def _listed(labels: object) -> list[str]:
    if not isinstance(labels, Sequence) or not all(isinstance(name, str) for name in labels):
        raise WrongTypeError("labels must be a path or a sequence of str")
    return list(labels)


def _checked(names: list[str], class_count: int, source: str) -> list[str]:
    if len(names) != class_count:
        found = "1 label" if len(names) == 1 else f"{len(names)} labels"
        raise BadDataError(
            f"{source} holds {found}, expected {class_count}, one for each class of the model"
        )
    return names


# ---- Which class is meant ------------------------------------------------------------------


def top_count(target: object, labels: list[str]) -> int:
    """Return 5 for "top5", and 0 for what is no such text or is a label.

    Raises
    ------
    InvalidArgumentError
        The model has fewer classes.
    """
    found = re.fullmatch(r"top([1-9][0-9]{0,6})", target) if isinstance(target, str) else None
    if found is None or target in labels:
        return 0
    if int(found[1]) > len(labels):
        raise InvalidArgumentError(f"target is {target!r}, the model has {len(labels)} classes")
    return int(found[1])


def resolve_target(target: object, labels: list[str]) -> int:
    """Turn a class index, a label name or a Prediction into a class index.

    A name may be the whole label, the label without its WordNet id, the id, or one of the
    label's comma-separated names, in that order of preference, upper or lower case.

    Raises
    ------
    WrongTypeError
        For anything else than an integer or a string; a bool or a float is neither.
    ClassIndexError
        The index lies outside the classes.
    UnknownNameError
        No class has that name, or several have it.
    """
    if isinstance(target, Prediction):
        target = target.index
    if isinstance(target, str):
        return _named(target, labels)
    index = None
    if not isinstance(target, (bool, np.bool_)):
        with contextlib.suppress(TypeError):
            index = operator.index(target)  # type: ignore[arg-type]
    if index is None:
        raise WrongTypeError(
            f"target is {target!r}, expected a class index, a label name, a Prediction, None or a "
            "list of those"
        )
    if not 0 <= index < len(labels):
        hint = "; None means the predicted class" if index < 0 else ""
        raise ClassIndexError(f"target is {index}, expected 0 to {len(labels) - 1}{hint}")
    return index


def _named(target: str, labels: list[str]) -> int:
    if labels.count(target) == 1:
        return labels.index(target)
    wanted = " ".join(target.split()).casefold()
    ways = [_spellings(label.casefold()) for label in labels]
    for preference in range(3):
        found = [index for index, spellings in enumerate(ways) if wanted in spellings[preference]]
        if len(found) > 1:
            named = "; ".join(f"{index} = {labels[index]}" for index in found[:8])
            more = f" and {len(found) - 8} more" if len(found) > 8 else ""
            raise UnknownNameError(f"label {target!r} names several classes: {named}{more}")
        if found:
            return found[0]
    raise UnknownNameError(f"no class is labelled {target!r}; the first label is {labels[0]!r}")


def _spellings(label: str) -> tuple[list[str], list[str], list[str]]:
    """List the whole label, then its name without WordNet id, then the id and each of its names."""
    first, _, rest = label.partition(" ")
    is_id = len(first) == 9 and first[0] == "n" and first[1:].isdecimal()
    name = rest if is_id and rest else label
    return [label], [name], [first, *name.split(", ")] if is_id else name.split(", ")
