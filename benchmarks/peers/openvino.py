"""OpenVINO."""

from ..network import INPUT
from ..vgg16 import Floats
from .peer import THREADS, Peer


class OpenVINO(Peer):
    """OpenVINO's CPU plugin, asked for low latency and float32."""

    name = "OpenVINO"
    package = "openvino"

    def prepare(self) -> None:
        """Write the ONNX file."""
        import openvino  # noqa: F401  # before the large file is written

        self.network.onnx()

    def load(self) -> None:
        """Compile the network."""
        import openvino

        settings = {
            "INFERENCE_NUM_THREADS": THREADS,
            "INFERENCE_PRECISION_HINT": "f32",
            "PERFORMANCE_HINT": "LATENCY",
        }
        model = openvino.Core().compile_model(str(self.network.onnx()), "CPU", settings)
        self.request = model.create_infer_request()

    def forward(self, x: Floats) -> Floats:
        """Run the network."""
        return self.request.infer({INPUT: x})[0][0]
