"""The engines that gradcampp is compared with: a file and a line for each."""

from .mnn import MNN
from .ncnn import NCNN
from .onnx_runtime import ONNXRuntime
from .openvino import OpenVINO
from .peer import Peer
from .pytorch import PyTorch
from .pytorch_grad_cam import FrozenPyTorchGradCAM, PyTorchGradCAM

PEERS: list[type[Peer]] = [
    MNN,
    NCNN,
    ONNXRuntime,
    OpenVINO,
    PyTorch,
    PyTorchGradCAM,
    FrozenPyTorchGradCAM,
]
