"""Every tier of kernels that this processor has gives the same maps, and says its name."""

import os
import subprocess
import sys

import numpy as np
import pytest
from conftest import PATIENCE

TIERS = ["avx512", "avx2", "portable"]

EXPLAIN = """
import sys, numpy as np, networks, gradcampp_swift as gcpp
photo = np.random.default_rng(3).integers(0, 256, (90, 70, 3), dtype=np.uint8)
model = gcpp.load(networks.make_weights(channels=32))
e = model.explain(photo, target=1, guided=True)
np.savez(sys.argv[1], cam=e.cam, weights=e.channel_weights, guided=e.guided_gradients)
gcpp.show_versions()
"""


def explain(tier, path, runner=()):
    done = subprocess.run(
        [*runner, sys.executable, "-c", EXPLAIN, path],
        env={**os.environ, "GRADCAMPP_KERNELS": tier},
        cwd=os.path.dirname(__file__),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    used = next(line for line in done.stdout.splitlines() if line.startswith("kernels:"))
    return used.split()[1], np.load(path)


@pytest.fixture(scope="module")
def portable(tmp_path_factory):
    tier, found = explain("portable", tmp_path_factory.mktemp("tiers") / "portable.npz")
    assert tier == "portable"
    return found


@pytest.mark.parametrize("tier", TIERS)
def test_a_tier_equals_the_portable_one(tier, portable, tmp_path):
    used, found = explain(tier, tmp_path / "found.npz")
    if used != tier:
        pytest.skip(f"this processor has no {tier}")
    np.testing.assert_allclose(found["cam"], portable["cam"], atol=1e-4)
    np.testing.assert_allclose(found["weights"], portable["weights"], rtol=1e-3)
    difference = np.square(found["guided"] - portable["guided"]).mean()
    assert difference <= 2e-2**2 * np.square(portable["guided"]).mean()
    if tier != "portable":
        # Rounding differs where products and sums are rounded once: else another tier ran.
        assert (found["guided"] != portable["guided"]).any()


def test_an_unknown_tier_is_not_used(tmp_path):
    assert explain("avx1024", tmp_path / "found.npz")[0] in TIERS
