"""What a network says of changed pictures."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np
import numpy.typing as npt

from ..classes.choosing import as_value, resolve
from ..classes.predictions import Prediction
from ..classes.targets import Logit, Not, Probability, Target
from ..errors import InvalidArgumentError
from ..model import Model
from .arrays import Numbers
from .metric import Score

_AT_ONCE = 8
"""As many as the library scores together."""


class ProbabilityScore:
    """The probability of a class in pictures, for metrics that take a score.

    Called with one picture it returns a float. Metrics that have several hand them to `batch`,
    which is faster. Nothing is rounded to 8 bits on the way to the network.

    Parameters
    ----------
    model
        The network.
    target
        A class index, a label name, a Prediction, or `targets.Logit` or `Probability` of one. Of a
        network with one sigmoid unit also `Not` its class: 1 less the probability.

    Raises
    ------
    GradCAMError
        As `Model.score` does; InvalidArgumentError also for a target that is no event.

    Examples
    --------
    >>> import gradcampp_swift as gcpp
    >>> from gradcampp_swift import metrics
    >>> model = gcpp.load("box")
    >>> e = model.explain(gcpp.samples()[0])
    >>> score = metrics.ProbabilityScore(model, e.target)
    >>> curve = metrics.deletion(e.input, e.heatmap, score)
    """

    def __init__(self, model: Model, target: Target) -> None:
        kind, classes, _, _ = resolve(as_value(target), model._names, model.output_shape)
        self._says_no = kind == Not.kind and model._core.class_count == 1
        if kind not in (Logit.kind, Probability.kind) and not self._says_no:
            raise InvalidArgumentError(f"target is {target!r}, which has no probability")
        self._model = model
        self._asked = Probability(classes[0])

    def __call__(self, picture: npt.NDArray[np.float64]) -> float:
        """Score one picture, floats in [0, 1] of the network's input size."""
        return float(self.batch(picture[np.newaxis])[0])

    def batch(self, pictures: npt.ArrayLike) -> Numbers:
        """Score pictures (n, height, width, 3): float64 (n,)."""
        found = self._model.score(pictures, self._asked)
        return 1 - found if self._says_no else found

    def of(self, prediction: Prediction) -> float:
        """Say what the score is where the class was predicted so."""
        return 1 - prediction.probability if self._says_no else prediction.probability


def scores_of(score: Score, pictures: Iterator[Numbers]) -> Numbers:
    """Score pictures, several at a time where the score has a `batch`.

    Each is looked at before the next is asked for, which may be the same array.
    """
    batch = getattr(score, "batch", None)
    if batch is None:
        return np.array([score(picture) for picture in pictures], np.float64)
    scores: list[Numbers] = []
    while some := [picture.astype(np.float32) for picture in islice(pictures, _AT_ONCE)]:
        scores.append(np.asarray(batch(np.stack(some)), np.float64))
    return np.concatenate(scores)
