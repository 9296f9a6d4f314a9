"""Networks other than VGG16: an explanation of ours beside what others take."""

import contextlib
from dataclasses import dataclass, field

from .agreement import Agreement, agreements, outputs, refuse_disagreement
from .engine import Engine, EngineError
from .exported_network import NETWORKS
from .network import Network
from .peers import PEERS
from .peers.gradcampp import GradCAMPP
from .suites import Result, Suite, everyone
from .suites import run as run_suite
from .vgg16 import Picture

SUITES = [
    Suite("forward", "Forward pass", "forward", everyone("forward")),
    Suite(
        "gradcampp",
        "Grad-CAM++",
        "gradcampp",
        (*everyone("forward"), *everyone("gradcampp")),
    ),
]


@dataclass
class NetworkResult:
    """What was measured of one network."""

    network: Network
    forward: Result | None = None
    explanation: Result | None = None
    agreements: list[Agreement] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)


def run(rounds: int) -> list[NetworkResult]:
    """Time every network, one after the other; one that we refuse says so."""
    with Engine(GradCAMPP) as vgg16:
        picture = vgg16.call("picture")
    return [_timed(network, picture, rounds) for network in NETWORKS]


def _timed(network: Network, picture: Picture, rounds: int) -> NetworkResult:
    print(f"timing: {network.name}", flush=True)
    result = NetworkResult(network)
    with contextlib.ExitStack() as stack:
        engines = {}
        for peer in (GradCAMPP, *PEERS):
            try:
                engine = stack.enter_context(Engine(peer, network))
                engine.set_picture(picture)
                if peer is GradCAMPP:
                    mine = outputs(engine, "gradcampp")
                else:
                    result.agreements += agreements(mine, engine)
                engines[peer.name] = engine
            except EngineError as error:
                result.skipped[peer.name] = str(error)
                print(f"{network.name}: {peer.name} is skipped: {error}", flush=True)
                if peer is GradCAMPP:
                    return result
        refuse_disagreement(result.agreements)
        result.forward, result.explanation = (run_suite(each, engines, rounds) for each in SUITES)
    return result
