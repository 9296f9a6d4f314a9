"""Interrupts end long calls of the main thread, and those alone.

Calls are compared by the processor time that they take, which a busy machine does not change.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import gradcampp_swift as gcpp
import numpy as np
import pytest

MANY = [*range(10)] * 60
"""Targets enough that a guided call takes a while."""


@pytest.fixture(scope="module")
def masks():
    return np.ones((2000, 64, 64), np.float32)


@pytest.fixture(scope="module")
def calls(model, photo, masks):
    """Long calls, by name."""
    pictures = np.full((2000, 64, 64, 3), 0.5, np.float32)
    return {
        "explain": lambda: model.explain(photo, MANY, guided=True),
        "explain_many": lambda: list(model.explain_many([photo, photo], MANY, guided=True)),
        "score": lambda: model.score(pictures, 1),
        "score_masks": lambda: model.score_masks(photo, masks, 1),
    }


def processor_time(call: Callable[[], Any]) -> float:
    start = time.process_time()
    call()
    return time.process_time() - start


@contextmanager
def signal_after(share: float, number: int = signal.SIGINT) -> Iterator[threading.Event]:
    """Send this process a signal once it has spent some processor time."""
    limit = time.process_time() + share
    is_over = threading.Event()
    is_sent = threading.Event()

    def send() -> None:
        while not is_over.wait(0.001):
            if time.process_time() >= limit:
                is_sent.set()
                os.kill(os.getpid(), number)
                return

    sender = threading.Thread(target=send)
    sender.start()
    try:
        yield is_sent
    finally:
        is_over.set()
        sender.join()


@pytest.mark.parametrize("name", ["explain", "explain_many", "score", "score_masks"])
def test_an_interrupt_ends_the_call(calls, name):
    call = calls[name]
    call()  # what is made once is not counted
    whole = processor_time(call)
    start = time.process_time()
    with pytest.raises(KeyboardInterrupt), signal_after(whole / 10):
        call()
    assert time.process_time() - start < 0.7 * whole
    over = time.process_time()
    time.sleep(0.2)
    assert time.process_time() - over < 0.1  # nothing goes on
    call()  # the model still serves


def test_what_a_handler_raises_comes_out(calls):
    class StoppedError(Exception):
        pass

    def handler(number: int, frame: object) -> None:
        raise StoppedError(number)

    former = signal.signal(signal.SIGUSR1, handler)
    try:
        with pytest.raises(StoppedError), signal_after(0.02, signal.SIGUSR1):
            calls["explain"]()
    finally:
        signal.signal(signal.SIGUSR1, former)


def test_a_handler_that_raises_nothing_ends_nothing(model, photo):
    seen = []
    former = signal.signal(signal.SIGUSR1, lambda number, frame: seen.append(number))
    try:
        with signal_after(0.02, signal.SIGUSR1) as is_sent:
            found = model.explain(photo, MANY, guided=True)
    finally:
        signal.signal(signal.SIGUSR1, former)
    assert is_sent.is_set()
    assert seen == [signal.SIGUSR1]
    np.testing.assert_array_equal(found[13].heatmap, model.explain(photo, 3).heatmap)


def test_other_threads_go_on(model, photo):
    """The main thread waits for a thread that computes, and is interrupted; the thread is not."""
    answers: list[gcpp.Explanation] = []
    is_done = threading.Event()

    def explain() -> None:
        answers.extend(model.explain(photo, MANY, guided=True))
        is_done.set()

    thread = threading.Thread(target=explain)
    thread.start()
    with pytest.raises(KeyboardInterrupt), signal_after(0.02):
        is_done.wait()
    is_done.wait()
    thread.join()
    assert len(answers) == len(MANY)
    np.testing.assert_array_equal(answers[-1].heatmap, model.explain(photo, 9).heatmap)
