"""The answers to what is asked of pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import _core
from ..classes.predictions import labelled
from ..classes.targets import choose
from ..settings.request import Request
from .explanation import Explanation


class Explainer:
    """Asks one thing of a network about any pictures.

    Parameters
    ----------
    core, labels
        The network and the names of its classes.
    request
        What is asked.

    Raises
    ------
    GradCAMError
        The request names a class that there is not; see `Model.explain`.
    """

    def __init__(self, core: _core.Model, labels: list[str], request: Request) -> None:
        self._core = core
        self._labels = labels
        self._keywords = request.core_keywords()
        self._chosen = choose(request.target, labels)

    def explain(self, pictures: Sequence[_core.Image]) -> list[Any]:
        """Explain pictures at once.

        Returns
        -------
        list of Explanation, or of list of Explanation
            One item for each picture.

        Raises
        ------
        FileAccessError
            The weight file was changed since the network was loaded.
        GradCAMError
            As `Model.explain` does.
        """
        self._core.verify()
        chosen = self._chosen
        indices = [target for target in chosen.targets if target is not None]
        is_mixed = len(chosen.targets) > 1 and len(indices) < len(chosen.targets)
        if is_mixed and len(pictures) > 1:
            return [self.explain([picture])[0] for picture in pictures]
        if is_mixed:
            predicted = self._core.predict(pictures[0], 1)[0][0]
            indices = [predicted if target is None else target for target in chosen.targets]
        is_predicted = chosen.targets == [None] or chosen.top > 0
        found = self._core.explain(
            pictures,
            targets=None if is_predicted else indices,
            top=chosen.top,
            **self._keywords,
        )
        explanations = [self._explanation(each) for each in found]
        if not chosen.is_list:
            return explanations
        count = len(explanations) // len(pictures)
        return [explanations[place * count : (place + 1) * count] for place in range(len(pictures))]

    def _explanation(self, core: _core.Explanation) -> Explanation:
        target = labelled(core.target, self._labels)
        predictions = [labelled(prediction, self._labels) for prediction in core.predictions]
        return Explanation(core, target, predictions)
