"""Labels: where they come from, and which class a name or a list means."""

import io
import os
import pickle
import shutil

import gradcampp_swift as gcpp
import networks
import numpy as np
import pytest
from gradcampp_swift.classes.class_names import ClassNames
from gradcampp_swift.classes.labels import find_labels
from gradcampp_swift.command.options import class_named

LABELS = [
    "n01440764 tench, Tinca tinca",
    "n02012849 crane",
    "n03126707 crane",
    "n03710637 maillot",
    "n03710721 maillot, tank suit",
    "Violin, fiddle",
    "n12345678",
    "cat, house cat",
    "dog",
    "été",
]


@pytest.mark.parametrize(
    ("target", "index"),
    [
        (0, 0),
        (np.int64(7), 7),
        (np.uint8(9), 9),
        ("n01440764 tench, Tinca tinca", 0),
        ("tench, tinca TINCA", 0),
        ("tinca tinca", 0),
        ("Tench", 0),
        ("n02012849", 1),
        ("n03126707 crane", 2),
        ("maillot", 3),
        ("tank suit", 4),
        ("FIDDLE", 5),
        ("n12345678", 6),
        ("House  Cat", 7),
        ("ÉTÉ", 9),
    ],
)
def test_targets(weights, photo, target, index):
    model = gcpp.load(weights, labels=LABELS)
    explanation = model.explain(photo, target)
    assert explanation.target.index == index
    assert model.labels[explanation.target.index] == LABELS[index]


def test_ambiguous_label_names_the_candidates(weights, photo):
    with pytest.raises(KeyError, match="1 = n02012849 crane; 2 = n03126707 crane"):
        gcpp.load(weights, labels=LABELS).explain(photo, "crane")


def test_first_names(weights, photo):
    """Of a label with a WordNet id the first name, as far as it means this class alone."""
    model = gcpp.load(weights, labels=LABELS)
    said = {each.index: each.label for each in model.predict(photo, top=len(LABELS))}
    assert said[0] == "tench"
    assert said[1] == "n02012849 crane"  # which another class is called, too
    assert said[7] == LABELS[7]
    for index, label in said.items():
        assert model.explain(photo, label).target.index == index


def test_names_of_imagenet():
    names = ClassNames.of(find_labels(None, 1000, None)[0], 1000)
    assert len(set(names.short)) == 1000
    assert names.short[281] == "tabby"
    assert names.short[657] == "missile"  # 744 is "projectile, missile"
    assert [names.index(name) for name in names.short] == list(range(1000))


def test_a_word_of_names_lists_the_candidates():
    names = ClassNames.of(find_labels(None, 1000, None)[0], 1000)
    with pytest.raises(KeyError) as caught:
        names.index("cat")
    assert "it could mean 281 = n02123045 tabby, tabby cat; 282 = n02123159 tiger cat" in str(
        caught.value
    )
    assert "cattle" not in str(caught.value)


NUMBERS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]
"""Labels of which all but the last are another class's index."""


@pytest.mark.parametrize(
    ("labels", "target", "index"),
    [
        (NUMBERS, "10", 9),  # a label, and the index of no class
        (NUMBERS, "label:3", 2),
        (NUMBERS, "index:3", 3),
        (NUMBERS, "index:0", 0),
        (NUMBERS, "0", 0),  # no label
        (list("0123456789"), "3", 3),  # both, of one class
        (LABELS, "3", 3),
        (LABELS, "+3", 3),
        (LABELS, "003", 3),
        (LABELS, "label:Tench", 0),
        (["label:x", "x", *"abcdefgh"], "label:x", 0),
        (["label:x", "x", *"abcdefgh"], "label:label:x", 0),
        (["003", *"bcdefghij"], "label:003", 0),
        (["-1", "1", *"bcdefghi"], "-1", 0),
    ],
)
def test_texts_that_are_numbers(weights, photo, labels, target, index):
    assert gcpp.load(weights, labels=labels).explain(photo, target).target.index == index


@pytest.mark.parametrize("target", ["1", "3", "9"])
def test_a_number_that_is_one_label_and_another_index_is_refused(weights, photo, target):
    model = gcpp.load(weights, labels=NUMBERS)
    with pytest.raises(gcpp.AmbiguousNameError) as raised:
        model.explain(photo, target)
    assert str(raised.value) == (
        f"'{target}' is a label, and the index of the class that is labelled '{int(target) + 1}': "
        f"say label:{target} or index:{target}"
    )
    assert isinstance(raised.value, KeyError)


@pytest.mark.parametrize(("label", "target"), [("003", "003"), ("a, 3", "3"), ("+3", "+3")])
def test_any_way_to_say_a_label_counts(weights, photo, label, target):
    with pytest.raises(gcpp.AmbiguousNameError):
        gcpp.load(weights, labels=[label, *"bcdefghij"]).explain(photo, target)


@pytest.mark.parametrize(
    ("target", "kind", "words"),
    [
        ("10", gcpp.ClassIndexError, "target is 10, expected 0 to 9"),
        ("-1", gcpp.ClassIndexError, "None means the predicted class"),
        ("index:12", gcpp.ClassIndexError, "target is 12, expected 0 to 9"),
        ("label:3", gcpp.UnknownNameError, "no class is labelled '3'"),
        ("index:tench", gcpp.UnknownNameError, "no class is labelled 'index:tench'"),
        ("1_0", gcpp.UnknownNameError, "no class is labelled '1_0'"),
        ("3.0", gcpp.UnknownNameError, "no class is labelled '3.0'"),
        ("٣", gcpp.UnknownNameError, "no class is labelled '٣'"),
        ("9" * 5000, gcpp.UnknownNameError, "no class is labelled '999"),
    ],
)
def test_numbers_that_mean_nothing(weights, photo, target, kind, words):
    with pytest.raises(kind) as raised:
        gcpp.load(weights, labels=LABELS).explain(photo, target)
    assert words in str(raised.value)


@pytest.mark.parametrize(
    ("labels", "text", "is_opposite"),
    [
        (["cat", "dog"], "cat", True),
        (["cat", "dog"], "label:CAT", True),
        (["cat", "dog"], "dog", False),
        (["cat", "dog"], "0", False),
        (["cat", "dog"], "index:0", False),
        (["0", "1"], "label:0", True),
        (["0", "1"], "index:0", False),
        (["0", "1"], "1", False),
        (["-1", "1"], "-1", True),
        (["-1", "1"], "1", False),
    ],
)
def test_texts_that_are_numbers_for_one_unit(labels, text, is_opposite):
    names = ClassNames.of(labels, 1)
    assert names.is_opposite(text) is is_opposite
    assert is_opposite or names.index(text) == 0


def test_one_unit_whose_labels_are_numbers():
    names = ClassNames.of(["0", "1"], 1)
    with pytest.raises(gcpp.AmbiguousNameError, match=r"is a label, and the index of .* '1'"):
        names.is_opposite("0")
    assert not names.is_opposite("-2")
    with pytest.raises(gcpp.ClassIndexError):
        names.index("-2")
    with pytest.raises(gcpp.AmbiguousNameError, match="say label:-1"):
        class_named("-1", ClassNames.of(["-1", "1"], 1))


def test_list_of_targets(model, photo):
    found = model.explain(photo, [3, "3", None, np.int32(0)])
    best = model.predict(photo, 1)[0].index
    assert [explanation.target.index for explanation in found] == [3, 3, best, 0]
    np.testing.assert_array_equal(found[0].heatmap, found[1].heatmap)
    for explanation in found:
        alone = model.explain(photo, explanation.target.index)
        np.testing.assert_array_equal(explanation.heatmap, alone.heatmap)
    assert model.explain(photo, []) == []
    assert [e.target.index for e in model.explain(photo, (None, None))] == [best, best]
    assert [e.target.index for e in model.explain(photo, [None])] == [best]
    assert [e.target.index for e in model.explain(photo, np.arange(2))] == [0, 1]
    assert [e.target.index for e in model.explain(photo, range(3))] == [0, 1, 2]


def test_prediction_as_target(model, photo):
    explanation = model.explain(photo, 4)
    again = model.explain(photo, explanation.target)
    assert isinstance(again, gcpp.Explanation)
    assert again.target == explanation.target
    found = model.explain(photo, [*explanation.predictions[:2], 7])
    wanted = [prediction.index for prediction in explanation.predictions[:2]]
    assert [e.target.index for e in found] == [*wanted, 7]
    np.testing.assert_array_equal(
        model.gradients(photo, "fc8", explanation.target), model.gradients(photo, "fc8", 4)
    )
    with pytest.raises(gcpp.ClassIndexError):
        model.explain(photo, gcpp.Prediction(10, "of another model", 1.0, 1.0))


def test_labels_are_found(weights, weight_file, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "synset.txt").write_text("\n".join(LABELS) + "\n", encoding="utf-8")
    assert gcpp.load(weights).labels == LABELS
    assert gcpp.load(weight_file).labels == LABELS
    (weight_file.parent / "synset.txt").write_text("\n".join("abcdefghij"))
    try:
        assert gcpp.load(weight_file).labels == list("abcdefghij")
        assert gcpp.load(weight_file, tmp_path / "synset.txt").labels == LABELS
    finally:
        (weight_file.parent / "synset.txt").unlink()
    (tmp_path / "synset.txt").write_text("one\ntwo\n")
    assert gcpp.load(weights).labels == [str(index) for index in range(10)]
    with pytest.raises(ValueError, match=r"synset\.txt holds 2 labels, expected 10"):
        gcpp.load(weights, "synset.txt")
    with pytest.raises(ValueError, match="the list of labels holds 1 label, expected 10"):
        gcpp.load(weights, ["one"])
    with pytest.raises(FileNotFoundError, match=r"none\.txt"):
        gcpp.load(weights, "none.txt")
    (tmp_path / "bad.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match="UTF-8"):
        gcpp.load(weights, "bad.txt")


class PathOfBytes:
    def __fspath__(self):
        return b"labels.txt"


def test_path_of_bytes(weights):
    with pytest.raises(gcpp.WrongTypeError, match="path of bytes"):
        gcpp.load(weights, PathOfBytes())


def test_labels_that_are_no_regular_file_are_not_waited_for(weights, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    os.mkfifo("synset.txt")
    really_open = io.open

    def guarded(path, *arguments, **options):
        assert os.path.basename(path) != "synset.txt", "this would wait for somebody to write"
        return really_open(path, *arguments, **options)

    monkeypatch.setattr("builtins.open", guarded)
    monkeypatch.setattr("io.open", guarded)
    assert gcpp.load(weights).labels == [str(index) for index in range(10)]
    os.unlink("synset.txt")
    (tmp_path / "synset.txt").touch()
    with pytest.raises(AssertionError, match="wait for somebody"):
        gcpp.load(weights)


def test_imagenet_names():
    labels = gcpp.load(networks.make_weights(classes=1000)).labels
    assert len(labels) == 1000
    ids = [label.split(" ")[0] for label in labels]
    assert ids == sorted(set(ids))
    assert labels[0] == "n01440764 tench, Tinca tinca"
    assert labels[889] == "n04536866 violin, fiddle"
    assert labels[136] == "n02017213 European gallinule, Porphyrio porphyrio"
    assert labels[999] == "n15075141 toilet tissue, toilet paper, bathroom tissue"


def test_the_most_probable_classes(model, photo):
    best = model.predict(photo, top=3)
    found = model.explain(photo, target="top3")
    assert [e.target for e in found] == best
    for one, e in zip(model.explain(photo, target=[p.index for p in best]), found, strict=True):
        np.testing.assert_array_equal(one.heatmap, e.heatmap)
    assert len(model.explain(photo, target="top1")) == 1
    with pytest.raises(ValueError, match="has 10 classes"):
        model.explain(photo, target="top11")
    with pytest.raises(KeyError):
        model.explain(photo, target="top0")


def test_a_label_that_looks_like_a_number_of_classes(weights, photo):
    labels = ["top2", *(f"class {index}" for index in range(1, 10))]
    assert gcpp.load(weights, labels=labels).explain(photo, target="top2").target.index == 0


def test_labels_that_nothing_ties_to_the_weights_are_said(weight_file, tmp_path, monkeypatch):
    """Another network's file may have as many lines."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "synset.txt").write_text("\n".join(LABELS) + "\n", encoding="utf-8")
    model = gcpp.load(weight_file)
    (note,) = model.notes
    assert note.startswith(f"labels are assumed to be those of {tmp_path}/synset.txt, because")
    assert pickle.loads(pickle.dumps(model)).notes == []
    assert gcpp.load(weight_file, "synset.txt").notes == []
    for folder in ("models", "beside"):
        (tmp_path / folder).mkdir()
        shutil.copyfile(weight_file, tmp_path / folder / "vgg16.npy")
    # Where the 2018 program has them.
    assert gcpp.load("models/vgg16.npy").labels == LABELS
    assert gcpp.load("models/vgg16.npy").notes == []
    shutil.copyfile("synset.txt", "beside/synset.txt")
    assert gcpp.load("beside/vgg16.npy").notes == []
