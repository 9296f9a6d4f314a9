"""A network that predicts and explains."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np
import numpy.typing as npt

from . import _core
from .arguments import check_name
from .classes.choosing import as_value, resolve
from .classes.class_names import ClassNames
from .classes.labels import find_labels
from .classes.predictions import Prediction, labelled
from .classes.targets import Target
from .errors import InvalidArgumentError, UnknownNameError, WrongTypeError
from .explanations.explaining import Explainer
from .explanations.explanation import Explanation
from .pictures.reading import ImageLike, as_image, take
from .settings.load_settings import LoadSettings
from .settings.preprocessing import Preprocessing
from .settings.request import Request
from .values import replace
from .weights.opening import open_weights
from .weights.weight_file import WeightFile

if TYPE_CHECKING:
    from .explanations.scoring import Scorer


class Model:
    """A network with its weights, its preprocessing and its labels. Made by `load`.

    Any number of threads may use one model at once. A model made from a file pickles as the
    file's path and hash. Models do not change, so a copy is the model itself.
    """

    def __init__(
        self,
        core: _core.Model,
        settings: LoadSettings,
        file: WeightFile | None,
        note: str | None = None,
    ) -> None:
        self._core = core
        self._settings = settings
        self._names = ClassNames.of(settings.labels, core.class_count)
        self._file = file
        self._note = note

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
        """The name of each class.

        Of a network with one output there may be two: what it is when the answer is no, and the
        class, whose index is 0.
        """
        return list(self._settings.labels)

    @property
    def notes(self) -> list[str]:
        """What is assumed because the weights do not say it, a sentence each; empty mostly.

        `load` says them by `logging`, as warnings of "gradcampp_swift"; the command on standard
        error.
        """
        return self._core.notes if self._note is None else [*self._core.notes, self._note]

    @property
    def layers(self) -> list[str]:
        """The layers that can be named, in the order of the data.

        The name of a convolution or dense layer means its tensor after its activation, mostly
        ReLU (that of the last one is taken off: its tensor is the logits); NAME/linear, for
        example "conv5_3/linear", means the tensor before.
        """
        return [name for name, _, _ in self._core.layers]

    @property
    def default_layer(self) -> str:
        """The layer that is explained when none is named.

        Of VGG networks the last convolution; of an ONNX file the last tensor with spatial axes
        through which all evidence passes, before the pooling at the end.
        """
        return self._core.default_layer

    @property
    def preprocessing(self) -> Preprocessing:
        """How colours become the network's input."""
        return Preprocessing(*self._core.preprocessing)

    @property
    def crop(self) -> str:
        """What is done about pictures of other proportions: "center", "squash" or "pad"."""
        return self._core.crop

    @property
    def output_kind(self) -> str:
        """What the network ends with: "classes", a "vector", or a "map" of classes of cells."""
        return self._core.output

    @property
    def output_shape(self) -> tuple[int, ...]:
        """Shape of the output for one picture: (classes,), (height, width, classes) for a map."""
        return self._core.output_shape

    @property
    def activation(self) -> str | None:
        """What makes probabilities of logits: "softmax" or "sigmoid"; None without classes."""
        return self._core.activation

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
            `top` is no integer, or is less than 1; or the network does not end with classes.
        GradCAMError
            As for `explain`, if the picture or the weights cannot be used.
        """
        if not isinstance(top, (int, np.integer)) or isinstance(top, bool):
            raise WrongTypeError(f"top is {top!r}, expected an integer")
        if top < 1:
            raise InvalidArgumentError(f"top is {top}, expected 1 or more")
        self._core.verify()
        count = min(int(top), max(self._core.class_count, 1))
        found = self._core.predict(self._read(image), count)
        return [labelled(prediction, self._names.short) for prediction in found]

    @overload
    def explain(  # type: ignore[overload-overlap]  # not a label
        self,
        image: ImageLike,
        target: Literal["top3", "top5", "top10"],
        layer: str | Sequence[str] | None = None,
        method: str = "gradcam++",
        guided: bool = False,
        options: Mapping[str, float] | None = None,
    ) -> list[Explanation]: ...
    @overload
    def explain(  # type: ignore[overload-overlap]  # a str is a sequence of str, too
        self,
        image: ImageLike,
        target: Target | None = None,
        layer: str | Sequence[str] | None = None,
        method: str = "gradcam++",
        guided: bool = False,
        options: Mapping[str, float] | None = None,
    ) -> Explanation: ...
    @overload
    def explain(
        self,
        image: ImageLike,
        target: Sequence[Target | None],
        layer: str | Sequence[str] | None = None,
        method: str = "gradcam++",
        guided: bool = False,
        options: Mapping[str, float] | None = None,
    ) -> list[Explanation]: ...
    def explain(
        self,
        image: ImageLike,
        target: Target | Sequence[Target | None] | None = None,
        layer: str | Sequence[str] | None = None,
        method: str = "gradcam++",
        guided: bool = False,
        options: Mapping[str, float] | None = None,
    ) -> Explanation | list[Explanation]:
        """Find out where in a picture the evidence for a class, or for another target, lies.

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
            A class index, a label name, a Prediction, or None for the predicted class: of a
            network with one sigmoid unit its class, or `Not` of it where it is less probable than
            1/2. Or a value of `gradcampp_swift.targets`: `Not` (what speaks against a class),
            `Difference` (why these classes rather than those), `Probability`, `Output` (any
            weighted sum of the output), `Mask` (a class in some cells of a map), or `Logit`, which
            a plain class means. A text that is a number, such as "3", is a label where there is
            such a label, else an index, and refused where another class has that index; "label:3"
            and "index:3" say which. A sequence gives a list of explanations from one forward pass,
            and so does "top5" (or any other number): the most probable classes, best first.
        layer
            One of `layers` that has a height and a width, or NAME/linear for its tensor before
            its activation; None for the model's default, the last convolution or, of a network
            with branches, the last tensor that all evidence passes through. A sequence of them
            for a method that needs several.
        method
            One of `methods()`.
        guided
            Whether to compute guided gradients down to the pixels as well.
        options
            Values for options of the method, by name, as ``methods()[method].options`` lists them;
            the others have their defaults.

        Returns
        -------
        Explanation, or list of Explanation
            A list, in the order of the targets, where `target` is a sequence or "top5".

        Raises
        ------
        ClassIndexError, UnknownNameError
            There is no such class index, or no such label or layer.
        InvalidArgumentError, WrongTypeError
            There is no such method or option, the layer has no height and width, the target does
            not fit the network's output, or an argument is of another kind.
        KeyboardInterrupt
            Ctrl-C ends the call between two steps of the network, in the main thread.
        MissingFileError, FileAccessError, BadDataError
            There is no such picture, or it cannot be read or decoded. FileAccessError also for
            a weight file that was changed since it was loaded, BadDataError for weights that are
            not finite.
        """
        explainer = self._explainer(Request(target, layer, method, guided, options))
        answer: Explanation | list[Explanation]
        (answer,) = explainer.explain([self._read(image)])
        return answer

    def explain_many(
        self,
        images: Iterable[ImageLike],
        target: Target | Sequence[Target | None] | None = None,
        layer: str | Sequence[str] | None = None,
        method: str = "gradcam++",
        guided: bool = False,
        options: Mapping[str, float] | None = None,
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
        target, layer, method, guided, options
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
        from .explanations.stream import Stream

        explainer = self._explainer(Request(target, layer, method, guided, options))
        stream = Stream(explainer, batch_size, workers, progress, errors, take=self._take)
        return stream.explanations(images)

    def activations(self, image: ImageLike, layer: str) -> npt.NDArray[np.float32]:
        """Compute a layer's tensor.

        Parameters
        ----------
        image
            As for `explain`.
        layer
            One of `layers`, after its activation, or NAME/linear for the tensor before.

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
        """Compute the gradient of a target's score by a layer's tensor: for a class, of its logit.

        Parameters
        ----------
        image, layer
            As for `activations`.
        target
            One target as for `explain`.

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
        wanted = None
        if target is not None:
            wanted = resolve(as_value(target), self._names, self.output_shape)
        self._core.verify()
        return self._core.gradients(self._read(image), layer, wanted)

    def score(
        self, pictures: npt.ArrayLike, target: Target | Sequence[Target]
    ) -> npt.NDArray[np.float64]:
        """Score targets for many pictures that are arrays, some at a time.

        A score is what the network says of a target: of a class its logit, of
        `targets.Probability` its probability. Each is bit for bit that of its picture alone, and
        nothing is rounded to 8 bits on the way.

        Parameters
        ----------
        pictures
            Prepared pictures (n, height, width, 3), RGB, floats in [0, 1], of the network's input
            size, `input_shape`: what `Explanation.input` shows, divided by 255, is one. They are
            not cropped nor resized.
        target
            One target as for `explain`, or a sequence of them; none that depends on the picture, as
            None and "top5" do.

        Returns
        -------
        float64 (n,), for a sequence (n, targets)

        Raises
        ------
        ClassIndexError, UnknownNameError
            There is no such class.
        InvalidArgumentError, WrongTypeError
            The pictures are not as above, or the target is not.
        GradCAMError
            As for `explain`, if the weights cannot be used.

        Examples
        --------
        >>> import numpy as np
        >>> import gradcampp_swift as gcpp
        >>> model = gcpp.load("box")
        >>> pictures = np.stack([model.explain(path).input for path in gcpp.samples()]) / 255
        >>> model.score(pictures, ["star", gcpp.targets.Probability("star")]).shape
        (4, 2)
        """
        return self._scorer(target).prepared(pictures)

    def score_masks(
        self,
        image: ImageLike,
        masks: npt.ArrayLike,
        target: Target | Sequence[Target],
        background: npt.ArrayLike | None = None,
    ) -> npt.NDArray[np.float64]:
        """Score targets for one picture seen through many masks.

        Parameters
        ----------
        image
            As for `explain`; it is cropped and resized once.
        masks
            (n, height, width) of the network's input size, floats in [0, 1]: m shows
            m * picture + (1 - m) * background.
        target
            As for `score`.
        background
            (height, width, 3), RGB, floats in [0, 1]. None for the colour that goes into the
            network as 0, or the nearest there is.

        Returns
        -------
        float64 (n,), for a sequence of targets (n, targets)

        Raises
        ------
        GradCAMError
            As for `score`, or if the picture cannot be used.

        Examples
        --------
        >>> import numpy as np
        >>> import gradcampp_swift as gcpp
        >>> left = np.zeros((2, 224, 224))
        >>> left[0] = 1  # all of the picture, then only its left half
        >>> left[1, :, :112] = 1
        >>> gcpp.load("box").score_masks(gcpp.samples()[0], left, "star").shape
        (2,)
        """
        return self._scorer(target).masked(self._read(image), masks, background)

    def _read(self, image: object) -> _core.Image:
        """Read a picture for the network."""
        return as_image(image, self._settings.limits)

    def _take(self, image: object) -> Callable[[], _core.Image]:
        """Take a picture of a stream as it is now."""
        return take(image, self._settings.limits)

    def _explainer(self, request: Request) -> Explainer:
        return Explainer(self._core, self._names, request)

    def _scorer(self, target: object) -> Scorer:
        from .explanations.scoring import Scorer

        return Scorer(self._core, self._names, target)

    # ---- Python --------------------------------------------------------------------------

    def __repr__(self) -> str:
        shape = "x".join(map(str, self.input_shape))
        origin = "weights in memory" if self._file is None else repr(self._file.path)
        return (
            f"Model({self.architecture}, {origin}, input={shape}, classes={self._core.class_count})"
        )

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
    labels, note = find_labels(settings.labels, _label_count(core), path)
    found = replace(
        settings,
        path=path,
        labels=tuple(labels),
        preprocessing=Preprocessing(*core.preprocessing),
        crop=core.crop,
        input_size=core.input_shape[:2],
        activation=core.activation,
    )
    return Model(core, found, file, note)


def _label_count(core: _core.Model) -> int:
    """Count what has names: the classes, those of a map's cells included."""
    return core.output_shape[-1] if core.output == "map" else core.class_count


def _reopened(settings: LoadSettings, sha256: str) -> Model:
    """Open a pickled model again, if its file is still the same."""
    return open_model(str(settings.path), settings, sha256)
