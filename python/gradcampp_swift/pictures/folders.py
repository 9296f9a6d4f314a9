"""The pictures of a folder."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from ..errors import BadDataError, FileAccessError, GradCAMError
from ..files import refusal_to_read

SUFFIXES = (
    ".avif", ".bmp", ".gif", ".jfif", ".jpe", ".jpeg", ".jpg", ".jp2", ".pcx", ".pgm", ".png",
    ".pnm", ".ppm", ".tga", ".tif", ".tiff", ".webp",
)  # fmt: skip
"""What the name of a picture ends with, in lower or upper case."""

SYSTEM_FOLDERS = (
    "$RECYCLE.BIN", "#recycle", "#snapshot", "@Recycle", "@eaDir", "System Volume Information",
    "__MACOSX",
)  # fmt: skip
"""Folders that systems make among people's own, beside those whose names begin with a dot."""

RUN_SETTINGS = "run.json"
"""The file that says that a folder holds the results of a run."""


class Selection(NamedTuple):
    """Which pictures are meant, by patterns of the shell.

    A pattern is compared with the picture's name or, where it has a slash, with its path in the
    folder; `*` stands for slashes, too.

    Examples
    --------
    >>> zoo = Selection(include=["*.jpg"], exclude=["thumbs", "zoo/old*"])
    >>> [zoo.takes(path) for path in ("zoo/a.jpg", "a.png", "zoo/old/a.jpg")]
    [True, False, False]
    """

    include: Sequence[str] = ()
    """Patterns of which one must fit; none for all pictures."""
    exclude: Sequence[str] = ()
    """Patterns of which none may fit; folders that one fits are not looked into."""

    def takes(self, path: str) -> bool:
        """Say whether a picture is meant."""
        return not self.leaves(path) and (not self.include or _fits(path, self.include))

    def leaves(self, path: str) -> bool:
        """Say whether a picture or a folder is left out."""
        return _fits(path, self.exclude)


EVERY_PICTURE = Selection()


class FoundPictures(NamedTuple):
    """What a walk through folders found."""

    files: list[str]
    """Paths of pictures, relative to the folder."""
    unreadable: list[GradCAMError]
    """A refusal for each folder below that could not be read."""
    results: list[str]
    """Folders below that were passed over, because they hold the results of a run."""


def list_pictures(folder: str, selection: Selection = EVERY_PICTURE) -> list[str]:
    """List the names of the pictures in a folder, sorted by code points; not in folders below.

    Hidden files are passed over.

    Raises
    ------
    MissingFileError, FileAccessError
        There is no such folder, or it cannot be read.
    BadDataError
        It holds no picture that is meant, or the results of a run.
    """
    files = [
        entry.name
        for entry in _photos(folder)
        if _is_picture(entry) and selection.takes(entry.name) and not _is_folder(entry)
    ]
    if not files:
        raise _nothing(folder, selection)
    return sorted(files)


def walk_pictures(
    folder: str, without: str | None = None, selection: Selection = EVERY_PICTURE
) -> FoundPictures:
    """Find the pictures in a folder and all folders below.

    Names are in the order of code points, a folder's pictures in the place of the folder. Each
    folder is walked once, whatever links lead to it; links are followed to what else there is.
    What is hidden or a system's own is passed over, and so are folders with the results of a run.

    Parameters
    ----------
    folder
        Where to look.
    without
        A folder that is left out.
    selection
        Which pictures are meant.

    Raises
    ------
    MissingFileError, FileAccessError
        There is no such folder, or it cannot be read; those below that cannot are in the answer.
    BadDataError
        They hold no picture that is meant, or the folder holds the results of a run.
    """
    _photos(folder)
    walk = _Walk(folder, selection)
    if without is not None and os.path.isdir(without):
        walk.walked.add(_identity(without))
    found = walk.found()
    if not found.files:
        raise found.unreadable[0] if found.unreadable else _nothing(folder, selection)
    return found


class _Walk:
    """A walk through a folder and those below, which ends however they link to each other."""

    def __init__(self, folder: str, selection: Selection) -> None:
        self.walked: set[tuple[int, int]] = set()
        self._folder = folder
        self._selection = selection
        self._files: list[str] = []
        self._unreadable: list[GradCAMError] = []
        self._results: list[str] = []
        self._folders = [""]
        self._links: list[str] = []

    def found(self) -> FoundPictures:
        """Walk, and say what was found."""
        # Links last: what is in a folder has the folder's own name, not that of a link to it.
        while self._folders or self._links:
            if not self._folders:
                self._links.sort(reverse=True)
                self._folders.append(self._links.pop())
            try:
                self._look(self._folders.pop())
            except GradCAMError as error:
                self._unreadable.append(error)
        self._files.sort(key=lambda path: path.split("/"))
        return FoundPictures(self._files, sorted(self._unreadable, key=str), sorted(self._results))

    def _look(self, below: str) -> None:
        """Look into one folder."""
        path = os.path.join(self._folder, below) if below else self._folder
        identity = _identity(path)
        if identity in self.walked:
            return
        self.walked.add(identity)
        entries = _entries(path)
        if below and _is_of_run(entries):
            self._results.append(below)
            return
        for entry in entries:
            name = f"{below}/{entry.name}" if below else entry.name
            if not _is_hidden(entry) and not self._selection.leaves(name):
                self._add(entry, name)

    def _add(self, entry: os.DirEntry[str], name: str) -> None:
        try:
            is_folder = entry.is_dir()
        except OSError as error:  # a link to itself, or to where we may not look
            is_folder = False
            if error.errno == errno.EACCES and not _is_picture(entry):
                self._unreadable.append(refusal_to_read(entry.path, error))
        if not is_folder:
            if _is_picture(entry) and self._selection.takes(name):
                self._files.append(name)
        elif entry.name not in SYSTEM_FOLDERS:
            (self._links if entry.is_symlink() else self._folders).append(name)


def _photos(folder: str) -> list[os.DirEntry[str]]:
    """List what is in the folder that was named, if that is a folder of photos."""
    entries = _entries(folder)
    if _is_of_run(entries):
        raise BadDataError(
            f"{folder} holds {RUN_SETTINGS}, and so the results of a run; name the folder of the "
            "pictures themselves"
        )
    return [entry for entry in entries if not _is_hidden(entry)]


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except NotADirectoryError as error:
        message = f"{folder} is a file, expected a folder"
        raise FileAccessError(message, error.errno, folder) from None
    except OSError as error:
        raise refusal_to_read(folder, error) from None


def _identity(folder: str) -> tuple[int, int]:
    try:
        status = os.stat(folder)
    except OSError as error:
        raise refusal_to_read(folder, error) from None
    return status.st_dev, status.st_ino


def _is_of_run(entries: list[os.DirEntry[str]]) -> bool:
    return any(entry.name == RUN_SETTINGS for entry in entries)


def _is_hidden(entry: os.DirEntry[str]) -> bool:
    return entry.name.startswith(".")


def _is_picture(entry: os.DirEntry[str]) -> bool:
    return entry.name.lower().endswith(SUFFIXES)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself, or to where we may not look: reading it will say
        return False


def _fits(path: str, patterns: Sequence[str]) -> bool:
    name = path.rpartition("/")[2]
    return any(fnmatchcase(path if "/" in pattern else name, pattern) for pattern in patterns)


def _nothing(folder: str, selection: Selection) -> BadDataError:
    if any(selection):
        return BadDataError(f"{folder} holds no picture that --include and --exclude leave")
    return BadDataError(
        f"{folder} holds no picture, expected files ending in .jpg, .png or the like"
    )
