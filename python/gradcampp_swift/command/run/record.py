"""A picture's line of the manifest, which a stranger may have written."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeAlias

from ...errors import BadDataError

Record: TypeAlias = dict[str, Any]

_MOST_PIXELS = 1 << 32


def is_record(found: object) -> bool:
    """Say whether a line's JSON is what `gradcampp run` writes.

    Its paths are of the kind that stays in a folder: relative, and without `..`.
    """
    if not isinstance(found, dict) or next(iter(found), None) != "file":
        return False
    checks = {"ok": _EXPLAINED, "failed": _FAILED}.get(_text_of(found.get("status")))
    return checks is not None and all(check(found.get(name)) for name, check in checks.items())


def path_inside(folder: str, name: str) -> str:
    """Find a path that a record says; `folder` is the run's.

    Raises
    ------
    BadDataError
        It is the name of a link that leads out of the folder, or lies behind one.
    """
    path = os.path.join(folder, name)
    whole = os.path.realpath(folder)
    if os.path.commonpath([whole, os.path.realpath(path)]) != whole:
        raise BadDataError(f"{path} leads out of {folder}; remove the link")
    return path


def _text_of(value: object) -> str:
    return value if isinstance(value, str) else ""


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_hash(value: object) -> bool:
    return value is None or isinstance(value, str)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MOST_PIXELS


def _is_probability(value: object) -> bool:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return False
    return 0 <= value <= 1  # neither NaN nor infinity


def _is_flag(value: object) -> bool:
    # None: earlier versions did not say it.
    return value is None or isinstance(value, bool)


def _is_size(value: object) -> bool:
    return value is None or (isinstance(value, list) and len(value) == 2 and _counts(value))


def _are_boxes(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(box, list) and len(box) == 4 and _counts(box) for box in value
    )


def _counts(values: list[Any]) -> bool:
    return all(map(_is_count, values))


def _are_paths(value: object) -> bool:
    return isinstance(value, dict) and all(map(_stays_inside, value.values()))


def _stays_inside(path: object) -> bool:
    """Say whether a text is a path of the kind that stays in the folder it is meant for."""
    if not isinstance(path, str) or "\0" in path or os.path.isabs(path):
        return False
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        return False
    return not {"", ".", ".."} & set(path.split("/"))


_Checks: TypeAlias = dict[str, Callable[[object], bool]]

_FAILED: _Checks = {"file": _is_text, "sha256": _is_hash, "reason": _is_text}
_EXPLAINED: _Checks = {
    "file": _is_text,
    "sha256": _is_hash,
    "label": _is_text,
    "class": _is_count,
    "probability": _is_probability,
    "has_evidence": _is_flag,
    "size": _is_size,
    "boxes": _are_boxes,
    "written": _are_paths,
}
