"""Time everything and write docs/benchmarks.md: `python -m benchmarks [--rounds N]`."""

import argparse
import contextlib
import sys

from . import chart, kernels, machine, networks, processes, report, suites
from .agreement import agreements, outputs, refuse_disagreement
from .engine import Engine, EngineError
from .files import REPORT, ROOT, WEIGHTS
from .peers import PEERS
from .peers.gradcampp import GradCAMPP
from .targets import Measured


def main() -> None:
    """Run the suites one after the other."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, metavar="N", help="(default %(default)s)")
    parser.add_argument(
        "--networks", action="store_true", help="time the other networks alone, and print the table"
    )
    arguments = parser.parse_args()
    rounds = arguments.rounds
    if arguments.networks:
        machine.limit_threads()
        print(report.networks_table(networks.run(rounds)))
        return
    if not WEIGHTS.exists():
        sys.exit(f"benchmarks: {WEIGHTS.relative_to(ROOT)} is missing: `make bench` makes it")
    machine.limit_threads()
    _say("measuring what the machine can do")
    described = machine.describe()
    with contextlib.ExitStack() as stack:
        ours = stack.enter_context(Engine(GradCAMPP))
        chosen = ours.call("kernels")
        picture = ours.call("picture")
        ours.set_picture(picture)
        mine = outputs(ours, "gradcampp", "guided")
        engines, skipped, found = {ours.name: ours}, {}, []
        for peer in PEERS:
            _say(f"loading {peer.name}")
            try:
                engine = stack.enter_context(Engine(peer))
                engine.set_picture(picture)
                found += agreements(mine, engine)
                engines[peer.name] = engine
            except EngineError as error:
                skipped[peer.name] = str(error)
                _say(f"{peer.name} is skipped: {error}")
        refuse_disagreement(found)
        results = []
        for suite in suites.SUITES:
            _say(f"timing: {suite.title}")
            results.append(suites.run(suite, engines, rounds))
        versions = {name: engine.version for name, engine in engines.items()}
    _say("timing: whole processes")
    commands = processes.commands("pytorch-grad-cam" in versions)
    processes.run(commands, rounds)
    measured = Measured(results, commands, processes.imports(3 * rounds))
    _say("timing: kernels alone")
    steps = kernels.run()
    others = networks.run(rounds)
    report.write(
        report.Session(described, chosen, versions, skipped, found, measured, steps, others, rounds)
    )
    chart.draw(results)
    _say(f"written: {REPORT.relative_to(ROOT)}")


def _say(message: str) -> None:
    print(message, flush=True)


if __name__ == "__main__":
    main()
