"""`gradcampp run` over 50,000 pictures at flat memory."""

import os
import shutil
import subprocess
import sys
import time

import networks
import numpy as np
import pytest
from PIL import Image
from resident_memory import ALLOWED, MIB, resident

COUNT = 50_000
KINDS = 500
"""Different pictures; the others are links to them."""


@pytest.fixture
def place(tmp_path):
    yield tmp_path
    shutil.rmtree(tmp_path)  # some gigabytes, which pytest would keep


def test_memory_is_flat(place):
    random = np.random.default_rng(1)
    networks.save_weights(place / "small.npy", networks.make_weights(side=32, channels=4))
    for number in range(COUNT):
        path = place / "in" / f"{number // 1000:02}" / f"{number:05}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        if number < KINDS:
            size = tuple(random.integers(32, 200, 2))
            pixels = random.integers(0, 256, (*size, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(path)
        else:
            os.link(place / "in" / "00" / f"{number % KINDS:05}.jpg", path)
    arguments = ["run", "in", "-o", "out", "--weights", "small.npy"]
    child = subprocess.Popen([sys.executable, "-m", "gradcampp_swift", *arguments], cwd=place)
    manifest = place / "out" / "manifest.jsonl"
    held = []  # (bytes of the manifest, bytes of memory)
    while child.poll() is None:
        time.sleep(0.5)
        if child.poll() is None and manifest.exists():
            held.append((manifest.stat().st_size, resident(child.pid)))
    assert child.returncode == 0
    assert manifest.read_bytes().count(b"\n") == COUNT
    end = manifest.stat().st_size
    tenths = [[size for at, size in held if at * 10 // end == tenth] for tenth in range(10)]
    print("MiB in each tenth, at most:", *(f"{max(t) / MIB:.1f}" for t in tenths if t))
    assert all(tenths)
    # In the first tenth, pools and caches fill. A sample falls anywhere between two pictures.
    assert max(max(tenth) for tenth in tenths[2:]) - max(tenths[1]) < ALLOWED
