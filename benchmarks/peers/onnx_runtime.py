"""ONNX Runtime."""

from ..network import INPUT
from ..vgg16 import Floats
from .peer import THREADS, Peer


class ONNXRuntime(Peer):
    """ONNX Runtime's CPU provider with its default optimisations."""

    name = "ONNX Runtime"
    package = "onnxruntime"

    def prepare(self) -> None:
        """Write the ONNX file."""
        import onnxruntime  # noqa: F401  # before the large file is written

        self.network.onnx()

    def load(self) -> None:
        """Open a session."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = THREADS
        self.session = onnxruntime.InferenceSession(
            self.network.onnx(), options, providers=["CPUExecutionProvider"]
        )

    def forward(self, x: Floats) -> Floats:
        """Run the network."""
        return self.session.run(None, {INPUT: x})[0][0]
