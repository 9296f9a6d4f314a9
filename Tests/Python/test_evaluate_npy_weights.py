"""Weight files read as NumPy arrays, with nothing executed."""

import pickle

import gradcampp_swift as gcpp
import numpy as np
import pytest
from conftest import GOLDENS, ROOT
from gradcampp_swift.evaluation.npy_weights import read_weights

SAMPLES = sorted((GOLDENS / "npy_samples").glob("*.npy"))
HOSTILE = sorted((ROOT / "Tests" / "Hostile").glob("*.npy"))


def test_equals_what_was_saved(weight_file, weights):
    found = read_weights(str(weight_file))
    assert list(found) == list(weights)
    for name, pair in weights.items():
        for array, expected in zip(found[name], pair, strict=True):
            np.testing.assert_array_equal(array, expected)
    assert gcpp.load(found).layers == gcpp.load(weights).layers


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_samples_of_every_generation(path):
    """NumPy's own reader is the oracle: these files are ours."""
    mapping = np.load(path, allow_pickle=True, encoding="latin1").reshape(-1)[0]
    found = read_weights(str(path))
    assert len(found) == len(mapping)
    for name, entry in mapping.items():
        pair = (
            [entry[kind] for kind in sorted(entry, reverse=True)]
            if isinstance(entry, dict)
            else entry
        )
        text = name.decode() if isinstance(name, bytes) else name
        for array, expected in zip(found[text], pair, strict=True):
            np.testing.assert_array_equal(array, expected)


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.stem)
def test_hostile_files(path, monkeypatch):
    def called(*arguments):
        raise SystemExit("executed")

    monkeypatch.setattr("os.system", called)
    monkeypatch.setattr("builtins.eval", called)
    if path.stem in (
        "entry_one_array",
        "entry_three_arrays",
        "entry_bare_array",
        "entry_int32",
        "entry_complex",
        "entry_strings",
        "entry_structured",
        "entry_wrong_keys",
    ):
        expected = "cannot be read for randomisation"
    elif path.stem == "empty_dict":
        assert read_weights(str(path)) == {}
        return
    elif path.stem == "name_with_newline":
        with pytest.raises(gcpp.GradCAMError):
            gcpp.load(read_weights(str(path)))
        return
    else:
        expected = "cannot be read for randomisation"
    with pytest.raises(gcpp.BadDataError, match=expected):
        read_weights(str(path))


def saved(path, pickled):
    """Write a pickle behind the header of a 0-d object array."""
    with open(path, "wb") as file:
        np.lib.format.write_array_header_1_0(
            file, {"descr": "|O", "fortran_order": False, "shape": ()}
        )
        file.write(pickled)
    return str(path)


class Attack:
    def __init__(self, *reduced):
        self.reduced = reduced

    def __reduce__(self):
        return self.reduced


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
def test_no_name_reaches_a_function(tmp_path, protocol):
    marker = tmp_path / "marker"
    attack = Attack(open, (str(marker), "w"))
    path = saved(tmp_path / "attack.npy", pickle.dumps({"fc8": [attack, attack]}, protocol))
    with pytest.raises(gcpp.BadDataError, match=r"it names .*open"):
        read_weights(path)
    assert not marker.exists()


def test_functions_cannot_be_changed(tmp_path):
    # GLOBAL numpy ndarray, then BUILD with a dict as its state, then STOP.
    path = saved(tmp_path / "attack.npy", b"cnumpy\nndarray\n}b.")
    with pytest.raises(gcpp.BadDataError, match="it changes a function"):
        read_weights(path)


def test_cut_anywhere(tmp_path, weight_file):
    data = weight_file.read_bytes()
    for size in [*range(0, 400, 7), *range(400, len(data), 5003)]:
        (tmp_path / "cut.npy").write_bytes(data[:size])
        with pytest.raises(gcpp.BadDataError, match="cannot be read for randomisation"):
            read_weights(str(tmp_path / "cut.npy"))


def test_missing(tmp_path):
    with pytest.raises(gcpp.MissingFileError, match="there is no file at"):
        read_weights(str(tmp_path / "none.npy"))
