"""What an engine must do to be timed."""

from abc import ABC, abstractmethod
from importlib import metadata
from typing import Any, ClassVar

from ..network import Network
from ..vgg16 import Floats, Picture
from ..vgg16_network import VGG16

THREADS = 2


class Peer(ABC):
    """An engine. Suites call its operations by name; one that it lacks is not timed.

    The operations are `forward`, to 1000 logits; `gradcampp`, to a heat map (224, 224) of the
    predicted class; `guided`, to the guided gradients (224, 224, 3) of the predicted class's logit
    by the picture's red, green and blue in [0, 1]. Packages are imported in `load`, never above.
    """

    name: ClassVar[str]
    package: ClassVar[str]
    """Name in the package index."""

    def __init__(self, network: Network | None = None) -> None:
        self.network = VGG16() if network is None else network

    def version(self) -> str:
        """Version of the installed package."""
        return metadata.version(self.package)

    def prepare(self) -> None:  # noqa: B027
        """Convert the weights, unless the cache has them; called in a process of its own."""

    @abstractmethod
    def load(self) -> None:
        """Get ready to run with `THREADS` threads in float32."""

    def as_input(self, picture: Picture) -> Any:
        """Make what the operations take from an RGB picture (224, 224, 3); not timed."""
        return self.network.as_input(picture)

    def forward(self, x: Any) -> Floats:
        """Run the network."""
        raise NotImplementedError
