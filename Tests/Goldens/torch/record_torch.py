"""Record what torch.save writes of small state dictionaries, and the numbers in them.

    python record_torch.py

Needs torch and numpy; README.md says which versions made the files that lie here.
"""

import argparse
import collections
import pickle
import struct
import warnings
from pathlib import Path

import numpy as np
import torch
from torch import nn

HERE = Path(__file__).parent


def network(seed=0):
    """A convolution, a batch normalisation and a dense layer."""
    torch.manual_seed(seed)
    net = nn.Sequential(
        collections.OrderedDict(
            conv=nn.Conv2d(3, 2, 3), norm=nn.BatchNorm2d(2), flat=nn.Flatten(), fc=nn.Linear(8, 3)
        )
    )
    net(torch.rand(4, 3, 4, 4))  # so that the running mean is not 0
    return net


def trained(optimizer, net):
    """A network after a step of training, so that the optimiser has a state."""
    net(torch.rand(4, 3, 4, 4)).sum().backward()
    optimizer.step()
    return optimizer.state_dict()


def prefixed(prefix, state):
    return collections.OrderedDict((prefix + name, value) for name, value in state.items())


def views():
    """Tensors that do not lie in a storage of their own, and types that are no weights."""
    base = torch.arange(24.0) / 8
    return {
        "part": base[5:11].view(2, 3),
        "transposed": base.view(4, 6).T,
        "every_third": base[1::3],
        "channels_last": torch.rand(2, 3, 2, 2).to(memory_format=torch.channels_last),
        "half_strided": base.half().view(4, 6)[:, 1::2],
        "double_strided": (base.double() / 3).view(2, 3, 4).permute(2, 0, 1),
        "bfloat16_strided": (base.bfloat16() / 3)[::5],
        "one_row": base.view(4, 6)[1:2, :],
        "odd_stride": base.as_strided((1, 4), (1000, 1), 3),
        "number": torch.tensor(2.5),
        "none": torch.zeros(2, 0),
        "expanded": torch.tensor([1.0, 2.0]).view(2, 1).expand(2, 3),
        "truth": torch.tensor([True, False]),
        "int32": torch.arange(3, dtype=torch.int32),
        "int64": torch.arange(3),
        "uint8": torch.arange(3, dtype=torch.uint8),
        "uint16": torch.arange(3, dtype=torch.int32).to(torch.uint16),
        "float8": torch.ones(3).to(torch.float8_e4m3fn),
        "complex64": torch.ones(3, dtype=torch.complex64),
    }


class Python2Pickler(pickle._Pickler):
    """Writes text as Python 2 did its byte strings."""

    dispatch = dict(pickle._Pickler.dispatch)

    def save_text(self, text):
        raw = text.encode("ascii")
        self.write(pickle.SHORT_BINSTRING + struct.pack("<B", len(raw)) + raw)
        self.memoize(text)

    dispatch[str] = save_text


class Pairs:
    """An OrderedDict, pickled as Python 2 did it: called with a list of pairs."""

    def __init__(self, state):
        self.state = state

    def __reduce__(self):
        return collections.OrderedDict, ([[name, value] for name, value in self.state.items()],)


class FirstTensor:
    """A tensor, pickled as PyTorch did it in 2017: by _rebuild_tensor."""

    def __init__(self, tensor):
        self.tensor = tensor

    def __reduce__(self):
        tensor = self.tensor
        storage = tensor.storage()
        return torch._utils._rebuild_tensor, (
            storage,
            tensor.storage_offset(),
            tuple(tensor.size()),
            tensor.stride(),
        )


def python2_file(path, state):
    """Save as Python 2 and PyTorch 0.1 to 0.3 did: the published vgg16-397923af.pth is of these."""
    floats = {n: v for n, v in state.items() if v.is_floating_point()}
    module = argparse.Namespace(
        Pickler=Python2Pickler, dump=pickle.dump, dumps=pickle.dumps, __name__="pickle"
    )
    torch.save(
        Pairs({name: FirstTensor(value) for name, value in floats.items()}),
        path,
        pickle_module=module,
        _use_new_zipfile_serialization=False,
    )


def files():
    """Name, content and options of torch.save of each file, and where the weights are in it."""
    net = network()
    state = net.state_dict()
    old = {"_use_new_zipfile_serialization": False}

    def here(content):
        return content

    yield "zip", state, {}, here
    yield "old", state, old, here
    yield "old_protocol4", state, old | {"pickle_protocol": 4}, here
    for protocol in (3, 4, 5):
        yield f"protocol{protocol}", state, {"pickle_protocol": protocol}, here
    yield "half", network().half().state_dict(), {}, here
    yield "bfloat16", network().bfloat16().state_dict(), {}, here
    yield "double", network().double().state_dict(), {}, here
    yield "old_half", network().half().state_dict(), old, here
    yield "parameters", collections.OrderedDict(net.named_parameters()), {}, here
    yield "data_parallel", prefixed("module.", state), {}, here
    yield "compiled", prefixed("module._orig_mod.", state), {}, here
    yield "views", views(), {}, here
    yield (
        "old_views",
        {k: v for k, v in views().items() if k not in ("uint16", "float8")},
        old,
        here,
    )

    sgd = trained(torch.optim.SGD(net.parameters(), 0.1, momentum=0.9), net)
    state = net.state_dict()
    yield (
        "checkpoint_sgd",
        {
            "epoch": 3,
            "arch": "tiny",
            "state_dict": prefixed("module.", state),
            "best_acc1": torch.tensor(71.0),
            "optimizer": sgd,
        },
        {},
        lambda content: content["state_dict"],
    )
    adam = trained(torch.optim.AdamW(net.parameters()), net)
    yield (
        "checkpoint_args",
        {
            "model": net.state_dict(),
            "optimizer": adam,
            "args": argparse.Namespace(lr=0.1, betas=(0.9, 0.95), seed=1 << 70),
            "history": [1.0, 2.5],
            "numpy": np.float32(3),
            "array": np.arange(3),
            "random": torch.get_rng_state(),
            "names": {"a", "b"},
            "frozen": frozenset([1, 2]),
            "when": __import__("datetime").datetime(2026, 1, 2),
            "path": HERE.relative_to(HERE),
            "device": torch.device("cpu"),
            "dtype": torch.float16,
            "size": torch.Size([1, 2]),
            "counts": collections.Counter("aab"),
            "defaults": collections.defaultdict(list, a=[1]),
            "cycle": cycle(),
        },
        {},
        lambda content: content["model"],
    )
    yield (
        "lightning",
        {"epoch": 1, "state_dict": prefixed("model.", state), "hyper_parameters": {"lr": 0.1}},
        {},
        lambda content: content["state_dict"],
    )
    for key in ("net", "params", "weights", "model_state", "model_ema", "ema_state_dict"):
        yield f"wrapper_{key}", {key: state, "acc": 92.3}, {}, lambda content, key=key: content[key]
    yield (
        "wrapper_nested",
        {"checkpoint": {"model": {"state_dict": state}}, "step": 1},
        {},
        lambda content: content["checkpoint"]["model"]["state_dict"],
    )
    yield (
        "same_twice",
        {"state_dict": state, "state_dict_ema": state},
        {},
        lambda c: c["state_dict"],
    )
    yield "old_checkpoint", {"net": state, "optimizer": adam}, old, lambda content: content["net"]
    shared = collections.OrderedDict(state)
    shared["fc_again.weight"] = shared["fc.weight"]
    shared["fc_part.weight"] = shared["fc.weight"][1:]
    yield "shared", shared, {}, here
    yield "old_shared", shared, old, here


def cycle():
    """A list and a tuple that contain each other."""
    inner = []
    outer = (inner, 1)
    inner.append(outer)
    return outer


def refused():
    """Files that hold no dictionary of dense tensors, or several."""
    net = network()
    state = net.state_dict()
    old = {"_use_new_zipfile_serialization": False}
    yield "whole_module", net, {}
    yield "old_whole_module", net, old
    yield "wrapped_module", {"epoch": 1, "model": net}, {}
    yield "list_of_tensors", list(state.values()), {}
    yield "one_tensor", state["fc.weight"], {}
    yield "no_tensors", {"epoch": 1, "state_dict": {"a": 1}}, {}
    yield "huge_expanded", {"fc.weight": torch.zeros(1).expand(1 << 20, 1 << 20)}, {}
    quantized = torch.quantize_per_tensor(torch.rand(3, 2), 0.1, 3, torch.qint8)
    yield "quantized", {"fc.weight": quantized}, {}
    yield "sparse", {**state, "fc.weight": state["fc.weight"].to_sparse()}, {}
    other = network(1).state_dict()
    yield "two_networks", {"model": state, "model_ema": other}, {}
    yield "two_others", {"generator": state, "discriminator": other}, {}


def without_source(_):
    raise OSError


def line(name, tensor):
    """A tensor's name, shape and float32 bits, or its type."""
    if not tensor.is_floating_point() or tensor.element_size() == 1:
        return f"{name} {str(tensor.dtype).removeprefix('torch.')}"
    bits = tensor.float().contiguous().view(-1).numpy().view("<u4")
    shape = "x".join(map(str, tensor.shape)) or "scalar"
    return " ".join([name, shape, *(f"{bit:08x}" for bit in bits)])


def main():
    warnings.simplefilter("ignore")
    # The older format keeps the source code of modules and its path.
    torch.serialization.get_source_lines_and_file = without_source
    expected = []
    for name, content, options, place in files():
        torch.save(content, HERE / f"{name}.pth", **options)
        weights = place(torch.load(HERE / f"{name}.pth", weights_only=False))
        expected += [f"{name}.pth {line(key, value.detach())}" for key, value in weights.items()]
    for name, content, options in refused():
        torch.save(content, HERE / f"{name}.pth", **options)

    path = HERE / "old_python2.pth"
    python2_file(path, network().state_dict())
    state = torch.load(path, weights_only=False)
    expected += [f"{path.name} {line(key, value)}" for key, value in state.items()]
    (HERE / "expected.txt").write_text("\n".join(expected) + "\n")


if __name__ == "__main__":
    main()
