"""The CSV file: whole pictures only, continued where an earlier run ended."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection, Sequence
from types import TracebackType
from typing import Any

from ...errors import BadDataError
from ...files import read_text_file, write_whole
from ..record_file import RecordFile, check_settings
from .measuring import Row

_LARGEST = 1 << 30
"""Bytes: some ten million rows."""

SETTINGS_SUFFIX = ".json"
"""What is appended to the name of the CSV file for the one that says how it was made."""

REMEDY = "name another file with --csv, or remove this one"


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
        Names of the columns, the first of them `file` and `method`, the fifth `probability`.
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
        self._header = list(header)
        self._methods = list(methods)
        self._file: RecordFile | None = None
        if path is None:
            return
        self._file = RecordFile(path)
        try:
            self._open(self._file, _line(header), settings)
        except BaseException:
            self.close()
            raise

    def cells(self, column: str) -> dict[str, str]:
        """Find what the first row of each picture that is there says in a column."""
        place = self._header.index(column)
        return {row[0]: row[place] for row in self.rows[:: len(self._methods)]}

    def remove(self, files: Collection[str]) -> None:
        """Remove the rows of pictures that are to be measured anew."""
        if not files:
            return
        kept = [row for row in self.rows if row[0] not in files]
        if self._file is not None:
            self._file.replace(map(_line, [self._header, *kept]))
        self.rows = kept

    @property
    def files(self) -> set[str]:
        """Names of the pictures whose rows are there."""
        return {row[0] for row in self.rows}

    def add(self, rows: list[Row]) -> None:
        """Add a picture's rows: all of them or, if the file cannot take them, none."""
        if self._file is not None:
            self._file.append(b"".join(map(_line, rows)))
        self.rows += rows

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

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

    def _open(self, file: RecordFile, header: bytes, settings: dict[str, Any]) -> None:
        path = file.path
        data = read_text_file(path, "the results of an evaluation", _LARGEST)
        if not data:
            text = json.dumps(settings, indent=2) + "\n"
            write_whole(path + SETTINGS_SUFFIX, lambda stream: stream.write(text.encode()))
        else:
            check_settings(path, path + SETTINGS_SUFFIX, settings, REMEDY)
        if header.startswith(data):  # nothing, or the beginning of the first line
            file.truncate(0)
            file.append(header)
            return
        if not data.startswith(header):
            raise _foreign(path, 1)
        file.truncate(self._take(path, data, len(header)))

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
    return BadDataError(f"{path}: line {number} is not what this command writes there; {REMEDY}")
