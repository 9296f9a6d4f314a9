"""A network that predicts and explains."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, overload

import numpy as np
import numpy.typing as npt

from . import _core
from .arguments import check_name
from .classes.labels import find_labels
from .classes.predictions import Prediction, labelled
from .classes.targets import Target, resolve_target
from .errors import InvalidArgumentError, UnknownNameError, WrongTypeError
from .explanations.explaining import Explainer
from .explanations.explanation import Explanation
from .explanations.stream import Stream
from .pictures.reading import ImageLike, as_image, take
from .settings.load_settings import LoadSettings
from .settings.preprocessing import Preprocessing
from .settings.request import Request
from .weights.opening import open_weights
from .weights.weight_file import WeightFile


class Model:
    """A network with its weights, its preprocessing and its labels. Made by `load`.

    Any number of threads may use one model at once. A model made from a file pickles as the
    file's path and hash. Models do not change, so a copy is the model itself.
    """

    def __init__(self, core: _core.Model, settings: LoadSettings, file: WeightFile | None) -> None:
        self._core = core
        self._settings = settings
        self._labels = list(settings.labels)
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

    # ---- What it computes ----------------------------------------------------------------

    def predict(self, image: ImageLike, top: int = 5) -> list[Prediction]:
        """Find the most probable classes of a picture.

        Parameters
        ----------
        image
            As for `explain`.
        top
            How many classes; more than the model has give all of them.

        Returns
        -------
        list of Prediction
            Best first.

        Raises
        ------
        InvalidArgumentError, WrongTypeError
            `top` is no integer, or is less than 1.
        GradCAMError
            As for `explain`, if the picture or the weights cannot be used.
        """
        if not isinstance(top, (int, np.integer)) or isinstance(top, bool):
            raise WrongTypeError(f"top is {top!r}, expected an integer")
        if top < 1:
            raise InvalidArgumentError(f"top is {top}, expected 1 or more")
        self._core.verify()
        found = self._core.predict(self._read(image), min(int(top), len(self._labels)))
        return [labelled(prediction, self._labels) for prediction in found]

    @overload
    def explain(  # type: ignore[overload-overlap]  # not a label
        self,
        image: ImageLike,
        target: Literal["top3", "top5", "top10"],
        layer: str | None = None,
        method: str = "gradcam++",
        guided: bool = False,
    ) -> list[Explanation]: ...
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
            A path or the bytes of a JPEG, PNG, TIFF, WebP or other file; a NumPy array, uint8 or
            floats in [0, 1], (height, width) grey, (height, width, 3) RGB or (height, width, 4)
            with alpha; or a PIL image. At most 2^27 pixels, or what the `limits` of `load` say.

            Floats that lie outside [0, 1] by a rounding error, at most 10⁻³, are clipped. Wider
            integers, in arrays and in PIL images of modes I and I;16 alike, are of 16 bits; where
            none is above 255, and no file says that they are, they may be of 8 bits as well, and
            are refused.

            The EXIF orientation is applied, alpha composed over white, CMYK converted by
            Pillow's formula, and 16 bits are divided by 257 and rounded (of 16-bit colours in
            PIL images, and in files other than PNG and TIFF, Pillow leaves 8 bits). Of an
            animation the first frame is taken.
        target
            A class index, a label name, a Prediction, or None for the predicted class. A text
            that is a number, such as "3", is a label where there is such a label, else an index,
            and refused where another class has that index; "label:3" and "index:3" say which. A
            sequence of those gives a list of explanations from one forward pass, and so does
            "top5" (or any other number): the most probable classes, best first.
        layer
            One of `layers` that has a height and a width, or NAME/linear for its tensor before
            ReLU; None for the model's default, the last convolution.
        method
            One of `methods()`.
        guided
            Whether to compute guided gradients down to the pixels as well.

        Returns
        -------
        Explanation, or list of Explanation
            A list, in the order of the targets, where `target` is a sequence or "top5".

        Raises
        ------
        ClassIndexError, UnknownNameError
            There is no such class index, or no such label or layer.
        InvalidArgumentError, WrongTypeError
            There is no such method, the layer has no height and width, or an argument is of
            another kind.
        MissingFileError, FileAccessError, BadDataError
            There is no such picture, or it cannot be read or decoded. FileAccessError also for
            a weight file that was changed since it was loaded, BadDataError for weights that are
            not finite.
        """
        explainer = self._explainer(Request(target, layer, method, guided))
        answer: Explanation | list[Explanation]
        (answer,) = explainer.explain([self._read(image)])
        return answer

    def explain_many(
        self,
        images: Iterable[ImageLike],
        target: Target | Sequence[Target | None] | None = None,
        layer: str | None = None,
        method: str = "gradcam++",
        guided: bool = False,
        *,
        batch_size: int = 8,
        workers: int = 2,
        progress: bool = False,
        errors: Literal["raise", "return"] = "raise",
    ) -> Iterator[Any]:
        """Explain a stream of pictures, in order, several at a time.

        Each explanation equals that of `explain`, bit for bit. The stream is read and decoded as
        it is needed, so it may be endless.

        Parameters
        ----------
        images
            Pictures as for `explain`: a list of paths, or any iterable. Arrays and PIL images are
            taken as they are when they come, so that the iterable may fill one buffer again, or
            be `PIL.ImageSequence.Iterator`. Files are read later, in threads: a path's file must
            stay until its explanation has come.
        target, layer, method, guided
            As for `explain`, the same for all pictures.
        batch_size
            Pictures that the network takes at once, 1 or more. Dense weights are read once for
            all of them; at most twice as many pictures are held in memory.
        workers
            How many threads decode the paths and bytes to come; 0 decodes in the caller's.
        progress
            Whether to show a progress bar on standard error.
        errors
            "raise" raises the error of a picture that cannot be read, in its turn, and ends the
            stream; "return" gives the error itself in the picture's place and goes on. Errors
            about the arguments are raised in either case.

        Yields
        ------
        Explanation, list of Explanation, or GradCAMError
            One item for each picture: what `explain` returns, or with errors="return" the error.

        Raises
        ------
        GradCAMError
            As for `explain`.
        """
        explainer = self._explainer(Request(target, layer, method, guided))
        stream = Stream(explainer, batch_size, workers, progress, errors, take=self._take)
        return stream.explanations(images)

    def activations(self, image: ImageLike, layer: str) -> npt.NDArray[np.float32]:
        """Compute a layer's tensor.

        Parameters
        ----------
        image
            As for `explain`.
        layer
            One of `layers`, after ReLU, or NAME/linear for the tensor before.

        Returns
        -------
        float32 (h, w, channels), for dense layers (units,)

        Raises
        ------
        UnknownNameError
            There is no such layer.
        GradCAMError
            As for `explain`, if the picture or the weights cannot be used.
        """
        check_name(layer, "layer", UnknownNameError)
        self._core.verify()
        return self._core.activations(self._read(image), layer)

    def gradients(
        self, image: ImageLike, layer: str, target: Target | None = None
    ) -> npt.NDArray[np.float32]:
        """Compute the gradient of a class's logit by a layer's tensor.

        Parameters
        ----------
        image, layer
            As for `activations`.
        target
            A class index, a label name, a Prediction, or None for the predicted class.

        Returns
        -------
        float32, of the shape of `activations`

        Raises
        ------
        ClassIndexError, UnknownNameError
            There is no such class index, or no such label or layer.
        GradCAMError
            As for `explain`, if the picture or the weights cannot be used.
        """
        check_name(layer, "layer", UnknownNameError)
        index = None if target is None else resolve_target(target, self._labels)
        self._core.verify()
        return self._core.gradients(self._read(image), layer, index)

    def _read(self, image: object) -> _core.Image:
        """Read a picture for the network."""
        return as_image(image, self._settings.limits)

    def _take(self, image: object) -> Callable[[], _core.Image]:
        """Take a picture of a stream as it is now."""
        return take(image, self._settings.limits)

    def _explainer(self, request: Request) -> Explainer:
        return Explainer(self._core, self._labels, request)

    # ---- Python --------------------------------------------------------------------------

    def __repr__(self) -> str:
        shape = "x".join(map(str, self.input_shape))
        origin = "weights in memory" if self._file is None else repr(self._file.path)
        return f"Model({self.architecture}, {origin}, input={shape}, classes={len(self._labels)})"

    def __copy__(self) -> Model:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Model:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        if self._file is None:
            raise WrongTypeError(
                "a model made from arrays in memory does not pickle, since there is no file to "
                "load it from: save the weights with numpy.save and load them by path"
            )
        return _reopened, (self._settings, self._file.sha256())


def open_model(
    weights: str | Mapping[Any, Any], settings: LoadSettings, sha256: str | None = None
) -> Model:
    """Make a model of weights, as `open_weights` takes them, with the settings it came to."""
    core, file = open_weights(weights, settings, sha256)
    path = None if file is None else file.path
    found = dataclasses.replace(
        settings,
        path=path,
        labels=tuple(find_labels(settings.labels, core.class_count, path)),
        preprocessing=Preprocessing(*core.preprocessing),
        crop=core.crop,
        input_size=core.input_shape[:2],
    )
    return Model(core, found, file)


def _reopened(settings: LoadSettings, sha256: str) -> Model:
    """Open a pickled model again, if its file is still the same."""
    return open_model(str(settings.path), settings, sha256)
