"""MNN, with the ONNX file converted by its own tool."""

import subprocess
import sys
from pathlib import Path

from ..files import cached
from ..network import INPUT, LOGITS
from ..vgg16 import Floats
from .peer import THREADS, Peer


class MNN(Peer):
    """MNN's module interface."""

    name = "MNN"
    package = "MNN"

    def prepare(self) -> None:
        """Convert the ONNX file."""
        import MNN  # noqa: F401  # before the large file is written

        source = self.network.onnx()
        name = source.with_suffix(".mnn").name
        self.model = cached(name, lambda path: _convert(source, path), source)

    def load(self) -> None:
        """Load it with precision "high", which is float32."""
        import MNN

        self.prepare()
        self.tensors = MNN.expr
        settings = {"backend": "CPU", "precision": "high", "numThread": THREADS}
        self.runtime = MNN.nn.create_runtime_manager((settings,))
        self.module = MNN.nn.load_module_from_file(
            str(self.model), [INPUT], [LOGITS], runtime_manager=self.runtime
        )

    def forward(self, x: Floats) -> Floats:
        """Run the network."""
        placeholder = self.tensors.placeholder(list(x.shape), self.tensors.NCHW)
        placeholder.write(x)
        return self.module.forward([placeholder])[0].read()[0]


def _convert(source: Path, path: Path) -> None:
    tool = Path(sys.executable).with_name("mnnconvert")
    command = [tool, "-f", "ONNX", "--modelFile", source, "--MNNModel", path, "--bizCode", "bench"]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0 or not path.exists():
        raise RuntimeError(f"mnnconvert: {(result.stdout + result.stderr).strip()[-200:]}")
