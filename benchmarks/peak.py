"""What the processor could do at most, measured by `peak.c`."""

import subprocess
import tempfile
from pathlib import Path

from .peers.peer import THREADS

SOURCE = Path(__file__).with_name("peak.c")


def measure() -> tuple[float, float]:
    """Compile and run the program.

    Returns
    -------
    gigaflops, gigabytes : float
        Multiply-adds in registers of the widest kind (two operations each), and bytes read from
        memory, in thousand millions a second, on all threads together.
    """
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "peak"
        subprocess.run(
            ["cc", "-O2", "-std=gnu11", str(SOURCE), "-o", str(program), "-lpthread"], check=True
        )
        printed = subprocess.run(
            [str(program), str(THREADS)], check=True, stdout=subprocess.PIPE, text=True
        ).stdout
    gigaflops, gigabytes = map(float, printed.split())
    return gigaflops, gigabytes
