"""The page docs/benchmarks.md."""

from dataclasses import dataclass, replace

from .agreement import Agreement
from .files import CHART, REPORT
from .kernels import Step
from .machine import Machine
from .networks import NetworkResult
from .peers.gradcampp import BATCH
from .peers.peer import THREADS
from .suites import CALLS, OURS, Result
from .targets import TARGETS, Measured
from .timing import Comparison, merged
from .vgg16 import MULTIPLICATIONS


@dataclass
class Session:
    """All that is known after a run."""

    machine: Machine
    kernels: str
    versions: dict[str, str]
    skipped: dict[str, str]
    agreements: list[Agreement]
    measured: Measured
    steps: list[Step]
    networks: list[NetworkResult]
    rounds: int


def write(session: Session) -> None:
    """Write the page."""
    parts = [_head(session), _targets(session.measured)]
    parts += [_suite(result) for result in session.measured.results]
    parts += [_networks(session.networks)]
    parts += [_processes(session), _kernels(session), _context(session)]
    parts += [_agreements(session)]
    REPORT.write_text("\n\n".join(parts) + "\n", "utf-8")


def _table(head: list[str], rows: list[list[str]], texts: int = 1) -> str:
    """Make a table whose columns after the first `texts` hold numbers."""
    rule = ["---" if column < texts else "---:" for column in range(len(head))]
    escaped = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [head, rule, *escaped])


def _head(session: Session) -> str:
    machine = session.machine
    engines = [[name, version] for name, version in session.versions.items()]
    engines += [[name, f"skipped: {reason}"] for name, reason in session.skipped.items()]
    return f"""# Benchmarks

Written by `make bench`. VGG16 at 224x224 with the same random weights (seed 11) and the same
picture for every engine, {THREADS} threads, float32, one picture at a time unless told otherwise.

- Processor: {machine.processor}, {machine.cores} cores, {machine.memory_bytes / 2**30:.0f} GiB
- Kernels that gradcampp chose: {session.kernels}
- Load average before the start: {machine.load:.1f} (near 0 when nothing else ran; what else
  runs slows engines whose threads spin most)

{_table(["engine", "version"], engines, texts=2)}

![Chart of the medians]({CHART.relative_to(REPORT.parent)})

Each engine is loaded in a process of its own, which is stopped while it is not its turn (threads
of some engines spin when idle). Turns alternate: gradcampp, an engine, gradcampp, the next engine;
a turn is one untimed call and {CALLS} timed ones; rounds: {session.rounds}. "Ours / it" is the
median over the rounds of our turn's median divided by the median of the turn that followed it.
Times of gradcampp begin with a uint8 picture of 224x224 and include its preprocessing; those of the
others begin with the preprocessed float32 input."""


def _targets(measured: Measured) -> str:
    rows = []
    for target in TARGETS:
        value = target.measure(measured)
        if value is None:
            rows.append([target.what, f"<= {target.limit} {target.unit}", "not measured", ""])
            continue
        met = "yes" if value <= target.limit else "no"
        rows.append([target.what, f"<= {target.limit} {target.unit}", f"{value:.2f}", met])
    return "## Targets\n\n" + _table(["what", "target", "measured", "met"], rows)


def _suite(result: Result) -> str:
    ours = merged(result.comparisons)
    rows = [[f"**{ours.name}**", _ms(ours.median), _ms(ours.minimum), ""]]
    rows += [_row(comparison) for comparison in result.comparisons if comparison.other.turns]
    table = _table(["", "median, ms", "minimum, ms", "ours / it"], rows)
    return f"## {result.suite.title}\n\n{table}"


def _row(comparison: Comparison) -> list[str]:
    other = comparison.other
    return [other.name, _ms(other.median), _ms(other.minimum), f"{comparison.ratio:.3f}"]


def _networks(results: list[NetworkResult]) -> str:
    return f"""## Other networks

One Grad-CAM++ explanation of ours at the default layer, from a uint8 picture to the heat map,
divided by the forward pass of others, and by Grad-CAM++ of pytorch-grad-cam (as it is, and with
weights that ask for no gradients). Random weights, exported by PyTorch (opset 17).

{networks_table(results)}"""


def networks_table(results: list[NetworkResult]) -> str:
    """Make the table: times of ours in ms, then our explanation divided by what others take."""
    others = list(dict.fromkeys(name for each in results for name in _ratios(each)))
    head = ["network", "prediction, ms", "explanation, ms", *(f"/ {name}" for name in others)]
    rows = []
    for each in results:
        if each.forward is None or each.explanation is None:
            rows.append([each.network.name, "skipped", *[""] * (len(head) - 2)])
            continue
        times = [_ms(merged(one.comparisons).median) for one in (each.forward, each.explanation)]
        ratios = _ratios(each)
        rows.append([each.network.name, *times, *(ratios.get(name, "") for name in others)])
    return _table(head, rows)


def _ratios(result: NetworkResult) -> dict[str, str]:
    if result.explanation is None:
        return {}
    return {each.other.name: f"{each.ratio:.2f}" for each in result.explanation.comparisons}


def _processes(session: Session) -> str:
    measured = session.measured
    rows = [
        [
            each.title,
            f"{each.median:.2f}",
            f"{min(each.seconds):.2f}",
            f"{each.peak_bytes / 1e9:.2f}",
        ]
        for each in measured.commands
    ]
    imports = measured.imports
    ours = imports.ours
    statements = [[f"**`{ours.name}`**", _ms(ours.median), _ms(ours.minimum), ""], _row(imports)]
    head = ["", "median, s", "minimum, s", "peak memory, GB"]
    return f"""## Whole processes

From start to end, {session.rounds} times in a row, with the files in the file cache. Memory
includes pages of the mapped weights.

{_table(head, rows)}

{_table(["in a new process", "median, ms", "minimum, ms", "ours / it"], statements)}"""


def _kernels(session: Session) -> str:
    machine = session.machine
    rows = [
        [
            step.name,
            step.algorithm,
            f"{step.seconds * 1e3:.2f}",
            f"{step.gigaflops:.0f}" if step.operations else "",
            f"{step.gigaflops / machine.gigaflops:.0%}" if step.operations else "",
            f"{step.gigabytes:.0f}",
            f"{step.gigabytes / machine.gigabytes:.0%}",
        ]
        for step in session.steps
    ]
    head = ["step", "algorithm", "ms", "GFLOP/s", "of peak", "GB/s", "of peak"]
    return f"""## Kernels alone

The steps of one walk, forward and back to the pixels, each timed by itself while they follow each
other (minimum of 15 rounds). GFLOP/s counts the operations of the matrix products that are done,
not those of the definition, and no transforms; GB/s counts every tensor, and the weights in the
layout that is read, once; rows of dense layers whose input is 0 are not read. What stays in a
cache is faster than memory. Peaks, with {THREADS} threads, by `benchmarks/peak.c`:
{machine.gigaflops:.0f} GFLOP/s of multiply-adds in registers, {machine.gigabytes:.0f} GB/s read
from memory.

{_table(head, rows, texts=2)}"""


def _context(session: Session) -> str:
    forward = next(each for each in session.measured.results if each.suite.key == "forward")
    rate = 2e-9 * MULTIPLICATIONS / merged(forward.comparisons).median
    machine = session.machine
    return f"""## For scale

By the definition of a convolution a forward pass is {2e-9 * MULTIPLICATIONS:.1f} GFLOP, and ours
takes the time of {rate:.0f} GFLOP/s, where the processor reaches {machine.gigaflops:.0f}:
Winograd's algorithm needs fewer operations than that definition.

PyTorch's forward pass is in inference mode, and its guided backpropagation asks for no gradients of
weights. pytorch-grad-cam computes them too, as it does for a network taken as it is. The batch of
{BATCH} is one call of `explain_many`."""


def _agreements(session: Session) -> str:
    found = list(session.agreements)
    for result in session.networks:
        name = result.network.name
        found += [replace(each, engine=f"{each.engine}, {name}") for each in result.agreements]
    rows = [
        [
            each.engine,
            each.what,
            f"{each.value:.2g}",
            "" if each.limit is None else f"{each.limit:.2g}",
        ]
        for each in found
    ]
    return f"""## Agreement

Before anything is timed, the outputs are compared with {OURS}'s. pytorch-grad-cam's Grad-CAM++
weighs channels by another formula (it does not normalise the weights of the pixels, adds 1e-6 to
their denominator, and stretches the map to its minimum), so its map need not be the same.

{_table(["engine", "what", "difference", "limit"], rows, texts=2)}"""


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.0f}" if seconds >= 0.1 else f"{seconds * 1e3:.1f}"
