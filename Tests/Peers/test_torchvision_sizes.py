"""VGG of torchvision at other input sizes, against torchvision itself, live: `make test-peers`."""

import gradcampp_swift as gcpp
import numpy as np
import pytest

torch = pytest.importorskip("torch")
try:
    import torchvision
except (ImportError, RuntimeError) as error:  # built for another version of torch
    pytest.skip(f"torchvision is not there: {error}", allow_module_level=True)

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
CLASS = 3


@pytest.mark.parametrize("size", [(224, 224), (300, 300), (448, 448), (320, 256)])
@pytest.mark.parametrize("name", ["vgg11", "vgg16_bn"])
def test_input_sizes(name, size):
    torch.manual_seed(5)
    network = getattr(torchvision.models, name)(num_classes=10).eval()
    picture = np.random.default_rng(2).integers(0, 256, (*size, 3)).astype(np.uint8)
    model = gcpp.load(network.state_dict(), input_size=size)
    x = (picture / 255 - MEAN) / STD
    x = torch.from_numpy(x.transpose(2, 0, 1)[None].astype("f4"))
    pixels = x.requires_grad_()
    activations = network.features[:-1](pixels)
    averaged = network.avgpool(network.features[-1](activations))
    logits = network.classifier(torch.flatten(averaged, 1))
    (gradients,) = torch.autograd.grad(logits[0, CLASS], activations)

    def close(found, wanted):
        wanted = wanted.detach().numpy()
        np.testing.assert_allclose(found, wanted, atol=2e-5 * np.abs(wanted).max(), rtol=0)

    close(model.activations(picture, model.layers[-1]), logits[0])
    last = [layer for layer in model.layers if layer.startswith("conv5_")][-1]
    close(model.activations(picture, last), activations[0].permute(1, 2, 0))
    close(model.gradients(picture, last, CLASS), gradients[0].permute(1, 2, 0))
