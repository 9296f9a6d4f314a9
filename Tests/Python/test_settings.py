"""The two values that travel whole: how a model is loaded, and what is asked of it."""

import dataclasses
import hashlib
import inspect
import json
import pickle

import gradcampp_swift as gcpp
import networks
import numpy as np
import pytest
from gradcampp_swift import _core
from gradcampp_swift.classes.choosing import choose
from gradcampp_swift.classes.class_names import ClassNames
from gradcampp_swift.classes.targets import Logit
from gradcampp_swift.settings.load_settings import CROPS, LoadSettings
from gradcampp_swift.settings.preprocessing import CAFFE
from gradcampp_swift.settings.request import Request

COLORS = gcpp.Preprocessing("RGB", 1 / 255, mean=(0.1, 0.2, 0.3))


def names(kind):
    return {field.name for field in dataclasses.fields(kind)}


def defaults(function):
    parameters = inspect.signature(function).parameters.values()
    return {each.name: each.default for each in parameters if each.default is not each.empty}


def test_every_option_of_loading_is_in_the_value():
    options = defaults(gcpp.load)
    del options["weights"]
    assert set(options) | {"path"} == names(LoadSettings)
    for name, value in options.items():
        assert value in (None, getattr(LoadSettings(), name))  # None: the value's own


def test_every_option_of_asking_is_in_the_value():
    options = defaults(gcpp.Model.explain)
    assert set(options) == names(Request)
    for name, value in options.items():
        assert getattr(Request(), name) == value
    streaming = {"batch_size", "workers", "progress", "errors"}
    assert set(defaults(gcpp.Model.explain_many)) - streaming == names(Request)
    assert defaults(gcpp.cam)["method"] == Request().method


#: What the opening functions are told beside the settings: it comes with the arrays.
OF_THE_WEIGHTS = {"origin", "configuration"}


def test_the_extension_takes_what_they_say():
    opening = inspect.signature(_core.model_open_arrays).parameters
    assert set(LoadSettings().core_keywords()) == set(opening) - {"pairs", *OF_THE_WEIGHTS}
    asking = inspect.signature(_core.Model.explain).parameters
    assert set(Request().core_keywords()) == set(asking) - {"self", "images", "targets", "top"}
    assert Request(options={}).core_keywords() == Request().core_keywords()


def test_values_do_not_change():
    for value, name in ((LoadSettings(), "crop"), (Request(), "layer")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(value, name, "x")


def test_a_model_knows_what_its_settings_came_to(weight_file):
    model = gcpp.load(weight_file, crop="pad")
    found = model._settings
    assert found.path == str(weight_file)
    assert found.labels == tuple(map(str, range(10)))
    assert found.preprocessing == model.preprocessing
    assert found.crop == "pad"


def test_settings_survive_pickling_whole(weight_file, photo):
    model = gcpp.load(weight_file, list("abcdefghij"), COLORS, "squash")
    other = pickle.loads(pickle.dumps(model))
    assert other._settings == model._settings
    np.testing.assert_array_equal(other.explain(photo).heatmap, model.explain(photo).heatmap)


def test_pickles_of_settings_before_an_option_take_its_default():
    """What an older version pickled lacks fields that came later."""
    before = LoadSettings(labels=("a",))
    state = {name: value for name, value in vars(before).items() if name != "crop"}
    older = object.__new__(LoadSettings)
    vars(older).update(state)
    assert older == before
    assert pickle.loads(pickle.dumps(older)).core_keywords() == before.core_keywords()


def test_records_say_what_answers_depend_on(weights):
    one = gcpp.load(weights, list("abcdefghij"), COLORS, "pad")._settings.record()
    assert json.loads(json.dumps(one)) == one
    assert one["crop"] == "pad"
    assert one["preprocessing"] == repr(COLORS)
    for other in ({"crop": "squash"}, {"labels": list("0123456789")}, {"preprocessing": "caffe"}):
        arguments = {"labels": list("abcdefghij"), "preprocessing": COLORS, "crop": "pad", **other}
        assert gcpp.load(weights, **arguments)._settings.record() != one
    asked = Request(3, "conv5_2", "gradcam", True, {"b": 1, "a": 0.5}).record()
    assert asked == {
        "target": 3,
        "layer": "conv5_2",
        "method": "gradcam",
        "guided": True,
        "options": {"a": 0.5, "b": 1.0},
    }
    weights = np.arange(6, dtype=np.float32).reshape(2, 3)
    targets = gcpp.targets
    several = Request([targets.Difference("a", [1, 2]), None, targets.Mask(2, weights)]).record()
    assert json.loads(json.dumps(several))["target"] == [
        {"kind": "difference", "classes": ["a"], "others": [1, 2]},
        None,
        {
            "kind": "mask",
            "classes": [2],
            "shape": [2, 3],
            "sha256": hashlib.sha256(weights.tobytes()).hexdigest(),
        },
    ]


@pytest.mark.parametrize("given", [[1, None], (1, None), np.array([1, 2]), range(1, 3)])
def test_sequences_of_targets(given):
    request = Request(given)
    assert isinstance(request.target, tuple)
    chosen = choose(request.target, ClassNames(("a", "b", "c")))
    assert chosen == ([None if each is None else Logit(each) for each in given], 0, True)


def test_one_target():
    names = ClassNames(("a", "b", "top2"))
    assert choose(None, names) == ([None], 0, False)
    assert choose("b", names) == ([Logit("b")], 0, False)
    assert choose(gcpp.Prediction(1, "b", 0.5, 2.0), names) == ([Logit(1)], 0, False)
    assert choose("top3", names) == ([], 3, True)
    assert choose("top2", names) == ([Logit("top2")], 0, False)  # a label goes first


def test_facts_agree_with_the_library(weights, photo):
    assert gcpp.load(weights, preprocessing="caffe").preprocessing == CAFFE
    with pytest.raises(gcpp.InvalidArgumentError) as raised:
        gcpp.load(weights, crop="none of them")
    assert str(raised.value).endswith(f"expected one of {', '.join(CROPS)}")
    assert gcpp.load(weights).crop == CROPS[0]
    predictions = gcpp.load(weights).explain(photo).predictions
    assert len(predictions) == defaults(gcpp.Model.predict)["top"]


def test_loading_in_memory_has_no_path():
    model = gcpp.load(networks.make_weights())
    assert model._settings.path is None
    assert model.path is None
