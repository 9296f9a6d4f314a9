"""A PyTorch module as an ONNX file, by each way that people export."""

import warnings
from pathlib import Path
from typing import Any

import torch

#: Name of an exporter to its arguments of `torch.onnx.export`.
EXPORTERS: dict[str, dict[str, Any]] = {
    "torchscript-13": {"dynamo": False, "opset_version": 13},
    "torchscript-17": {"dynamo": False, "opset_version": 17},
    "dynamo": {"dynamo": True},
}


def export(module: Any, pictures: Any, path: Path, exporter: str) -> None:
    """Write `path` (and, by the dynamo exporter, its data file beside it)."""
    arguments = dict(EXPORTERS[exporter])
    if not arguments["dynamo"]:
        arguments["dynamic_axes"] = {"input": {0: "batch"}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module, (pictures,), path, input_names=["input"], verbose=False, **arguments
        )
