"""`manifest.jsonl`: a line of JSON for each picture that is done, continued where a run ended."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator
from types import TracebackType
from typing import Any, BinaryIO

from ...errors import BadDataError, FileAccessError
from ...files import (
    open_file,
    refusal_to_read,
    refusal_to_write,
    remove_temporaries,
    write_whole,
)
from ...pictures.folders import RUN_SETTINGS
from ..changed_files import Known
from ..record_file import RecordFile, check_settings
from .record import Record, is_record

MANIFEST = "manifest.jsonl"
SETTINGS = RUN_SETTINGS
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
        self._done: dict[str, str | None] = {}
        self.explained = 0
        self.failed = 0
        self._file = RecordFile(path, follows_link=False)
        try:
            remove_temporaries(folder)
            self._open(os.path.join(folder, SETTINGS), settings)
        except BaseException:
            self.close()
            raise

    def done(self, files: list[str]) -> list[Known]:
        """List those of the files that were there at the beginning."""
        return [Known(file, file, self._done[file]) for file in files if file in self._done]

    def remove(self, files: Collection[str]) -> None:
        """Remove the lines of pictures that are to be explained anew."""
        if not files:
            return
        kept = [
            (record, line)
            for record, line in _lines(self._file.path)
            if record["file"] not in files
        ]
        self._file.replace(line for _, line in kept)
        self._done.clear()
        self.explained = self.failed = 0
        for record, _ in kept:
            self._take(record)

    def missing(self, files: list[str]) -> list[str]:
        """List those of the files that are not there; to be asked once, before `add`."""
        missing = [file for file in files if file not in self._done]
        self._done.clear()  # the run may be long
        return missing

    def add(self, record: Record) -> None:
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
            write_whole(beside, lambda stream: stream.write(text.encode()), follows_link=False)
            return
        check_settings(path, beside, settings, REMEDY)
        end = 0
        for record, line in _lines(path):
            self._take(record)
            end += len(line)
        self._file.truncate(end)

    def _take(self, record: Record) -> None:
        self._done[record["file"]] = record.get("sha256")
        self._count(record)

    def _count(self, record: Record) -> None:
        if record["status"] == "ok":
            self.explained += 1
        else:
            self.failed += 1


def read_manifest(folder: str) -> Iterator[Record]:
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


def _lines(path: str) -> Iterator[tuple[Record, bytes]]:
    """Read whole lines, each as it is meant and as it is written."""
    with open_file(path) as file:
        number = 0
        while line := _next_line(path, file):
            number += 1
            if not line.endswith(b"\n"):
                if len(line) == _LONGEST_LINE:
                    raise _foreign(path, number)
                return
            yield _record(path, number, line), line


def _next_line(path: str, file: BinaryIO) -> bytes:
    try:
        return file.readline(_LONGEST_LINE)
    except OSError as error:
        raise refusal_to_read(path, error) from None


def _record(path: str, number: int, line: bytes) -> Record:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    if not is_record(found):
        raise _foreign(path, number)
    record: Record = found
    return record


def _foreign(path: str, number: int) -> BadDataError:
    return BadDataError(f"{path}: line {number} is not what gradcampp run writes there; {REMEDY}")
