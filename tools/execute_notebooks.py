"""Execute notebooks in place, and leave what belongs into a repository: what they show, once.

From the repository: ``python tools/execute_notebooks.py examples/notebooks/*.ipynb``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient


def executed(path: Path) -> Any:
    """Run a notebook in a kernel of its own, in its folder.

    Returns
    -------
    nbformat.NotebookNode
        With its outputs. Of what has an HTML form the picture for front-ends without HTML is left
        out, and so are times and the version of Python.
    """
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {
                "display_name": "Python 3",
                "language": "python",
                "name": "python3",
            },
            "language_info": {"name": "python"},
        }
    )
    for cell in notebook.cells:
        if "outputs" in cell:
            cell.outputs = _joined(cell.outputs)
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "text/html" in data:
                data.pop("image/png", None)
    return notebook


def _joined(outputs: list[Any]) -> list[Any]:
    """Join the parts of a stream, which arrive as the kernel happens to send them."""
    joined: list[Any] = []
    for output in outputs:
        last = joined[-1] if joined else {}
        if output.output_type == "stream" and last.get("name") == output.name:
            last["text"] += output.text
        else:
            joined.append(output)
    return joined


def main(paths: list[str]) -> int:
    """Execute each notebook and write it back."""
    for name in paths:
        path = Path(name)
        nbformat.write(executed(path), path)
        print(f"{path}: {path.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
