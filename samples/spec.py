"""What to render, and a photo while it is being made."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from samples.boards.plan import Plan
from samples.camera import Camera, Pose
from samples.canvas import Canvas
from samples.look import PLAIN, Look
from samples.texts import BoardText


@dataclass(frozen=True)
class Spec:
    """What to render. ``size``: long and short side of the photo; ``portrait`` None lets the kind decide;
    ``pose`` None lets the look decide; ``orientation``: EXIF tag (1, 3, 6, 8), None draws one now and then;
    ``flat``: also return the flat board and its ink."""

    text: BoardText
    kind: str = "whiteboard"
    size: tuple[int, int] = (4000, 3000)
    look: Look = PLAIN
    name: str = "IMG_0000.jpg"
    portrait: bool | None = None
    pose: Pose | None = None
    orientation: int | None = None
    taken_at: datetime | None = None
    flat: bool = False


@dataclass(eq=False)
class Shot:
    """A photo being made: all that the truth needs."""

    plan: Plan
    canvas: Canvas
    camera: Camera
    to_photo: NDArray[np.float64]  # mm of the board → photo pixels
    hidden: NDArray[np.uint8]  # photo / 8, 255 where something stands in front
    words: list[str] = field(default_factory=list)
