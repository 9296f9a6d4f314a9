"""Record what PyTorch and Keras compute with networks that gradcampp imports.

Needs torch, safetensors, keras 3 and h5py:

    KERAS_BACKEND=torch python record_imported.py
"""

from pathlib import Path

import numpy as np
import torch
from imported_networks import (
    computed,
    keras_computed,
    keras_network,
    picture,
    timm_names,
    torch_network,
)
from safetensors.torch import save_file

HERE = Path(__file__).parent


def rounded(results):
    return {name: np.asarray(value, np.float32) for name, value in results.items()}


def save_pytorch(plain, normalized):
    """Save the same state dictionaries as files of PyTorch: the older format, a checkpoint, timm's."""
    torch.save(plain, HERE / "torchvision.pth", _use_new_zipfile_serialization=False)
    prefixed = {f"module.{name}": tensor for name, tensor in normalized.items()}
    torch.save({"epoch": 3, "state_dict": prefixed}, HERE / "torchvision_bn.pth")
    torch.save(timm_names(plain), HERE / "timm.pth")


def main():
    pixels = picture()
    plain, normalized = torch_network(21), torch_network(22, batch_norm=True)
    save_file(plain.state_dict(), HERE / "torchvision.safetensors")
    save_file(normalized.state_dict(), HERE / "torchvision_bn.safetensors")
    save_pytorch(plain.state_dict(), normalized.state_dict())
    both = {"torchvision": computed(plain, pixels), "torchvision_bn": computed(normalized, pixels)}
    for name, results in both.items():
        del results["pixel_gradients"]
        if name == "torchvision_bn":
            del results["guided"]
        np.savez_compressed(HERE / f"{name}.npz", picture=pixels, **rounded(results))

    keras = keras_network(23)
    keras.save_weights(HERE / "keras.weights.h5")
    arrays = {
        f"{layer.name}/{kind}": array
        for layer in keras.layers
        for kind, array in zip(("kernel", "bias"), layer.get_weights())
    }
    np.savez_compressed(
        HERE / "keras.npz", picture=pixels, **rounded(keras_computed(keras, pixels)), **arrays
    )


if __name__ == "__main__":
    main()
