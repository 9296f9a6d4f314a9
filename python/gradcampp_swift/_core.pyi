from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias, final

import numpy as np
import numpy.typing as npt

_Prediction: TypeAlias = tuple[int, float, float]
_Target: TypeAlias = (
    "int | tuple[str, tuple[int, ...], tuple[int, ...], npt.NDArray[np.float32] | None]"
)
_Option: TypeAlias = tuple[str, str, str, float, float, float]
_Three: TypeAlias = tuple[float, float, float]
_Limits: TypeAlias = tuple[int, int, int, int, int, int]
_Preprocessing: TypeAlias = tuple[str, float, _Three, _Three, float, str, bool]

@final
class Image:
    def pixels(self, /) -> npt.NDArray[np.uint8]: ...
    def jpeg(self, quality: int, /) -> bytes: ...

@final
class Explanation:
    @property
    def heatmap(self) -> npt.NDArray[np.float32]: ...
    @property
    def cam(self) -> npt.NDArray[np.float32]: ...
    @property
    def scale(self) -> float: ...
    @property
    def area(self) -> tuple[int, int, int, int, int, int] | None: ...
    @property
    def channel_weights(self) -> npt.NDArray[np.float32] | None: ...
    @property
    def guided(self) -> npt.NDArray[np.float32] | None: ...
    @property
    def seen(self) -> npt.NDArray[np.float64]: ...
    @property
    def target(self) -> _Prediction | None: ...
    @property
    def target_kind(self) -> str: ...
    @property
    def score(self) -> float: ...
    @property
    def predictions(self) -> list[_Prediction]: ...
    @property
    def method(self) -> str: ...
    @property
    def layer(self) -> str: ...
    def render(self, kind: str, /, *, colormap: str | None = None, alpha: float = 0.0) -> Image: ...

@final
class Model:
    @property
    def architecture(self) -> str: ...
    @property
    def default_layer(self) -> str: ...
    @property
    def class_count(self) -> int: ...
    @property
    def input_shape(self) -> tuple[int, int, int]: ...
    @property
    def preprocessing(self) -> _Preprocessing: ...
    @property
    def crop(self) -> str: ...
    @property
    def output(self) -> str: ...
    @property
    def output_shape(self) -> tuple[int, ...]: ...
    @property
    def activation(self) -> str | None: ...
    @property
    def array_count(self) -> int: ...
    @property
    def configuration(self) -> str | None: ...
    @property
    def notes(self) -> list[str]: ...
    @property
    def layers(self) -> list[tuple[str, str, tuple[int, ...]]]: ...
    def verify(self, /) -> None: ...
    def predict(self, image: Image, count: int, /) -> list[_Prediction]: ...
    def explain(
        self,
        images: Iterable[Image],
        /,
        *,
        method: str | None = None,
        layer: str | tuple[str, ...] | None = None,
        targets: Iterable[_Target] | None = None,
        guided: bool = False,
        top: int = 0,
        options: tuple[tuple[str, float], ...] = (),
    ) -> list[Explanation]: ...
    def score(
        self, pictures: npt.NDArray[np.float32], targets: Iterable[_Target], /
    ) -> npt.NDArray[np.float64]: ...
    def score_masks(
        self,
        image: Image,
        masks: npt.NDArray[np.float32],
        background: npt.NDArray[np.float32] | None,
        targets: Iterable[_Target],
        /,
    ) -> npt.NDArray[np.float64]: ...
    def array(self, index: int, /) -> tuple[str, npt.NDArray[np.float32]]: ...
    def activations(self, image: Image, layer: str, /) -> npt.NDArray[np.float32]: ...
    def gradients(
        self, image: Image, layer: str, target: _Target | None, /
    ) -> npt.NDArray[np.float32]: ...

def model_open(
    path: str,
    /,
    *,
    origin: str | None = None,
    preprocessing: str | _Preprocessing | None = None,
    crop: str | None = None,
    limits: _Limits | None = None,
    mapped: bool = True,
    input_size: tuple[int, int] | None = None,
    activation: str | None = None,
    epsilon: float | None = None,
    output: str | None = None,
    inputs: Iterable[tuple[str, npt.NDArray[Any]]] = (),
    tokens: int | None = None,
    configuration: str | None = None,
) -> Model: ...
def model_open_arrays(
    pairs: Iterable[tuple[str, npt.NDArray[np.floating[Any]]]],
    /,
    *,
    origin: str | None = None,
    preprocessing: str | _Preprocessing | None = None,
    crop: str | None = None,
    limits: _Limits | None = None,
    mapped: bool = True,
    input_size: tuple[int, int] | None = None,
    activation: str | None = None,
    epsilon: float | None = None,
    output: str | None = None,
    inputs: Iterable[tuple[str, npt.NDArray[Any]]] = (),
    tokens: int | None = None,
    configuration: str | None = None,
) -> Model: ...
def graph_passes(
    path: str,
    /,
    *,
    origin: str | None = None,
    preprocessing: str | _Preprocessing | None = None,
    crop: str | None = None,
    limits: _Limits | None = None,
    mapped: bool = True,
    input_size: tuple[int, int] | None = None,
    activation: str | None = None,
    epsilon: float | None = None,
    output: str | None = None,
    inputs: Iterable[tuple[str, npt.NDArray[Any]]] = (),
    tokens: int | None = None,
    configuration: str | None = None,
) -> str: ...
def graph_passes_arrays(
    pairs: Iterable[tuple[str, npt.NDArray[np.floating[Any]]]],
    /,
    *,
    origin: str | None = None,
    preprocessing: str | _Preprocessing | None = None,
    crop: str | None = None,
    limits: _Limits | None = None,
    mapped: bool = True,
    input_size: tuple[int, int] | None = None,
    activation: str | None = None,
    epsilon: float | None = None,
    output: str | None = None,
    inputs: Iterable[tuple[str, npt.NDArray[Any]]] = (),
    tokens: int | None = None,
    configuration: str | None = None,
) -> str: ...
def image_decode(data: bytes, limits: _Limits | None = None, /) -> Image: ...
def image_from_rgb8(pixels: npt.NDArray[np.uint8], limits: _Limits | None = None, /) -> Image: ...
def limits() -> _Limits: ...
def explanation_restore(
    *,
    method: str,
    layer: str,
    target: _Prediction | None,
    predictions: Sequence[_Prediction],
    heatmap: npt.NDArray[np.float32],
    cam: npt.NDArray[np.float32],
    channel_weights: npt.NDArray[np.float32] | None,
    guided: npt.NDArray[np.float32] | None,
    seen: npt.NDArray[np.float64],
    scale: float,
    area: tuple[int, int, int, int, int, int] | None,
    target_kind: str | None,
    score: float,
) -> Explanation: ...
def cam(
    activations: npt.NDArray[np.float32],
    gradients: npt.NDArray[np.float32],
    method: str | None,
    /,
) -> npt.NDArray[np.float32]: ...
def methods() -> list[
    tuple[str, str, str, tuple[bool, bool, bool, bool, bool], tuple[_Option, ...]]
]: ...
def target_kinds() -> list[tuple[str, str, str]]: ...
def colormaps() -> list[tuple[str, str, str]]: ...
def preprocessings() -> list[tuple[str, str, str]]: ...
def colormap_table(name: str, /) -> npt.NDArray[np.uint8]: ...
def version() -> str: ...
def kernels() -> str: ...
def threads() -> int: ...
def set_threads(count: int, /) -> None: ...
