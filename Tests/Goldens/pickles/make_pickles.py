"""Pickle what version 0.1.0 pickles: `python make_pickles.py`, with that version and NumPy 1.26.

Run it in an empty folder, with Tests/Python on PYTHONPATH. Pickles of NumPy 1 load with NumPy 2 as well.
"""

import pickle

import gradcampp_swift as gcpp
import networks
import numpy as np

assert gcpp.__version__ == "0.1.0"

photo = (np.mgrid[0:40, 0:56].sum(axis=0) * 5 % 256).astype(np.uint8)
weights = networks.make_weights(31, side=32, channels=2, classes=4)
weights["conv1_1"][0] *= 64  # they are made for inputs up to 150
networks.save_weights("network.npy", weights)
colors = gcpp.Preprocessing("RGB", 1 / 255, mean=(0.5, 0.4, 0.3), std=(0.2, 0.2, 0.2))
model = gcpp.load("network.npy", ["a", "b", "c", "d"], colors, crop="pad")
model._file.path = "network.npy"  # pickled as an absolute path, which names one machine's folder
explanation = model.explain(photo, "c", guided=True)
things = {
    "model": model,
    "explanation": explanation,
    "values": {
        "prediction": explanation.target,
        "preprocessing": colors,
        "area": explanation.source_area,
        "description": gcpp.methods()["gradcam"],
        "error": gcpp.BadDataError("a sentence"),
    },
}
for name, thing in things.items():
    with open(f"{name}.pickle", "wb") as file:
        pickle.dump(thing, file)
