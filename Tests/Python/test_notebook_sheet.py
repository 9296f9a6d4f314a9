"""Contact sheets, and axes of matplotlib."""

import subprocess
import sys

import gradcampp_swift as gcpp
import numpy as np
import pytest

GAP, SIDE = 8, 64


@pytest.fixture(scope="module")
def five(model, photo):
    return model.explain(photo, target=[4, 0, 1, 2, 3])


def tile(sheet, row, column, height=SIDE + GAP):
    top, left = GAP + row * height, GAP + column * (SIDE + GAP)
    return sheet[top : top + SIDE, left : left + SIDE]


def test_tiles_in_order(five):
    sheet = gcpp.contact_sheet(five, captions=False)
    assert sheet.dtype == np.uint8
    assert sheet.shape == (2 * (SIDE + GAP) + GAP, 3 * (SIDE + GAP) + GAP, 3)
    for number, each in enumerate(five):
        np.testing.assert_array_equal(tile(sheet, *divmod(number, 3)), each.overlay())
    assert (tile(sheet, 1, 2) == 255).all()
    assert (sheet[:GAP] == 255).all()
    assert (sheet[:, :GAP] == 255).all()


@pytest.mark.parametrize(("columns", "rows"), [(1, 5), (2, 3), (5, 1), (9, 1)])
def test_columns(five, columns, rows):
    sheet = gcpp.contact_sheet(iter(five), columns=columns, captions=False)
    across = min(columns, 5)
    assert sheet.shape[:2] == (rows * (SIDE + GAP) + GAP, across * (SIDE + GAP) + GAP)


def test_rows_as_given(five):
    sheet = gcpp.contact_sheet([five[:2], five[2:]], captions=False, alpha=0.8, colormap="hot")
    assert sheet.shape[:2] == (2 * (SIDE + GAP) + GAP, 3 * (SIDE + GAP) + GAP)
    np.testing.assert_array_equal(tile(sheet, 0, 1), five[1].overlay(0.8, "hot"))
    np.testing.assert_array_equal(tile(sheet, 1, 0), five[2].overlay(0.8, "hot"))
    assert (tile(sheet, 0, 2) == 255).all()
    with pytest.raises(gcpp.InvalidArgumentError, match="columns is given with rows"):
        gcpp.contact_sheet([five[:2], five[2:]], columns=2)


def test_captions_are_below_their_tiles(five):
    plain = gcpp.contact_sheet(five, captions=False)
    sheet = gcpp.contact_sheet(five)
    lines = (sheet.shape[0] - plain.shape[0]) // 2
    assert lines == 2 * 17 + 4  # label and probability; method and layer
    for number, each in enumerate(five):
        row, column = divmod(number, 3)
        np.testing.assert_array_equal(tile(sheet, row, column, SIDE + lines + GAP), each.overlay())
        top = GAP + row * (SIDE + lines + GAP) + SIDE
        left = GAP + column * (SIDE + GAP)
        caption = sheet[top : top + lines, left : left + SIDE]
        assert 50 < (caption < 128).any(axis=2).sum() < caption.shape[0] * SIDE / 2
        # Long lines are cut, so that the gap stays white.
        assert (sheet[top : top + lines, left + SIDE : left + SIDE + GAP - 1] == 255).all()


def test_captions_of_ones_own(five):
    sheet = gcpp.contact_sheet(five, captions=["", "", "", "", "W"], columns=5)
    dark = (sheet[GAP + SIDE :] < 128).any(axis=2)
    columns = np.flatnonzero(dark.any(axis=0))
    assert columns.size > 3
    assert columns.min() >= GAP + 4 * (SIDE + GAP)
    wide = gcpp.contact_sheet(five, captions=["水 é \n\n" + 9999 * "x"] * 5)
    assert wide.shape[1] == sheet.shape[1] - 2 * (SIDE + GAP)


def test_inputs_of_several_sizes(model, photo):
    other = gcpp.load(
        {
            "conv1_1": [np.ones((3, 3, 3, 2), np.float32), np.zeros(2, np.float32)],
            "fc2": [np.ones((8 * 8 * 2, 3), np.float32), np.zeros(3, np.float32)],
        }
    ).explain(photo)
    assert other.heatmap.shape == (16, 16)
    sheet = gcpp.contact_sheet([model.explain(photo), other], columns=2, captions=False)
    second = tile(sheet, 0, 1)
    np.testing.assert_array_equal(second[:16, :16], other.overlay())
    assert (second[16:] == 255).all()


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([],), gcpp.InvalidArgumentError, "explanations is empty, expected one or more"),
        (([[], []],), gcpp.InvalidArgumentError, "explanations is empty"),
        ((5,), gcpp.WrongTypeError, "explanations is of type int"),
        ((["photo.jpg"],), gcpp.WrongTypeError, "something of type str"),
    ],
)
def test_wrong_explanations(arguments, error, message):
    with pytest.raises(error, match=message):
        gcpp.contact_sheet(*arguments)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"columns": 0}, gcpp.InvalidArgumentError, "columns is 0, expected 1 or more"),
        ({"columns": 2.0}, gcpp.WrongTypeError, r"columns is 2\.0, expected an integer"),
        ({"captions": ["a"]}, gcpp.InvalidArgumentError, "1 captions, expected one for each of 5"),
        ({"captions": "five"}, gcpp.WrongTypeError, "captions is 'five'"),
        ({"captions": [1] * 5}, gcpp.WrongTypeError, "captions hold 1, expected str"),
        ({"alpha": 2}, gcpp.InvalidArgumentError, "alpha is 2"),
        ({"colormap": "plaid"}, gcpp.InvalidArgumentError, "unknown"),
    ],
)
def test_wrong_options(five, options, error, message):
    with pytest.raises(error, match=message):
        gcpp.contact_sheet(five, **options)


def test_one_explanation_is_no_list(five):
    with pytest.raises(gcpp.WrongTypeError, match="expected a list"):
        gcpp.contact_sheet(five[0])


def test_plot(five):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, 2)
    assert five[0].plot(axes[1], alpha=0.4) is axes[1]
    assert not axes[0].images
    picture, heat = axes[1].images
    np.testing.assert_array_equal(picture.get_array(), five[0].input)
    np.testing.assert_array_equal(heat.get_array(), five[0].heatmap)
    assert (heat.get_alpha(), heat.get_clim()) == (0.4, (0, 1))
    colors = heat.cmap(heat.norm(five[0].heatmap))[:, :, :3] * 255
    # Their positions are floor(256 v), ours 255 - floor(255 (1 - v)): at most one apart.
    assert np.abs(colors - five[0].heatmap_rgb()).max() <= 8
    assert five[0].target.label in axes[1].get_title()
    figure.canvas.draw()
    new = five[1].plot()
    assert new.figure is not figure
    pyplot.close("all")


def test_a_label_is_no_formula(weights, photo):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    labels = ["$\\frac$", *"bcdefghij"]
    ax = gcpp.load(weights, labels=labels).explain(photo, target=0).plot()
    ax.figure.canvas.draw()
    assert ax.get_title().startswith(r"\$\frac\$, ")


def test_matplotlib_is_loaded_only_to_plot(tmp_path):
    code = (
        "import sys, numpy as np, gradcampp_swift as gcpp\n"
        "weights = {'conv1_1': [np.ones((3, 3, 3, 2), np.float32), np.zeros(2, np.float32)],\n"
        "           'fc2': [np.ones((128, 3), np.float32), np.zeros(3, np.float32)]}\n"
        "e = gcpp.load(weights).explain(np.zeros((9, 9, 3), np.uint8))\n"
        "e._repr_html_(); e.boxes()\n"
        "assert 'matplotlib' not in sys.modules and 'PIL' not in sys.modules\n"
        "sys.modules['matplotlib'] = None\n"
        "try: e.plot()\n"
        "except gcpp.GradCAMError as error: print(type(error).__name__, error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == (
        "MissingPackageError plot needs matplotlib, which is not installed: "
        "pip install matplotlib\n"
    )
