"""The command: one picture or a subcommand, and its exit code, whatever happens."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from ..errors import GradCAMError
from . import explain
from .terminal import flush_standard_error, open_missing_streams, print_text, tell
from .termination import orderly_termination

COMMANDS = {
    "run": ("run.subcommand", "explain all pictures of a folder"),
    "report": ("report.subcommand", "make a page of such a run"),
    "convert": ("convert", "rewrite weights of torchvision, timm or Keras"),
    "models": ("models", "list the networks that --weights takes by name"),
    "layers": ("layers", "list what of a network can be explained"),
    "evaluate": ("evaluate.subcommand", "measure maps of a folder of pictures"),
    "methods": ("methods", "list the methods and their options"),
}
"""The module of each subcommand, imported when it is asked for, and what it does.

A module has `add_arguments(parser)`, and `run(options)`, which returns the text for standard
output. `options.program` is the name to put before messages.
"""


def main(argv: Sequence[str] | None = None, program: str | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    argv
        What follows the command's name; None for the process's own, which then ends within about
        half a second of an interrupt or SIGTERM.
    program
        The name to show; None for the process's.

    Returns
    -------
    int
        0; 1 for a failure, with one line on standard error; 130 when interrupted; 141 when the
        reader of standard output went away. Wrong usage exits with 2, SIGTERM with 143.
    """
    open_missing_streams()
    name = program or "gradcampp"
    try:
        with orderly_termination(owns_process=argv is None), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a decoder's remarks are not for the user's terminal
            arguments = sys.argv[1:] if argv is None else list(argv)
            if arguments and arguments[0] in COMMANDS:
                parser, run = _subcommand(program, arguments.pop(0))
            else:
                parser, run = _parser(program), explain.run
            name = parser.prog
            options = parser.parse_args(arguments, argparse.Namespace(program=name))
            print_text(run(options))
        return 0
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 141
    except GradCAMError as error:
        tell(name, str(error))
    except MemoryError:  # Python's own has no text
        tell(name, "no memory is left; allow the process more")
    except Exception as error:
        tell(name, f"{type(error).__name__}: {error}")
    finally:
        flush_standard_error()
    return 1


class _Parser(argparse.ArgumentParser):
    """A parser whose exit codes do not depend on whether standard error takes its messages."""

    def _print_message(self, message: str, file: Any = None) -> None:
        # Python 3.10 lets the error through.
        with contextlib.suppress(OSError):
            super()._print_message(message, file)


def _subcommand(
    program: str | None, name: str
) -> tuple[argparse.ArgumentParser, Callable[[argparse.Namespace], str]]:
    """Import a subcommand, and make its parser."""
    module = importlib.import_module(f".{COMMANDS[name][0]}", __package__)
    start = program or os.path.basename(sys.argv[0])
    parser = _Parser(prog=f"{start} {name}", allow_abbrev=False)
    module.add_arguments(parser)
    return parser, module.run


def _parser(program: str | None) -> argparse.ArgumentParser:
    """Make the parser of the command without a subcommand, whose help names the others."""
    parser = _Parser(prog=program, allow_abbrev=False)
    explain.add_arguments(parser)
    others = "; ".join(f"%(prog)s {name} ({purpose})" for name, (_, purpose) in COMMANDS.items())
    parser.epilog = f"{parser.epilog} Further commands, each with its own -h: {others}."
    return parser
