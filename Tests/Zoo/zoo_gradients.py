"""Autograd's gradient at a tensor that only its values name."""

from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch.overrides import TorchFunctionMode

Array = npt.NDArray[np.float32]


class _Recording(TorchFunctionMode):
    """Keeps what each call of a torch function returned.

    In-place functions are run on a copy, so that what they would have overwritten stays.
    """

    def __init__(self) -> None:
        super().__init__()
        self.tensors: list[Any] = []

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = dict(kwargs or {})
        if kwargs.get("inplace"):
            kwargs["inplace"] = False
        result = func(*args, **kwargs)
        if isinstance(result, torch.Tensor) and result.requires_grad:
            self.tensors.append(result)
        return result


def gradient_at(module: Any, pictures: Any, activations: Array, target: int) -> Array:
    """Gradient of logit `target` at the tensor whose values are `activations`.

    Parameters
    ----------
    module
        Network; its in-place activations are made out of place for good.
    pictures
        Tensor (1, 3, H, W).
    activations
        Values of shape (h, w, K): the last tensor of the forward pass that has them, its axes in
        the same order, channels first, or as tokens, is meant.
    target
        Index of the class.
    """
    for part in module.modules():
        if getattr(part, "inplace", False):
            part.inplace = False
    with _Recording() as recording:
        logits = module(pictures.clone().requires_grad_())
    height, width, channels = activations.shape
    for tensor in reversed(recording.tensors):
        values = _as_map(tensor.detach().numpy(), height, width, channels)
        if values is None or not np.allclose(
            values, activations, rtol=1e-3, atol=1e-4 * np.abs(activations).max()
        ):
            continue
        (gradient,) = torch.autograd.grad(logits[0, target], tensor, allow_unused=True)
        if gradient is not None:
            found = _as_map(gradient.numpy(), height, width, channels)
            assert found is not None
            return found
    raise AssertionError("no tensor of the module has the layer's values")


def _as_map(values: Any, height: int, width: int, channels: int) -> Array | None:
    """Bring (1, K, h, w) or (1, h, w, K) to (h, w, K); nothing else."""
    if values.shape == (1, channels, height, width):
        return np.ascontiguousarray(values[0].transpose(1, 2, 0))
    if values.shape == (1, height, width, channels):
        return np.ascontiguousarray(values[0])
    return None
