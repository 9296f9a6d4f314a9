"""The network in the box, and pictures to try it on.

A narrow VGG16, trained on drawn scenes to tell twelve kinds of objects apart. `tools/scenes` draws
the scenes and `tools/train_scenes_model.py` trained it.
"""

from __future__ import annotations

import os

FOLDER = os.path.dirname(os.path.abspath(__file__))
WEIGHTS = os.path.join(FOLDER, "scenes_vgg16.npy")
LABELS = os.path.join(FOLDER, "scenes_labels.txt")


def samples() -> list[str]:
    """List the pictures that come with the package.

    Returns
    -------
    list of str
        Paths of PNG files of 224x224: drawn scenes that the network in the box has not seen in
        training, in the order of their names.

    Examples
    --------
    >>> import gradcampp_swift as gcpp
    >>> explanation = gcpp.load("box").explain(gcpp.samples()[0])
    >>> explanation.heatmap.shape
    (224, 224)
    """
    names = sorted(name for name in os.listdir(FOLDER) if name.endswith(".png"))
    return [os.path.join(FOLDER, name) for name in names]
