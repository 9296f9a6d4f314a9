"""Weights that are made of names and shapes alone, the same here and where they were recorded."""

import numpy as np


def filled(shapes):
    """Make arrays for names with shapes; normalisations keep numbers near 1."""
    random = np.random.default_rng(20)
    arrays = {}
    for name, shape in shapes.items():
        kind = name.rpartition(".")[2]
        if kind == "running_var" or (kind == "weight" and len(shape) == 1):
            values = random.uniform(0.5, 1.5, shape)
        elif len(shape) == 1:
            values = 0.1 * random.standard_normal(shape)
        else:
            values = random.standard_normal(shape) * np.sqrt(2 / np.prod(shape[1:]))
        arrays[name] = values.astype(np.float32)
    return arrays


def text(shapes):
    """Write names with shapes as an array of text."""
    return np.array([f"{name} {' '.join(map(str, shape))}" for name, shape in shapes.items()])


def shapes(lines):
    """Read what `text` wrote."""
    parts = [line.split(" ") for line in lines]
    return {name: tuple(map(int, extents)) for name, *extents in parts}
