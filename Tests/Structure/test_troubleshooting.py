"""The messages that docs/troubleshooting.md explains are messages that the sources hold."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "troubleshooting.md"
PLACES = ("Sources/GradCAMPPCore", "Sources/CAPI", "python/gradcampp_swift")

#: Messages of other programs.
OTHERS = ("libturbojpeg.so.0: cannot open shared object file",)

#: Between the parts of a string that is written on several lines.
JOINT = re.compile(r'"\s*\n?\s*\+?\s*f?"')


def literals() -> str:
    """All sources, with strings joined."""
    files = [file for place in PLACES for file in (ROOT / place).rglob("*.*")]
    texts = [file.read_text("utf-8") for file in files if file.suffix in (".py", ".swift")]
    text = JOINT.sub("", "\n".join([*texts, (ROOT / "setup.py").read_text("utf-8")]))
    # What the page shows filled in: names of a variable and of endings.
    known = {"${VARIABLE}": "$GRADCAMPP_WEIGHTS", "{_REMEDY}": "end it with .jpeg, .png or .npy"}
    for name, value in known.items():
        text = text.replace(name, value)
    return text


def messages() -> list[str]:
    """Headings that quote a message: those that do not begin like a sentence of ours."""
    headings = re.findall(r"^### (.+)$", PAGE.read_text("utf-8"), re.MULTILINE)
    return [text for text in headings if not text[0].isupper() and text not in OTHERS]


def test_every_heading_quotes_a_source() -> None:
    source = literals()
    found = messages()
    assert len(found) >= 15
    unknown = []
    for message in found:
        parts = [re.escape(part.strip()) for part in re.split("…", message) if part.strip(" :,;")]
        # Between parts lies what varies, on the same line.
        pattern = r"[^\n]*?".join(part.replace(r"\ ", r"\s+") for part in parts)
        if not re.search(pattern, source):
            unknown.append(message)
    assert not unknown
