"""Values made without `dataclasses` are what `dataclass(frozen=True)` would make."""

import copy
import dataclasses
import inspect
import pickle
from typing import ClassVar

import gradcampp_swift as gcpp
import pytest
from gradcampp_swift import values

GREY = gcpp.Preprocessing("BGR", 1, mean=(1, 2, 3))


def make(decorate):
    # As the classes of the package have them: annotations are texts.
    class Point:
        x: "int"
        y: "int" = 2
        kind: "ClassVar[str]" = "point"

    return decorate(frozen=True)(Point)


@pytest.fixture(params=[values.dataclass, dataclasses.dataclass], ids=["ours", "theirs"])
def point(request):
    return make(request.param)


def test_it_holds_what_it_is_given(point):
    assert (point(1).x, point(1).y, point(1).kind) == (1, 2, "point")
    assert point(y=4, x=3) == point(3, 4)
    assert hash(point(1)) == hash(point(1, 2))
    assert point(1) != point(2)
    assert point(1) != (1, 2)
    assert repr(point(1)).endswith("Point(x=1, y=2)")
    assert point.__match_args__ == ("x", "y")
    assert str(inspect.signature(point)).startswith("(x: 'int', y: 'int' = 2)")


@pytest.mark.parametrize(
    ("given", "named"),
    [((), {}), ((1, 2, 3), {}), ((1,), {"x": 1}), ((1,), {"z": 1}), ((1, 2, 3), {"y": 1})],
)
def test_wrong_arguments(point, given, named):
    with pytest.raises(TypeError):
        point(*given, **named)


def test_it_does_not_change(point):
    value = point(1)
    for name in ("x", "kind", "other"):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(value, name, 7)
    with pytest.raises(dataclasses.FrozenInstanceError):
        del value.x
    assert value == point(1)


def test_functions_of_dataclasses_serve(point):
    assert dataclasses.is_dataclass(point)
    assert [field.name for field in dataclasses.fields(point(1))] == ["x", "y"]
    assert dataclasses.asdict(point(1)) == {"x": 1, "y": 2}
    assert dataclasses.replace(point(1), y=5) == point(1, 5)


def test_preprocessing_is_one():
    assert dataclasses.replace(GREY, scale=2).mean == (1.0, 2.0, 3.0)
    with pytest.raises(gcpp.InvalidArgumentError, match="scale holds"):
        values.replace(GREY, scale=0)
    with pytest.raises(dataclasses.FrozenInstanceError):
        GREY.scale = 3
    assert copy.deepcopy(GREY) == pickle.loads(pickle.dumps(GREY)) == GREY
    parameters = list(inspect.signature(gcpp.Preprocessing).parameters)
    assert parameters[:4] == ["channel_order", "scale", "mean", "std"]
