"""The arithmetic of the benchmarks, and how they treat an engine that is not there."""

import ast
import os
import signal
import time
from pathlib import Path

import numpy as np
import pytest

from benchmarks import files, kernels, peers
from benchmarks.agreement import Agreement
from benchmarks.engine import Engine, EngineError
from benchmarks.peers.peer import Peer
from benchmarks.timing import Comparison, Contestant, Times, alternate, merged
from benchmarks.vgg16 import channels_first_input


class MissingPeer(Peer):
    name = "Missing"
    package = "missing"

    def load(self) -> None:
        import no_such_engine  # noqa: F401


class EndingPeer(MissingPeer):
    name = "Ending"

    def load(self) -> None:
        os._exit(3)


class SleepingPeer(MissingPeer):
    name = "Sleeping"

    def version(self) -> str:
        return "1"

    def load(self) -> None:
        pass

    def forward(self, x: object) -> np.ndarray:
        time.sleep(0.02)
        return np.full(3, np.shape(x)[1])


def test_ratio_is_the_median_over_pairs() -> None:
    # The second pair ran while the machine was ten times slower.
    ours = Times("ours", [[2.0, 1.0, 3.0], [20.0], [3.0]])
    other = Times("other", [[4.0], [40.0], [4.0]])
    assert Comparison(ours, other).ratio == 0.5
    assert ours.median == 3.0
    assert ours.minimum == 1.0


def test_a_kernels_line_is_read() -> None:
    line = "timing\tconvolution 4x4x3 to 4x4x8\tdirect\t0.5\t600\t500000\t2000000"
    step = kernels.parse(line)
    assert (step.name, step.algorithm, step.defined_operations) == (
        "convolution 4x4x3 to 4x4x8",
        "direct",
        600,
    )
    assert step.gigaflops == pytest.approx(1.0)
    assert step.gigabytes == pytest.approx(4.0)


def test_turns_alternate() -> None:
    said = []
    contestants = [Contestant(name, lambda name=name: said.append(name) or [1.0]) for name in "oab"]
    comparisons = alternate(contestants[0], contestants[1:], 2)
    assert "".join(said) == "oaoboaob"
    assert len(merged(comparisons).turns) == 4
    assert [len(each.other.turns) for each in comparisons] == [2, 2]


def test_nan_does_not_agree() -> None:
    assert not Agreement("engine", "logits", float("nan"), 1e-4).holds
    assert Agreement("engine", "logits", 1e-5, 1e-4).holds


def test_cached_file_is_made_again_when_its_source_is_newer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "CACHE", tmp_path / "cache")
    source = tmp_path / "source"

    def made(text: str, modified: int) -> str:
        source.write_text(text)
        os.utime(source, (modified, modified))
        path = files.cached("copy", lambda new: new.write_text(source.read_text()), source)
        os.utime(path, (10, 10))
        return path.read_text()

    assert made("one", modified=5) == "one"
    assert made("two", modified=5) == "one"
    assert made("three", modified=20) == "three"


def test_input_is_blue_first() -> None:
    picture = np.zeros((224, 224, 3), np.uint8)
    picture[5, 7] = 10, 20, 30
    x = channels_first_input(picture)
    assert x.shape == (1, 3, 224, 224)
    np.testing.assert_allclose(x[0, :, 5, 7], [30 - 103.939, 20 - 116.779, 10 - 123.68], 1e-6)


@pytest.mark.parametrize(
    ("peer", "reason"), [(MissingPeer, "no_such_engine"), (EndingPeer, "Ending: the process ended")]
)
def test_engine_that_cannot_be_loaded_says_why(peer: type[Peer], reason: str) -> None:
    with pytest.raises(EngineError, match=reason):
        Engine(peer)


def test_engine_runs_only_in_its_turn() -> None:
    with Engine(SleepingPeer) as engine:
        engine.set_picture(np.zeros((224, 224, 3), np.uint8))
        assert engine.operations == {"forward"}
        assert engine.call("forward").tolist() == [3, 3, 3]
        turn = engine.turn("forward", 2)
        assert len(turn) == 2
        assert min(turn) >= 0.02
        stopped = os.waitid(os.P_PID, engine._process.pid, os.WSTOPPED | os.WNOWAIT)
        assert stopped.si_status == signal.SIGSTOP


def test_every_peer_is_listed() -> None:
    folder = Path(peers.__file__).parent
    defined = {
        node.name
        for file in folder.glob("*.py")
        for node in ast.parse(file.read_text()).body
        if isinstance(node, ast.ClassDef)
        and any(getattr(b, "id", "") in ("Peer", "PyTorchGradCAM") for b in node.bases)
    }
    assert defined - {"GradCAMPP"} == {peer.__name__ for peer in peers.PEERS}
