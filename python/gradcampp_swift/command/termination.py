"""Ctrl-C and SIGTERM: an orderly end and, where that would be late, one at once.

Python heeds signals between its own steps, and a call of a library may be long: a network, a
decoder, a picture on a disk that does not answer. What catches the signals is therefore a thread
that gives the orderly end `GRACE` seconds, removes what is half-written, and ends the process.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from types import FrameType

from ..files import remove_unfinished

GRACE = 0.4
"""Seconds."""

_ENDING = (signal.SIGINT, signal.SIGTERM)


@contextlib.contextmanager
def orderly_termination(*, owns_process: bool) -> Iterator[None]:
    """Let SIGTERM end the body like an exit, so that it removes what it left half-written.

    Parameters
    ----------
    owns_process
        Whether the process is the command's own: then it ends within about half a second, whatever
        the body is doing. A host's process is not ended so.
    """

    def leave(number: int, frame: FrameType | None) -> None:
        sys.exit(128 + number)

    try:
        before = signal.signal(signal.SIGTERM, leave)
    except ValueError:  # not the main thread
        yield
        return
    try:
        with _limited() if owns_process else contextlib.nullcontext():
            yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextlib.contextmanager
def _limited() -> Iterator[None]:
    """End the process `GRACE` seconds after a signal that should end it."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    # Python's handler in C writes the number of each signal there, whatever Python is doing.
    before = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    threading.Thread(target=_watch, args=(reader,), name="gradcampp-signals", daemon=True).start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        os.close(writer)


def _watch(reader: int) -> None:
    while number := os.read(reader, 1):
        if number[0] in _ENDING:
            time.sleep(GRACE)
            # Not standard output: whoever reads it may be what is waited for.
            remove_unfinished()
            os._exit(128 + number[0])
    os.close(reader)
