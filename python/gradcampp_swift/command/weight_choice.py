"""Which weights a command uses."""

from __future__ import annotations

from ..weights.bundled import WEIGHTS
from ..weights.finding import find_weights, no_weights
from .terminal import tell

REMEDY = "give some with --weights"


def command_weights(named: str | None, program: str, *, has_class: bool = False) -> str:
    """Choose the weights, and say so on standard error when it is the network in the box.

    Parameters
    ----------
    named
        What --weights says.
    program
        Name to put before the message.
    has_class
        Whether a class was named: it is meant for other weights than those in the box.

    Raises
    ------
    MissingFileError
        No weights are found, and a class was named.
    """
    path = named if named is not None else find_weights()
    if path is not None:
        return path
    if has_class:
        raise no_weights(f"{REMEDY}, or leave -l out to use the network in the box")
    tell(program, f"no weights found: using the network in the box; {REMEDY}")
    return WEIGHTS
