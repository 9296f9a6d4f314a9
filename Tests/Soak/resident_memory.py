"""How much memory a process holds."""

from pathlib import Path

MIB = 1 << 20
ALLOWED = 5_000_000
"""Bytes by which a long run may grow."""


def resident(process="self"):
    """Bytes of a process's memory that are its own: not those of files that it maps."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) << 10
    raise LookupError(f"/proc/{process}/status has no RssAnon")
