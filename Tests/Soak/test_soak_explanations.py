"""Ten thousand explanations leave nothing behind."""

import gc

import gradcampp_swift as gcpp
import networks
import numpy as np
import pytest
from resident_memory import ALLOWED, MIB, resident

COUNT = 10_000


def one_by_one(model, photo):
    for _ in range(COUNT):
        yield model.explain(photo, guided=True)


def streamed(model, photo):
    yield from model.explain_many((photo for _ in range(COUNT)), target="top3")


@pytest.mark.parametrize("explanations", [one_by_one, streamed])
def test_memory_is_flat(explanations):
    model = gcpp.load(networks.make_weights())
    photo = np.random.default_rng(1).integers(0, 256, (80, 100, 3), dtype=np.uint8)
    held = []
    for number, explanation in enumerate(explanations(model, photo), start=1):
        for each in explanation if isinstance(explanation, list) else [explanation]:
            each.overlay()
        del explanation, each
        if number % (COUNT // 10) == 0:
            gc.collect()
            held.append(resident())
    print("MiB after each tenth:", *(f"{size / MIB:.1f}" for size in held))
    # After the first tenth, pools and caches are full.
    assert max(held) - held[0] < ALLOWED
