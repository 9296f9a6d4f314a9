"""Every attribution method against NumPy: `method_twins.py`, and here those that run a network."""

import gradcampp_swift as gcpp
import networks
import numpy as np
import pytest
import slow_network
import slow_pixels
from method_twins import SPACE, TWINS, SeededNumbers, ended

SIDE = 32
TARGET = 3

#: Methods that run a network, each with a test of its own below.
OF_NETWORKS = {
    "deconvnet",
    "gradient",
    "guided",
    "integrated-gradients",
    "iscam",
    "occlusion",
    "rise",
    "scorecam",
    "smoothgrad",
    "smoothgradcam++",
    "sscam",
}


@pytest.fixture(scope="module")
def weights():
    # With more cells than one in conv5_3.
    return networks.make_weights(3, side=SIDE)


@pytest.fixture(scope="module")
def model(weights):
    return gcpp.load(weights)


@pytest.fixture(scope="module")
def picture():
    return np.random.default_rng(5).integers(0, 256, (SIDE, SIDE, 3), np.uint8)


def test_every_method_has_a_twin():
    assert set(gcpp.methods()) == set(TWINS) | OF_NETWORKS
    for name, method in gcpp.methods().items():
        needs_network = method.needs.scoring or method.needs.repeats or method.needs.input
        assert needs_network == (name in OF_NETWORKS)


@pytest.mark.parametrize("shape", [(7, 7, 12), (1, 1, 5), (5, 9, 3), (14, 14, 40)])
@pytest.mark.parametrize("name", TWINS)
def test_tensors(name, shape):
    for seed, lowest, scale in [(1, 0, 1), (2, 0, 1e-3), (3, -1, 1)]:
        random = np.random.default_rng(seed)
        activations = np.maximum(random.normal(size=shape), lowest).astype(np.float32)
        gradients = (random.normal(size=shape) * scale).astype(np.float32)
        expected = TWINS[name](activations.astype(np.float64), gradients.astype(np.float64))
        np.testing.assert_allclose(
            gcpp.cam(activations, gradients, name), ended(expected), atol=1e-5
        )


def test_the_comparison_can_fail():
    random = np.random.default_rng(1)
    activations, gradients = random.normal(size=(2, 7, 7, 12))
    # Some formulas differ for negative activations alone, some for small gradients.
    maps = [ended(twin(activations + 1, 0.01 * gradients)) for twin in TWINS.values()]
    for index, one in enumerate(maps):
        for other in maps[:index]:
            assert np.abs(one - other).max() > 1e-3


@pytest.mark.parametrize("name", ["scorecam", "rise", "gradient", "smoothgrad"])
def test_methods_that_run_a_network_refuse_tensors(name):
    with pytest.raises(gcpp.InvalidArgumentError, match="has to run the network"):
        gcpp.cam(np.ones((2, 2, 1)), np.ones((2, 2, 1)), name)


@pytest.mark.parametrize("name", ["gradient", "occlusion"])
def test_methods_of_the_picture_take_no_layer(model, picture, name):
    with pytest.raises(gcpp.InvalidArgumentError, match="give no layer"):
        model.explain(picture, TARGET, layer="conv5_3", method=name)


def explained(model, picture, name, **options):
    """Map before its division, after its rectifier."""
    e = model.explain(picture, TARGET, method=name, options=options)
    return e.cam * np.float64(e.scale)


def assert_map(found, expected):
    expected = np.maximum(expected, 0)
    assert expected.max() > 0
    np.testing.assert_allclose(found, expected, atol=2e-4 * expected.max())


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("gradient", slow_pixels.derivative),
        ("guided", slow_pixels.guided),
        ("deconvnet", slow_pixels.deconvolution),
    ],
)
def test_pixels(model, weights, picture, name, rule):
    gradient = slow_pixels.pixel_gradient(weights, picture / 255, TARGET, rule)
    assert_map(explained(model, picture, name), np.abs(gradient).max(axis=2))


def noisy(picture, samples, deviation, seed):
    numbers = SeededNumbers(seed)
    values = picture / 255
    spread = deviation * (values.max() - values.min())
    return [
        values + spread * numbers.normal(values.size).reshape(values.shape) for _ in range(samples)
    ]


def test_smoothgrad(model, weights, picture):
    found = explained(model, picture, "smoothgrad", samples=9, deviation=0.1, seed=4)
    gradients = [
        slow_pixels.pixel_gradient(weights, each, TARGET) for each in noisy(picture, 9, 0.1, 4)
    ]
    assert_map(found, np.abs(np.mean(gradients, axis=0)).max(axis=2))


def test_integrated_gradients(model, weights, picture):
    found = explained(model, picture, "integrated-gradients", steps=10, baseline=0.25)
    way = picture / 255 - 0.25
    gradients = [
        slow_pixels.pixel_gradient(weights, 0.25 + (step + 0.5) / 10 * way, TARGET)
        for step in range(10)
    ]
    assert_map(found, (way * np.mean(gradients, axis=0)).sum(axis=2))


def test_smooth_grad_cam_plus_plus(model, weights, picture):
    found = explained(model, picture, "smoothgradcam++", samples=9, deviation=0.2, seed=7)
    over_logits = np.eye(10)[TARGET]
    gradients = np.array(
        [
            slow_network.gradient(weights, slow_network.forward(weights, each), over_logits)
            for each in noisy(picture, 9, 0.2, 7)
        ]
    )
    activations = slow_network.forward(weights, picture / 255).conv5_3
    first, second, third = (np.mean(gradients**power, axis=0) for power in (1, 2, 3))
    below = 2 * second + activations.sum(axis=SPACE) * third
    alpha = np.divide(second, below, out=np.zeros_like(below), where=below != 0)
    weights_of_channels = (alpha * np.maximum(first, 0)).sum(axis=SPACE)
    assert_map(found, activations @ weights_of_channels)


def enlarged(values, height, width):
    """Enlarge bilinearly, the border's cells repeated."""

    def along(values, count):
        places = np.clip((np.arange(count) + 0.5) * len(values) / count - 0.5, 0, len(values) - 1)
        lower = np.floor(places).astype(int)
        upper = np.minimum(lower + 1, len(values) - 1)
        share = (places - lower)[:, np.newaxis]
        return (1 - share) * values[lower] + share * values[upper]

    return along(along(values, height).T, width).T


def score(weights, picture, mask):
    """Score the picture behind a mask; what is hidden has the mean colour."""
    mean = slow_network.MEAN[::-1] / 255
    mask = mask[:, :, np.newaxis]
    return slow_network.forward(weights, mask * (picture / 255) + (1 - mask) * mean).logits[TARGET]


@pytest.mark.parametrize(
    ("name", "options", "masks"),
    [
        ("scorecam", {}, lambda mask, channel: [mask]),
        (
            "iscam",
            {"samples": 4},
            lambda mask, channel: [mask * sum(range(1, i + 1)) / 4 for i in range(1, 5)],
        ),
        (
            "sscam",
            {"samples": 3, "deviation": 0.5, "seed": 2},
            lambda mask, channel: [
                mask
                + 0.5
                * SeededNumbers(2 << 32 ^ (channel * 3 + sample) * 0x9E3779B9)
                .normal(mask.size)
                .reshape(mask.shape)
                for sample in range(3)
            ],
        ),
    ],
)
def test_channels_by_scores(model, weights, picture, name, options, masks):
    # Of a layer with some cells; conv5_3 has 2 x 2 of them.
    e = model.explain(picture, TARGET, layer="conv4_3", method=name, options=options)
    activations = model.activations(picture, "conv4_3").astype(np.float64)
    scores = []
    for channel, values in enumerate(activations.transpose(2, 0, 1)):
        mask = enlarged(values, SIDE, SIDE)
        span = mask.max() - mask.min()
        mask = (mask - mask.min()) / span if span > 0 else np.zeros_like(mask)
        scores.append(np.mean([score(weights, picture, m) for m in masks(mask, channel)]))
    expected = slow_network.softmax(np.array(scores))
    np.testing.assert_allclose(e.channel_weights, expected, rtol=2e-3, atol=1e-6)
    assert_map(e.cam * np.float64(e.scale), activations @ np.float64(e.channel_weights))


def test_rise(model, weights, picture):
    found = explained(model, picture, "rise", masks=6, cells=4, share=0.6, seed=9)
    numbers = SeededNumbers(9)
    expected = np.zeros((SIDE, SIDE))
    for _ in range(6):
        grid = (numbers.uniform(16) < 0.6).astype(float).reshape(4, 4)
        large = enlarged(grid, 5 * 8, 5 * 8)
        top, left = (numbers.uniform(2) * 8).astype(int)
        mask = large[top : top + SIDE, left : left + SIDE]
        expected += score(weights, picture, mask) * mask
    assert_map(found, expected / (6 * 0.6))


def test_occlusion(model, weights, picture):
    found = explained(model, picture, "occlusion", size=12, stride=9)
    falls, covers = np.zeros((2, SIDE, SIDE))
    whole = score(weights, picture, np.ones((SIDE, SIDE)))
    # 32 - 12 = 20 is where the last square begins.
    for top in (0, 9, 18, 20):
        for left in (0, 9, 18, 20):
            mask = np.ones((SIDE, SIDE))
            mask[top : top + 12, left : left + 12] = 0
            falls[mask == 0] += whole - score(weights, picture, mask)
            covers += mask == 0
    assert_map(found, falls / covers)
