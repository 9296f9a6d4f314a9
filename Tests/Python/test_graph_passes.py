"""How a network is simplified, as text."""

import gradcampp_swift as gcpp
import pytest
from imported_weights import FOLDER, safetensors


def test_batch_normalisation_is_seen_to_go():
    path = FOLDER / "torchvision_bn.safetensors"
    text = gcpp.graph_passes(path)
    assert text.startswith(f"graph of {path}: ")
    before, _, after = text.partition("after fold batch normalisation")
    assert "= BatchNormalization(conv1_1, features.1/gamma [4]" in before
    assert "BatchNormalization(" not in after
    assert "input input: 1x3x64x64, channels first" in before
    assert "input input: 1x64x64x3, channels last" in after
    mapping = gcpp.graph_passes(safetensors(path))
    assert mapping.replace("the mapping", str(path)) == text


def test_a_file_that_is_none(tmp_path):
    with pytest.raises(gcpp.MissingFileError):
        gcpp.graph_passes(tmp_path / "none.npy")
    (tmp_path / "text.npy").write_text("no weights")
    with pytest.raises(gcpp.BadDataError, match="is no weight file"):
        gcpp.graph_passes(tmp_path / "text.npy")
    with pytest.raises(TypeError):
        gcpp.graph_passes(3)
