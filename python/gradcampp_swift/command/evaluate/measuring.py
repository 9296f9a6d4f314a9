"""One picture: its maps by each method, and the numbers of all metrics."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ... import _core
from ...classes.choosing import title_of
from ...classes.targets import Logit, Not, Value
from ...errors import BadDataError, one_line
from ...explanations.explanation import Explanation
from ...metrics import Case, Column, Metric, ProbabilityScore, Truth
from ...model import Model
from ...pictures.reading import decode, read_picture_file
from ...settings.request import Request
from ...values import replace
from ..terminal import silent_decoders
from .ground_truth import GroundTruth, Instance
from .view import View

Row: TypeAlias = list[str]

TARGETS = ("predicted", "labelled")

HASH, MASK_HASH = "sha256", "mask_sha256"
"""Columns of what the bytes of files hash to; empty for a mask that there is not."""


class SetAsideError(Exception):
    """A picture that is set aside; its text says why."""


class Measuring:
    """Measures pictures, one after the other.

    Parameters
    ----------
    model, requests
        What makes the maps: what is asked but for the class, each by another method.
    metrics
        Which of the catalogue are computed.
    ground_truth
        None where nothing is known.
    target
        "predicted": the class that the network predicts is explained. "labelled": the class of
        the picture's first line in the file of boxes.
    networks
        Those of the randomisation cascade, by the name of the last layer drawn anew; empty where
        it is not measured.
    """

    def __init__(
        self,
        model: Model,
        requests: Sequence[Request],
        metrics: Sequence[Metric],
        ground_truth: GroundTruth | None = None,
        target: str = "predicted",
        networks: Sequence[tuple[str, Model]] = (),
    ) -> None:
        self._model = model
        self._requests = requests
        self._metrics = metrics
        self._ground_truth = ground_truth
        self._target = target
        self._networks = networks
        layers = [name for name, _ in networks]
        self._columns = [_columns(metric, layers) for metric in metrics]

    @property
    def columns(self) -> list[Column]:
        """The metrics' columns."""
        return [column for columns in self._columns for column in columns]

    @property
    def header(self) -> list[str]:
        """Names of all columns of a row."""
        known = ["labelled", "instances", MASK_HASH] if self._ground_truth is not None else []
        names = [column.name for column in self.columns]
        return ["file", "method", "predicted", "class", "probability", HASH, *known, *names]

    def rows(self, folder: str, file: str) -> list[Row]:
        """Measure one picture: a row of text for each method.

        Raises
        ------
        SetAsideError
            The picture, or its mask, cannot be used.
        """
        picture, sha256 = self._read(folder, file)
        labelled = self._ground_truth.labelled(file) if self._ground_truth is not None else None
        target = self._target_of(labelled)
        explanations = [
            self._answer(self._model, request, target, picture) for request in self._requests
        ]
        view, mask, mask_sha256 = None, None, ""
        if self._ground_truth is not None:
            view = View.of(explanations[0])
            mask, mask_sha256 = self._mask(self._ground_truth, file, view)
        rows = []
        for request, explanation in zip(self._requests, explanations, strict=True):
            truth, known = None, []
            if self._ground_truth is not None and view is not None:
                truth = self._ground_truth.truth(file, explanation.asked, view, mask)
                known = [one_line(labelled.label) if labelled else ""]
                known.append(str(len(truth.boxes) if truth else 0) if labelled else "")
                known.append(mask_sha256)
            case = self._case(picture, explanation, request, truth)
            names = self._predicted(explanation), explanation._title
            probability = _text(case.probability)
            start = [file, request.method, *map(one_line, names), probability, sha256]
            rows.append(start + known + self._cells(case))
        return rows

    @staticmethod
    def _answer(
        model: Model, request: Request, target: Value | None, picture: _core.Image
    ) -> Explanation:
        explainer = model._explainer(replace(request, target=target))
        answer: Explanation
        (answer,) = explainer.explain([picture])
        return answer

    def _read(self, folder: str, file: str) -> tuple[_core.Image, str]:
        """Read a picture, and hash its file."""
        if one_line(file) != file:
            raise SetAsideError("its name holds a control character")
        with _set_aside(), silent_decoders():
            path = os.path.join(folder, file)
            data = read_picture_file(path)
            picture = decode(data, path, self._model._settings.limits)
        return picture, hashlib.sha256(data).hexdigest()

    def _mask(
        self, ground_truth: GroundTruth, file: str, view: View
    ) -> tuple[npt.NDArray[np.uint8] | None, str]:
        """Read a picture's mask, and hash its file."""
        with _set_aside(), silent_decoders():
            data = ground_truth.read_mask(file)
            if data is None:
                return None, ""
            return ground_truth.mask(file, data, view), hashlib.sha256(data).hexdigest()

    def _predicted(self, explanation: Explanation) -> str:
        """Name the class that the network predicts; of one with one unit perhaps its opposite."""
        best = explanation.predictions[0]
        is_no = len(explanation.predictions) == 1 and best.logit < 0
        return title_of(Not(best.index) if is_no else Logit(best.index), self._model._names)

    def _target_of(self, labelled: Instance | None) -> Value | None:
        """Choose the class that is explained; None for the predicted one."""
        if self._target != "labelled":
            return None
        if labelled is None:
            raise SetAsideError("it is not in the file of boxes, so that no class is labelled")
        if labelled.target is None:
            raise SetAsideError(f"its label {labelled.label!r} is no class of the model")
        return labelled.target

    def _case(
        self, picture: _core.Image, explanation: Explanation, request: Request, truth: Truth | None
    ) -> Case:
        target = explanation.asked
        score = ProbabilityScore(self._model, target)

        def randomised() -> list[npt.NDArray[np.float32]]:
            return [
                self._answer(network, request, target, picture).cam for _, network in self._networks
            ]

        return Case(
            picture=explanation._core.seen,
            heatmap=explanation.heatmap,
            cam=explanation.cam,
            probability=score.of(explanation.target),
            score=score,
            truth=truth,
            randomised=randomised,
        )

    def _cells(self, case: Case) -> Row:
        cells = []
        for metric, columns in zip(self._metrics, self._columns, strict=True):
            values = list(map(_text, metric.measure(case)))
            cells += values or [""] * len(columns)
        return cells


@contextlib.contextmanager
def _set_aside() -> Iterator[None]:
    """Set a picture aside whose files cannot be used."""
    try:
        yield
    except (BadDataError, OSError) as error:
        raise SetAsideError(str(error)) from None


def _columns(metric: Metric, layers: Sequence[str]) -> list[Column]:
    if not metric.per_layer:
        return list(metric.columns)
    return [
        column._replace(name=f"{column.name}_{layer}", title=f"{column.title} {layer}")
        for layer in layers
        for column in metric.columns
    ]


def _text(value: float) -> str:
    return f"{value:.9g}"
