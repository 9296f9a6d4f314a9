"""Threads and processes: the same bytes everywhere, and the GIL let go."""

import io
import multiprocessing
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import gradcampp_swift as gcpp
import networks
import numpy as np
import pytest
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
    noise = np.random.default_rng(3).integers(0, 256, (3000, 3000, 3), dtype=np.uint8)
    Image.fromarray(noise).save(big, "JPEG", quality=95)
    picture = as_image(photo)
    return {
        "decode": lambda: as_image(big.getvalue()),
        "explain": lambda: model._core.explain([picture], targets=[0] * 400, guided=True),
    }


@pytest.mark.parametrize("name", ["decode", "explain"])
def test_the_gil_is_released(model, photo, name):
    call = _calls(model, photo)[name]
    ticks = []
    stop = threading.Event()

    def tick():
        while not stop.is_set():
            ticks.append(time.perf_counter())
            time.sleep(0.0005)

    thread = threading.Thread(target=tick)
    thread.start()
    try:
        start = time.perf_counter()
        call()
        end = time.perf_counter()
    finally:
        stop.set()
        thread.join()
    assert end - start > 0.02
    # Ticks between the middle quarters cannot come from before or after the call.
    quarter = (end - start) / 4
    assert any(start + quarter < moment < end - quarter for moment in ticks)


_shared = {}


def _work_in_child(target):
    model, photo = _shared["model"], _shared["photo"]
    return model.explain(photo, target).heatmap.tobytes()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_forked_children_work(model, photo):
    expected = [model.explain(photo, target).heatmap.tobytes() for target in range(6)]
    _shared.update(model=model, photo=photo)
    with multiprocessing.get_context("fork").Pool(2) as pool:
        assert pool.map_async(_work_in_child, range(6)).get(timeout=60) == expected
    assert model.explain(photo, 0).heatmap.tobytes() == expected[0]
