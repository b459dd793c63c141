"""Paths of SVG as polygons, to find out whether a point is within one: https://www.w3.org/TR/SVG2/paths.html"""

from __future__ import annotations

import cmath
import math
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

__all__ = ["Polygon", "is_within", "polygons_of"]

_MAX_LENGTH = 10_000
"""Characters of a path that is read."""

_STEPS = 16
"""Straight lines in the place of a curve."""

_NUMBER = re.compile(r"[\s,]*+([-+]?(?:\d++\.?\d*+|\.\d++)(?:[eE][-+]?\d++)?)", re.ASCII)
_FLAG = re.compile(r"[\s,]*+([01])", re.ASCII)
_COMMAND = re.compile(r"[\s,]*+([A-Za-z])", re.ASCII)
_ARGUMENTS = {"A": 7, "C": 6, "H": 1, "L": 2, "M": 2, "Q": 4, "S": 4, "T": 2, "V": 1, "Z": 0}
_FLAGS = (3, 4)
"""The arguments of an arc that are one digit, which nothing needs to separate."""

Polygon = tuple[complex, ...]


def is_within(polygons: tuple[Polygon, ...], point: complex, *, is_evenodd: bool) -> bool:
    """Whether a point, as a complex number, is within the polygons by a fill rule of SVG."""
    winding = crossings = 0
    for polygon in polygons:
        for start, end in zip(polygon, (*polygon[1:], polygon[0]), strict=True):
            if (start.imag <= point.imag) == (end.imag <= point.imag):
                continue
            across = start.real + (point.imag - start.imag) / (end.imag - start.imag) * (end.real - start.real)
            if across > point.real:
                crossings += 1
                winding += 1 if end.imag > start.imag else -1
    return bool(crossings % 2) if is_evenodd else winding != 0


@lru_cache(maxsize=200)
def polygons_of(path: str) -> tuple[Polygon, ...] | None:
    """The polygons that are closest to a path; None if it is too long to be read, or invalid as browsers see it."""
    if len(path) > _MAX_LENGTH or path[:1] not in ("M", "m"):
        return None
    try:
        commands = list(_commands(path))
    except ValueError:
        return None
    found: list[list[complex]] = []
    at = start = control = 0j
    previous = ""
    for command, values in commands:
        origin = at if command.islower() else 0j
        kind = command.upper()
        points = [origin + complex(*pair) for pair in zip(values[::2], values[1::2], strict=False)]
        if kind == "M" or not found:
            found.append([points[0] if kind == "M" else at])
        if kind == "Z":
            found.append([start])
            at = start
        elif kind == "M":
            at = start = points[0]
        elif kind in "HV":
            at = complex(origin.real + values[0], at.imag) if kind == "H" else complex(at.real, origin.imag + values[0])
            found[-1].append(at)
        elif kind == "A":
            end = origin + complex(values[5], values[6])
            found[-1] += _arc(at, end, values)
            at = end
        else:
            if kind in "ST":
                # The first control point mirrors the last one of a curve of the same kind.
                points.insert(0, 2 * at - control if previous in ("CS" if kind == "S" else "QT") else at)
            found[-1] += (
                [_on_curve([at, *points], step / _STEPS) for step in range(1, _STEPS + 1)] if kind != "L" else points
            )
            control, at = points[-2] if len(points) > 1 else at, points[-1]
        previous = kind
    return tuple(tuple(points) for points in found if len(points) > 1)


def _commands(path: str) -> Iterator[tuple[str, list[float]]]:
    """The commands, each with one set of its arguments. Raises ValueError at what is none."""
    position, command = 0, ""
    while position < len(path):
        if (letter := _COMMAND.match(path, position)) is not None:
            command, position = letter[1], letter.end()
        if command.upper() not in _ARGUMENTS or (letter is None and command in "Zz"):
            raise ValueError(command)
        values: list[float] = []
        for number in range(_ARGUMENTS[command.upper()]):
            is_flag = command in "Aa" and number in _FLAGS
            value = (_FLAG if is_flag else _NUMBER).match(path, position)
            if value is None or not math.isfinite(float(value[1])):
                raise ValueError(command)
            values.append(min(max(float(value[1]), -1e9), 1e9))
            position = value.end()
        yield command, values
        # Further points of a movement are those of lines.
        command = {"M": "L", "m": "l"}.get(command, command)


def _on_curve(points: list[complex], part: float) -> complex:
    """A point of a Bézier curve."""
    while len(points) > 1:
        points = [one + (other - one) * part for one, other in pairwise(points)]
    return points[0]


def _arc(start: complex, end: complex, values: list[float]) -> list[complex]:
    """Points of an elliptical arc: https://www.w3.org/TR/SVG2/implnote.html#ArcImplementationNotes"""
    across, down, angle, is_large, is_clockwise = abs(values[0]), abs(values[1]), values[2], values[3], values[4]
    if not across or not down or start == end:
        return [end]
    turn = cmath.exp(1j * math.radians(angle))

    def as_circle(point: complex) -> complex:
        turned = point / turn
        return complex(turned.real / across, turned.imag / down)

    first, last = as_circle(start), as_circle(end)
    half = (last - first) / 2
    size = max(abs(half), 1.0)  # Ellipses that are too small are made larger.
    away = 1j * half / abs(half) * math.sqrt(max(size**2 - abs(half) ** 2, 0))
    center = (first + last) / 2 + (away if bool(is_large) != bool(is_clockwise) else -away)
    begin, swept = cmath.phase(first - center), cmath.phase((last - center) / (first - center))
    if is_clockwise and swept < 0:
        swept += 2 * math.pi
    elif not is_clockwise and swept > 0:
        swept -= 2 * math.pi
    circle = (center + cmath.rect(size, begin + swept * step / _STEPS) for step in range(1, _STEPS))
    return [*(complex(point.real * across, point.imag * down) * turn for point in circle), end]
