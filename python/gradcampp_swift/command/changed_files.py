"""Files that changed since a command dealt with them: what it wrote of them is done anew."""

from __future__ import annotations

import argparse
import hashlib
import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

from ..errors import GradCAMError
from ..pictures.reading import read_picture_file
from .terminal import progress_bar, tell


class Known(NamedTuple):
    """A file that something was made of."""

    picture: str
    """What it belongs to, or is."""
    path: str
    """Where it lies in the folder of the pictures."""
    sha256: str | None
    """Of its bytes then; None where it could not be read, or was not there."""


def tell_changed(
    known: Sequence[Known], options: argparse.Namespace, workers: int, done: str
) -> set[str]:
    """Find the pictures of which a file is another now, and say so on standard error.

    Parameters
    ----------
    known
        The files.
    options
        Their `folder`, and `program` and `quiet`.
    workers
        How many read.
    done
        What was done with them, for the message.
    """
    changed = set()
    with progress_bar(len(known), len(known), " images compared", options.quiet) as bar:
        for file, is_changed in _compared(options.folder, known, workers):
            if is_changed:
                changed.add(file.picture)
                bar.clear()
                path = os.path.join(options.folder, file.path)
                tell(options.program, f"changed since it was {done}, done anew: {path}")
            bar.update()
    return changed


def _compared(folder: str, known: Sequence[Known], workers: int) -> Iterator[tuple[Known, bool]]:
    def compare(file: Known) -> tuple[Known, bool]:
        try:
            data = read_picture_file(os.path.join(folder, file.path))
        except GradCAMError:
            return file, file.sha256 is not None
        return file, hashlib.sha256(data).hexdigest() != file.sha256

    with ThreadPoolExecutor(workers, thread_name_prefix="gradcampp-reader") as reading:
        pending: deque[Future[tuple[Known, bool]]] = deque()
        for file in known:
            pending.append(reading.submit(compare, file))
            if len(pending) > 2 * workers:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
