"""Explaining a stream of pictures, decoding the next while the network looks at these."""

from __future__ import annotations

import functools
import itertools
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sized
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .. import _core
from ..errors import (
    BadDataError,
    GradCAMError,
    InvalidArgumentError,
    OutOfMemoryError,
    WrongTypeError,
)
from ..pictures.reading import ImageLike
from .explaining import Explainer

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

_Slot = Callable[[], "_core.Image"]
"""Gives a decoded picture, or raises its error."""


_ONE_PICTURE = (str, bytes, bytearray, memoryview)


def _is_picture(array: npt.NDArray[Any]) -> bool:
    """Say whether an array is a picture; it could be taken for many that are its rows."""
    return array.ndim < 3 or (array.ndim == 3 and array.shape[2] in (1, 3, 4))


class Stream:
    """How a stream of pictures is explained; `Model.explain_many` documents the settings.

    `take` is called for each picture as it is drawn, and returns what decodes it later.
    """

    def __init__(
        self,
        explainer: Explainer,
        batch_size: int,
        workers: int,
        progress: bool,
        errors: str,
        take: Callable[[Any], _Slot],
    ) -> None:
        if errors not in ("raise", "return"):
            raise InvalidArgumentError(f"errors is {errors!r}, expected 'raise' or 'return'")
        self._explainer = explainer
        self._batch_size = _whole(batch_size, "batch_size", 1)
        self._workers = _whole(workers, "workers", 0)
        self._progress = progress
        self._returns_errors = errors == "return"
        self._take = take

    def explanations(self, images: Iterable[ImageLike]) -> Iterator[Any]:
        """Explain each picture; arguments are checked now, pictures when their turn comes."""
        if isinstance(images, _ONE_PICTURE) or not isinstance(images, Iterable):
            raise WrongTypeError(
                f"images is of type {type(images).__name__}, expected several pictures, "
                "such as a list of paths"
            )
        if isinstance(images, np.ndarray) and _is_picture(images):
            raise WrongTypeError(
                f"images is an array of shape {images.shape}, one picture, expected several: put "
                "it into a list"
            )
        return self._shown(images) if self._progress else self._run(images)

    def _shown(self, images: Iterable[ImageLike]) -> Iterator[Any]:
        from tqdm import tqdm

        total = len(images) if isinstance(images, Sized) else None
        yield from tqdm(self._run(images), total=total, unit="image")

    def _run(self, images: Iterable[ImageLike]) -> Iterator[Any]:
        decoding = None
        if self._workers > 0:
            from concurrent.futures import ThreadPoolExecutor

            decoding = ThreadPoolExecutor(self._workers, thread_name_prefix="gradcampp-decoder")
        try:
            slots = self._slots(images)
            ahead = slots if decoding is None else self._decoded(slots, decoding)
            while batch := list(itertools.islice(ahead, self._batch_size)):
                # In the caller's thread, where an interrupt ends it between two steps.
                yield from self._answers(batch)
        finally:
            if decoding is not None:
                decoding.shutdown(wait=True, cancel_futures=True)

    def _slots(self, images: Iterable[ImageLike]) -> Iterator[_Slot]:
        try:
            for image in images:
                yield self._slot(image)
        except Exception as error:
            # In its turn too: what came before is explained first.
            yield functools.partial(_fail, error)

    def _slot(self, image: ImageLike) -> _Slot:
        """Take a picture before the source goes on, which may change it."""
        try:
            return self._take(image)
        except GradCAMError as error:
            return functools.partial(_raise, error)

    def _decoded(self, slots: Iterable[_Slot], pool: ThreadPoolExecutor) -> Iterator[_Slot]:
        """Decode pictures, no more than a batch ahead of those that were asked for."""
        waiting: deque[Future[_core.Image]] = deque()
        for slot in slots:
            waiting.append(pool.submit(slot))
            if len(waiting) > self._batch_size:
                yield waiting.popleft().result
        while waiting:
            yield waiting.popleft().result

    def _answers(self, batch: list[_Slot]) -> Iterator[Any]:
        """Explain a batch; an error ends it where it stands, or takes its picture's place."""
        answers: list[Any] = []
        pictures: list[_core.Image] = []
        failure: BaseException | None = None
        for slot in batch:
            try:
                pictures.append(slot())
                answers.append(None)
            except _SourceError as error:
                failure = error.__cause__
                break
            except GradCAMError as error:
                if not self._returns_errors:
                    failure = error
                    break
                answers.append(error)
        found = iter(self._explained(pictures))
        for answer in answers:
            yield next(found) if answer is None else answer
        if failure is not None:
            raise failure

    def _explained(self, pictures: list[_core.Image]) -> list[Any]:
        if not pictures:
            return []
        try:
            return self._explainer.explain(pictures)
        except (BadDataError, OutOfMemoryError) as error:  # others are about the arguments
            if not self._returns_errors:
                raise
            if len(pictures) == 1:
                return [error]
            # One picture's numbers are too large, or the batch is: the others may do alone.
            return [answer for each in pictures for answer in self._explained([each])]


def _raise(error: GradCAMError) -> _core.Image:
    raise error


class _SourceError(Exception):
    """The iterable of pictures raised; the cause is its error."""


def _fail(error: Exception) -> _core.Image:
    raise _SourceError from error


def _whole(number: int, name: str, least: int) -> int:
    if not isinstance(number, (int, np.integer)) or isinstance(number, bool):
        raise WrongTypeError(f"{name} is {number!r}, expected an integer")
    if number < least:
        raise InvalidArgumentError(f"{name} is {number}, expected {least} or more")
    return int(number)
