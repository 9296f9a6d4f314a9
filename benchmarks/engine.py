"""A process that holds one loaded engine, runs when it is told to, and else is stopped.

Engines keep threads that spin for a while after their work is done. In one process, or in processes
that are left running, they would take the processor from the engine that is timed next.
"""

import ctypes
import multiprocessing
import os
import signal
import time
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any

from .files import ROOT
from .network import Network
from .peers.peer import Peer
from .vgg16 import Picture

SPAWN = multiprocessing.get_context("spawn")
PR_SET_PDEATHSIG = 1


class EngineError(Exception):
    """An engine could not be loaded, or an operation failed; the text is one line."""


class Engine:
    """A peer in its own process.

    Parameters
    ----------
    peer
        Class of the peer.
    network
        What it is to run; VGG16 if it is None.

    Raises
    ------
    EngineError
        It cannot be loaded here.
    """

    def __init__(self, peer: type[Peer], network: Network | None = None) -> None:
        self.name = peer.name
        # What converting weights needs of memory and threads is gone before the engine loads.
        self._start(_prepare, peer, network)
        self.ask("prepare")
        self.close()
        self._start(_serve, peer, network)
        self.version: str = self.ask("load")
        self.operations: set[str] = self.ask("operations")

    def set_picture(self, picture: Picture) -> None:
        """Say what the operations are to work on."""
        self.ask("set_picture", picture)

    def call(self, name: str) -> Any:
        """Call a method that takes nothing, or an operation, and return its result."""
        return self.ask("call", name)

    def turn(self, operation: str, count: int) -> list[float]:
        """Run an operation once untimed, then `count` times; seconds each took."""
        return self.ask("turn", operation, count)

    def ask(self, *request: Any) -> Any:
        """Let the process run until it has answered."""
        os.kill(self._process.pid or 0, signal.SIGCONT)
        try:
            self._connection.send(request)
            fault, answer = self._connection.recv()
        except (EOFError, OSError):
            raise EngineError(f"{self.name}: the process ended in {request[0]!r}") from None
        if fault is not None:
            raise EngineError(fault)
        os.kill(self._process.pid or 0, signal.SIGSTOP)
        return answer

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()
        self._connection.close()

    def __enter__(self) -> "Engine":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.close()

    def _start(self, serve: Any, peer: type[Peer], network: Network | None) -> None:
        self._connection, theirs = SPAWN.Pipe()
        self._process = SPAWN.Process(target=serve, args=(theirs, peer, network), daemon=True)
        self._process.start()
        theirs.close()


# ---- In the engine's process ---------------------------------------------------------------


def _prepare(connection: Connection, peer: type[Peer], network: Network | None) -> None:
    _answer(connection, {"prepare": peer(network).prepare})


def _serve(connection: Connection, kind: type[Peer], network: Network | None) -> None:
    peer = kind(network)
    x: Any = None

    def load() -> str:
        peer.load()
        return peer.version()

    def operations() -> set[str]:
        own = {name for name, value in vars(kind).items() if callable(value)}
        return own - {"load", "prepare", "version", "as_input", "module"}

    def set_picture(picture: Picture) -> None:
        nonlocal x
        x = peer.as_input(picture)

    def call(name: str) -> Any:
        return getattr(peer, name)() if x is None else getattr(peer, name)(x)

    def turn(operation: str, count: int) -> list[float]:
        run = getattr(peer, operation)
        run(x)
        seconds = []
        for _ in range(count):
            start = time.perf_counter()
            run(x)
            seconds.append(time.perf_counter() - start)
        return seconds

    _answer(connection, {f.__name__: f for f in (load, operations, set_picture, call, turn)})


def _answer(connection: Connection, requests: dict[str, Any]) -> None:
    """Answer requests with (fault, answer) until the other end is gone."""
    # What engines print on standard output is not for the reader of the benchmarks.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    # A stopped process would outlive a parent that is killed.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    while True:
        try:
            name, *arguments = connection.recv()
        except EOFError:
            return
        try:
            connection.send((None, requests[name](*arguments)))
        except Exception as error:  # whatever a peer raises is the reason why it is left out
            reason = " ".join(str(error).replace(str(ROOT), ".").split())[:200]
            connection.send((f"{type(error).__name__}: {reason}", None))
