"""A network that predicts and explains."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, overload

import numpy as np
import numpy.typing as npt

from . import _core
from .errors import BadDataError, GradCAMError, InvalidArgumentError, WrongTypeError
from .explanation import Explanation
from .files import refusal
from .images import ImageLike, as_image
from .labels import find_labels, resolve_target
from .predictions import Prediction, labelled
from .weights import find_weights, named_arrays

Target: TypeAlias = "int | np.integer[Any] | str"
"""A class index, or a label name."""


class Model:
    """A network with its weights, its preprocessing and its labels. Made by `load`.

    Any number of threads may use one model at once. A model made from a file pickles as the
    file's path and hash.
    """

    def __init__(self, core: _core.Model, labels: list[str], path: str | None) -> None:
        self._core = core
        self._labels = labels
        self._path = path
        self._sha256: str | None = None

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
        """The layers that can be named, in the order of the data."""
        return [name for name, _, _ in self._core.layers]

    @property
    def path(self) -> str | None:
        """Absolute path of the weight file; None for weights that came in memory."""
        return self._path

    @property
    def sha256(self) -> str | None:
        """Hash of the weight file, in hexadecimal; None for weights that came in memory."""
        if self._sha256 is None and self._path is not None:
            self._sha256 = _file_hash(self._path)
        return self._sha256

    # ---- Use -----------------------------------------------------------------------------

    def predict(self, image: ImageLike, top: int = 5) -> list[Prediction]:
        """Find the most probable classes of a picture.

        Parameters
        ----------
        image
            A path, encoded bytes, a uint8 array (H, W, 3) or (H, W), floats in [0, 1], or a
            PIL image.
        top
            How many classes; more than the model has give all of them.

        Returns
        -------
        list of Prediction
            Best first.
        """
        if not isinstance(top, (int, np.integer)) or isinstance(top, bool):
            raise WrongTypeError(f"top is {top!r}, expected an integer")
        if top < 1:
            raise InvalidArgumentError(f"top is {top}, expected 1 or more")
        found = self._core.predict(as_image(image), min(int(top), len(self._labels)))
        return [labelled(prediction, self._labels) for prediction in found]

    @overload
    def explain(  # type: ignore[overload-overlap]  # a str is a sequence of str, too
        self,
        image: ImageLike,
        target: Target | None = None,
        layer: str | None = None,
        method: str = "gradcam++",
        guided: bool = False,
    ) -> Explanation: ...
    @overload
    def explain(
        self,
        image: ImageLike,
        target: Sequence[Target | None],
        layer: str | None = None,
        method: str = "gradcam++",
        guided: bool = False,
    ) -> list[Explanation]: ...
    def explain(
        self,
        image: ImageLike,
        target: Target | Sequence[Target | None] | None = None,
        layer: str | None = None,
        method: str = "gradcam++",
        guided: bool = False,
    ) -> Explanation | list[Explanation]:
        """Find out where in a picture the evidence for a class lies.

        Parameters
        ----------
        image
            As for `predict`.
        target
            A class index, a label name, or None for the predicted class. A list of those gives
            a list of explanations from one forward pass.
        layer
            One of `layers` that has a height and a width; None for the model's default.
        method
            One of `methods()`.
        guided
            Whether to compute guided gradients down to the pixels as well.

        Raises
        ------
        GradCAMError
            ClassIndexError and UnknownNameError for a target or layer that does not exist,
            InvalidArgumentError for a method that does not, and what `as_image` raises.
        """
        if layer is not None and not isinstance(layer, str):
            raise WrongTypeError(f"layer is {layer!r}, expected a name or None")
        if not isinstance(method, str):
            raise WrongTypeError(f"method is {method!r}, expected a name")
        if isinstance(target, np.ndarray):
            target = target.tolist()
        items = list(target) if isinstance(target, (list, tuple)) else None
        wanted = [target] if items is None else items
        indices = [resolve_target(item, self._labels) for item in wanted if item is not None]
        picture = as_image(image)
        if len(indices) < len(wanted) and len(wanted) > 1:
            predicted = self._core.predict(picture, 1)[0][0]
            given = iter(indices)
            indices = [predicted if item is None else next(given) for item in wanted]
        found = self._core.explain(
            picture,
            method=method,
            layer=layer,
            targets=indices if indices or not wanted else None,
            guided=bool(guided),
        )
        explanations = [
            Explanation(
                core,
                labelled(core.target, self._labels),
                [labelled(prediction, self._labels) for prediction in core.predictions],
            )
            for core in found
        ]
        return explanations[0] if items is None else explanations

    def activations(self, image: ImageLike, layer: str) -> npt.NDArray[np.float32]:
        """Activations of a layer: float32 (h, w, channels), dense layers (units,)."""
        if not isinstance(layer, str):
            raise WrongTypeError(f"layer is {layer!r}, expected a name")
        return self._core.activations(as_image(image), layer)

    def gradients(
        self, image: ImageLike, layer: str, target: Target | None = None
    ) -> npt.NDArray[np.float32]:
        """Gradient of a class's logit by a layer's tensor, of the shape of `activations`.

        `target` is a class index, a label name, or None for the predicted class.
        """
        if not isinstance(layer, str):
            raise WrongTypeError(f"layer is {layer!r}, expected a name")
        index = None if target is None else resolve_target(target, self._labels)
        return self._core.gradients(as_image(image), layer, index)

    # ---- Python --------------------------------------------------------------------------

    def __repr__(self) -> str:
        shape = "x".join(map(str, self.input_shape))
        source = "weights in memory" if self._path is None else repr(self._path)
        return f"Model({self.architecture}, {source}, input={shape}, classes={len(self._labels)})"

    def __reduce__(self) -> tuple[Any, ...]:
        if self._path is None:
            raise WrongTypeError(
                "a model made from arrays in memory does not pickle, since there is no file to "
                "load it from: save the weights with numpy.save and load them by path"
            )
        return _reopen, (self._path, self.sha256, self._labels)


def load(
    weights: str | os.PathLike[str] | Mapping[Any, Any] | None = None,
    labels: str | os.PathLike[str] | Sequence[str] | None = None,
) -> Model:
    """Load a network.

    Parameters
    ----------
    weights
        Path of a weight file, or a mapping from layer names to [weights, biases], whose
        contiguous native float32 arrays are borrowed: do not change them afterwards. None for
        $GRADCAMPP_WEIGHTS, else `models/vgg16.npy` in the working directory.
    labels
        Path of a file with one label a line, or a sequence of them. None for `synset.txt` beside
        the weights or in the working directory where it fits, else built-in names.

    Raises
    ------
    GradCAMError
        MissingFileError, BadDataError and others; the message says what is wrong and where.

    Examples
    --------
    >>> import gradcampp_swift as gcpp
    >>> model = gcpp.load("models/vgg16.npy")  # doctest: +SKIP
    >>> model.explain("photo.jpg", target="tench").save("tench.png")  # doctest: +SKIP
    """
    if weights is None:
        weights = find_weights()
    path: str | None = None
    if isinstance(weights, Mapping):
        core = _core.model_open_arrays(named_arrays(weights))
    elif isinstance(weights, (str, os.PathLike)):
        given = os.fspath(weights)
        if not isinstance(given, str):
            raise WrongTypeError(
                f"weights is a path of {type(given).__name__}, expected one of str"
            )
        try:
            core = _core.model_open(given)
        except GradCAMError:
            raise
        except ValueError as error:  # a NUL, or characters that no file name can hold
            raise refusal(given, "read", error) from None
        path = os.path.abspath(given)
    else:
        raise WrongTypeError(
            f"weights is of type {type(weights).__name__}, expected a path or a mapping"
        )
    return Model(core, find_labels(labels, core.class_count, path), path)


def _reopen(path: str, sha256: str, labels: list[str]) -> Model:
    """Load a pickled model again, if its file is still the same."""
    found = _file_hash(path)
    if found != sha256:
        raise BadDataError(
            f"{path}: the weights changed since the model was pickled (SHA-256 {found[:12]}..., "
            f"expected {sha256[:12]}...)"
        )
    model = load(path, labels)
    model._sha256 = sha256
    return model


def _file_hash(path: str) -> str:
    """Hash a file with SHA-256."""
    import hashlib

    digest = hashlib.sha256()
    try:
        with open(path, "rb", buffering=0) as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise refusal(path, "read", error) from None
    return digest.hexdigest()
