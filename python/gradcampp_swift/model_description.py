"""What a model says of itself."""

from __future__ import annotations

from typing import Any, TypeVar

from . import _core
from .errors import WrongTypeError
from .preprocessing import Preprocessing
from .weight_file import WeightFile

_Same = TypeVar("_Same", bound="ModelDescription")


class ModelDescription:
    """A model's parts, how it is shown, copied and pickled; `Model` adds what it computes."""

    def __init__(self, core: _core.Model, labels: list[str], file: WeightFile | None) -> None:
        self._core = core
        self._labels = labels
        self._file = file

    # ---- Description ---------------------------------------------------------------------

    @property
    def architecture(self) -> str:
        """Name of the architecture, for example "VGG16"."""
        return self._core.architecture

    @property
    def input_shape(self) -> tuple[int, int, int]:
        """Height, width and channels of the network's input."""
        return self._core.input_shape

    @property
    def labels(self) -> list[str]:
        """The name of each class."""
        return list(self._labels)

    @property
    def layers(self) -> list[str]:
        """The layers that can be named, in the order of the data.

        The name of a convolution or dense layer means its tensor after ReLU (the last one has
        none: its tensor is the logits); NAME/linear, for example "conv5_3/linear", means the
        tensor before ReLU.
        """
        return [name for name, _, _ in self._core.layers]

    @property
    def preprocessing(self) -> Preprocessing:
        """How colours become the network's input."""
        return Preprocessing(*self._core.preprocessing)

    @property
    def crop(self) -> str:
        """What is done about pictures of other proportions: "center", "squash" or "pad"."""
        return self._core.crop

    @property
    def path(self) -> str | None:
        """Absolute path of the weight file; None for weights that came in memory."""
        return None if self._file is None else self._file.path

    @property
    def sha256(self) -> str | None:
        """Hash of the weight file, in hexadecimal; None for weights that came in memory.

        Computed when first asked for; a BadDataError says that the file changed since `load`.
        """
        return None if self._file is None else self._file.sha256()

    # ---- Python --------------------------------------------------------------------------

    def __repr__(self) -> str:
        shape = "x".join(map(str, self.input_shape))
        source = "weights in memory" if self._file is None else repr(self._file.path)
        return f"Model({self.architecture}, {source}, input={shape}, classes={len(self._labels)})"

    def __copy__(self: _Same) -> _Same:
        return self

    def __deepcopy__(self: _Same, memo: dict[int, Any]) -> _Same:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        from .loading import reopen

        if self._file is None:
            raise WrongTypeError(
                "a model made from arrays in memory does not pickle, since there is no file to "
                "load it from: save the weights with numpy.save and load them by path"
            )
        file = self._file
        return reopen, (file.path, file.sha256(), self._labels, self.preprocessing, self.crop)
