"""The network and its input, as the other engines want them: channels first."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from .files import WEIGHTS

Floats: TypeAlias = npt.NDArray[np.float32]
Picture: TypeAlias = npt.NDArray[np.uint8]

BLOCKS = {1: 2, 2: 2, 3: 3, 4: 3, 5: 3}
"""How many convolutions each block has; a maximum pooling of 2x2 follows each."""

CONVOLUTIONS = [f"conv{block}_{i + 1}" for block, count in BLOCKS.items() for i in range(count)]
DENSE = ["fc6", "fc7", "fc8"]
MEAN = np.array([103.939, 116.779, 123.68], np.float32)
"""Of the training pictures, blue first."""

MULTIPLICATIONS = 15_470_264_320
"""In one forward pass, by the definition of the convolution (an addition goes with each)."""


def channels_first_weights() -> dict[str, tuple[Floats, Floats]]:
    """Weights and biases by layer: (out, in, 3, 3) and (out, in), contiguous.

    Rows of the first dense layer go from a flattened (7, 7, 512) to a flattened (512, 7, 7).
    """
    stored = np.load(WEIGHTS, allow_pickle=True, encoding="latin1").item()
    weights = {}
    for name in CONVOLUTIONS + DENSE:
        matrix, bias = stored[name]
        if matrix.ndim == 4:
            rows = matrix.transpose(3, 2, 0, 1)
        elif name == "fc6":
            rows = matrix.reshape(7, 7, 512, -1).transpose(3, 2, 0, 1).reshape(-1, 7 * 7 * 512)
        else:
            rows = matrix.T
        weights[name] = np.ascontiguousarray(rows), bias
    return weights


def channels_first_input(picture: Picture) -> Floats:
    """Input (1, 3, 224, 224), blue first, mean subtracted, of an RGB picture (224, 224, 3)."""
    values = picture[..., ::-1].astype(np.float32) - MEAN
    return np.ascontiguousarray(values.transpose(2, 0, 1)[None])
