"""What speaks for a quad being a board: one row of numbers for each, all of the search picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capture.pipeline.find.inside import cells, level
from capture.pipeline.find.lines import Doubles, saturate
from capture.pipeline.find.picture import Picture

NAMES = (
    "support",  # edge under the sides, mean over what is visible of them
    "weakest",  # the side with the least
    "second",  # the side with the least but one
    "border",  # share of the outline that is the frame's own border, or beyond it
    "contrast",  # step in colour from just inside to just outside, mean over the sides
    "faintest",  # the side with the smallest step
    "bright_in",  # share of the outline where inside is the brighter
    "one_sign",  # how much the sides agree on which is the brighter
    "band",  # change in colour from just inside to further inside: a frame, or a drawn box
    "ring",  # how far the colours just inside differ among the four sides
    "depth",  # colour just inside against the middle
    "spread",  # unevenness of the colour inside
    "parted",  # share of the photo's variance explained by inside against outside
    "area",  # share of the photo, logarithm
    "beyond",  # edge that goes on past the corners
    "square",  # how far the corners are from right angles
    "taper",  # how unequal opposite sides are
    "ink",  # share of the photo's ink that lies inside
    "density",  # ink per area inside against outside
    "pale",  # colourfulness inside
    "white",  # light inside against the lightest parts of the photo
    "whole",  # share of the four sides of which nothing is seen
    "outline",  # edge under the sides, over all their length: what is not seen counts as none
    "corner",  # edge under the last eighth of the sides at their corners, the corner with the least
    "ink_edge",  # ink on the very sides: a line of writing, a box drawn with a pen
    "ink_out",  # ink just outside the sides
    "near",  # ink per area around the quad against inside: it cuts through what is written
    "vivid",  # share of the photo's bright colours inside
    "vivid_near",  # bright colours per area around the quad against inside
    "neutral",  # colourfulness of all that is outside against inside: paper is paler than a desk
    "lighter",  # light inside against just around the quad
    "gap",  # the longest stretch of a side with hardly any edge, as a share of the side
    "patch",  # step in colour across the third of a side that shows the least
    "ink_in",  # ink just inside the sides: a margin is left free, a side through what is written is not
    "level",  # how well what is written inside runs along the sides
)

ALONG = 40
BANDS = (3.0, 6.0, 12.0)


@dataclass(frozen=True, eq=False)
class _Sides:
    """Samples along the four sides of N quads: N×4×ALONG×2 positions, N×4×2 unit inward normals, visibility."""

    points: Doubles
    normals: Doubles
    visible: NDArray[np.bool_]
    length: Doubles


def features(quads: Doubles, picture: Picture) -> Doubles:
    """N×4×2 quads → N×len(NAMES)."""
    sides = _sides(quads, picture)
    weight = sides.visible.mean(axis=2) * sides.length
    share = weight / np.maximum(weight.sum(axis=1, keepdims=True), 1e-9)
    seen = sides.visible.mean(axis=2) > 0.2
    edges = _edge(sides.points, sides.normals, picture)
    edge = _masked_mean(edges, sides.visible)
    bands = _bands(sides, picture)
    inside, outside = bands[:, :, :, : len(BANDS)], bands[:, :, :, len(BANDS) :]
    step = inside[..., 1, :] - outside[..., 1, :]
    contrast = saturate_step(_masked_mean(np.linalg.norm(step, axis=-1), sides.visible))
    sign = _masked_mean(np.tanh(step[..., 0] / 4), sides.visible)
    band = saturate_step(_masked_mean(np.linalg.norm(inside[..., 0, :] - inside[..., 2, :], axis=-1), sides.visible))
    ring = _masked_mean(inside[..., 1, :], sides.visible[..., None])
    held = cells(quads, picture)
    ranked = np.sort(np.where(seen, edge, np.inf), axis=1)
    columns = [
        (edge * share).sum(1),
        _finite(ranked[:, 0]),
        _finite(ranked[:, 1]),
        1 - weight.sum(1) / sides.length.sum(1),
        (contrast * share).sum(1),
        _finite(np.where(seen, contrast, np.inf).min(1)),
        0.5 + 0.5 * (sign * share).sum(1),
        np.abs((sign * share).sum(1)),
        (band * share).sum(1),
        saturate_step(np.linalg.norm(ring - (ring * share[..., None]).sum(1, keepdims=True), axis=2).max(1)),
        saturate_step(np.linalg.norm((ring * share[..., None]).sum(1) - held["colour"], axis=1)),
        saturate_step(held["spread"]),
        held["parted"],
        np.log(np.maximum(held["area"], 1e-3)),
        _beyond(quads, sides, picture),
        _square(quads),
        _taper(sides.length),
        held["ink"],
        held["density"],
        saturate_step(held["chroma"]),
        held["white"],
        1 - seen.mean(axis=1),
        (edge * weight).sum(1) / sides.length.sum(1),
        _corner(edges, sides.visible),
        _ink(sides, picture, (-2.0, 0.0, 2.0)),
        _ink(sides, picture, (-12.0, -8.0, -5.0)),
        held["near"],
        held["vivid"],
        held["vivid_near"],
        held["neutral"],
        held["lighter"],
        _gap(edges, sides.visible),
        _patch(np.linalg.norm(step, axis=-1), sides.visible),
        _ink(sides, picture, (5.0, 8.0, 12.0)),
        level(quads, held["strokes"]),
    ]
    return np.stack(columns, axis=1)


def saturate_step(step: Doubles) -> Doubles:
    """0..1: a step of twelve Lab levels is half of it."""
    return np.asarray(step / (step + 12.0))


def _finite(values: Doubles) -> Doubles:
    return np.where(np.isfinite(values), values, 0.0)


def _masked_mean(values: Doubles, visible: NDArray[np.bool_]) -> Doubles:
    """Mean along the side over what is visible; zero where nothing is."""
    return np.asarray((values * visible).sum(axis=2) / np.maximum(visible.sum(axis=2), 1))


def _sides(quads: Doubles, picture: Picture) -> _Sides:
    ends = np.roll(quads, -1, axis=1)
    along = ends - quads
    length = np.linalg.norm(along, axis=2)
    unit = along / np.maximum(length, 1e-9)[..., None]
    normals = np.stack([-unit[..., 1], unit[..., 0]], axis=-1)  # clockwise on screen: inward
    t = (np.arange(ALONG) + 0.5) / ALONG
    points = quads[:, :, None] + along[:, :, None] * t[:, None]
    beyond = points - 4.0 * normals[:, :, None]
    visible = _within(points, picture) & _within(beyond, picture)
    return _Sides(points, normals, visible, length)


def _within(points: Doubles, picture: Picture) -> NDArray[np.bool_]:
    x, y = points[..., 0], points[..., 1]
    return np.asarray((x > -0.5) & (y > -0.5) & (x < picture.width - 0.5) & (y < picture.height - 0.5))


def _at(points: Doubles, picture: Picture) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    x = np.clip(np.rint(points[..., 0]), 0, picture.width - 1).astype(np.int64)
    y = np.clip(np.rint(points[..., 1]), 0, picture.height - 1).astype(np.int64)
    return y, x


def _edge(points: Doubles, normals: Doubles, picture: Picture) -> Doubles:
    """Strongest gradient across the side within two pixels of each sample, 0..1."""
    nx, ny = normals[:, :, None, 0], normals[:, :, None, 1]
    best = np.zeros(points.shape[:3])
    for offset in (-2.0, -1.0, 0.0, 1.0, 2.0):
        j = picture.tensor[_at(points + offset * normals[:, :, None], picture)]
        across = nx * nx * j[..., 0] + 2 * nx * ny * j[..., 1] + ny * ny * j[..., 2]
        np.maximum(best, np.where(across > 0.75 * (j[..., 0] + j[..., 2]), across, 0), out=best)
    strength = np.sqrt(best)
    return np.asarray(np.where(strength > 0.3, saturate(strength), 0.0))


def _bands(sides: _Sides, picture: Picture) -> Doubles:
    """Colours at each distance inside, then outside: N×4×ALONG×(2·BANDS)×3."""
    offsets = np.array([*BANDS, *(-b for b in BANDS)])
    points = sides.points[:, :, :, None] + offsets[:, None] * sides.normals[:, :, None, None]
    return picture.lab[_at(points, picture)].astype(np.float64)


def _corner(edges: Doubles, visible: NDArray[np.bool_]) -> Doubles:
    """Least over the corners of the mean edge under both sides next to it; a corner out of the photo counts as none
    where another is seen."""
    few = ALONG // 8
    ends = [(edges[:, :, part], visible[:, :, part]) for part in (slice(None, few), slice(-few, None))]
    start, end = (np.where(v, e, 0).sum(2) / np.maximum(v.sum(2), 1) for e, v in ends)
    shown = np.asarray(ends[0][1].any(2) & np.roll(ends[1][1].any(2), 1, axis=1))
    both = (start + np.roll(end, 1, axis=1)) / 2
    return _finite(np.where(shown, both, np.inf).min(1))


def _gap(edges: Doubles, visible: NDArray[np.bool_]) -> Doubles:
    """Longest run of samples that are in the photo and have no edge under them, over the four sides, 0..1."""
    bare = visible & (edges < 0.15)
    run, longest = np.zeros(bare.shape[:2]), np.zeros(bare.shape[:2])
    for k in range(ALONG):
        run = np.where(bare[:, :, k], run + 1, 0)
        np.maximum(longest, run, out=longest)
    return np.asarray(longest.max(1) / ALONG)


def _patch(step: Doubles, visible: NDArray[np.bool_]) -> Doubles:
    """Mean step of each third of each side; the least of those that are in the photo, 0..1."""
    third = ALONG // 3
    parts = [slice(k * third, (k + 1) * third) for k in range(3)]
    means = np.stack([_masked_mean(step[:, :, part], visible[:, :, part]) for part in parts], axis=2)
    shown = np.stack([visible[:, :, part].mean(2) > 0.5 for part in parts], axis=2)
    return saturate_step(_finite(np.where(shown, means, np.inf).min((1, 2))))


def _ink(sides: _Sides, picture: Picture, offsets: tuple[float, ...]) -> Doubles:
    """Mean ink along the outline at these distances, 0..1."""
    found = [picture.ink[_at(sides.points + o * sides.normals[:, :, None], picture)] for o in offsets]
    dark = np.minimum(np.max(found, axis=0), 60.0) / 60
    return np.asarray((dark * sides.visible).sum((1, 2)) / np.maximum(sides.visible.sum((1, 2)), 8))


def _beyond(quads: Doubles, sides: _Sides, picture: Picture) -> Doubles:
    """Mean edge along the continuation of the sides past their corners."""
    t = np.concatenate([np.linspace(-0.15, -0.03, 8), np.linspace(1.03, 1.15, 8)])
    along = np.roll(quads, -1, axis=1) - quads
    points = quads[:, :, None] + along[:, :, None] * t[:, None]
    inside = _within(points, picture)
    edge = _edge(points, sides.normals, picture)
    return np.asarray((edge * inside).sum((1, 2)) / np.maximum(inside.sum((1, 2)), 8))


def _square(quads: Doubles) -> Doubles:
    along = np.roll(quads, -1, axis=1) - quads
    unit = along / np.maximum(np.linalg.norm(along, axis=2, keepdims=True), 1e-9)
    return np.asarray(np.abs((unit * np.roll(unit, 1, axis=1)).sum(2)).mean(1))


def _taper(length: Doubles) -> Doubles:
    ratio = np.abs(np.log(np.maximum(length[:, :2], 1e-9) / np.maximum(length[:, 2:], 1e-9)))
    return np.asarray(ratio.max(1))
