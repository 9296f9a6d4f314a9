"""ncnn, with its two files written here: a text of layers, and the weights in the same order."""

from pathlib import Path

import numpy as np

from ..files import cached
from ..vgg16 import BLOCKS, DENSE, Floats, channels_first_weights
from ..vgg16_network import VGG16
from .peer import THREADS, Peer

INPUT = "input"
LOGITS = "fc8"
RELU = "9=1"


class NCNN(Peer):
    """ncnn's network, with ReLU fused as its own optimiser does."""

    name = "ncnn"
    package = "ncnn"

    def prepare(self) -> None:
        """Write the files."""
        import ncnn  # noqa: F401  # before the large file is written

        if not isinstance(self.network, VGG16):
            raise NotImplementedError("its files are written here for VGG16 alone")
        self.layers = cached("vgg16.param", _write_layers)
        self.weights = cached("vgg16.bin", _write_weights)

    def load(self) -> None:
        """Load them, without 16-bit storage."""
        import ncnn

        self.prepare()
        self.mat = ncnn.Mat
        self.net = ncnn.Net()
        options = self.net.opt
        options.num_threads = THREADS
        options.use_fp16_packed = options.use_fp16_storage = options.use_fp16_arithmetic = False
        options.use_bf16_storage = False
        if self.net.load_param(str(self.layers)) or self.net.load_model(str(self.weights)):
            raise RuntimeError("ncnn refused the converted network")

    def forward(self, x: Floats) -> Floats:
        """Run the network."""
        extractor = self.net.create_extractor()
        extractor.input(INPUT, self.mat(x[0]))
        status, logits = extractor.extract(LOGITS)
        if status != 0:
            raise RuntimeError(f"ncnn: extract returned {status}")
        return np.array(logits)


def _write_layers(path: Path) -> None:
    """One line a layer: kind, name, count of inputs and outputs, their names, parameters."""
    lines = [f"Input {INPUT} 0 1 {INPUT} 0=224 1=224 2=3"]
    tensor, channels = INPUT, 3

    def layer(kind: str, name: str, parameters: str) -> None:
        nonlocal tensor
        lines.append(f"{kind} {name} 1 1 {tensor} {name} {parameters}".strip())
        tensor = name

    for block, count in BLOCKS.items():
        width = min(64 << (block - 1), 512)
        for i in range(1, count + 1):
            size = width * channels * 9
            geometry = f"0={width} 1=3 4=1 5=1 6={size}"  # 3x3, padded by 1, with biases
            layer("Convolution", f"conv{block}_{i}", f"{geometry} {RELU}")
            channels = width
        layer("Pooling", f"pool{block}", "0=0 1=2 2=2")
    layer("Flatten", "flat", "")
    inputs = channels * 7 * 7
    for name in DENSE:
        outputs = 1000 if name == LOGITS else 4096
        activation = "" if name == LOGITS else RELU
        layer("InnerProduct", name, f"0={outputs} 1=1 2={inputs * outputs} {activation}")
        inputs = outputs
    path.write_text("\n".join(["7767517", f"{len(lines)} {len(lines)}", *lines, ""]))


def _write_weights(path: Path) -> None:
    """Put a zero, which says float32, before each layer's weights; biases have none."""
    with path.open("wb") as file:
        for matrix, bias in channels_first_weights().values():
            file.write(bytes(4))
            matrix.tofile(file)
            bias.tofile(file)
