"""Write docs/networks.md from the results of a run: RESULTS.xml, as pytest's --junitxml writes."""

import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

PAGE = Path(__file__).parents[2] / "docs" / "networks.md"
ORDER = ["torchscript-13", "torchscript-17", "dynamo", "keras"]


def main() -> None:
    """Write the page."""
    rows: dict[str, dict[str, str]] = {}
    layers: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for case in ElementTree.parse(sys.argv[1]).iter("testcase"):
        found = {each.get("name"): each.get("value") for each in case.iter("property")}
        if "network" not in found:
            continue
        verdict = _verdict(found, failed=case.find("failure") is not None)
        counts[verdict.split(":")[0]] += 1
        network = str(found["network"])
        rows.setdefault(network, {})[str(found["exporter"])] = verdict
        layers.setdefault(network, str(found.get("layer", "")))
    PAGE.write_text(_page(rows, layers, counts), "utf-8")


def _verdict(found: dict[str | None, str | None], failed: bool) -> str:
    if failed:
        return "wrong"
    if "refusal" in found:
        return f"refused: {found['refusal']}"
    numbers = [found[key] for key in ("difference", "gradients") if found.get(key)]
    return " / ".join(f"{float(number or 0):.0e}" for number in numbers)


def _page(rows: dict[str, dict[str, str]], layers: dict[str, str], counts: Counter[str]) -> str:
    exporters = [name for name in ORDER if any(name in row for row in rows.values())]
    head = ["network", *exporters, "default layer"]
    table = [head, ["---"] * len(head)]
    reasons: list[str] = []
    for network, row in sorted(rows.items()):
        cells = [_cell(row.get(name, ""), reasons) for name in exporters]
        table.append([network, *cells, f"`{layers[network]}`" if layers[network] else ""])
    lines = [f"| {' | '.join(cells)} |" for cells in table]
    notes = [f"{number}. {reason}" for number, reason in enumerate(reasons, 1)]
    refused, wrong = counts["refused"], counts["wrong"]
    total = sum(counts.values())
    return "\n".join(
        [
            "# Networks that run",
            "",
            "Written by `make test-zoo`: networks with random weights, exported to ONNX by each of",
            "PyTorch's exporters and by Keras. A cell holds the largest difference of the logits",
            "from ONNX Runtime's, of the largest logit, and the difference of the gradients at the",
            "default layer from PyTorch's autograd (root mean square, relative); or the number of",
            "the sentence below the table by which the file is refused.",
            "",
            f"Of {total} files {total - refused - wrong} run, {refused} are refused, {wrong} are"
            " wrong.",
            "",
            *lines,
            *(["", *notes] if notes else []),
            "",
        ]
    )


def _cell(verdict: str, reasons: list[str]) -> str:
    """Put a refusal's sentence below the table."""
    if not verdict.startswith("refused: "):
        return verdict
    reason = verdict.removeprefix("refused: ").split("/network.onnx: ")[-1]
    if reason not in reasons:
        reasons.append(reason)
    return f"refused ({reasons.index(reason) + 1})"


if __name__ == "__main__":
    main()
