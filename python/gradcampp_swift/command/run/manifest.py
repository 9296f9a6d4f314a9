"""`manifest.jsonl`: a line of JSON for each picture that is done, continued where a run ended."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from types import TracebackType
from typing import Any

from ...errors import BadDataError, FileAccessError
from ...files import refusal_to_read, refusal_to_write, write_whole
from ..record_file import RecordFile, check_settings

MANIFEST = "manifest.jsonl"
SETTINGS = "run.json"
REMEDY = "name another folder with -o, or remove this one"

_LONGEST_LINE = 1 << 24


class Manifest:
    """The manifest of a run, made if it is not there.

    Lines are written whole. What an interruption left incomplete at the end is removed.

    Parameters
    ----------
    folder
        Where the run writes; it is made if it is missing.
    settings
        What the results depend on, for `run.json`; a run continues only with the same.

    Attributes
    ----------
    explained, failed : int
        How many lines say so.

    Raises
    ------
    FileAccessError
        A file cannot be read or written, or another process writes the manifest now.
    BadDataError
        The folder holds other things, or a run with other settings.
    """

    def __init__(self, folder: str, settings: dict[str, Any]) -> None:
        path = os.path.join(folder, MANIFEST)
        _prepare(folder, path)
        self._done: set[str] = set()
        self.explained = 0
        self.failed = 0
        self._file = RecordFile(path)
        try:
            self._open(os.path.join(folder, SETTINGS), settings)
        except BaseException:
            self.close()
            raise

    def missing(self, files: list[str]) -> list[str]:
        """List those of the files that were not there at the beginning; to be asked once."""
        missing = [file for file in files if file not in self._done]
        self._done.clear()  # the run may be long
        return missing

    def add(self, record: dict[str, Any]) -> None:
        """Add a picture's line: all of it or, if the file cannot take it, nothing."""
        self._file.append(json.dumps(record, allow_nan=False).encode() + b"\n")
        self._count(record)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Manifest:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _open(self, beside: str, settings: dict[str, Any]) -> None:
        path = self._file.path
        if os.path.getsize(path) == 0:
            text = json.dumps(settings, indent=2) + "\n"
            write_whole(beside, lambda stream: stream.write(text.encode()))
            return
        check_settings(path, beside, settings, REMEDY)
        end = 0
        for record, end in _lines(path):  # noqa: B007  # the last end counts
            self._done.add(record["file"])
            self._count(record)
        self._file.truncate(end)

    def _count(self, record: dict[str, Any]) -> None:
        if record["status"] == "ok":
            self.explained += 1
        else:
            self.failed += 1


def read_manifest(folder: str) -> Iterator[dict[str, Any]]:
    """Read the lines of a run, finished or not.

    Raises
    ------
    MissingFileError, FileAccessError
        There is no manifest in the folder, or it cannot be read.
    BadDataError
        A line is not what `gradcampp run` writes.
    """
    for record, _ in _lines(os.path.join(folder, MANIFEST)):
        yield record


def _prepare(folder: str, path: str) -> None:
    """Make the folder; refuse one that holds other things than a run."""
    try:
        os.makedirs(folder, exist_ok=True)
        if not os.path.lexists(path) and os.listdir(folder):
            raise BadDataError(
                f"{folder} holds other things than a run: there is no {MANIFEST}; name an empty or "
                "a new folder with -o"
            )
    except FileExistsError as error:
        message = f"{folder} is a file, expected a folder"
        raise FileAccessError(message, error.errno, folder) from None
    except OSError as error:
        raise refusal_to_write(folder, error) from None


def _lines(path: str) -> Iterator[tuple[dict[str, Any], int]]:
    """Read whole lines, each with the place where it ends."""
    end = 0
    try:
        with open(path, "rb") as file:
            number = 0
            while (line := file.readline(_LONGEST_LINE)).endswith(b"\n"):
                number += 1
                end += len(line)
                yield _record(path, number, line), end
    except OSError as error:
        raise refusal_to_read(path, error) from None


def _record(path: str, number: int, line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    if (
        not isinstance(found, dict)
        or next(iter(found), None) != "file"
        or not isinstance(found["file"], str)
        or found.get("status") not in ("ok", "failed")
    ):
        raise BadDataError(
            f"{path}: line {number} is not what gradcampp run writes there; {REMEDY}"
        )
    return found
