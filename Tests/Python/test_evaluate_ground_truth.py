"""The file of boxes and the folder of masks."""

import gradcampp_swift as gcpp
import numpy as np
import pytest
from gradcampp_swift.classes.class_names import ClassNames
from gradcampp_swift.classes.targets import Logit
from gradcampp_swift.command.evaluate.ground_truth import GroundTruth
from gradcampp_swift.command.evaluate.view import View
from gradcampp_swift.pictures.geometry import SourceArea
from PIL import Image

LABELS = ["cat", "dog", "red, round ball"]
VIEW = View(SourceArea(8, 8, 0, 0, 8, 8), 8, 8)

BOXES = """file,label,x0,y0,x1,y1
a.png,cat,0,0,2,2
a.png,dog,4,4,8,8
a.png,cat,1,1,3,4
b.png,"red, round ball",0.5,0,3,3
b.png,unicorn,0,0,1,1
c.png,1,0,0,1,1
d.e.jpeg,cat,0,0,1,1
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "boxes.csv").write_text(BOXES)
    return tmp_path


def opened(folder, labels=LABELS):
    names = ClassNames(tuple(labels))
    return GroundTruth(str(folder / "boxes.csv"), names, str(folder / "masks"))


def mask_of(truth, file):
    return truth.mask(file, truth.read_mask(file), VIEW)


def test_instances_of_the_class_only(folder):
    truth = opened(folder)
    found = truth.truth("a.png", Logit(0), VIEW, None)
    assert found.boxes == ((0, 0, 2, 2), (1, 1, 3, 4))
    expected = np.zeros((8, 8), bool)
    expected[0:2, 0:2] = expected[1:4, 1:3] = True
    np.testing.assert_array_equal(found.box_region, expected)
    assert found.mask is None
    assert found.region is found.box_region
    assert truth.truth("a.png", Logit(1), VIEW, None).boxes == ((4, 4, 8, 8),)
    assert truth.truth("a.png", Logit(2), VIEW, None) is None
    assert truth.truth("z.png", Logit(0), VIEW, None) is None


def test_instances_out_of_view_do_not_count(folder):
    wide = View(SourceArea(8, 16, 0, 4, 8, 8), 8, 8)  # columns 4 to 11 are seen
    assert opened(folder).truth("a.png", Logit(0), wide, None) is None
    assert opened(folder).truth("a.png", Logit(1), wide, None).boxes == ((0, 4, 4, 8),)


def test_labels(folder):
    truth = opened(folder)
    assert [found.target for found in truth.instances("b.png")] == [Logit(2), None]
    assert truth.unknown_labels == ["unicorn"]
    assert truth.instances("c.png")[0].target == Logit(1)
    assert truth.labelled("a.png").label == "cat"
    assert truth.labelled("z.png") is None
    # A label that is a number goes before an index.
    assert opened(folder, ["1", "2"]).instances("c.png")[0].target == Logit(0)


def test_masks(folder):
    (folder / "masks").mkdir()
    mask = np.zeros((8, 8), np.uint8)
    mask[0, 0], mask[5, 5], mask[2, 2], mask[2, 3] = 1, 2, 3, 3
    Image.fromarray(mask).save(folder / "masks" / "a.png")
    truth = opened(folder)
    found = truth.truth("a.png", Logit(0), VIEW, mask_of(truth, "a.png"))
    assert np.argwhere(found.mask).tolist() == [[0, 0], [2, 2], [2, 3]]
    assert found.region is found.mask
    found = truth.truth("a.png", Logit(1), VIEW, mask_of(truth, "a.png"))
    assert np.argwhere(found.mask).tolist() == [[5, 5]]
    Image.fromarray(mask // 3).save(folder / "masks" / "d.e.png")
    np.testing.assert_array_equal(mask_of(truth, "d.e.jpeg"), mask // 3)
    assert truth.read_mask("b.png") is None


def test_masks_that_do_not_fit(folder):
    (folder / "masks").mkdir()
    path = folder / "masks" / "c.png"

    def refused(says):
        with pytest.raises(gcpp.BadDataError, match=says):
            mask_of(opened(folder), "c.png")

    Image.fromarray(np.zeros((8, 7), np.uint8)).save(path)
    refused("a mask of 8 x 7 pixels .* expected 8 x 8")
    Image.fromarray(np.full((8, 8), 2, np.uint8)).save(path)
    refused("holds instance 2, the boxes have 1")
    Image.fromarray(np.zeros((8, 8, 3), np.uint8)).save(path)
    refused("expected one channel of 8 bits")
    path.write_bytes(b"no picture")
    refused("the mask cannot be decoded")


BAD = {
    "file,label,x0,y0,x1\na,b,0,0,1\n": "the first line is 'file,label,x0,y0,x1', expected",
    "": "the first line is ''",
    "file,label,x0,y0,x1,y1\n": "it holds no box",
    "file,label,x0,y0,x1,y1\na,cat,0,0,1,1\na,cat,1,0,1,1\n": "line 3 has the box '1,0,1,1'",
    "file,label,x0,y0,x1,y1\na,cat,0,2,1,1\n": "line 2 has the box '0,2,1,1'",
    "file,label,x0,y0,x1,y1\na,cat,0,0,one,1\n": "line 2 has the box '0,0,one,1'",
    "file,label,x0,y0,x1,y1\na,cat,0,0,nan,1\n": "line 2 has the box",
    "file,label,x0,y0,x1,y1\na,cat,0,0,inf,1\n": "line 2 has the box",
    "file,label,x0,y0,x1,y1\na,cat,0,0\n": "line 2 has 4 cells, expected 6",
    "x0,y0,x1,y1,file,label\n0,0,1,1,a\n": "line 2 has 5 cells, expected 6",
    'file,label,x0,y0,x1,y1\na,"cat,0,0,1,1\n': "not CSV",
}


@pytest.mark.parametrize("text", BAD)
def test_broken_files(tmp_path, text):
    (tmp_path / "boxes.csv").write_text(text)
    with pytest.raises(gcpp.BadDataError, match=BAD[text]):
        opened(tmp_path)


def test_missing_file(tmp_path):
    with pytest.raises(gcpp.MissingFileError, match="there is no file at"):
        opened(tmp_path)
