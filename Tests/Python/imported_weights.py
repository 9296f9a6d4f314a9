"""Files with weights of other programs, and what those programs computed with them.

`Tests/Goldens/imported/record_imported.py` recorded it.
"""

import json
import struct

import numpy as np
from conftest import GOLDENS

FOLDER = GOLDENS / "imported"
CLASS = 2


def safetensors(path):
    """Arrays of a safetensors file by name, in the plainest way."""
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    types = {"F32": np.float32, "I64": np.int64}
    arrays = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            part = data[8 + length + begin : 8 + length + end]
            arrays[name] = np.frombuffer(part, types[entry["dtype"]]).reshape(entry["shape"])
    return arrays


def write_safetensors(path, arrays, dtype="F32"):
    """Write numbers as their bytes; `arrays` are of the type that `dtype` names."""
    header = {}
    place = 0
    for name, array in arrays.items():
        offsets = [place, place + array.nbytes]
        header[name] = {"dtype": dtype, "shape": list(array.shape), "data_offsets": offsets}
        place += array.nbytes
    text = json.dumps(header).encode()
    data = b"".join(array.tobytes() for array in arrays.values())
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)
    return path


def assert_computes(model, name):
    """The model gives the recorded logits, activations and gradients, up to float32's rounding."""
    expected = np.load(FOLDER / f"{name}.npz")
    picture = expected["picture"]
    for layer, key in (("fc8", "logits"), ("conv5_3", "activations")):
        found = model.activations(picture, layer)
        np.testing.assert_allclose(found, expected[key], atol=2e-5, rtol=0)
    gradients = model.gradients(picture, "conv5_3", CLASS)
    np.testing.assert_allclose(gradients, expected["gradients"], atol=2e-5, rtol=0)
    if "guided" in expected:
        guided = model.explain(picture, CLASS, guided=True).guided_gradients
        difference = np.sqrt(np.mean((guided - expected["guided"]) ** 2))
        assert difference < 1e-5 * np.sqrt(np.mean(expected["guided"] ** 2))
