"""Explaining the pictures of a folder: what is read, computed and written for each, in order."""

from __future__ import annotations

import errno
import hashlib
import os
import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from ... import _core
from ...errors import BadDataError, FileAccessError, GradCAMError
from ...explanations.explaining import Explainer
from ...explanations.explanation import Explanation
from ...explanations.stream import Stream
from ...files import refusal_to_write, remove_temporaries, write_whole
from ...pictures.reading import decode, read_picture_file
from ...settings.limits import DEFAULT_LIMITS, Limits
from .products import Product, product_path
from .record import Record, path_inside


class _Source:
    """A picture of the folder, and the hash of its bytes once they were read."""

    def __init__(self, folder: str, file: str, limits: Limits) -> None:
        self.path = os.path.join(folder, file)
        self._limits = limits
        self.file = file
        self.sha256: str | None = None

    def decode(self) -> _core.Image:
        data = read_picture_file(self.path)
        self.sha256 = hashlib.sha256(data).hexdigest()
        return decode(data, self.path, self._limits)


class FolderRun:
    """How the pictures of a folder are explained.

    Parameters
    ----------
    explainer
        What makes the explanations.
    folder
        Where the pictures lie.
    output
        The folder for what is written.
    products
        What is written for each picture.
    threshold
        Share of the map's largest value above which boxes are drawn, 0 to less than 1.
    limits
        What a picture may cost.
    """

    def __init__(
        self,
        explainer: Explainer,
        folder: str,
        output: str,
        products: Sequence[Product],
        threshold: float,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self._explainer = explainer
        self._folder = folder
        self._output = output
        self._products = products
        self._threshold = threshold
        self._limits = limits
        self._prepared: set[str] = set()
        self._preparing = threading.Lock()

    def records(
        self, files: Iterable[str], batch_size: int, workers: int
    ) -> Generator[Record, None, None]:
        """Explain pictures and write their files.

        Decoding, computing, and encoding with writing go on beside each other, for no more than
        three batches of pictures at a time.

        Parameters
        ----------
        files
            Paths relative to the folder.
        batch_size
            Pictures that the network takes at once. The results do not depend on it.
        workers
            How many decode, and as many write.

        Yields
        ------
        dict
            The manifest's record of each picture, in the order of `files`; its files are whole.

        Raises
        ------
        FileAccessError
            A file cannot be written, or the weight file was changed meanwhile.
        """
        waiting: deque[_Source] = deque()

        def sources() -> Iterator[Any]:
            for file in files:
                waiting.append(_Source(self._folder, file, self._limits))
                yield waiting[-1]

        stream = Stream(
            self._explainer,
            batch_size,
            workers,
            progress=False,
            errors="return",
            take=lambda source: source.decode,
        )
        answers: Any = stream.explanations(sources())
        writing = ThreadPoolExecutor(workers, thread_name_prefix="gradcampp-writer")
        pending: deque[Future[Record]] = deque()
        try:
            for answer in answers:
                pending.append(writing.submit(self._record, waiting.popleft(), answer))
                while pending and (len(pending) > batch_size or pending[0].done()):
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()
        finally:
            answers.close()
            writing.shutdown(wait=True, cancel_futures=True)

    def _record(self, source: _Source, answer: Explanation | GradCAMError) -> Record:
        """Write a picture's files, and say what its line of the manifest says."""
        record: Record = {"file": source.file, "sha256": source.sha256}
        if isinstance(answer, GradCAMError):
            reason = str(answer).removeprefix(f"{source.path}: ")
            return {**record, "status": "failed", "reason": reason}
        return {
            **record,
            "status": "ok",
            "label": answer._title,
            "class": answer.target.index,
            "target_kind": answer.asked.kind,
            "probability": answer._probability,
            "predicted": answer.predictions[0].label if answer.predictions else None,
            "has_evidence": answer.has_evidence,
            "size": answer.original_size,
            "boxes": answer.boxes(self._threshold),
            "written": {
                product.name: self._write(source.file, product, answer)
                for product in self._products
            },
        }

    def _write(self, file: str, product: Product, explanation: Explanation) -> str:
        name = product_path(file, product)
        data = product.encode(explanation)
        path = os.path.join(self._output, name)
        self._prepare(os.path.dirname(name))
        # A link that somebody put there is replaced, and never written through.
        write_whole(path, lambda stream: stream.write(data), follows_link=False)
        return name

    def _prepare(self, name: str) -> None:
        """Make a folder of the output; remove what a kill left half-written in it."""
        path = os.path.join(self._output, name)
        try:
            path_inside(self._output, name)
            os.makedirs(path, exist_ok=True)
        except OSError as error:
            raise refusal_to_write(path, error) from None
        except BadDataError as error:
            raise FileAccessError(str(error), errno.EXDEV, path) from None
        with self._preparing:
            if name not in self._prepared:
                remove_temporaries(path)
                self._prepared.add(name)


def check_folders(folder: str, output: str) -> None:
    """Refuse to write among the pictures themselves."""
    if os.path.realpath(folder) == os.path.realpath(output):
        raise FileAccessError(
            f"-o names {output}, where the pictures lie; name another folder, which may be in it"
        )
