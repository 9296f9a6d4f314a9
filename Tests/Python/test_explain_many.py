"""Streams of pictures: in order, the same bytes as one by one, decoded ahead within bounds."""

import io
import itertools
import threading

import gradcampp_swift as gcpp
import numpy as np
import pytest
from conftest import PATIENCE
from PIL import Image, ImageSequence


@pytest.fixture(scope="module")
def pictures(photo):
    return [np.roll(photo, 5 * shift, axis=1) for shift in range(11)]


def content(explanation):
    guided = explanation.guided_gradients
    return (
        explanation.target,
        explanation.heatmap.tobytes(),
        explanation.channel_weights.tobytes(),
        None if guided is None else guided.tobytes(),
    )


@pytest.mark.parametrize("batch_size", [1, 3, 8, 40])
@pytest.mark.parametrize("workers", [0, 1, 4])
def test_equals_one_by_one(model, pictures, batch_size, workers):
    expected = [content(model.explain(picture, guided=True)) for picture in pictures]
    found = model.explain_many(pictures, guided=True, batch_size=batch_size, workers=workers)
    assert [content(each) for each in found] == expected


def refilled(pictures):
    """One buffer, filled again for each picture, as a camera does."""
    buffer = np.empty_like(pictures[0])
    for picture in pictures:
        buffer[:] = picture
        yield buffer
    buffer[:] = 0


def frames(pictures, kind):
    """One PIL image that goes from frame to frame."""
    file = io.BytesIO()
    first, *others = map(Image.fromarray, pictures)
    lossless = {"lossless": True} if kind == "WEBP" else {}
    first.save(file, kind, save_all=True, append_images=others, **lossless)
    yield from ImageSequence.Iterator(Image.open(file))


def rewritten_bytes(pictures, view):
    """One array of bytes, whose content is each picture's file in turn."""
    buffer = bytearray(1 << 16)
    for picture in pictures:
        file = io.BytesIO()
        Image.fromarray(picture).save(file, "PNG")
        data = file.getvalue()
        assert len(data) <= len(buffer)
        buffer[:] = data + bytes(len(buffer) - len(data))
        yield view(buffer)
    buffer[:] = bytes(len(buffer))


CHANGING = {
    "buffer": refilled,
    "floats": lambda pictures: refilled([picture / np.float32(255) for picture in pictures]),
    "grey": lambda pictures: refilled([picture[:, :, 0] for picture in pictures]),
    "TIFF": lambda pictures: frames(pictures, "TIFF"),
    "WebP": lambda pictures: frames(pictures, "WEBP"),
    "bytearray": lambda pictures: rewritten_bytes(pictures, lambda buffer: buffer),
    "memoryview": lambda pictures: rewritten_bytes(pictures, memoryview),
}


@pytest.mark.parametrize("batch_size", [1, 4])
@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize("kind", CHANGING)
def test_what_the_source_changes_is_taken_as_it_was(model, pictures, kind, workers, batch_size):
    shades = [picture[:, :, 0] for picture in pictures] if kind == "grey" else pictures
    expected = [content(model.explain(picture)) for picture in shades]
    source = CHANGING[kind](pictures)
    found = model.explain_many(source, workers=workers, batch_size=batch_size)
    assert [content(each) for each in found] == expected


@pytest.mark.parametrize("errors", ["raise", "return"])
def test_an_array_that_cannot_be_taken_fails_in_its_turn(model, pictures, errors):
    stream = model.explain_many([pictures[0], pictures[1] * 2.0, pictures[2]], errors=errors)
    assert content(next(stream)) == content(model.explain(pictures[0]))
    if errors == "raise":
        with pytest.raises(gcpp.InvalidArgumentError, match="floats from"):
            next(stream)
    else:
        assert isinstance(next(stream), gcpp.InvalidArgumentError)
        assert content(next(stream)) == content(model.explain(pictures[2]))


@pytest.mark.parametrize("target", [3, [4, 1], [None, 2], "top3", []])
def test_targets_are_those_of_explain(model, pictures, target):
    found = list(model.explain_many(pictures[:3], target, batch_size=2))
    for answer, picture in zip(found, pictures, strict=False):
        expected = model.explain(picture, target)
        if isinstance(expected, list):
            assert [content(each) for each in answer] == [content(each) for each in expected]
        else:
            assert content(answer) == content(expected)


def test_an_error_comes_in_its_turn(model, pictures):
    stream = model.explain_many([*pictures[:3], b"no picture", *pictures[3:]], batch_size=8)
    before = [content(next(stream)) for _ in range(3)]
    assert before == [content(model.explain(picture)) for picture in pictures[:3]]
    with pytest.raises(gcpp.BadDataError):
        next(stream)
    with pytest.raises(StopIteration):
        next(stream)


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize("errors", ["raise", "return"])
@pytest.mark.parametrize("kind", [RuntimeError, gcpp.BadDataError])
def test_an_error_of_the_iterable_comes_in_its_turn(model, pictures, workers, errors, kind):
    def source():
        yield from pictures[:3]
        raise kind("the source broke")

    stream = model.explain_many(source(), workers=workers, errors=errors)
    found = [content(next(stream)) for _ in range(3)]
    assert found == [content(model.explain(picture)) for picture in pictures[:3]]
    with pytest.raises(kind, match="the source broke"):
        next(stream)


def test_errors_can_take_their_pictures_place(model, pictures):
    images = [b"no picture", pictures[0], "missing.jpg", pictures[1]]
    found = list(model.explain_many(images, batch_size=3, errors="return"))
    assert [type(each) for each in found] == [
        gcpp.BadDataError,
        gcpp.Explanation,
        gcpp.MissingFileError,
        gcpp.Explanation,
    ]
    assert content(found[3]) == content(model.explain(pictures[1]))


def test_numbers_too_large_spoil_one_picture_only(weights, pictures):
    spoiled = {name: [array.copy() for array in pair] for name, pair in weights.items()}
    spoiled["conv1_1"][0] *= np.float32(1e38)
    white, black = np.full_like(pictures[0], 255), np.full_like(pictures[0], 124)
    model = gcpp.load(spoiled)
    with pytest.raises(gcpp.BadDataError):
        list(model.explain_many([white, black]))
    found = list(model.explain_many([white, black], errors="return"))
    assert isinstance(found[0], gcpp.BadDataError)


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [({"layer": "conv9"}, gcpp.UnknownNameError), ({"method": "cam9"}, gcpp.InvalidArgumentError)],
)
def test_an_argument_error_takes_no_pictures_place(model, pictures, arguments, kind):
    with pytest.raises(kind, match="9"):
        list(model.explain_many(pictures[:2], **arguments, errors="return"))


@pytest.mark.parametrize("workers", [0, 2])
def test_an_endless_stream_is_read_as_needed(model, pictures, workers):
    taken = itertools.count()
    read = []

    def endless():
        for picture in itertools.cycle(pictures):
            read.append(next(taken))
            yield picture

    stream = model.explain_many(endless(), batch_size=4, workers=workers)
    for _ in range(9):
        next(stream)
    # Three batches were explained; one more may have been decoded.
    assert len(read) <= 3 * 4 + 4 + 1
    stream.close()


def test_closing_leaves_no_thread(model, pictures):
    stream = model.explain_many(pictures, batch_size=2, workers=3)
    next(stream)
    threads = [each for each in threading.enumerate() if each.name.startswith("gradcampp-")]
    assert {each.name.rpartition("_")[0] for each in threads} == {"gradcampp-decoder"}
    stream.close()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()


def test_progress_is_on_standard_error(model, pictures, capsys):
    assert len(list(model.explain_many(pictures, progress=True))) == len(pictures)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert f"{len(pictures)}/{len(pictures)}" in shown.err


@pytest.mark.parametrize(
    ("arguments", "kind", "words"),
    [
        ({"batch_size": 0}, gcpp.InvalidArgumentError, "batch_size is 0, expected 1 or more"),
        ({"batch_size": 2.0}, gcpp.WrongTypeError, "batch_size is 2.0"),
        ({"workers": -1}, gcpp.InvalidArgumentError, "workers is -1, expected 0 or more"),
        ({"errors": "skip"}, gcpp.InvalidArgumentError, "errors is 'skip'"),
        ({"target": "no such label"}, gcpp.UnknownNameError, "no such label"),
        ({"images": "photo.jpg"}, gcpp.WrongTypeError, "images is of type str"),
        ({"images": bytearray(b"x")}, gcpp.WrongTypeError, "images is of type bytearray"),
        ({"images": np.zeros((8, 8, 3))}, gcpp.WrongTypeError, r"shape \(8, 8, 3\), one picture"),
        ({"images": np.zeros((8, 8))}, gcpp.WrongTypeError, r"shape \(8, 8\), one picture"),
        ({"layer": b"conv5_3"}, gcpp.WrongTypeError, "layer is b'conv5_3', expected a name"),
    ],
)
def test_arguments_are_checked_at_once(model, pictures, arguments, kind, words):
    arguments = {"images": pictures, **arguments}
    with pytest.raises(kind, match=words):
        model.explain_many(**arguments)


def test_an_interrupt_does_not_wait_for_the_batch(model, pictures, monkeypatch):
    import signal

    from gradcampp_swift.explanations.explaining import Explainer

    proceed = threading.Event()

    def endless(*arguments):
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
        proceed.wait(PATIENCE)
        return []

    monkeypatch.setattr(Explainer, "explain", endless)
    stream = model.explain_many(pictures)
    try:
        with pytest.raises(KeyboardInterrupt):
            next(stream)
        assert not proceed.is_set()
    finally:
        proceed.set()
    with pytest.raises(StopIteration):
        next(stream)
