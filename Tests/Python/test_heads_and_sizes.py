"""Heads of any number of dense layers, inputs of any size, batch normalisations of any epsilon."""

import gradcampp_swift as gcpp
import numpy as np
import pytest
from imported_weights import FOLDER, safetensors


def head(state, widths, inputs):
    """Replace the dense layers."""
    random = np.random.default_rng(3)
    state = {name: array for name, array in state.items() if not name.startswith("classifier")}
    for place, outputs in enumerate(widths):
        state[f"classifier.{3 * place}.weight"] = random.normal(0, 0.3, (outputs, inputs))
        state[f"classifier.{3 * place}.bias"] = random.normal(0, 0.3, outputs)
        inputs = outputs
    return {name: array.astype("f4") for name, array in state.items()}


def adaptive(x, cells):
    """PyTorch's adaptive average pooling of (h, w, c)."""
    out = np.zeros((cells, cells, x.shape[2]))
    for i in range(cells):
        for j in range(cells):
            rows = slice(i * x.shape[0] // cells, -(-(i + 1) * x.shape[0] // cells))
            columns = slice(j * x.shape[1] // cells, -(-(j + 1) * x.shape[1] // cells))
            out[i, j] = x[rows, columns].mean((0, 1))
    return out


@pytest.fixture
def state():
    return safetensors(FOLDER / "torchvision.safetensors")


@pytest.mark.parametrize("widths", [[5], [6, 5], [7, 6, 5], [8, 7, 6, 5]])
@pytest.mark.parametrize(("cells", "size"), [(2, None), (2, (150, 96)), (1, (64, 80))])
def test_heads(state, widths, cells, size):
    state = head(state, widths, cells * cells * 8)
    model = gcpp.load(state, input_size=size)
    assert model.input_shape[:2] == (size or (64, 64))
    assert model.layers[-len(widths) :] == [f"fc{6 + n}" for n in range(len(widths))]
    picture = np.random.default_rng(1).integers(0, 256, (*model.input_shape[:2], 3))
    picture = picture.astype(np.uint8)
    x = adaptive(model.activations(picture, "pool5").astype(float), cells)
    x = x.transpose(2, 0, 1).reshape(-1)
    for place in range(len(widths)):
        x = state[f"classifier.{3 * place}.weight"] @ x + state[f"classifier.{3 * place}.bias"]
        x = np.maximum(x, 0) if place + 1 < len(widths) else x
    last = model.layers[-1]
    np.testing.assert_allclose(model.activations(picture, last), x, atol=1e-5, rtol=1e-4)


def test_sizes_that_do_not_fit(state, weights):
    with pytest.raises(ValueError, match="leaves 1 x 1 cells before layer fc6"):
        gcpp.load(state, input_size=(32, 32))
    with pytest.raises(ValueError, match="say the size of its pictures with input_size"):
        gcpp.load(head(state, [5], 8))
    for size, kind in (((0, 64), ValueError), (64, TypeError), (("a", 1), TypeError)):
        with pytest.raises(kind, match="input_size"):
            gcpp.load(weights, input_size=size)


def test_epsilon_is_that_of_the_caller():
    path = FOLDER / "torchvision_bn.safetensors"
    state = safetensors(path)
    moved = {
        name: array + np.float32(0.05 - 1e-5) if name.endswith("running_var") else array
        for name, array in state.items()
    }
    picture = np.load(FOLDER / "torchvision_bn.npz")["picture"]
    wanted = gcpp.load(moved).activations(picture, "fc8")
    np.testing.assert_allclose(
        gcpp.load(path, epsilon=0.05).activations(picture, "fc8"), wanted, atol=2e-5
    )
    assert np.abs(gcpp.load(path).activations(picture, "fc8") - wanted).max() > 1e-3
    for epsilon, kind in ((0, ValueError), (-1, ValueError), ("x", TypeError)):
        with pytest.raises(kind, match="epsilon"):
            gcpp.load(path, epsilon=epsilon)


def test_activations_of_the_output(weights, photo):
    soft, each = gcpp.load(weights), gcpp.load(weights, activation="sigmoid")
    for one, other in zip(soft.predict(photo), each.predict(photo), strict=True):
        assert one.logit == other.logit
        assert other.probability == pytest.approx(1 / (1 + np.exp(-other.logit)))
    assert sum(p.probability for p in soft.predict(photo, 10**6)) == pytest.approx(1)
    with pytest.raises(ValueError, match="expected softmax or sigmoid"):
        gcpp.load(weights, activation="tanh")
