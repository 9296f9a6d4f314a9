"""Cascading randomisation: whether a map changes when the network forgets what it learned.

J. Adebayo et al., "Sanity Checks for Saliency Maps", NeurIPS 2018, arXiv:1810.03292,
cascading randomisation: the layers' weights are drawn anew, from the last layer downwards, one
layer more at each step. A map that stays the same does not show what the network learned.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from ..errors import UnknownNameError
from ..model import Model, open_model
from ..weights.arrays import named_arrays, weights_of
from .metric import Column, Metric
from .similarity import rank_correlation

Arrays: TypeAlias = dict[str, dict[str, npt.NDArray[np.floating[Any]]]]


def redrawn(weights: Mapping[Any, Any], layers: Sequence[str], seed: int = 0) -> Arrays:
    """Draw the weights of some layers anew.

    Parameters
    ----------
    weights
        A mapping as `gradcampp_swift.load` takes; it is not changed.
    layers
        Names of layers. The numbers of a layer depend on the seed and on its place in this list,
        so that each network of a cascade has the same numbers as the one before, in the layers
        that both draw.
    seed
        0 or more.

    Returns
    -------
    dict
        A mapping as well. A drawn layer's weights are float32, independent and normal, with mean
        0 as networks begin, and the standard deviation that they had; so are its biases. The
        arrays of the other layers share memory with those given.

    Raises
    ------
    UnknownNameError
        The mapping has no such layer.

    Examples
    --------
    >>> import numpy as np
    >>> weights = {"fc8": [np.ones((2, 3)), np.zeros(3)], "fc7": [np.ones((2, 2)), np.zeros(2)]}
    >>> bool(redrawn(weights, ["fc8"])["fc8"]["weights"].any())  # no deviation: all zero
    False
    """
    result = _arrays(weights)
    for place, name in enumerate(layers):
        if name not in result:
            raise UnknownNameError(f"the weights have no layer {name!r}")
        random = np.random.default_rng((seed, place))
        result[name] = {kind: _like(random, result[name][kind]) for kind in ("weights", "biases")}
    return result


def cascade(
    model: Model, weights: Mapping[Any, Any] | None = None, seed: int = 0
) -> Iterator[tuple[str, Model]]:
    """Make the networks of cascading randomisation.

    Parameters
    ----------
    model
        The trained network, of any kind that is served. The others are made as it was, so that
        they see the same of a picture.
    weights
        Those that are left, and from which the others take their deviations: a mapping from each
        layer of the network to its arrays, in the layout of `gradcampp_swift.load`. None for the
        model's own.
    seed
        0 or more.

    Yields
    ------
    (str, Model)
        First the network whose last layer is drawn anew, and that layer's name; then, layer by
        layer towards the input, networks with one drawn layer more. Layers are convolutions and
        dense layers, with the normalisation that was folded into them; factors of channels that
        stand by themselves stay. Arrays that stay are shared.

    Raises
    ------
    UnknownNameError
        The weights lack a layer of the network, or have one that it does not have.

    Examples
    --------
    >>> import gradcampp_swift as gcpp
    >>> model = gcpp.load("vgg16.npy")  # doctest: +SKIP
    >>> [name for name, network in cascade(model)]  # doctest: +SKIP
    ['fc8', 'fc7', 'fc6', 'conv5_3', ...]
    """
    own = weights_of(model._core)
    arrays = _arrays(own.layers if weights is None else weights)
    for name in [*own.layers, *arrays]:
        if name not in arrays or name not in own.layers:
            where, other = ("weights", "model") if name in arrays else ("model", "weights")
            raise UnknownNameError(f"layer {name!r} is in the {where} and not in the {other}")
    layers = list(reversed(own.layers))
    for count, name in enumerate(layers, start=1):
        drawn = redrawn(arrays, layers[:count], seed)
        pairs = {name: [drawn[name]["weights"], drawn[name]["biases"]] for name in layers}
        yield name, open_model(own.replaced(pairs), model._settings)


def _arrays(weights: Mapping[Any, Any]) -> Arrays:
    """Bring a mapping of any of the accepted forms to {layer: {"weights": ..., "biases": ...}}."""
    result: Arrays = {}
    for name, array in named_arrays(weights):
        layer, _, kind = name.rpartition("/")
        result.setdefault(layer, {})[kind] = array
    return result


def _like(
    random: np.random.Generator, array: npt.NDArray[np.floating[Any]]
) -> npt.NDArray[np.float32]:
    deviation = array.std(dtype=np.float64)
    drawn = random.standard_normal(array.shape, np.float32)
    return drawn * np.float32(deviation)


METRIC = Metric(
    "randomisation",
    (
        Column(
            "randomised_to",
            "rank correlation, randomised to",
            "Spearman's correlation of the map (at the layer's resolution) with that of the "
            "network whose layers from the last one down to this one are drawn anew; near 0 is "
            "better",
        ),
    ),
    lambda case: [rank_correlation(case.cam, other) for other in case.randomised()],
    is_optional=True,
    per_layer=True,
)
