"""Files that PyTorch writes here and now: `make test-peers`."""

import argparse
import builtins
import collections
import sys
from pathlib import Path

import gradcampp_swift as gcpp
import numpy as np
import pytest
from gradcampp_swift.weights.arrays import weights_of

torch = pytest.importorskip("torch")
sys.path.insert(0, str(Path(__file__).parents[1] / "Goldens" / "imported"))

import imported_networks as peers  # noqa: E402  # needs torch

OLD = {"_use_new_zipfile_serialization": False}


def assert_loads(path, state):
    """The file gives the very numbers that the state dictionary gives in memory."""
    found = weights_of(gcpp.load(path)._core)
    expected = weights_of(gcpp.load(state)._core)
    assert found.keys() == expected.keys()
    for name, pair in expected.items():
        for one, other in zip(found[name], pair, strict=True):
            np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("old", [{}, OLD], ids=["zip", "old"])
@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16", "float64"])
def test_forms(tmp_path, dtype, protocol, old):
    state = peers.torch_network(3, batch_norm=True).to(getattr(torch, dtype)).state_dict()
    torch.save(state, tmp_path / "a.pth", pickle_protocol=protocol, **old)
    assert_loads(tmp_path / "a.pth", state)


@pytest.mark.parametrize("old", [{}, OLD], ids=["zip", "old"])
@pytest.mark.parametrize("seed", range(8))
def test_random_views(tmp_path, seed, old):
    """Permuted, sliced, expanded and overlapping tensors, some of them in one storage."""
    random = np.random.default_rng(seed)
    state = peers.torch_network(seed).state_dict()
    pool = torch.from_numpy(random.normal(size=100_000).astype(np.float32))
    for name, tensor in list(state.items()):
        shape = tuple(tensor.shape)
        order = tuple(random.permutation(len(shape)))
        steps = random.integers(1, 3, len(shape))
        kept = [shape[axis] for axis in order]
        whole = [extent * step for extent, step in zip(kept, steps, strict=True)]
        first = int(random.integers(0, len(pool) - np.prod(whole)))
        view = pool[first : first + int(np.prod(whole))].view(*whole)
        view = view[tuple(slice(None, None, int(step)) for step in steps)]
        state[name] = view.permute(*np.argsort(order).tolist())
        assert tuple(state[name].shape) == shape
    state["features.0.bias"] = torch.tensor([0.5]).expand(len(state["features.0.bias"]))
    torch.save(state, tmp_path / "a.pth", **old)
    assert_loads(tmp_path / "a.pth", {name: tensor.clone() for name, tensor in state.items()})


def checkpoints(network):
    """What training scripts save, by a name for it."""
    optimizer = torch.optim.AdamW(network.parameters())
    for parameter in network.parameters():
        parameter.grad = torch.ones_like(parameter)
    optimizer.step()
    state = network.state_dict()

    def prefixed(prefix):
        return collections.OrderedDict((prefix + name, value) for name, value in state.items())

    yield "net", {"net": prefixed("module."), "acc": 92.3, "epoch": 120}
    yield (
        "imagenet",
        {
            "state_dict": prefixed("module."),
            "best_acc1": torch.tensor(71.0),
            "optimizer": optimizer.state_dict(),
        },
    )
    yield "lightning", {"state_dict": prefixed("model."), "hyper_parameters": {"lr": 0.1}}
    yield "compiled", prefixed("module._orig_mod.")
    yield "ema", {"state_dict": state, "state_dict_ema": state}
    yield (
        "args",
        {
            "model": state,
            "args": argparse.Namespace(lr=1),
            "loss": np.float64(1),
            "random": np.random.default_rng(1).bit_generator.state,
            "class": Boom,
        },
    )
    yield "flat", {**state, "epoch": 3, "args": argparse.Namespace(), "none.bias": None}
    yield "tied", {**state, "features.0.bias": state["features.0.bias"].view(-1)}


class Boom:
    """Runs code when it is unpickled."""

    def __reduce__(self):
        return builtins.exec, ("import builtins; builtins.boom = True",)


@pytest.mark.parametrize("old", [{}, OLD], ids=["zip", "old"])
def test_checkpoints(tmp_path, old):
    network = peers.torch_network(5, batch_norm=True)
    for name, content in checkpoints(network):
        torch.save(content, tmp_path / f"{name}.pth", **old)
        assert_loads(tmp_path / f"{name}.pth", network.state_dict())


def test_timm(tmp_path):
    state = peers.torch_network(6).state_dict()
    torch.save(peers.timm_names(state), tmp_path / "timm.pth")
    assert_loads(tmp_path / "timm.pth", state)


def refusal(path):
    with pytest.raises(gcpp.BadDataError) as raised:
        gcpp.load(path)
    message = str(raised.value)
    assert message.startswith(str(path))
    assert message.isprintable()
    return message


@pytest.mark.parametrize("old", [{}, OLD], ids=["zip", "old"])
def test_nothing_in_a_file_is_executed(tmp_path, old):
    path = tmp_path / "vgg16.pth"
    for content in (Boom(), {"features.0.weight": Boom()}, {"model": Boom()}):
        torch.save(content, path, **old)
        refusal(path)
    # Beside the weights it does no harm.
    state = peers.torch_network(2).state_dict()
    torch.save({"state_dict": state, "boom": Boom()}, path, **old)
    assert_loads(path, state)
    assert not hasattr(builtins, "boom")


@pytest.mark.parametrize("old", [{}, OLD], ids=["zip", "old"])
@pytest.mark.parametrize("wrap", [lambda net: net, lambda net: {"model": net, "epoch": 1}])
def test_whole_modules_are_refused(tmp_path, wrap, old):
    path = tmp_path / "vgg16.pth"
    torch.save(wrap(peers.torch_network(1)), path, **old)
    message = refusal(path)
    assert 'holds an object of "imported_networks.TorchVGG"' in message
    assert "save its state_dict(), or export the network to ONNX" in message


def test_torchscript_is_refused(tmp_path):
    path = tmp_path / "vgg16.pt"
    network = peers.torch_network(1).eval()
    torch.jit.trace(network, torch.rand(1, 3, peers.SIDE, peers.SIDE)).save(path)
    assert "is a TorchScript program" in refusal(path)


def test_other_tensors_are_refused(tmp_path):
    path = tmp_path / "vgg16.pth"
    state = peers.torch_network(1).state_dict()
    dense = state["classifier.0.weight"]
    for tensor, says in (
        (dense.to_sparse(), "_rebuild_sparse_tensor"),
        (torch.quantize_per_tensor(dense, 0.1, 0, torch.qint8), "_rebuild_qtensor"),
        (dense.to("meta"), "_rebuild_meta_tensor_no_storage"),
    ):
        torch.save({**state, "classifier.0.weight": tensor}, path)
        message = refusal(path)
        assert '"classifier.0.weight" is an object made by "torch._utils.' in message
        assert says in message
    for dtype in (torch.int8, torch.float8_e4m3fn, torch.complex64):
        torch.save({name: tensor.to(dtype) for name, tensor in state.items()}, path)
        assert f"is of dtype {str(dtype).removeprefix('torch.')}" in refusal(path)
