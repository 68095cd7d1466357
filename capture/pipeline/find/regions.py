"""Quads from regions: components brighter, darker, paler or of another colour than what surrounds them."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.pipeline.find.lines import Doubles
from capture.pipeline.find.picture import Floats, Picture

Mask = NDArray[np.uint8]


Contour = NDArray[np.int32]


def regions(picture: Picture, smallest: float) -> list[Contour]:
    """The outlines (search pixels) of the largest components of each mask; ``smallest`` is a share of the picture."""
    found: list[Contour] = []
    lab = picture.lab[::2, ::2]
    least = smallest * lab.shape[0] * lab.shape[1]
    for mask in _masks(lab):
        contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        large = [np.asarray(c, np.int32) * 2 for c in contours if cv2.contourArea(c) >= least]
        found += sorted(large, key=cv2.contourArea, reverse=True)[:3]
    return found


def region_quads(outlines: list[Contour]) -> Doubles:
    """One quad for each outline that can be made one, N×4×2."""
    quads = (hull_quad(outline) for outline in outlines)
    return np.array([quad for quad in quads if quad is not None]).reshape(-1, 4, 2)


def _masks(lab: Floats) -> list[Mask]:
    light = np.clip(lab[..., 0], 0, 255).astype(np.uint8)
    chroma = np.hypot(lab[..., 1], lab[..., 2])
    pale = np.clip(255 - 3 * chroma, 0, 255).astype(np.uint8)
    masks = [_otsu(light), _otsu(pale), _otsu(light // 2 + pale // 2)]
    high = int(np.percentile(light, 80))
    for below in (25, 50):
        masks.append(_as_mask(light > high - below))
    masks.append(255 - masks[0])
    h, w = light.shape
    seed = np.median(lab[h * 2 // 5 : h * 3 // 5, w * 2 // 5 : w * 3 // 5].reshape(-1, 3), axis=0)
    far = np.abs(lab - seed.astype(np.float32)).max(axis=2)
    masks += [_as_mask(far < reach) for reach in (15, 30)]
    kernel = np.ones((3, 3), np.uint8)
    return [np.asarray(cv2.morphologyEx(m, cv2.MORPH_OPEN, kernel), np.uint8) for m in masks]


def _as_mask(where: NDArray[np.bool_]) -> Mask:
    return np.asarray(where * 255, np.uint8)


def _otsu(channel: Mask) -> Mask:
    return np.asarray(cv2.threshold(channel, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1], np.uint8)


def hull_quad(contour: NDArray[np.int32]) -> Doubles | None:
    """The four sides of a contour's hull: approximated ever more coarsely until four corners are left."""
    hull = cv2.convexHull(contour)
    around = cv2.arcLength(hull, True)
    for step in np.geomspace(0.01, 0.15, 14):
        corners = cv2.approxPolyDP(hull, step * around, True).reshape(-1, 2)
        if len(corners) == 4:
            return in_order(corners.astype(np.float64))
        if len(corners) < 4:
            return None
    return None


def in_order(corners: Doubles) -> Doubles:
    """Four corners of a convex quad → top left, top right, bottom right, bottom left as seen in the photo."""
    centre = corners.mean(axis=0)
    angle = np.arctan2(corners[:, 1] - centre[1], corners[:, 0] - centre[0])
    ring = corners[np.argsort(angle)]  # clockwise on screen, y down
    return np.roll(ring, -int(np.argmin(ring.sum(axis=1))), axis=0)
