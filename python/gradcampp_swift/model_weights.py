"""The weights that a model has, as arrays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .model import Model


def weights_of(model: Model) -> dict[str, list[npt.NDArray[np.float32]]]:
    """List a model's weights, whatever the file they came from.

    Parameters
    ----------
    model
        The model.

    Returns
    -------
    dict from str to [weights, biases]
        As `gradcampp_swift.load` takes them, in the order of the network: float32, read-only,
        (3, 3, inputs, outputs) and (inputs, outputs). Arrays that lie in a mapped file are
        copied.
    """
    core = model._core
    arrays = dict(core.array(index) for index in range(core.array_count))
    layers = dict.fromkeys(name.rpartition("/")[0] for name in arrays)
    return {layer: [arrays[f"{layer}/weights"], arrays[f"{layer}/biases"]] for layer in layers}
