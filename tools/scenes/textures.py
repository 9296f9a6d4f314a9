"""Random fields with the spectrum of natural surfaces.

What comes of transforms or of transcendental functions is computed in float64 and then rounded to
float32; from there on only additions, multiplications and comparisons of float32 follow. Another
NumPy's last bits thus do not reach the pixels.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

Plane = npt.NDArray[np.float32]


@lru_cache(maxsize=8)
def _frequencies(side: int) -> tuple[npt.NDArray[np.floating], npt.NDArray[np.floating]]:
    """List the vertical and horizontal frequencies of a real transform, in periods a picture."""
    vertical, horizontal = np.fft.fftfreq(side, 1 / side), np.fft.rfftfreq(side, 1 / side)
    return vertical[:, np.newaxis], horizontal[np.newaxis]


def field(
    random: np.random.Generator,
    side: int,
    steepness: float,
    stretch: float = 1.0,
    angle: float = 0.0,
) -> Plane:
    """Gaussian noise whose amplitude falls as frequency ** -steepness, (side, side).

    Natural pictures have a steepness near 1 (Field 1987, "Relations between the statistics of
    natural images and the response properties of cortical cells"). A `stretch` above 1 draws the
    texture out along `angle` (radians), as grain of wood. Mean 0, standard deviation 1, clipped to
    [-3, 3].
    """
    vertical, horizontal = _frequencies(side)
    along = np.cos(angle) * horizontal + np.sin(angle) * vertical
    across = np.cos(angle) * vertical - np.sin(angle) * horizontal
    squared = (along * stretch) ** 2 + (across / stretch) ** 2
    squared[0, 0] = 1
    amplitude = (squared + 1) ** (-steepness / 2)
    amplitude[0, 0] = 0
    shape = (2, *squared.shape)
    real, imaginary = random.standard_normal(shape, np.float32).astype(np.float64)
    noise = np.fft.irfft2((real + 1j * imaginary) * amplitude, s=(side, side))
    noise *= 1 / noise.std()
    clipped: Plane = np.clip(noise, -3, 3).astype(np.float32)
    return clipped


def colour(random: np.random.Generator, strongest: float = 0.75) -> npt.NDArray[np.float32]:
    """Draw a colour, RGB in [0.05, 0.95]: any hue, from grey to `strongest`, dark to light."""
    hue = random.uniform(0, 6)
    ramp = np.abs((hue + np.array([0.0, 4.0, 2.0])) % 6 - 3) - 1
    pure = np.clip(ramp, 0, 1) - 0.5
    saturation, light = random.uniform(0.05, strongest), random.uniform(0.22, 0.78)
    drawn: npt.NDArray[np.float32] = np.clip(light + saturation * pure, 0.05, 0.95).astype(
        np.float32
    )
    return drawn


def smoothed(planes: Plane, weight: float) -> Plane:
    """Blur by (weight, 1 - 2 weight, weight) along both axes of (..., height, width) planes."""
    side, middle = np.float32(weight), np.float32(1 - 2 * weight)
    result = planes * middle
    result[..., 1:, :] += side * planes[..., :-1, :]
    result[..., :-1, :] += side * planes[..., 1:, :]
    result[..., 0, :] += side * planes[..., 0, :]
    result[..., -1, :] += side * planes[..., -1, :]
    planes, result = result, result * middle
    result[..., :, 1:] += side * planes[..., :, :-1]
    result[..., :, :-1] += side * planes[..., :, 1:]
    result[..., :, 0] += side * planes[..., :, 0]
    result[..., :, -1] += side * planes[..., :, -1]
    return result
