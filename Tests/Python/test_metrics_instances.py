"""Instances found, by hand."""

import gradcampp_swift as gcpp
import numpy as np
import pytest
from gradcampp_swift.metrics import instances_found

MAP = np.array([[0.0, 0.2, 0.4], [1.0, 0.6, 0.5]])


def at(*cells):
    region = np.zeros((2, 3), np.bool_)
    for cell in cells:
        region[cell] = True
    return region


@pytest.mark.parametrize(
    ("regions", "level", "expected"),
    [
        ([at((1, 0))], 0.5, 1.0),
        ([at((0, 0)), at((1, 0))], 0.5, 0.5),
        ([at((1, 2)), at((0, 2)), at((1, 1)), at((0, 1))], 0.5, 0.5),
        ([at((1, 2)), at((0, 2)), at((1, 1)), at((0, 1))], 0.4, 0.75),
        ([at((0, 0), (1, 1))], 0.6, 1.0),
        ([at((1, 1))], 1.0, 0.0),
        ([at(), at((1, 0))], 0.5, 0.5),
    ],
)
def test_by_hand(regions, level, expected):
    assert instances_found(MAP, regions, level) == expected
    assert instances_found(7 * MAP, regions, level) == expected


def test_no_evidence_finds_nothing():
    assert instances_found(np.zeros((2, 3)), [at((0, 0))]) == 0.0


@pytest.mark.parametrize(
    ("regions", "level", "words"),
    [
        ([], 0.5, "no regions"),
        ([at((0, 0))], 0, "level is 0"),
        ([at((0, 0))], 1.5, "level is 1.5"),
        ([np.ones((2, 2), np.bool_)], 0.5, "shape"),
    ],
)
def test_refusals(regions, level, words):
    with pytest.raises(gcpp.InvalidArgumentError, match=words):
        instances_found(MAP, regions, level)
