"""A row of truth.jsonl: the scorer's keys, and more that tells what makes the photo hard."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from samples.canvas import Points
from samples.light import COARSE, Light
from samples.spec import Shot, Spec

HIDDEN = 0.06
"""A line more covered than this cannot be asked for."""


Row = dict[str, Any]


def _seen(points: Points, to_photo: NDArray[np.float64]) -> list[list[float]]:
    mapped = cv2.perspectiveTransform(np.asarray(points, np.float64)[None], to_photo)[0]
    return [[round(float(x), 2), round(float(y), 2)] for x, y in mapped]


def _covered(poly: list[list[float]], mask: NDArray[np.uint8]) -> float:
    """Share of a polygon (photo pixels) under a mask at the coarse resolution."""
    if not mask.any():
        return 0.0
    inside = np.zeros(mask.shape, np.uint8)
    cv2.fillPoly(inside, [np.round(np.array(poly) / COARSE).astype(np.int32)], 1)
    total = int(inside.sum())
    return float((inside.astype(bool) & (mask > 40)).sum()) / total if total else 0.0


def describe(shot: Shot, spec: Spec, lit: Light, orientation: int) -> dict[str, Any]:
    """Coordinates in photo pixels with EXIF applied. A sticky-note wall without a surface has no quad. Lines hidden
    by someone or by another note go to ``hidden_lines``, and ``complete`` is then false."""
    canvas, plan = shot.canvas, shot.plan
    quad = _seen(np.array([[0, 0], [plan.width, 0], [plan.width, plan.height], [0, plan.height]]), shot.to_photo)
    lines: list[Row] = [{"text": n.text, "kind": n.kind, "poly": _seen(n.poly, shot.to_photo)} for n in canvas.lines]
    shown: list[Row] = []
    hidden: list[Row] = []
    for line in lines:
        (hidden if _covered(line["poly"], shot.hidden) > HIDDEN else shown).append(line)
    notes: list[Row] = [
        {"text": n.text, "colour": n.colour, "group": n.group, "poly": _seen(n.poly, shot.to_photo)}
        for n in canvas.notes
    ]
    washed = cv2.resize(lit.glare, shot.hidden.shape[::-1])
    return {
        "photo": spec.name,
        "id": spec.text.id,
        "kind": spec.kind,
        "phase": spec.text.phase,
        "width": shot.camera.width,
        "height": shot.camera.height,
        "quad": None if plan.variety == "wall" else quad,
        "lines": shown,
        "notes": [n for n in notes if _covered(n["poly"], shot.hidden) < 0.5],
        "complete": not hidden,
        "hidden_lines": hidden,
        "theme": spec.text.theme,
        "variety": plan.variety,
        "dark": plan.dark,
        "hand": canvas.hand,
        "orientation": orientation,
        "hard": sorted(set(shot.words)),
        "glare": round(_share(washed > 0.5, quad), 4),
        "hidden": round(_share(shot.hidden > 127, quad), 4),
        "millimetres": [plan.width, plan.height],
        "taken_at": spec.taken_at.isoformat() if spec.taken_at else None,
    }


def _share(mask: NDArray[np.bool_], quad: list[list[float]]) -> float:
    """Share of the quad where the mask is on."""
    inside = np.zeros(mask.shape, np.uint8)
    cv2.fillPoly(inside, [np.round(np.array(quad) / COARSE).astype(np.int32)], 1)
    return float((mask & (inside > 0)).sum()) / max(1, int(inside.sum()))
