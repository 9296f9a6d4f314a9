"""Commands that a signal stops at a moment that is counted, and so is the same on any machine."""

import os
import subprocess
import sys

from conftest import PATIENCE

#: Before `main`: `pass_by()` is called for each event, and sends the signal at the moment.
COUNTER = """
import itertools, os, signal, sys
from gradcampp_swift.command import main
stop, moment = int(sys.argv.pop(1)), int(sys.argv.pop(1))
counter = itertools.count(1)
def pass_by():
    if next(counter) == moment:
        os.kill(os.getpid(), stop)
"""

#: Events are what is opened, renamed, removed or made below a folder, in any thread, and each half
#: of what is appended to a file of records.
FILES = """
folder = os.path.realpath(sys.argv.pop(1)) + os.sep
def watch(event, arguments):
    if event in ("open", "os.rename", "os.remove", "os.mkdir") and isinstance(arguments[0], str):
        if os.path.abspath(arguments[0]).startswith(folder):
            pass_by()
sys.addaudithook(watch)
write = os.write
def write_half(descriptor, data):
    written = write(descriptor, data[: max(1, len(data) // 2)])
    pass_by()
    return written
os.write = write_half
"""


def stopped(program, arguments, place, stop, moment):
    """Run a program that ends in COUNTER's `main`, and stops at the moment if it comes to it."""
    variables = {k: v for k, v in os.environ.items() if not k.startswith("GRADCAMPP_")}
    code = f"{COUNTER}{program}sys.exit(main())"
    return subprocess.run(
        [sys.executable, "-c", code, str(int(stop)), str(moment), *arguments],
        cwd=place,
        env=variables,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
