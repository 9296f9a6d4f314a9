"""The networks of the zoo: forty of torchvision and timm, with random weights."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ZooNetwork:
    """A network by the name that its package gives it."""

    package: str
    name: str
    #: Side of the square picture that it is shown; small where the network allows it.
    side: int = 96

    def __str__(self) -> str:
        return f"{self.package}-{self.name}"

    def built(self) -> Any:
        """Make the PyTorch module, whose weights the caller fills."""
        if self.package == "timm":
            import timm

            return timm.create_model(self.name, pretrained=False)
        import torchvision

        # GoogLeNet's and Inception's auxiliary heads are of training only.
        heads = {"aux_logits": False} if self.name in ("googlenet", "inception_v3") else {}
        return torchvision.models.get_model(self.name, weights=None, **heads)


TORCHVISION = [
    ZooNetwork("torchvision", name, side)
    for name, side in {
        "alexnet": 224,
        "convnext_tiny": 96,
        "densenet121": 96,
        "efficientnet_b0": 96,
        "efficientnet_v2_s": 96,
        "googlenet": 96,
        "inception_v3": 107,
        "mnasnet0_5": 96,
        "mobilenet_v2": 96,
        "mobilenet_v3_large": 96,
        "mobilenet_v3_small": 96,
        "regnet_x_400mf": 96,
        "regnet_y_400mf": 96,
        "resnet18": 96,
        "resnet50": 96,
        "resnext50_32x4d": 96,
        "shufflenet_v2_x0_5": 96,
        "squeezenet1_1": 96,
        "swin_t": 96,
        "vgg11_bn": 224,
        "vit_b_32": 224,
        "wide_resnet50_2": 96,
    }.items()
]

TIMM = [
    ZooNetwork("timm", name, side)
    for name, side in {
        "convnextv2_atto": 96,
        "cspresnet50": 96,
        "darknet53": 96,
        "dla34": 96,
        "efficientnet_lite0": 96,
        "ghostnet_100": 96,
        "gmlp_s16_224": 224,
        "hardcorenas_a": 96,
        "hrnet_w18_small": 96,
        "mixer_s32_224": 224,
        "mobilevit_xs": 128,
        "nf_resnet50": 96,
        "poolformer_s12": 96,
        "repvgg_a0": 96,
        "res2net50_26w_4s": 96,
        "resnetv2_50": 96,
        "seresnet50": 96,
        "deit_tiny_patch16_224": 224,
    }.items()
]

NETWORKS = TORCHVISION + TIMM
