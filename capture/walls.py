"""Look over a session's boards for walls: states are noted, parts of a fresco are joined into one board.

Run after the photos of a session have been read; again only where something changed since. Nothing is thrown away:
each photo and each reading stays, and a person can part what was taken for one.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

import cv2
import numpy as np

from archive.errors import FresqueError
from archive.model import Homography, digest_of
from archive.store import Archive
from archive.walls import Standing, Wall
from capture import renditions
from capture.pipeline.frame import Frame, Matrix, Pixels
from capture.pipeline.session import panorama, walls
from capture.pipeline.session.likeness import Shot, prepare
from capture.pipeline.stages import Renditions
from capture.pipeline.threads import side_by_side


@dataclass(frozen=True)
class Params:
    walls: walls.Params = field(default_factory=walls.Params)
    panorama: panorama.Params = field(default_factory=panorama.Params)


def recipe(params: Params) -> str:
    """Digest of the stage: its version and parameters."""
    return digest_of(["walls", walls.VERSION, asdict(params)])


def look_over(archive: Archive, session_id: str, params: Params | None = None, threads: int | None = None) -> bool:
    """Find the walls of a session anew, where its boards or the recipe have changed; whether they had. ``threads``: as
    many as there are processors when it is not given.

    Raises NotFound.
    """
    params = params or Params()
    boards = [each for each in archive.catalog.standing(session_id) if "straight" in each.board.renditions]
    seen = digest_of([recipe(params), [(b.board.id, b.number, b.parted) for b in boards]])
    if archive.catalog.walls_seen(session_id) == seen:
        return False
    found = _find(archive, _by_time(archive, session_id, boards), params, threads or os.cpu_count() or 1)
    archive.catalog.keep_walls(session_id, found, seen, recipe(params))
    return True


def _by_time(archive: Archive, session_id: str, boards: Sequence[Standing]) -> list[Standing]:
    at = {photo.id: photo.at for photo in archive.catalog.photos(session_id=session_id)}

    def when(each: Standing) -> tuple[bool, str, str]:
        taken = at.get(each.board.views[0].photo_id)
        return taken is None, taken.isoformat() if taken else "", each.board.id

    return sorted(boards, key=when)


def _find(archive: Archive, boards: Sequence[Standing], params: Params, threads: int) -> list[Wall]:
    def shot(each: Standing) -> Shot | None:
        try:
            return prepare(Frame(_picture(archive, each, "straight")), params.walls.likeness)
        except FresqueError:  # lost bytes are the business of 'fresque verify'
            return None

    taken = [(each, made) for each, made in zip(boards, side_by_side(shot, boards, threads), strict=True) if made]
    readable, shots = [each for each, _ in taken], [made for _, made in taken]

    def apart(a: int, b: int) -> bool:
        one_photo = readable[a].board.views[0].photo_id == readable[b].board.views[0].photo_id
        return one_photo or readable[a].parted or readable[b].parted

    return [_kept(archive, wall, readable, params) for wall in walls.find_walls(shots, apart, params.walls, threads)]


def _kept(archive: Archive, wall: walls.Wall, boards: Sequence[Standing], params: Params) -> Wall:
    members = [boards[n] for n in wall.members]
    ids = tuple(each.board.id for each in members)
    if not wall.parts:
        return Wall(ids, tuple(_rows(way) for way in wall.ways), parts=False)
    where = panorama.layout([(m.board.width, m.board.height) for m in members], wall.ways, params.panorama)
    straight = _joined(archive, members, where, "straight", params)
    cleaned = _joined(archive, members, where, "clean", params)
    images = renditions.store(archive.blobs, Renditions(Frame(straight), Frame(cleaned)))
    return Wall(ids, tuple(_rows(way) for way in where.ways), True, where.width, where.height, images)


def _joined(archive: Archive, members: Sequence[Standing], where: panorama.Layout, name: str, params: Params) -> Pixels:
    """Cleaned parts are alike already; straightened ones are as the light was."""
    parts = [_picture(archive, each, name if name in each.board.renditions else "straight") for each in members]
    return panorama.compose(parts, where, even=name == "straight", params=params.panorama)


def _picture(archive: Archive, each: Standing, name: str) -> Pixels:
    data = archive.blobs.get(each.board.renditions[name])
    return np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), np.uint8)


def _rows(way: Matrix) -> Homography:
    a, b, c = ((float(row[0]), float(row[1]), float(row[2])) for row in way)
    return (a, b, c)
