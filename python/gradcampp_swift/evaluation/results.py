"""The CSV file: whole pictures only, continued where an earlier run ended."""

from __future__ import annotations

import csv
import fcntl
import io
import json
import os
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from ..errors import BadDataError, FileAccessError
from ..files import check_destination, refusal_to_read, refusal_to_write, write_whole
from .measuring import Row

SETTINGS_SUFFIX = ".json"
"""What is appended to the name of the CSV file for the one that says how it was made."""


class Results:
    """Rows of pictures, in memory and, where a path is given, in a file as well.

    A picture's rows are written at once, and each time the file ends with whole lines. When the
    file is there already and was made with the same settings, its pictures count as done; what an
    interruption left incomplete at its end is removed.

    Parameters
    ----------
    path
        The CSV file; None for no file.
    header
        Names of the columns, the first of them `file` and `method`.
    methods
        A picture has one row for each, in this order.
    settings
        What the numbers depend on, for `PATH.json`; another run must have the same to continue.

    Raises
    ------
    FileAccessError
        A file cannot be read or written, or another process writes it now.
    BadDataError
        A file is there that was made with other settings, or by something else.
    """

    def __init__(
        self,
        path: str | None,
        header: Sequence[str],
        methods: Sequence[str],
        settings: dict[str, Any],
    ) -> None:
        self.rows: list[Row] = []
        self._path = path
        self._methods = list(methods)
        self._file: int | None = None  # its descriptor
        if path is None:
            return
        check_destination(path)
        try:
            self._open(path, _line(header), settings)
        except OSError as error:
            self.close()
            if isinstance(error, FileAccessError):
                raise
            raise refusal_to_write(path, error) from None
        except BaseException:
            self.close()
            raise

    @property
    def files(self) -> set[str]:
        """Names of the pictures whose rows are there."""
        return {row[0] for row in self.rows}

    def add(self, rows: list[Row]) -> None:
        """Add a picture's rows: all of them or, if the file cannot take them, none."""
        if self._file is not None and self._path is not None:
            _append(self._file, self._path, b"".join(map(_line, rows)))
        self.rows += rows

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __enter__(self) -> Results:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    # ---- File ----------------------------------------------------------------------------

    def _open(self, path: str, header: bytes, settings: dict[str, Any]) -> None:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o666)
        self._file = file
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = f"{path}: another process writes it now"
            raise FileAccessError(message, error.errno, path) from None
        except OSError:
            pass  # a file system without locks
        with open(path, "rb") as stream:
            data = stream.read()
        if not data:
            text = json.dumps(settings, indent=2) + "\n"
            write_whole(path + SETTINGS_SUFFIX, lambda stream: stream.write(text.encode()))
        else:
            _check_settings(path, settings)
        if header.startswith(data):  # nothing, or the beginning of the first line
            os.ftruncate(file, 0)
            _append(file, path, header)
            return
        if not data.startswith(header):
            raise _foreign(path, 1)
        os.ftruncate(file, self._take(path, data, len(header)))

    def _take(self, path: str, data: bytes, start: int) -> int:
        """Take the pictures that are there with all their rows; return where these end."""
        width = data[:start].count(b",") + 1
        end = start
        pending: list[Row] = []
        for number, line in enumerate(data[start:].split(b"\n")[:-1], start=2):
            row = next(csv.reader([line.decode("utf-8", "surrogateescape")]), [])
            wanted = self._methods[len(pending)]
            same_file = not pending or row[:1] == pending[0][:1]
            if len(row) != width or row[1] != wanted or not same_file or not _is_number(row[4]):
                raise _foreign(path, number)
            pending.append(row)
            start += len(line) + 1
            if len(pending) == len(self._methods):
                self.rows += pending
                pending, end = [], start
        return end


def _append(file: int, path: str, data: bytes) -> None:
    """Write all of it or, whatever happens, nothing."""
    size = os.fstat(file).st_size
    try:
        written = 0
        while written < len(data):
            written += os.write(file, data[written:])
    except BaseException as error:
        os.ftruncate(file, size)
        if isinstance(error, OSError):
            raise refusal_to_write(path, error) from None
        raise


def _line(cells: Sequence[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue().encode("utf-8", "surrogateescape")


def _is_number(cell: str) -> bool:
    try:
        return 0 <= float(cell) <= 1
    except ValueError:
        return False


def _foreign(path: str, number: int) -> BadDataError:
    return BadDataError(
        f"{path}: line {number} is not what this command writes there; name another file with "
        "--csv, or remove this one"
    )


def _check_settings(path: str, settings: dict[str, Any]) -> None:
    """Refuse to continue what was made otherwise."""
    remedy = "name another file with --csv, or remove this one"
    beside = path + SETTINGS_SUFFIX
    try:
        with open(beside, encoding="utf-8") as file:
            found = json.load(file)
    except FileNotFoundError:
        raise BadDataError(
            f"{path} is there, but not {beside}, which would say how it was made; {remedy}"
        ) from None
    except OSError as error:
        raise refusal_to_read(beside, error) from None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise BadDataError(f"{beside} does not say how {path} was made; {remedy}")
    for name in {**settings, **found}:
        before, now = found.get(name), settings.get(name)
        if before != now:
            raise BadDataError(
                f"{path} was made with {name} {json.dumps(before)}, this run has "
                f"{json.dumps(now)}; {remedy}"
            )
