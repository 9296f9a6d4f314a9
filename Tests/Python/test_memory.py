"""Who owns which memory, and what an import costs."""

import contextlib
import functools
import gc
import io
import pickle
import subprocess
import sys
import weakref

import gradcampp_swift as gcpp
import networks
import numpy as np
import pytest
from gradcampp_swift.pictures.reading import as_image
from PIL import Image


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


def _failing(call):
    def work():
        with contextlib.suppress(gcpp.GradCAMError):
            call()
            raise AssertionError("the call was to fail")

    return work


def _png(photo):
    buffer = io.BytesIO()
    Image.fromarray(photo).save(buffer, "PNG")
    return buffer.getvalue()


def _jpeg(photo):
    buffer = io.BytesIO()
    Image.fromarray(photo).save(buffer, "JPEG")
    return buffer.getvalue()


def _draw(explanation):
    return lambda: (
        explanation.overlay(),
        explanation.heatmap_rgb(),
        explanation.panels(),
        explanation.guided_panel,
        explanation.input,
        explanation.predictions,
    )


# One entry for each function of the package that allocates, those that fail included.
CALLS = {
    "explain": lambda w, f, m, p, d: lambda: m.explain(p, [1, 2, None], guided=True),
    "predict": lambda w, f, m, p, d: lambda: m.predict(p),
    "tensors": lambda w, f, m, p, d: (
        lambda: (m.activations(p, "conv1_1"), m.gradients(p, "pool4", 3))
    ),
    "draw": lambda w, f, m, p, d: _draw(m.explain(p, guided=True)),
    "save": lambda w, f, m, p, d: lambda: m.explain(p, 1).save(d / "picture.jpeg"),
    "cam": lambda w, f, m, p, d: lambda: gcpp.cam(p, p, layout="HWC"),
    "describe": lambda w, f, m, p, d: lambda: (m.layers, m.labels, gcpp.methods(), repr(m)),
    "load-mapping": lambda w, f, m, p, d: lambda: gcpp.load(w),
    "load-file": lambda w, f, m, p, d: lambda: gcpp.load(f).predict(p),
    "pickle": lambda w, f, m, p, d: lambda: pickle.loads(pickle.dumps(m.explain(p, guided=True))),
    "png": lambda w, f, m, p, d: functools.partial(as_image, _png(p)),
    "jpeg": lambda w, f, m, p, d: functools.partial(as_image, _jpeg(p)),
    "no-layer": lambda w, f, m, p, d: _failing(lambda: m.explain(p, layer="conv9_9")),
    "no-class": lambda w, f, m, p, d: _failing(lambda: m.explain(p, [1, 99])),
    "no-method": lambda w, f, m, p, d: _failing(lambda: m.explain(p, method="magic")),
    "no-tensor": lambda w, f, m, p, d: _failing(lambda: m.gradients(p, "x")),
    "no-colormap": lambda w, f, m, p, d: _failing(
        functools.partial(m.explain(p).heatmap_rgb, "magic")
    ),
    "no-weights": lambda w, f, m, p, d: _failing(lambda: gcpp.load(p.tobytes().hex()[:99])),
    "bad-weights": lambda w, f, m, p, d: _failing(lambda: gcpp.load({**w, "fc7": w["fc6"]})),
    "bad-jpeg": lambda w, f, m, p, d: _failing(lambda: as_image(_jpeg(p)[:300])),
    "bad-png": lambda w, f, m, p, d: _failing(lambda: as_image(_png(p)[:300])),
    "bad-cam": lambda w, f, m, p, d: _failing(lambda: gcpp.cam(p * np.nan, p)),
}


@pytest.mark.parametrize("name", CALLS)
def test_memory_does_not_grow(name, weights, weight_file, model, photo, tmp_path):
    psutil = pytest.importorskip("psutil")
    process = psutil.Process()
    work = CALLS[name](weights, weight_file, model, photo, tmp_path)

    def repeat(count: int) -> tuple[int, int]:
        for _ in range(count):
            work()
        gc.collect()
        return sys.getallocatedblocks(), int(process.memory_info().rss)

    blocks, resident = repeat(100)  # caches and pools fill
    for _ in range(3):  # what leaks grows each time; caches settle
        later_blocks, later_resident = repeat(300)
        grown = later_blocks - blocks, later_resident - resident
        if grown[0] < 100 and grown[1] < 512 << 10:
            return
        blocks, resident = later_blocks, later_resident
    pytest.fail(f"300 calls leave {grown[0]} blocks and {grown[1]} bytes behind")


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
