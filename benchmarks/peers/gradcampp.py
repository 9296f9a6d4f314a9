"""gradcampp itself, timed through the same door as its peers."""

import contextlib
import io
from typing import Any

import numpy as np

from ..files import PHOTO
from ..vgg16 import Floats, Picture
from .peer import THREADS, Peer

BATCH = 8
CLASSES = 5
OUTPUTS = 1000


class GradCAMPP(Peer):
    """What a user calls; preparing the input from a uint8 picture is part of each operation."""

    name = "gradcampp"
    package = "gradcampp-swift"

    def load(self) -> None:
        """Load the weights, and find five classes to explain."""
        import gradcampp_swift as gcpp

        gcpp.set_num_threads(THREADS)
        self.model = self.network.model()

    def picture(self) -> Picture:
        """Crop the photo as the network sees it: uint8 RGB (224, 224, 3)."""
        return self.model.explain(PHOTO).input

    def kernels(self) -> str:
        """Name of the kernels chosen for this processor."""
        import gradcampp_swift as gcpp

        with contextlib.redirect_stdout(io.StringIO()) as shown:
            gcpp.show_versions()
        lines = dict(line.split(": ", 1) for line in shown.getvalue().splitlines())
        return lines["kernels"]

    def as_input(self, picture: Picture) -> Any:
        """Take the picture as it is; different ones for the batch."""
        self.classes = [p.index for p in self.model.predict(picture, top=CLASSES)]
        self.pictures = [np.roll(picture, 9 * shift, axis=1) for shift in range(BATCH)]
        return picture

    def forward(self, x: Picture) -> int:
        """Predict the class of one picture."""
        return self.model.predict(x, top=1)[0].index

    def logits(self, x: Picture) -> Floats:
        """All that a forward pass computes, for comparing."""
        found = {each.index: each.logit for each in self.model.predict(x, top=OUTPUTS)}
        return np.array([found[index] for index in range(OUTPUTS)], np.float32)

    def gradcampp(self, x: Picture) -> Floats:
        """Explain the predicted class."""
        return self.model.explain(x).heatmap

    def guided(self, x: Picture) -> Floats | None:
        """Explain the predicted class with guided gradients."""
        return self.model.explain(x, guided=True).guided_gradients

    def five_classes(self, x: Picture) -> list[Floats]:
        """Explain the five most probable classes."""
        return [each.heatmap for each in self.model.explain(x, target=self.classes)]

    def batch(self, x: Picture) -> list[Floats]:
        """Explain eight pictures at once."""
        found = self.model.explain_many(self.pictures, batch_size=BATCH, workers=0)
        return [each.heatmap for each in found]
