"""Names of classes, and where they come from."""

from __future__ import annotations

import os
from collections.abc import Sequence

from ..arguments import check_path
from ..errors import BadDataError, WrongTypeError
from ..files import read_text_file

FILE_NAME = "synset.txt"

IMAGENET = os.path.join(os.path.dirname(os.path.abspath(__file__)), "imagenet.txt")
"""The built-in names: those of ImageNet's 1000 classes."""


def find_labels(
    labels: object, class_count: int, weights_path: str | None
) -> tuple[list[str], str | None]:
    """Find the names of a model's classes, and say it where they are a guess.

    Parameters
    ----------
    labels
        A path to a file with one name a line, a sequence of names, or None: then `synset.txt`
        beside the weights or in the working directory where its line count fits, built-in names
        for 1000 classes (ImageNet), else the class indices.
    class_count
        Number of names wanted; for 1 there may be 2, first what is not the class.
    weights_path
        Where the weights lie; None for weights in memory.

    Returns
    -------
    list of str, str or None
        The names; a sentence for people about where they come from, if nothing ties that file to
        the weights.
    """
    if isinstance(labels, (str, os.PathLike)):
        path = check_path(labels, "labels")
        return _checked(_read(path), class_count, path), None
    if labels is not None:
        return _checked(_listed(labels), class_count, "the list of labels"), None
    folders = [os.path.dirname(weights_path)] if weights_path is not None else []
    for folder in [*folders, ""]:
        path = os.path.join(folder, FILE_NAME)
        if not os.path.isfile(path):  # nor a FIFO, which would be waited for
            continue
        try:
            names = _read(path)
        except (OSError, ValueError):
            continue
        if len(names) in _counts(class_count):
            return names, None if folder or _is_project(weights_path) else _guess(path, class_count)
    if class_count == 1000:
        return _read(IMAGENET), None
    return [str(index) for index in range(class_count)], None


def _is_project(weights_path: str | None) -> bool:
    """Say whether weights lie in `models` here, as the 2018 program has them."""
    if weights_path is None:
        return False
    return os.path.dirname(os.path.abspath(weights_path)) == os.path.abspath("models")


def _guess(path: str, class_count: int) -> str:
    return (
        f"labels are assumed to be those of {os.path.abspath(path)}, because the working directory "
        f"has it and it names {class_count}: labels (--labels) says others"
    )


def _read(path: str) -> list[str]:
    wanted = "one label a line"
    data = read_text_file(path, wanted)
    try:
        text = data.decode("utf-8-sig").rstrip()
    except UnicodeDecodeError:
        raise BadDataError(f"{path}: not UTF-8 text, expected {wanted}") from None
    # Any of the three ends of a line.
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [line.strip() for line in lines] if text else []


def _listed(labels: object) -> list[str]:
    if not isinstance(labels, Sequence) or not all(isinstance(name, str) for name in labels):
        raise WrongTypeError("labels must be a path or a sequence of str")
    return list(labels)


def _checked(names: list[str], class_count: int, origin: str) -> list[str]:
    if len(names) not in _counts(class_count):
        found = "1 label" if len(names) == 1 else f"{len(names)} labels"
        wanted = "one for each class of the model"
        if class_count == 1:
            wanted = "that of its class, or 2, that of the answer no before it"
        raise BadDataError(f"{origin} holds {found}, expected {class_count}, {wanted}")
    return names


def _counts(class_count: int) -> tuple[int, ...]:
    return (1, 2) if class_count == 1 else (class_count,)
