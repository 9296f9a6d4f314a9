"""Networks with one sigmoid unit, and those whose classes are each right or not."""

import json
import pickle

import gradcampp_swift as gcpp
import networks
import numpy as np
import pytest
import slow_network
from gradcampp_swift import metrics
from PIL import Image
from scene_folder import table

targets = gcpp.targets


@pytest.fixture(scope="module")
def square(photo):
    return photo[:64, 30:94]


@pytest.fixture(scope="module", params=["yes", "no"])
def single(request, square):
    """Weights of a network with one output whose logit for the picture is 0.8, or -0.8."""
    made = networks.make_weights(classes=1)
    logit = slow_network.forward(made, square / 255).logits[0]
    made["fc8"][1] += np.float32((0.8 if request.param == "yes" else -0.8) - logit)
    return made


def test_one_output_is_a_sigmoid_unit(single, square):
    model = gcpp.load(single)
    (logit,) = slow_network.forward(single, square / 255).logits
    assert (model.activation, model.labels) == ("sigmoid", ["0"])
    (prediction,) = model.predict(square)
    assert prediction.logit == pytest.approx(logit, rel=1e-4)
    assert prediction.probability == pytest.approx(1 / (1 + np.exp(-logit)), rel=1e-4)
    with pytest.raises(gcpp.InvalidArgumentError, match="whose softmax is always 1"):
        gcpp.load(single, activation="softmax")
    assert gcpp.load(single, activation="sigmoid").predict(square) == [prediction]


def test_maps_for_yes_and_for_no(single, weights, square):
    model = gcpp.load(single, ["cat", "dog"])
    slow = slow_network.forward(single, square / 255)
    gradient = slow_network.gradient(single, slow, [1.0])
    for sign, names in (
        (1, [0, "dog", targets.Logit(0), targets.Not("cat")]),
        (-1, ["cat", targets.Not(0), targets.Not("dog"), targets.Logit("cat")]),
    ):
        cam = slow_network.grad_cam(slow.conv5_3, sign * gradient)
        for target in names:
            explanation = model.explain(square, target, method="gradcam")
            assert explanation.score == pytest.approx(sign * slow.logits[0], rel=1e-4)
            np.testing.assert_allclose(explanation.cam, cam, atol=1e-3)
            assert explanation._title == ("dog" if sign > 0 else "cat")
            assert explanation.target.label == "dog"
            chance = slow_network.sigmoid(sign * slow.logits[0])
            assert explanation._probability == pytest.approx(chance, rel=1e-4)
            assert pickle.loads(pickle.dumps(explanation))._title == explanation._title


def test_the_predicted_class(single, square):
    """None means what the network says: yes, or no."""
    model = gcpp.load(single, ["cat", "dog"])
    says_yes = model.predict(square)[0].probability >= 0.5
    expected = model.explain(square, "dog" if says_yes else "cat")
    for found in (
        model.explain(square),
        model.explain(square, [None])[0],
        model.explain(square, ["cat", None])[1],
        model.explain(square, "top1")[0],
    ):
        assert found.asked == (targets.Logit(0) if says_yes else targets.Not(0))
        assert found._title == expected._title
        np.testing.assert_array_equal(found.heatmap, expected.heatmap)
    found = model.gradients(square, "pool5")
    np.testing.assert_array_equal(found, model.gradients(square, "pool5", expected.asked))


def test_names_of_one_unit(single, square, tmp_path, monkeypatch):
    assert gcpp.load(single, ["dog"]).labels == ["dog"]
    assert gcpp.load(single, ["cat", "dog"]).labels == ["cat", "dog"]
    with pytest.raises(gcpp.BadDataError, match="3 labels, expected 1, that of its class, or 2"):
        gcpp.load(single, ["a", "b", "c"])
    path = tmp_path / "one.npy"
    networks.save_weights(path, single)
    (tmp_path / "synset.txt").write_text("cat\ndog\n")
    model = gcpp.load(path)
    assert model.labels == ["cat", "dog"]
    assert pickle.loads(pickle.dumps(model)).explain(square, "cat")._title == "cat"
    for target in (targets.Difference("dog", "cat"), targets.Probability("cat")):
        with pytest.raises(gcpp.InvalidArgumentError, match="only Logit and Not take it"):
            model.explain(square, target)


def test_several_that_are_each_right_or_not(weights, square):
    model = gcpp.load(weights, activation="sigmoid")
    assert model.activation == "sigmoid"
    logits = slow_network.forward(weights, square / 255).logits
    found = {each.index: each.probability for each in model.predict(square, 10)}
    expected = slow_network.sigmoid(logits)
    np.testing.assert_allclose([found[index] for index in range(10)], expected, rtol=1e-4)
    share = expected[3]
    gradient = model.gradients(square, "fc7", targets.Probability(3))
    plain = model.gradients(square, "fc7", 3)
    np.testing.assert_allclose(gradient, share * (1 - share) * plain, rtol=1e-4, atol=1e-9)
    assert model._settings.record()["activation"] == "sigmoid"
    with pytest.raises(gcpp.InvalidArgumentError, match="expected softmax or sigmoid"):
        gcpp.load(weights, activation="tanh")
    with pytest.raises(gcpp.WrongTypeError):
        gcpp.load(weights, activation=3)


# ---- Commands ------------------------------------------------------------------------------


def run_command(place, *arguments):
    return place.run(*arguments, image=None, start=("-m", "gradcampp_swift"))


@pytest.fixture
def folder(place, single, square):
    """A folder of two pictures, with boxes that name one of each answer."""
    networks.save_weights(place.folder / "one.npy", single)
    (place.folder / "labels.txt").write_text("cat\ndog\n")
    pictures = place.folder / "pictures"
    pictures.mkdir()
    for number, picture in enumerate((square, square[::-1])):
        Image.fromarray(picture).save(pictures / f"{number}.png")
    (place.folder / "boxes.csv").write_text(
        "file,label,x0,y0,x1,y1\n0.png,cat,5,5,30,40\n1.png,dog,10,20,60,60\n"
    )
    return pictures


def test_evaluate_measures_the_answer(place, single, folder):
    arguments = ("--weights", "one.npy", "--labels", "labels.txt", "--boxes", "boxes.csv")
    for target in ("predicted", "labelled"):
        done = run_command(place,
            "evaluate", "pictures", *arguments, "--target", target, "--csv", f"{target}.csv",
            "--with", "deletion", "--methods", "gradcam",
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
        for row in table(place.folder / f"{target}.csv"):
            picture = np.asarray(Image.open(folder / row["file"])) / 255
            (logit,) = slow_network.forward(single, picture).logits
            predicted = "dog" if logit >= 0 else "cat"
            explained = predicted if target == "predicted" else row["labelled"]
            sign = 1 if explained == "dog" else -1
            assert (row["predicted"], row["class"]) == (predicted, explained)
            before = slow_network.sigmoid(sign * logit)
            assert float(row["probability"]) == pytest.approx(before, rel=1e-4)
            model = gcpp.load(single, ["cat", "dog"])
            heatmap = model.explain(picture, explained, method="gradcam").heatmap

            def chance(shown, sign=sign):
                return slow_network.sigmoid(sign * slow_network.forward(single, shown).logits[0])

            after = chance(metrics.explanation_map(picture, heatmap))
            assert float(row["explained_probability"]) == pytest.approx(after, rel=1e-4)
            drop = metrics.drop_percent(before, after)
            assert float(row["drop"]) == pytest.approx(drop, rel=1e-2, abs=1e-2)
            area = metrics.deletion(picture, heatmap, chance).area
            assert float(row["deletion"]) == pytest.approx(area, rel=1e-3)
            assert row["instances"] == ("1" if row["labelled"] == explained else "0")


def test_run_and_report_name_the_answer(place, single, folder):
    arguments = ("--weights", "one.npy", "--labels", "labels.txt", "--quiet")
    model = gcpp.load(single, ["cat", "dog"])
    for label in ("cat", "dog"):
        done = run_command(place, "run", "pictures", "-o", label, "-l", label, *arguments)
        assert done.returncode == 0, done.stderr
        lines = (place.folder / label / "manifest.jsonl").read_text().splitlines()
        for line in map(json.loads, lines):
            assert (line["label"], line["class"]) == (label, 0)
            expected = model.explain(folder / line["file"], label)
            assert line["probability"] == pytest.approx(expected._probability, rel=1e-6)
        assert run_command(place, "report", label).returncode == 0
        page = (place.folder / label / "index.html").read_text()
        group = "0" if label == "dog" else "not 0"
        assert f'<option value="{group}">{label} (2)</option>' in page
        assert f'data-class="{group}"' in page


def test_one_picture_names_the_answer(place, single, folder):
    arguments = ("-f", "pictures/0.png", "--weights", "one.npy", "--labels", "labels.txt")
    done = run_command(place, *arguments, "-l", "cat", "--json", "--layout", "overlay")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    expected = gcpp.load(single, ["cat", "dog"]).explain(folder / "0.png", "cat")
    assert found["target_kind"] == "not"
    assert found["score"] == pytest.approx(expected.score, rel=1e-6)
    done = run_command(place, *arguments, "--layout", "overlay")
    predicted = "0" if expected.score < 0 else "not 0"
    assert f"Predicted_class: {predicted}\n" in done.stdout
