"""The command's methods, their options, and targets in words."""

import json

import gradcampp_swift as gcpp
import numpy as np
import pytest
from gradcampp_swift.command import main
from working_place import assert_fails


def test_methods_are_listed(capsys):
    assert main(["methods"]) == 0
    lines = capsys.readouterr().out.splitlines()
    found = [line.split(":")[0] for line in lines if not line.startswith(" ")]
    assert found == list(gcpp.methods())
    assert any(line.startswith("    --option masks=4000: ") for line in lines)
    assert max(map(len, lines)) <= 96


def test_methods_as_json(capsys):
    assert main(["methods", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["rise"]["needs"]["input"]
    assert found["rise"]["options"][0] == {
        "name": "masks",
        "summary": "how many random masks",
        "kind": "integer",
        "default": 4000.0,
        "range": [1.0, 1000000.0],
    }


def saved_map(place, *arguments):
    done = place.run(*arguments, "--layout", "heatmap", "-o", "map.npy")
    assert done.returncode == 0, done.stderr
    return np.load(place.folder / "output" / "map.npy")


def test_options_of_a_method(place, photo_file):
    model = gcpp.load(place.folder / "models/vgg16.npy")
    options = {"masks": 5, "seed": 2}
    expected = model.explain(photo_file, 3, method="rise", options=options).heatmap
    arguments = ("-l", "3", "--method", "rise", "--option", "masks=5", "--option", "seed=2")
    np.testing.assert_array_equal(saved_map(place, *arguments), expected)


@pytest.mark.parametrize(
    ("arguments", "target"),
    [
        (("--versus", "5"), gcpp.targets.Difference(3, 5)),
        (("--probability",), gcpp.targets.Probability(3)),
    ],
)
def test_targets_in_words(place, photo_file, arguments, target):
    model = gcpp.load(place.folder / "models/vgg16.npy")
    expected = model.explain(photo_file, target, method="gradcam").heatmap
    found = saved_map(place, "-l", "3", "--method", "gradcam", *arguments)
    np.testing.assert_array_equal(found, expected)
    assert not np.array_equal(found, model.explain(photo_file, 3, method="gradcam").heatmap)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--versus", "5"), "--versus needs classes"),
        (("--probability",), "--probability needs classes"),
        (("-l", "3", "--versus", "5", "--probability"), "give one of them"),
        (("--option", "masks=5"), 'method "gradcam++" has no option "masks"'),
        (("--method", "rise", "--option", "masks=0"), 'option "masks"'),
        (("--method", "rise", "--layer", "conv5_3"), "give no layer"),
    ],
)
def test_refused(place, arguments, says):
    assert_fails(place.run(*arguments), says)


def test_an_option_that_is_none_is_wrong_usage(place):
    done = place.run("--option", "masks")
    assert done.returncode == 2
    assert "no option of a method" in done.stderr
