"""Targets of every kind, against weights over the logits of a network in NumPy."""

import copy
import pickle

import gradcampp_swift as gcpp
import numpy as np
import pytest
import slow_network
from gradcampp_swift.classes.choosing import resolve
from gradcampp_swift.classes.class_names import ClassNames
from gradcampp_swift.classes.predictions import percent
from gradcampp_swift.explanations.notebook.display import Shown
from gradcampp_swift.settings.request import Request

targets = gcpp.targets
LABELS = [*"abcdefghi", "zebra"]
WEIGHTS = np.linspace(-1, 2, 10)


@pytest.fixture(scope="module")
def named(weights):
    return gcpp.load(weights, LABELS)


@pytest.fixture(scope="module")
def slow(weights, square):
    return slow_network.forward(weights, square / 255)


@pytest.fixture(scope="module")
def square(photo):
    return photo[:64, 30:94]


def one(*indices):
    """1 at some classes."""
    return np.isin(np.arange(10), indices).astype(np.float64)


def probability_weights(logits, index):
    shares = slow_network.softmax(logits)
    return shares[index] * (one(index) - shares)


CASES = {
    "logit": (targets.Logit("zebra"), lambda z: (z[9], one(9))),
    "plain": ("zebra", lambda z: (z[9], one(9))),
    "not": (targets.Not(3), lambda z: (-z[3], -one(3))),
    "difference": (targets.Difference("a", "b"), lambda z: (z[0] - z[1], one(0) - one(1))),
    "several": (
        targets.Difference(["a", 4], [2, "zebra", 7]),
        lambda z: (z[0] + z[4] - z[2] - z[9] - z[7], one(0, 4) - one(2, 9, 7)),
    ),
    "probability": (
        targets.Probability(5),
        lambda z: (slow_network.softmax(z)[5], probability_weights(z, 5)),
    ),
    "output": (targets.Output(WEIGHTS), lambda z: (WEIGHTS @ z, WEIGHTS)),
}


@pytest.mark.parametrize("kind", CASES)
def test_scores_gradients_and_maps(named, weights, square, slow, kind):
    target, expected = CASES[kind]
    score, over_logits = expected(slow.logits)
    gradient = slow_network.gradient(weights, slow, over_logits)
    scale = np.abs(gradient).max()
    assert scale > 0
    explanation = named.explain(square, target, method="gradcam")
    assert explanation.score == pytest.approx(score, rel=1e-4, abs=1e-5)
    found = named.gradients(square, "conv5_3", target)
    np.testing.assert_allclose(found, gradient, atol=1e-4 * scale)
    cam = slow_network.grad_cam(slow.conv5_3, gradient)
    np.testing.assert_allclose(explanation.cam, cam, atol=1e-3)


def test_many_at_once_equal_each_alone(named, square, photo):
    several = [target for target, _ in CASES.values()]
    together = named.explain(square, [*several, None], guided=True)
    alone = [named.explain(square, target, guided=True) for target in [*several, None]]
    for one_of_many, single in zip(together, alone, strict=True):
        assert one_of_many.asked == single.asked
        assert one_of_many.score == single.score
        np.testing.assert_array_equal(one_of_many.heatmap, single.heatmap)
        np.testing.assert_array_equal(one_of_many.guided_gradients, single.guided_gradients)
    streamed = list(named.explain_many([photo, square], several, batch_size=2))
    for answer, single in zip(streamed[1], alone, strict=False):
        assert answer.asked == single.asked
        np.testing.assert_array_equal(answer.heatmap, single.heatmap)


def test_what_was_asked_is_kept(named, square):
    best = named.predict(square)[0]
    assert named.explain(square).asked == targets.Logit(best.index)
    assert named.explain(square, "zebra").asked == targets.Logit("zebra")
    assert named.explain(square, best).asked == targets.Logit(best.index)
    assert [each.asked for each in named.explain(square, "top3")] == [
        targets.Logit(each.index) for each in named.predict(square, 3)
    ]
    asked = targets.Difference("a", ["b", 5])
    explanation = named.explain(square, asked)
    assert explanation.asked == asked
    assert explanation.target.label == "a"
    assert named.explain(square, targets.Not("zebra")).target.index == 9


def test_about_no_class(named, square):
    explanation = named.explain(square, targets.Output(WEIGHTS))
    with pytest.raises(gcpp.InvalidArgumentError, match="a weighted sum of the output"):
        explanation.target  # noqa: B018
    assert len(explanation.predictions) == 5


# ---- Values --------------------------------------------------------------------------------

VALUES = [
    targets.Logit("zebra"),
    targets.Not(0),
    targets.Difference("a", "b"),
    targets.Difference(["a", 2], ["b"]),
    targets.Probability(340),
    targets.Output([1.0, -0.5]),
    targets.Output(np.ones((3, 4, 5))),
    targets.Mask("road", np.eye(3, dtype=bool)),
]


def test_values_are_distinct_and_equal_their_copies():
    assert len(set(VALUES)) == len(VALUES)
    for value in VALUES:
        for other in (pickle.loads(pickle.dumps(value)), copy.copy(value), copy.deepcopy(value)):
            assert type(other) is type(value)
            assert other == value
            assert hash(other) == hash(value)
            assert repr(other) == repr(value)
    assert targets.Logit(1) != targets.Not(1)
    assert targets.Output([1.0, 2.0]) != targets.Output([[1.0, 2.0]])


def test_representations():
    assert list(map(repr, VALUES)) == [
        "Logit('zebra')",
        "Not(0)",
        "Difference('a', 'b')",
        "Difference(('a', 2), 'b')",
        "Probability(340)",
        "Output([1.0, -0.5])",
        "Output(<float32 (3, 4, 5)>)",
        "Mask('road', <float32 (3, 3)>)",
    ]
    prediction = gcpp.Prediction(3, "c", 0.5, 1.0)
    assert targets.Logit(prediction) == targets.Logit(np.int64(3)) == targets.Logit(3)
    assert targets.Difference([prediction, 4], 5) == targets.Difference((3, 4), 5)


def test_values_do_not_change():
    numbers = np.ones(3)
    output = targets.Output(numbers)
    numbers[0] = 7
    assert output == targets.Output([1, 1, 1])
    for change in (
        lambda: setattr(output, "weights", numbers),
        lambda: output.weights.__setitem__(0, 2),
        lambda: pickle.loads(pickle.dumps(output)).weights.__setitem__(0, 2),
    ):
        with pytest.raises((AttributeError, ValueError)):
            change()


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: targets.Logit(True), gcpp.WrongTypeError, "target is True"),
        (lambda: targets.Not(1.5), gcpp.WrongTypeError, "target is 1.5"),
        (lambda: targets.Probability(None), gcpp.WrongTypeError, "target is None"),
        (lambda: targets.Difference([], 1), gcpp.InvalidArgumentError, "classes of a Difference"),
        (lambda: targets.Difference(1, ()), gcpp.InvalidArgumentError, "others of a Difference"),
        (lambda: targets.Output([0, 0]), gcpp.InvalidArgumentError, "all 0"),
        (lambda: targets.Output([np.nan]), gcpp.InvalidArgumentError, "NaN"),
        (lambda: targets.Output([1e300]), gcpp.InvalidArgumentError, "infinity"),
        (lambda: targets.Output(["a"]), gcpp.WrongTypeError, "real numbers"),
        (lambda: targets.Output(1.0), gcpp.WrongTypeError, "0 axes"),
        (lambda: targets.Output([[1], [1, 2]]), gcpp.WrongTypeError, "no array"),
        (lambda: targets.Mask("a", np.zeros((2, 2))), gcpp.InvalidArgumentError, "all 0"),
    ],
)
def test_refused_when_made(make, error, says):
    with pytest.raises(error, match=says):
        make()


@pytest.mark.parametrize(
    ("target", "error", "says"),
    [
        (targets.Logit("lion"), gcpp.UnknownNameError, "no class is labelled 'lion'"),
        (targets.Not(10), gcpp.ClassIndexError, "target is 10, expected 0 to 9"),
        (targets.Difference(0, [1, -1]), gcpp.ClassIndexError, "target is -1"),
        (targets.Difference("a", 0), gcpp.InvalidArgumentError, "none twice"),
        (targets.Output(np.ones(9)), gcpp.InvalidArgumentError, r"shape \(9,\), expected \(10,\)"),
        (targets.Output(np.ones((2, 5))), gcpp.InvalidArgumentError, r"expected \(10,\)"),
        (targets.Mask(0, np.ones((2, 2))), gcpp.InvalidArgumentError, "end with a map"),
        (1.5, gcpp.WrongTypeError, "a value of gradcampp_swift.targets"),
    ],
)
def test_refused_by_the_network(named, square, target, error, says):
    for use in (
        lambda: named.explain(square, target),
        lambda: named.explain(square, [0, target]),
        lambda: named.gradients(square, "pool5", target),
        lambda: named.score(square[np.newaxis] / 255, target),
    ):
        with pytest.raises(error, match=says):
            use()


def test_masks_are_over_the_cells_of_a_map():
    mask = np.arange(6).reshape(2, 3)
    names = ClassNames(("sky", "road"))
    kind, classes, others, weights = resolve(targets.Mask("road", mask), names, (2, 3, 2))
    assert (kind, classes, others) == ("mask", (1,), ())
    assert weights.dtype == np.float32
    np.testing.assert_array_equal(weights, mask.ravel())
    for wrong in (mask.T, mask.ravel(), mask[:, :, np.newaxis]):
        with pytest.raises(gcpp.InvalidArgumentError, match=r"expected \(2, 3\)"):
            resolve(targets.Mask("road", wrong), names, (2, 3, 2))
    whole = np.ones((2, 3, 2))
    _, _, _, weights = resolve(targets.Output(whole), names, (2, 3, 2))
    assert weights.shape == (12,)
    with pytest.raises(gcpp.InvalidArgumentError, match=r"expected \(2, 3, 2\)"):
        resolve(targets.Output(np.moveaxis(whole, 2, 0)), names, (2, 3, 2))


# ---- How explanations of them show themselves -----------------------------------------------


@pytest.fixture(scope="module")
def shown(named, square):
    return {kind: named.explain(square, target) for kind, (target, _) in CASES.items()}


def test_representation_of_explanations(shown):
    assert repr(shown["logit"]).startswith("Explanation(target=9, label='zebra', probability=")
    difference = shown["difference"]
    assert repr(difference).startswith(
        f"Explanation(asked=Difference('a', 'b'), score={difference.score:.4g}, method="
    )


TITLES = {
    "not": "not d",
    "difference": "a rather than b",
    "several": "a, e rather than c, zebra, h",
    "probability": "probability of f",
    "output": "a weighted sum of the output",
}


@pytest.mark.parametrize("kind", TITLES)
def test_pages_name_what_is_explained(shown, kind):
    explanation = shown[kind]
    said = f"score {explanation.score:.4g}"
    if kind == "probability":
        said = percent(explanation.score)
    page = explanation._repr_html_()
    escaped = said.replace("<", "&lt;").replace(">", "&gt;")
    assert f"explained: {TITLES[kind]} ({escaped}), by gradcam++" in page
    assert "gradcampp-explained" not in page.split("</style>")[1]
    assert gcpp.contact_sheet([explanation]).shape[2] == 3
    assert explanation._shown() == Shown(TITLES[kind], said, None)


@pytest.mark.parametrize("kind", CASES)
def test_explanations_pickle(shown, kind):
    before = shown[kind]
    after = pickle.loads(pickle.dumps(before))
    assert after.asked == before.asked
    assert after.score == before.score
    assert repr(after) == repr(before)
    assert after._repr_html_() == before._repr_html_()
    np.testing.assert_array_equal(after.heatmap, before.heatmap)
    if kind == "output":
        with pytest.raises(gcpp.InvalidArgumentError):
            after.target  # noqa: B018
    else:
        assert after.target == before.target


def test_old_pickles_asked_for_a_logit():
    from conftest import GOLDENS

    old = pickle.loads((GOLDENS / "pickles" / "explanation.pickle").read_bytes())
    assert old.asked == targets.Logit(old.target.index)
    assert old.score == pytest.approx(old.target.logit)


# ---- Methods -------------------------------------------------------------------------------


def test_methods_say_what_they_need():
    for name, method in gcpp.methods().items():
        assert method.name == name
        assert len(method) == 3
        assert isinstance(method.needs.gradients, bool)
        for option in method.options:
            assert option.kind in ("number", "integer", "flag")
            assert option.range[0] <= option.default <= option.range[1]
    assert gcpp.methods()["gradcam"].needs == (False, True, False, False, False)
    assert gcpp.methods()["gradcam"].options == ()


def test_options_are_checked(named, square):
    with pytest.raises(gcpp.InvalidArgumentError, match='has no option "power"'):
        named.explain(square, options={"power": 2})
    with pytest.raises(gcpp.WrongTypeError, match="option 'power' is 'x'"):
        named.explain(square, options={"power": "x"})
    with pytest.raises(gcpp.WrongTypeError, match="expected a dict"):
        named.explain(square, options=3)
    with pytest.raises(gcpp.InvalidArgumentError, match="a finite number"):
        Request(options={"power": float("nan")})
    assert Request(options={"b": True, "a": 2}).options == (("a", 2.0), ("b", 1.0))
    assert hash(Request(options={"b": True})) == hash(Request(options={"b": 1.0}))
    for name in ("gradcam", "occlusion"):
        defaults = {option.name: option.default for option in gcpp.methods()[name].options}
        with_them = named.explain(square, method=name, options=defaults)
        without = named.explain(square, method=name)
        np.testing.assert_array_equal(with_them.heatmap, without.heatmap)


def test_layers_are_checked(named, square):
    one_layer = named.explain(square, layer=["conv4_3"])
    np.testing.assert_array_equal(one_layer.heatmap, named.explain(square, layer="conv4_3").heatmap)
    with pytest.raises(gcpp.InvalidArgumentError, match="explains one layer, and 2 are given"):
        named.explain(square, layer=["conv4_3", "conv5_3"])
    with pytest.raises(gcpp.InvalidArgumentError, match="empty list"):
        named.explain(square, layer=[])
    with pytest.raises(gcpp.WrongTypeError, match="a name or a list"):
        named.explain(square, layer=3)
    with pytest.raises(gcpp.UnknownNameError, match="conv9"):
        named.explain(square, layer=("conv5_3", "conv9"))


def test_the_library_knows_the_kinds():
    known = {name for name, _, _ in gcpp._core.target_kinds()}
    assert known == {value.kind for value in VALUES}


def test_network_says_what_it_ends_with(named):
    assert (named.output_kind, named.output_shape, named.activation) == (
        "classes",
        (10,),
        "softmax",
    )
