"""Save an overlay as a script with pytorch-grad-cam does: PHOTO OUTPUT."""

import sys

import cv2
import numpy as np
from PIL import Image

from .peers.pytorch_grad_cam import PyTorchGradCAM, stand_in_for_torchvision
from .vgg16 import channels_first_input


def main() -> None:
    """Load, explain, save."""
    photo, output = sys.argv[1:]
    image = Image.open(photo).convert("RGB")
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    picture = np.array(image.crop((left, top, left + side, top + side)).resize((224, 224)))
    peer = PyTorchGradCAM()
    peer.load()
    heatmap = peer.gradcampp(channels_first_input(picture))
    stand_in_for_torchvision()
    from pytorch_grad_cam.utils.image import show_cam_on_image

    overlay = show_cam_on_image(picture / np.float32(255), heatmap, use_rgb=True)
    cv2.imwrite(output, overlay[..., ::-1])


if __name__ == "__main__":
    main()
