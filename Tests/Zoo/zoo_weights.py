"""Random weights that leave no part of a network without effect."""

from typing import Any

import torch


def fill(module: Any, seed: int) -> None:
    """Replace what a fresh network has too much of: ones, zeros, and scales of a millionth.

    With a running mean of 0 and a variance of 1, a batch normalisation that was folded wrongly
    would not be seen; nor a block behind a layer scale of 1e-6.
    """
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, tensor in [*module.named_parameters(), *module.named_buffers()]:
            if not tensor.is_floating_point() or tensor.numel() == 0:
                continue
            if name.endswith(("running_mean", "bias")):
                tensor.normal_(0, 0.1, generator=generator)
            elif name.endswith("running_var") or _is_constant(tensor):
                tensor.uniform_(0.7, 1.3, generator=generator)
    module.eval()
    for parameter in module.parameters():
        parameter.requires_grad_(False)


def _is_constant(tensor: Any) -> bool:
    return tensor.numel() > 1 and bool((tensor == tensor.flatten()[0]).all())
