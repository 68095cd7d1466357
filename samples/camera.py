"""A pinhole camera in the room. World: millimetres, x right, y down, z into the wall (the wall is z = 0)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Camera:
    """``intrinsics`` 3×3, ``rotation`` 3×3 (world to camera), ``centre`` in mm. Pixel centres at whole numbers."""

    intrinsics: Array
    rotation: Array
    centre: Array
    width: int
    height: int

    def project(self, points: Array) -> Array:
        """N×3 mm → N×2 pixels."""
        seen = (np.asarray(points, np.float64) - self.centre) @ self.rotation.T @ self.intrinsics.T
        return np.asarray(seen[:, :2] / seen[:, 2:3])

    def depth(self, points: Array) -> Array:
        return np.asarray(((np.asarray(points, np.float64) - self.centre) @ self.rotation.T)[:, 2])

    def plane(self, origin: Array, across: Array, down: Array) -> Array:
        """3×3: (millimetres along ``across``, along ``down``) from ``origin`` → pixels."""
        basis = np.stack([across, down, np.asarray(origin) - self.centre], axis=1)
        return np.asarray(self.intrinsics @ self.rotation @ basis)

    def wall_seen(self, limit: float = 9000.0) -> tuple[float, float, float, float]:
        """x0, y0, x1, y1 of the wall that the photo shows, in mm, cut at ``limit``."""
        corners = np.array([[0, 0, 1], [self.width, 0, 1], [self.width, self.height, 1], [0, self.height, 1.0]])
        rays = corners @ np.linalg.inv(self.intrinsics).T @ self.rotation
        reach = np.where(rays[:, 2] > 1e-3, -self.centre[2] / np.maximum(rays[:, 2], 1e-3), limit * 5)
        hits = np.clip((self.centre + rays * reach[:, None])[:, :2], -limit, limit)
        (x0, y0), (x1, y1) = hits.min(0), hits.max(0)
        return float(x0), float(y0), float(x1), float(y1)


@dataclass(frozen=True)
class Pose:
    """How the photo is taken. Angles in degrees; ``fill`` is the board's share of the frame in the direction where it
    is largest; ``offset`` is where its centre falls, from the middle of the frame, in frame sizes; ``zoom`` 1 is the
    main camera of a phone (26 mm)."""

    yaw: float
    pitch: float
    roll: float
    fill: float
    offset: tuple[float, float] = (0.0, 0.0)
    zoom: float = 1.0


def _rotation(pose: Pose) -> Array:
    a, b, c = np.deg2rad([pose.yaw, pose.pitch, pose.roll])
    yaw = np.array([[np.cos(a), 0, -np.sin(a)], [0, 1, 0], [np.sin(a), 0, np.cos(a)]])
    pitch = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    roll = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    return np.asarray(roll @ pitch @ yaw)


def aim(corners: Array, size: tuple[int, int], pose: Pose) -> Camera:
    """A camera that sees a board as the pose says. ``corners`` 4×3 mm; ``size`` width and height of the photo."""
    width, height = size
    focal = 26 / 36 * max(size) * pose.zoom
    intrinsics = np.array([[focal, 0, (width - 1) / 2], [0, focal, (height - 1) / 2], [0, 0, 1.0]])
    rotation = _rotation(pose)
    middle = corners.mean(0)
    at = np.array([(0.5 + pose.offset[0]) * width, (0.5 + pose.offset[1]) * height, 1.0])
    ray = rotation.T @ np.linalg.inv(intrinsics) @ at
    reach = float(np.ptp(corners, axis=0).max())
    near, far = 0.55 * reach, 40 * reach
    for _ in range(40):
        distance = (near * far) ** 0.5
        camera = Camera(intrinsics, rotation, middle - distance * ray, width, height)
        seen = camera.project(corners)
        behind = bool((camera.depth(corners) < 0.05 * distance).any())
        share = float((np.ptp(seen, axis=0) / (width, height)).max())
        near, far = (distance, far) if behind or share > pose.fill else (near, distance)
    return camera
