"""Standard output and standard error, in whatever state the command finds them."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TextIO

from ..errors import FileAccessError, one_line
from ..files import refusal_to_write

if TYPE_CHECKING:
    from tqdm import tqdm


_missing_output = False
"""Whether standard output was closed when the command began."""


def open_missing_streams() -> None:
    """Open what is closed of descriptors 0, 1 and 2, so that no other file gets their number."""
    global _missing_output
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
            _missing_output = _missing_output or descriptor == 1
    # print() and argparse go to the other stream where one is None.
    if sys.stdout is None:
        sys.stdout = os.fdopen(1, "w", closefd=False)
    if sys.stderr is None:
        sys.stderr = os.fdopen(2, "w", closefd=False)


def check_standard_output() -> None:
    """Find out early whether what the command is asked for can be printed.

    Raises
    ------
    FileAccessError
        Standard output was closed when the command began.
    """
    if _missing_output:
        message = "standard output: cannot be written: it is closed"
        raise FileAccessError(message, errno.EBADF, "standard output")


def print_text(text: str) -> None:
    """Print to standard output; afterwards nothing is left that could fail at exit."""
    if not text:
        return
    if hasattr(sys.stdout, "reconfigure"):
        # Paths may hold bytes that are no UTF-8, labels characters the terminal lacks.
        utf8 = sys.stdout.encoding.lower() in ("utf-8", "utf8")
        sys.stdout.reconfigure(errors="surrogateescape" if utf8 else "backslashreplace")
    try:
        print(text, flush=True)
    except OSError as error:
        _give_up(sys.stdout)
        if isinstance(error, BrokenPipeError):
            raise
        raise refusal_to_write("standard output", error) from None


def tell(program: str, message: str) -> None:
    """Say one line on standard error; where that cannot be, the exit code must do."""
    try:
        print(one_line(f"{program}: {message}"), file=sys.stderr, flush=True)
    except OSError:
        _give_up(sys.stderr)


def flush_standard_error() -> None:
    """Leave nothing for the interpreter to fail on when it exits."""
    try:
        sys.stderr.flush()
    except OSError:
        _give_up(sys.stderr)


def _give_up(stream: TextIO) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def progress_bar(total: int, missing: int, unit: str, is_quiet: bool) -> tqdm[Any]:
    """Show on standard error, if it is a terminal, how much is done, the rate, the time left."""
    from tqdm import tqdm

    return tqdm(
        total=total,
        initial=total - missing,
        unit=unit,
        file=sys.stderr,
        disable=is_quiet or not sys.stderr.isatty(),
        leave=False,
    )


@contextlib.contextmanager
def silent_decoders() -> Iterator[None]:
    """Keep away from the terminal what Pillow logs and C libraries write by themselves."""
    if "logging" in sys.modules:  # else what is logged goes to descriptor 2, as by libraries
        _silence_pillow()
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


@contextlib.contextmanager
def silent_libraries() -> Iterator[None]:
    """Do the same as `silent_decoders`, while messages of this package still arrive.

    Other threads may decode: `sys.stderr` writes to a copy of descriptor 2, which goes nowhere.
    """
    before = sys.stderr
    try:
        is_descriptor = before.fileno() == 2
    except OSError:  # a stream without one
        is_descriptor = False
    if not is_descriptor:
        with silent_decoders():
            yield
        return
    _silence_pillow()
    before.flush()
    copy = os.dup(2)
    stream = open(copy, "w", encoding=before.encoding, errors=before.errors, buffering=1)  # noqa: SIM115
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    sys.stderr = stream
    try:
        yield
    finally:
        sys.stderr = before
        os.dup2(copy, 2)
        with contextlib.suppress(OSError):
            stream.close()


def _silence_pillow() -> None:
    import logging

    pillow = logging.getLogger("PIL")
    if not pillow.handlers:
        pillow.addHandler(logging.NullHandler())
    pillow.propagate = False
