"""Writes `transformers/`: small networks with attention or layer normalisation.

Beside them what PyTorch computes. Needs torch, torchvision, timm, onnx, onnxscript and
onnxruntime, which must agree with PyTorch about each file.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import timm
import torch
from record_networks import CLASS, DEVIATION, MEAN, SIDE, picture
from torch import nn
from torchvision.models.convnext import CNBlockConfig, ConvNeXt
from torchvision.models.vision_transformer import VisionTransformer

FOLDER = Path(__file__).parent / "transformers"


def vision_transformer() -> tuple[nn.Module, str]:
    """Attention as torchvision exports it, tokens before the batch."""
    network = VisionTransformer(
        image_size=SIDE,
        patch_size=8,
        num_layers=2,
        num_heads=2,
        hidden_dim=8,
        mlp_dim=12,
        num_classes=5,
    )
    nn.init.normal_(network.heads.head.weight)
    nn.init.normal_(network.class_token)
    return network, "conv_proj"


def shifted_windows() -> tuple[nn.Module, str]:
    """Attention within windows, every other time shifted, as timm exports it."""
    network = timm.models.SwinTransformer(
        img_size=SIDE,
        patch_size=4,
        window_size=3,
        embed_dim=8,
        depths=(2,),
        num_heads=(2,),
        num_classes=5,
    )
    nn.init.normal_(network.head.fc.weight)
    return network, "norm"


def convnext() -> tuple[nn.Module, str]:
    """Layer normalisation of channels between convolutions."""
    settings = [CNBlockConfig(8, 12, 1), CNBlockConfig(12, None, 1)]
    network = ConvNeXt(settings, num_classes=5)
    for name, weights in network.named_parameters():
        if "layer_scale" in name:
            nn.init.uniform_(weights, 0.5, 1)
    nn.init.normal_(network.classifier[2].weight)
    return network, "features"


NETWORKS: dict[str, Callable[[], tuple[nn.Module, str]]] = {
    "vision_transformer": vision_transformer,
    "shifted_windows": shifted_windows,
    "convnext": convnext,
}


def computed(network: nn.Module, module: str, x: torch.Tensor) -> dict[str, np.ndarray]:
    """Logits, and what a module gives, channels last, with its gradient of the class."""
    kept: list[torch.Tensor] = []
    dict(network.named_modules())[module].register_forward_hook(
        lambda _module, _inputs, output: kept.append(output)
    )
    logits = network(x)
    (gradient,) = torch.autograd.grad(logits[0, CLASS], kept[0])
    last = (lambda a: a) if module == "norm" else (lambda a: a.transpose(1, 2, 0))
    return {
        "logits": logits[0].detach().numpy(),
        "activations": last(kept[0][0].detach().numpy()),
        "gradients": last(gradient[0].numpy()),
    }


def write(name: str, network: nn.Module, x: torch.Tensor) -> None:
    path = FOLDER / f"{name}.onnx"
    torch.onnx.export(network, (x,), path, dynamo=True, external_data=False)
    model = onnx.load(path)
    for node in model.graph.node:
        # Module paths stay; where in the exporter's sources a node was made does not.
        kept = [entry for entry in node.metadata_props if "name_scopes" in entry.key]
        del node.metadata_props[:]
        node.metadata_props.extend(kept)
    del model.graph.value_info[:]
    for tensor in model.graph.initializer:
        del tensor.metadata_props[:]
    onnx.save(model, path)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    pixels = picture()
    colors = (pixels.astype(np.float32) / 255 - MEAN) / DEVIATION
    x = torch.from_numpy(colors.transpose(2, 0, 1)[np.newaxis].copy())
    results = {"picture": pixels}
    for name, make in NETWORKS.items():
        torch.manual_seed(7)
        network, module = make()
        network.eval()
        expected = computed(network, module, x)
        write(name, network, x)
        session = onnxruntime.InferenceSession(FOLDER / f"{name}.onnx")
        (found,) = session.run(None, {session.get_inputs()[0].name: x.numpy()})
        np.testing.assert_allclose(found[0], expected["logits"], atol=1e-5)
        results |= {f"{name}_{key}": value for key, value in expected.items()}
    np.savez_compressed(FOLDER / "expected.npz", **results)


if __name__ == "__main__":
    main()
