"""The answers to what is asked of pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import _core
from ..classes.choosing import CoreTarget, choose, resolve, title_of
from ..classes.class_names import ClassNames
from ..classes.predictions import labelled
from ..classes.targets import Logit, Not, Value
from ..settings.request import Request
from .explanation import Explanation


class Explainer:
    """Asks one thing of a network about any pictures.

    Parameters
    ----------
    core, names
        The network and the names of its classes.
    request
        What is asked.

    Raises
    ------
    GradCAMError
        The request names a class that there is not; see `Model.explain`.
    """

    def __init__(self, core: _core.Model, names: ClassNames, request: Request) -> None:
        self._core = core
        self._names = names
        self._keywords = request.core_keywords()
        self._chosen = choose(request.target, names)
        self._resolved = [
            None if target is None else self._resolve(target) for target in self._chosen.targets
        ]

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
        targets: list[Value | None] = list(chosen.targets)
        is_predicted = targets == [None] or chosen.top > 0
        is_mixed = not is_predicted and None in targets
        if is_mixed and len(pictures) > 1:
            return [self.explain([picture])[0] for picture in pictures]
        if is_mixed:
            predicted = self._predicted(pictures[0])
            targets = [predicted if target is None else target for target in targets]
        resolved = [
            self._resolve(target) if known is None and target is not None else known
            for target, known in zip(targets, self._resolved, strict=True)
        ]
        found = self._core.explain(
            pictures,
            targets=None if is_predicted else [each for each in resolved if each is not None],
            top=chosen.top,
            **self._keywords,
        )
        count = len(found) // len(pictures) if pictures else 0
        explanations = [
            self._explanation(each, None if is_predicted else targets[place % count])
            for place, each in enumerate(found)
        ]
        if not chosen.is_list:
            return explanations
        return [explanations[place * count : (place + 1) * count] for place in range(len(pictures))]

    def _resolve(self, target: Value) -> CoreTarget:
        return resolve(target, self._names, self._core.output_shape)

    def _predicted(self, picture: _core.Image) -> Value:
        """Find the predicted class, as the library does where no target is given."""
        index, _, logit = self._core.predict(picture, 1)[0]
        return Not(index) if self._core.class_count == 1 and logit < 0 else Logit(index)

    def _explanation(self, core: _core.Explanation, asked: Value | None) -> Explanation:
        target = None if core.target is None else labelled(core.target, self._names.short)
        predictions = [labelled(prediction, self._names.short) for prediction in core.predictions]
        if asked is None:
            index = predictions[0].index if target is None else target.index
            asked = Not(index) if core.target_kind == Not.kind else Logit(index)
        return Explanation(core, target, predictions, asked, title_of(asked, self._names))
