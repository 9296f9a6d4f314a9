"""Time everything and write docs/benchmarks.md: `python -m benchmarks [--rounds N]`."""

import argparse
import contextlib
import sys

from . import chart, machine, processes, report, suites
from .agreement import agreements, check
from .engine import Engine, EngineError
from .files import REPORT, ROOT, WEIGHTS
from .peers import PEERS
from .peers.gradcampp import GradCAMPP
from .peers.peer import Peer
from .targets import Measured


def main() -> None:
    """Run the suites one after the other."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, metavar="N", help="(default %(default)s)")
    rounds = parser.parse_args().rounds
    if not WEIGHTS.exists():
        sys.exit(f"benchmarks: {WEIGHTS.relative_to(ROOT)} is missing: `make bench` makes it")
    machine.limit_threads()
    _say("measuring what the machine can do")
    described = machine.describe()
    with contextlib.ExitStack() as stack:
        ours = stack.enter_context(Engine(GradCAMPP))
        picture, kernels, batches = (
            ours.call(name) for name in ("picture", "kernels", "can_batch")
        )
        ours.set_picture(picture)
        engines = {ours.name: ours}
        skipped = {}
        for peer in PEERS:
            _say(f"loading {peer.name}")
            try:
                engine = _opened(peer, stack)
                engine.set_picture(picture)
                engines[peer.name] = engine
            except EngineError as error:
                skipped[peer.name] = str(error)
                _say(f"{peer.name} is skipped: {error}")
        found = agreements(ours, [each for each in engines.values() if each is not ours])
        check(found)
        results = []
        for suite in suites.SUITES:
            _say(f"timing: {suite.title}")
            results.append(suites.run(suite, engines, rounds))
        versions = {name: engine.version for name, engine in engines.items()}
    _say("timing: whole processes")
    commands = processes.commands("pytorch-grad-cam" in versions)
    processes.run(commands, rounds)
    measured = Measured(results, commands, processes.imports(3 * rounds))
    report.write(
        report.Session(described, kernels, versions, skipped, found, measured, batches, rounds)
    )
    chart.draw(results)
    _say(f"written: {REPORT.relative_to(ROOT)}")


def _opened(peer: type[Peer], stack: contextlib.ExitStack) -> Engine:
    return stack.enter_context(Engine(peer))


def _say(message: str) -> None:
    print(message, flush=True)


if __name__ == "__main__":
    main()
