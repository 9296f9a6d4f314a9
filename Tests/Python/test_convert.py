"""`gradcampp convert`: what is written is the same network."""

import argparse
import json

import gradcampp_swift as gcpp
import numpy as np
import pytest
from gradcampp_swift.command import convert as command
from gradcampp_swift.weights.arrays import weights_of
from gradcampp_swift.weights.writing import write_weights
from imported_weights import FOLDER, assert_computes, safetensors

SHELL = ("-m", "gradcampp_swift")
TORCHVISION = FOLDER / "torchvision.safetensors"


def convert(*arguments):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    options = argparse.Namespace(program="gradcampp convert")
    return command.run(parser.parse_args([*map(str, arguments)], options))


def test_safetensors(tmp_path):
    out = tmp_path / "vgg.safetensors"
    printed = convert(TORCHVISION, out)
    assert printed.split("\n") == [
        "Network: VGG-like, 16 layers, input 64x64, 7 classes",
        "Preprocessing: RGB, scale 0.00392157, mean 0.485 0.456 0.406, std 0.229 0.224 0.225",
        f"Saved: {out}",
    ]
    model = gcpp.load(out)
    assert model.preprocessing == gcpp.load(TORCHVISION).preprocessing
    assert_computes(model, "torchvision")
    arrays = safetensors(out)
    assert list(arrays)[:2] == ["conv1_1/weights", "conv1_1/biases"]
    assert arrays["conv1_1/weights"].shape == (3, 3, 3, 4)
    assert int.from_bytes(out.read_bytes()[:8], "little") % 8 == 0


def test_the_package_safetensors_reads_it(tmp_path):
    package = pytest.importorskip("safetensors.numpy", reason="safetensors is not installed")
    convert(TORCHVISION, tmp_path / "vgg.safetensors")
    found = package.load_file(tmp_path / "vgg.safetensors")
    expected = safetensors(tmp_path / "vgg.safetensors")
    assert set(found) == set(expected)
    for name, array in expected.items():
        np.testing.assert_array_equal(found[name], array)


def test_npy(tmp_path, weights, photo):
    """Of weights that want what vgg16.npy wants, the very numbers."""
    source = tmp_path / "source.npz"
    named = {
        f"{layer}/{kind}": array
        for layer, pair in weights.items()
        for kind, array in zip(("weights", "biases"), pair, strict=True)
    }
    np.savez(source, **named)
    convert(source, tmp_path / "vgg.npy")
    layers = np.load(tmp_path / "vgg.npy", allow_pickle=True).item()
    assert list(layers) == list(weights)
    for layer, pair in weights.items():
        for found, expected in zip(layers[layer], pair, strict=True):
            np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(
        gcpp.load(tmp_path / "vgg.npy").activations(photo, "fc8"),
        gcpp.load(weights).activations(photo, "fc8"),
    )


def test_scale_deviation_and_order_fold_into_npy(tmp_path):
    """The same mean colour, otherwise expressed."""
    mean = tuple(value / 255 for value in (123.68, 116.779, 103.939))
    model = gcpp.load(
        TORCHVISION, preprocessing=gcpp.Preprocessing("RGB", 1 / 255, mean, (1, 2, 3))
    )
    write_weights(str(tmp_path / "vgg.npy"), weights_of(model._core))
    other = gcpp.load(tmp_path / "vgg.npy")
    assert other.preprocessing == gcpp.Preprocessing("BGR", 1, mean=(103.939, 116.779, 123.68))
    picture = np.load(FOLDER / "torchvision.npz")["picture"]
    for layer in ("conv1_1/linear", "fc8"):
        expected = model.activations(picture, layer)
        np.testing.assert_allclose(other.activations(picture, layer), expected, atol=3e-5)
    guided = [m.explain(picture, 2, guided=True).guided_gradients for m in (model, other)]
    np.testing.assert_allclose(guided[1], guided[0], atol=1e-5 * np.abs(guided[0]).max())


def test_another_mean_does_not_fold_into_npy(tmp_path):
    out = tmp_path / "vgg.npy"
    with pytest.raises(gcpp.InvalidArgumentError) as raised:
        convert(TORCHVISION, out)
    assert "want the mean (103.53, 116.28, 123.675); end the name with .safetensors" in str(
        raised.value
    )
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", [".npy", ".safetensors"])
def test_float16(tmp_path, suffix):
    out = tmp_path / f"vgg{suffix}"
    convert(TORCHVISION, out, "--float16", "--preprocessing", "caffe")
    half, whole = gcpp.load(out), gcpp.load(TORCHVISION, preprocessing="caffe")
    assert out.stat().st_size < 0.62 * TORCHVISION.stat().st_size + 4000
    assert half.preprocessing == whole.preprocessing
    core, original = half._core, whole._core
    for index in range(original.array_count):
        name, array = original.array(index)
        np.testing.assert_array_equal(core.array(index)[1], array.astype(np.float16), name)


@pytest.mark.parametrize(
    ("value", "options", "says"),
    [
        (70_000, ["--float16"], "fc7 holds 70000; float16 ends at 65504"),
        (np.inf, [], "fc7 holds NaN or infinity"),
        (np.nan, ["--float16"], "fc7 holds NaN or infinity"),
    ],
)
def test_numbers_that_cannot_be_written(tmp_path, value, options, says):
    state = {name: array.copy() for name, array in safetensors(TORCHVISION).items()}
    state["classifier.3.weight"][2, 3] = value
    np.savez(tmp_path / "vgg.npz", **state)
    with pytest.raises(gcpp.BadDataError, match=says):
        convert(tmp_path / "vgg.npz", tmp_path / "out.safetensors", *options)
    assert [path.name for path in tmp_path.iterdir()] == ["vgg.npz"]


@pytest.mark.parametrize(
    ("output", "kind", "says"),
    [
        ("vgg.h5", ValueError, "ends with neither .npy nor .safetensors"),
        ("", FileNotFoundError, "OUT"),
        ("no/such/vgg.npy", OSError, "its folder does not exist"),
    ],
)
def test_outputs_that_cannot_be(tmp_path, monkeypatch, output, kind, says):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(kind, match=says):
        convert(TORCHVISION, output, "--preprocessing", "caffe")
    assert not list(tmp_path.iterdir())


def test_converting_onto_the_input(tmp_path):
    """The model maps the old file, which is replaced and not overwritten."""
    path = tmp_path / "vgg.safetensors"
    convert(TORCHVISION, path)
    before = path.read_bytes()
    convert(path, path)
    assert path.read_bytes() == before


def test_help_names_what_there_is(capsys):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    with pytest.raises(SystemExit):
        parser.parse_args(["--help"])
    text = " ".join(capsys.readouterr().out.split())
    for words in (".safetensors", ".pth", "--float16", "caffe, torchvision, tensorflow, unit"):
        assert words in text


def test_metadata_is_what_the_core_reads(tmp_path):
    """Damaged, it is an error and not another preprocessing."""
    path = tmp_path / "vgg.safetensors"
    convert(TORCHVISION, path)
    data = path.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    assert header["__metadata__"]["gradcampp.mean"] == "0.485 0.456 0.406"
    path.write_bytes(data.replace(b'"0.485 0.456 0.406"', b'"0.485 0.456 grey0"'))
    with pytest.raises(gcpp.BadDataError, match=r"gradcampp\.mean of the metadata"):
        gcpp.load(path)


def test_from_the_shell(place):
    done = place.run("convert", str(TORCHVISION), "vgg.safetensors", image=None, start=SHELL)
    assert done.returncode == 0
    # What is assumed about these weights, which are not of a network that torchvision publishes.
    assert done.stderr.count("\n") == 1
    assert "2x2 max-pools" in done.stderr
    assert done.stdout.endswith("Saved: vgg.safetensors\n")
    assert place.files() == {"vgg.safetensors"}
    done = place.run("convert", str(TORCHVISION), "vgg.npy", image=None, start=SHELL)
    assert done.returncode == 1
    note, refusal = done.stderr.splitlines()
    assert "2x2 max-pools" in note
    assert refusal.startswith("python -m gradcampp_swift convert: vgg.npy: a .npy file is")
    assert place.files() == {"vgg.safetensors"}
