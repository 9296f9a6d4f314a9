"""Weights in memory: the forms a mapping may have, and those it may not."""

from typing import Any

import gradcampp_swift as gcpp
import networks
import numpy as np
import pytest


def _pair_as_objects(pair: list[Any]) -> Any:
    both = np.empty(2, dtype=object)
    both[:] = pair
    return both


def _misaligned(array: Any) -> Any:
    """Copy an array to an odd address."""
    room = np.empty(array.nbytes + 1, dtype=np.uint8)
    copied = np.frombuffer(room[1:].data, dtype=array.dtype).reshape(array.shape)
    copied[...] = array
    assert not copied.flags.aligned
    return copied


@pytest.mark.filterwarnings("ignore:the matrix subclass")
@pytest.mark.parametrize(
    "form",
    [
        lambda weights: {name: tuple(pair) for name, pair in weights.items()},
        lambda weights: {name: _pair_as_objects(pair) for name, pair in weights.items()},
        lambda weights: {name.encode(): pair for name, pair in weights.items()},
        lambda weights: {
            name: {"weights": pair[0], "biases": pair[1]} for name, pair in weights.items()
        },
        lambda weights: {
            name: {b"weights": pair[0], b"biases": pair[1]} for name, pair in weights.items()
        },
        lambda weights: {
            name: [np.asfortranarray(array) for array in pair] for name, pair in weights.items()
        },
        lambda weights: {
            name: [array.astype(np.float64) for array in pair] for name, pair in weights.items()
        },
        lambda weights: {
            name: [_misaligned(array) for array in pair] for name, pair in weights.items()
        },
        lambda weights: {
            name: [np.matrix(pair[0]) if pair[0].ndim == 2 else pair[0], pair[1]]
            for name, pair in weights.items()
        },
    ],
    ids=[
        "tuples",
        "object-arrays",
        "bytes",
        "dicts",
        "bytes-dicts",
        "fortran",
        "float64",
        "misaligned",
        "matrix",
    ],
)
def test_forms_of_mappings(model, weights, photo, form):
    other = gcpp.load(form(weights))
    np.testing.assert_array_equal(other.activations(photo, "fc8"), model.activations(photo, "fc8"))


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        (lambda w: w.update(fc6=[w["fc6"][0]]), ValueError, "fc6: 1 values"),
        (lambda w: w.update(fc6=None), TypeError, "fc6"),
        (lambda w: w.update(fc6=[w["fc6"][0], "b"]), TypeError, "fc6: biases"),
        (lambda w: w.update(fc6=[w["fc6"][0].astype(int), w["fc6"][1]]), TypeError, "int64"),
        (lambda w: w.update(fc6=[np.zeros((), np.float32), w["fc6"][1]]), ValueError, "fc6"),
        (lambda w: w.update(fc6={"weights": w["fc6"][0]}), ValueError, "fc6"),
        (lambda w: w.update(conv1_2=[w["conv1_2"][0][:2], w["conv1_2"][1]]), ValueError, "conv1_2"),
        (lambda w: w.pop("fc7"), ValueError, "fc7"),
        (lambda w: w.update({3: w["fc8"]}), TypeError, "3"),
        (lambda w: w.update({"a\0b": w["fc8"]}), ValueError, "names nothing"),
        (lambda w: w.update({b"a\0b": w["fc8"]}), ValueError, "names nothing"),
        (lambda w: w.update({"a\ud800": w["fc8"]}), ValueError, "names nothing"),
        (lambda w: w.update({"a\nb": w["fc8"]}), ValueError, ""),
        (lambda w: w.clear(), ValueError, ""),
    ],
)
def test_wrong_mappings(change, error, says):
    weights = networks.make_weights()
    change(weights)
    with pytest.raises(gcpp.GradCAMError) as raised:
        gcpp.load(weights)
    assert isinstance(raised.value, error)
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)
