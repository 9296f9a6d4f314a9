"""Which weights a command uses."""

from __future__ import annotations

from ..weights.finding import find_weights, no_weights
from ..weights.named_networks import BOX, is_name, origin_of
from .terminal import tell

REMEDY = "give some with --weights"


def command_weights(named: str | None, program: str, *, has_class: bool = False) -> str:
    """Choose the weights, a path or a name, and say on standard error which are chosen unasked.

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
        No weights are found but those in the box, and a class was named.
    """
    if named is not None:
        return named
    found = find_weights()
    if not is_name(found):
        return found
    if found == BOX and has_class:
        raise no_weights(f"{REMEDY}, or leave -l out to use the network in the box")
    tell(program, f"no weights found: using {origin_of(found)}; {REMEDY}")
    return found
