"""Make the hostile .npy files of this folder; README.md names what each one tries.

Run it in this folder. Unpickling the files executes what they ask for.
"""

import _codecs
import os
import pickle
import struct
from pathlib import Path

import numpy as np

COMMAND = "touch hostile-file-was-executed"
EXPRESSION = "open('hostile-file-was-executed', 'w')"


class Call:
    """An object that is pickled as the call of a function."""

    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


def object_array(value):
    """Wrap a value as numpy.save does: in an object array without axes."""
    array = np.empty((), object)
    array[()] = value
    return array


def save(name, array, protocol=4):
    """Write an object file, version 1.0, around a pickle of `array`."""
    header = f"{{'descr': '|O', 'fortran_order': False, 'shape': {array.shape}, }}"
    header += " " * (63 - (10 + len(header)) % 64) + "\n"
    start = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode()
    Path(name + ".npy").write_bytes(start + pickle.dumps(array, protocol=protocol))


def main():
    """Write all files."""
    w, b = np.zeros((2, 3), "f4"), np.zeros(3, "f4")
    pair_of_floats = np.zeros(2, [("x", "f4"), ("y", "f4")])

    cyclic_dict = {}
    cyclic_dict["fc6"] = cyclic_dict
    cyclic_list = []
    cyclic_list += [cyclic_list, cyclic_list]
    laughs = [w, b]
    for _ in range(40):
        laughs = [laughs, laughs]

    layers = {
        "builtins_eval": [w, Call(eval, EXPRESSION)],
        "codecs_decode": [w, Call(_codecs.decode, b"x", "latin1")],
        "numpy_load": [w, Call(np.load, "other.npy")],
        "ndarray_called": [w, Call(np.ndarray, (1 << 40,))],
        "entry_int32": [np.zeros((2, 3), "i4"), b],
        "entry_structured": [pair_of_floats, b],
        "entry_strings": [np.array(["a", "b"]), b],
        "entry_complex": [w.astype("c8"), b],
        "entry_one_array": [w],
        "entry_three_arrays": [w, b, b],
        "entry_bare_array": w,
        "entry_wrong_keys": {"mean": b, "variance": b},
        "entry_nested_objects": [np.array([None, None]), b],
        "cyclic_list": cyclic_list,
        "billion_laughs": laughs,
    }
    for name, layer in layers.items():
        save(name, object_array({"fc6": layer}))
    for protocol in (2, 4):
        attack = {"fc6": [Call(os.system, COMMAND), b]}
        save(f"os_system_protocol{protocol}", object_array(attack), protocol)
    save("list_of_arrays", object_array([w, b]))
    save("empty_dict", object_array({}))
    save("integer_name", object_array({6: [w, b]}))
    save("name_with_newline", object_array({"fc6\nerror: none": [w, b]}))
    save("cyclic_dict", object_array(cyclic_dict))
    save("object_cube", np.full((2, 2, 2), None))
    np.save("plain_float32.npy", w)
    np.save("plain_structured.npy", pair_of_floats)


if __name__ == "__main__":
    main()
