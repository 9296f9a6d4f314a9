"""Threads and processes: the same bytes everywhere, and the GIL let go."""

import io
import multiprocessing
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import gradcampp_swift as gcpp
import networks
import numpy as np
import pytest
from conftest import PATIENCE
from gradcampp_swift import _core
from gradcampp_swift.pictures.reading import as_image
from PIL import Image


def fingerprint(model, photo):
    explanation = model.explain(photo, target=1, guided=True)
    return b"".join(
        array.tobytes()
        for array in (
            explanation.heatmap,
            explanation.channel_weights,
            explanation.guided_gradients,
            explanation.panels(),
            model.activations(photo, "fc8"),
        )
    )


def test_same_bytes_for_any_thread_count_and_run(model, photo):
    try:
        gcpp.set_num_threads(1)
        expected = fingerprint(model, photo)
        for count in (1, 2):
            gcpp.set_num_threads(count)
            for _ in range(10):
                assert fingerprint(model, photo) == expected
    finally:
        gcpp.set_num_threads(0)


def test_one_model_serves_several_threads(model, photo):
    expected = fingerprint(model, photo)
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: fingerprint(model, photo), range(36)))
    assert found == [expected] * 36


def test_models_open_and_close_in_threads(photo):
    def work(seed):
        model = gcpp.load(networks.make_weights(seed % 3))
        return model.activations(photo, "fc8").tobytes()

    expected = [work(seed) for seed in range(3)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(work, range(24)))
    assert found == expected * 8


def _calls(model, photo):
    big = io.BytesIO()
    noise = np.random.default_rng(3).integers(0, 256, (600, 600, 3), dtype=np.uint8)
    Image.fromarray(noise).save(big, "JPEG", quality=95)
    data, picture = big.getvalue(), as_image(photo)
    return {
        "decode": lambda: _core.image_decode(data),
        "explain": lambda: model._core.explain([picture], targets=[0] * 20, guided=True),
        "predict": lambda: model._core.predict(picture, 5),
    }


def _lets_another_thread_run(call, most):
    """Call up to `most` times until another thread has run; whether it has.

    Nobody takes the GIL from a thread that runs Python, so that only a call that gives it away
    lets the other thread run. It may miss the moment of one call, hence several.
    """
    ran = []
    may_run = threading.Lock()
    may_run.acquire()

    def run():
        with may_run:
            ran.append(True)

    thread = threading.Thread(target=run)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e6)
    try:
        thread.start()
        may_run.release()
        for _ in range(most):
            call()
            if ran:
                break
        return bool(ran)
    finally:
        sys.setswitchinterval(interval)
        thread.join()


NO_GIL = pytest.mark.skipif(
    not getattr(sys, "_is_gil_enabled", lambda: True)(), reason="there is no GIL"
)


@NO_GIL
@pytest.mark.parametrize("name", ["decode", "explain", "predict"])
def test_the_gil_is_released(model, photo, name):
    assert _lets_another_thread_run(_calls(model, photo)[name], 100_000)


@NO_GIL
def test_what_keeps_the_gil_is_seen(model):
    assert not _lets_another_thread_run(lambda: sorted(range(1000)), 1000)
    assert not _lets_another_thread_run(lambda: model._core.layers, 1000)


_shared = {}


def _work_in_child(target):
    model, photo = _shared["model"], _shared["photo"]
    return model.explain(photo, target).heatmap.tobytes()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_forked_children_work(model, photo):
    expected = [model.explain(photo, target).heatmap.tobytes() for target in range(6)]
    _shared.update(model=model, photo=photo)
    with multiprocessing.get_context("fork").Pool(2) as pool:
        assert pool.map_async(_work_in_child, range(6)).get(timeout=PATIENCE) == expected
    assert model.explain(photo, 0).heatmap.tobytes() == expected[0]
