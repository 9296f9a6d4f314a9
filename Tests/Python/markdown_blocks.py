"""Fenced code blocks of Markdown pages."""

import re
from pathlib import Path
from typing import NamedTuple

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOT_RUN = re.compile(r"<!-- not run: (.+?) -->\s*\Z", re.DOTALL)

#: Commands that build, install or fetch: the tests of those are elsewhere.
BUILDING = ("make", "pip", "swift")


class Block(NamedTuple):
    """A block of code."""

    language: str
    code: str
    line: int
    reason: str
    """Why it is not run; empty where it is."""


def blocks_of(page: Path) -> list[Block]:
    """List a page's blocks in their order."""
    text = page.read_text("utf-8")
    blocks = []
    for match in FENCE.finditer(text):
        marked = NOT_RUN.search(text, 0, match.start())
        reason = marked[1] if marked else ""
        commands = match[2].split()
        if match[1] == "sh" and commands[0] in BUILDING:
            reason = reason or f"{commands[0]} builds or installs"
        blocks.append(Block(match[1], match[2], text[: match.start()].count("\n") + 1, reason))
    return blocks
