"""Who owns which memory, and what an import costs."""

import gc
import subprocess
import sys
import weakref

import gradcampp_swift as gcpp
import networks
import numpy as np
import pytest


def test_arrays_are_views_that_outlive_the_explanation(model, photo):
    explanation = model.explain(photo, guided=True)
    names = ("heatmap", "cam", "channel_weights", "guided_gradients")
    arrays = {name: getattr(explanation, name) for name in names}
    copies = {name: array.copy() for name, array in arrays.items()}
    addresses = {name: array.ctypes.data for name, array in arrays.items()}
    for name, array in arrays.items():
        assert array.base is not None
        assert not array.flags.writeable
        assert getattr(explanation, name).ctypes.data == addresses[name]
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
        with pytest.raises(ValueError, match="WRITEABLE"):
            array.flags.writeable = True
    del explanation
    gc.collect()
    for _ in range(5):  # would write over freed memory
        model.explain(photo, guided=True)
    for name, array in arrays.items():
        np.testing.assert_array_equal(array, copies[name])


def test_mapping_arrays_are_borrowed_and_kept_alive(photo):
    weights = networks.make_weights()
    kept = weakref.ref(weights["fc8"][0])
    swapped = weights["fc7"][0].astype(">f4")
    weights["fc7"][0] = swapped
    copied = weakref.ref(swapped)
    model = gcpp.load(weights)
    del weights, swapped
    gc.collect()
    assert kept() is not None
    assert copied() is None
    expected = gcpp.load(networks.make_weights()).activations(photo, "fc8")
    np.testing.assert_array_equal(model.activations(photo, "fc8"), expected)
    del model
    gc.collect()
    assert kept() is None


def test_memory_does_not_grow(model, photo):
    psutil = pytest.importorskip("psutil")
    process = psutil.Process()

    def work() -> int:
        for _ in range(30):
            explanation = model.explain(photo, guided=True)
            explanation.overlay()
            model.activations(photo, "conv1_1")
        gc.collect()
        return int(process.memory_info().rss)

    work()
    before = work()
    assert work() - before < 4 << 20


def test_import_is_light():
    code = (
        "import sys, gradcampp_swift; "
        "print([name for name in ('PIL', 'tqdm', 'matplotlib', 'argparse', 'hashlib') "
        "if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    baseline = subprocess.run(
        [sys.executable, "-c", code.replace("gradcampp_swift", "numpy")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == baseline.stdout
