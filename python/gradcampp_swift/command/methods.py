"""The subcommand `gradcampp methods`: what `--method` and `--option` take."""

from __future__ import annotations

import argparse
import json
import textwrap

from ..settings.catalogue import Method, Needs, Option, methods

WIDTH = 96


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.description = "List the attribution methods, a line or two each, with their options."
    parser.add_argument("--json", action="store_true", help="one JSON object, with citations")


def run(options: argparse.Namespace) -> str:
    """Describe every method; the text for standard output."""
    found = methods()
    if options.json:
        return json.dumps({name: _record(method) for name, method in found.items()}, indent=1)
    return "\n".join(_described(method) for method in found.values())


def _described(method: Method) -> str:
    """Put the summary beside the name, and each option on a line below."""
    lines = textwrap.wrap(
        f"{method.summary}{_looked_at(method.needs)}",
        WIDTH,
        initial_indent=f"{method.name}: ",
        subsequent_indent="    ",
    )
    for option in method.options:
        lines += textwrap.wrap(
            f"--option {option.name}={option.default:g}: {option.summary}, {_range(option)}",
            WIDTH,
            initial_indent="    ",
            subsequent_indent="        ",
        )
    return "\n".join(lines)


def _looked_at(needs: Needs) -> str:
    """Say what a method looks at, if it is not one layer."""
    if needs.input:
        return " (takes no layer)"
    return " (takes several layers)" if needs.several_layers else ""


def _range(option: Option) -> str:
    least, most = option.range
    return f"{least:.10g} to {most:.10g}"


def _record(method: Method) -> dict[str, object]:
    return {
        "summary": method.summary,
        "citation": method.citation,
        "needs": method.needs._asdict(),
        "options": [option._asdict() for option in method.options],
    }
