"""Lays a picture on the ground: scale, turn and shift (a similarity) from points that are known on both. Pure.

Both sides are complex numbers: a place of the picture is x - iy in pixels (y grows downwards), a place of the ground is
east + i north in metres around the middle of the points. The best fit in the sense of least squares is w = a z + b; two points
are met exactly, and only a third tells how good the picture is.
"""

from __future__ import annotations

from cmath import phase
from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, degrees, radians, sqrt
from typing import Final

from callcenter.core.errors import Invalid

METRES_PER_DEGREE: Final = 111_320.0
"""Of latitude, as the console's maps reckon."""
FINEST_M, COARSEST_M = 0.005, 10.0
"""Metres that a pixel of a community's picture can be: a drawn plan of one court, an aerial picture of a town."""
LEAST_PIXELS: Final = 20.0
"""Between the two reference points that lie farthest apart: of nearer ones an unsteady hand would turn the picture."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One place on both: pixels from the upper left corner of the picture, and WGS-84 degrees."""

    x: float
    y: float
    lng: float
    lat: float


@dataclass(frozen=True, slots=True)
class Fit:
    """Where each pixel of the picture lies. `turn` and `shift` are the a and b above; `origin` is (lng, lat)."""

    origin: tuple[float, float]
    turn: complex
    shift: complex
    off_m: tuple[float, ...]
    """How far each reference point lies from where the picture shows it."""

    @property
    def metres_per_pixel(self) -> float:
        """The scale."""
        return abs(self.turn)

    @property
    def degrees(self) -> float:
        """By how much the picture is turned against north, counter-clockwise."""
        return degrees(phase(self.turn))

    @property
    def residual_m(self) -> float:
        """The root of the mean square of how far the points are off."""
        return sqrt(sum(off * off for off in self.off_m) / len(self.off_m))

    def place_of(self, x: float, y: float) -> tuple[float, float]:
        """(lng, lat) of a place of the picture."""
        return _to_degrees(self.origin, self.turn * complex(x, -y) + self.shift)

    def corners(self, width: int, height: int) -> list[list[float]]:
        """[lng, lat] of the upper left, upper right, lower right and lower left corner."""
        ends = ((0, 0), (width, 0), (width, height), (0, height))
        return [[round(each, 9) for each in self.place_of(*end)] for end in ends]


def fit(references: Sequence[Reference]) -> Fit:
    """The best fit. Raises Invalid `points_too_near` where they cannot turn the picture, and `unlikely_scale` where pixels would
    be smaller or larger than those of any picture of a community.
    """
    origin = _mean(references)
    pixels = [complex(each.x, -each.y) for each in references]
    places = [_to_metres(origin, each.lng, each.lat) for each in references]
    if not _apart(pixels):
        raise Invalid(
            f"The reference points lie less than {LEAST_PIXELS:.0f} pixels apart: choose two that lie far apart.",
            code="points_too_near",
            least=LEAST_PIXELS,
        )
    pixel_mean, place_mean = sum(pixels) / len(pixels), sum(places) / len(places)
    spread = sum(abs(pixel - pixel_mean) ** 2 for pixel in pixels)
    turn = (
        sum(
            (pixel - pixel_mean).conjugate() * (place - place_mean)
            for pixel, place in zip(pixels, places, strict=True)
        )
        / spread
    )
    if not FINEST_M <= abs(turn) <= COARSEST_M:
        raise Invalid(
            f"A pixel of this picture would be {abs(turn):.4g} m: check the reference points.",
            code="unlikely_scale",
            metres=abs(turn),
        )
    shift = place_mean - turn * pixel_mean
    off = tuple(
        abs(turn * pixel + shift - place) for pixel, place in zip(pixels, places, strict=True)
    )
    return Fit(origin, turn, shift, off)


def _apart(pixels: Sequence[complex]) -> bool:
    return any(abs(a - b) >= LEAST_PIXELS for a in pixels for b in pixels)


def _mean(references: Sequence[Reference]) -> tuple[float, float]:
    count = len(references)
    return (
        sum(each.lng for each in references) / count,
        sum(each.lat for each in references) / count,
    )


def _to_metres(origin: tuple[float, float], lng: float, lat: float) -> complex:
    east = (lng - origin[0]) * METRES_PER_DEGREE * cos(radians(origin[1]))
    return complex(east, (lat - origin[1]) * METRES_PER_DEGREE)


def _to_degrees(origin: tuple[float, float], place: complex) -> tuple[float, float]:
    east_degree = METRES_PER_DEGREE * cos(radians(origin[1]))
    return origin[0] + place.real / east_degree, origin[1] + place.imag / METRES_PER_DEGREE
