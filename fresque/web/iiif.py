"""IIIF over HTTP: manifests (Presentation 3), search in them (Content Search 1), pixels (Image API 3, level 1).

A viewer of another site may read these with a token. Without accounts whoever reaches this machine sees everything,
so that no other site is let in then: its pages could read the archive through the browser of the person here.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse, RedirectResponse

from archive.errors import NotFound
from archive.model import Board
from fresque.iiif import image, manifest
from fresque.report import gather
from fresque.report.job import Job
from fresque.web import keys as keys  # its addresses need it
from fresque.web import pictures
from fresque.web.desk import AtDesk, Desk

router = APIRouter(prefix="/iiif", tags=["iiif"])

MANIFEST = 'application/ld+json;profile="http://iiif.io/api/presentation/3/context.json"'
INFO = 'application/ld+json;profile="http://iiif.io/api/image/3/context.json"'


@router.get("/{session_id:key}/manifest.json", response_class=JSONResponse)
def show_manifest(session_id: str, desk: AtDesk) -> Response:
    """A session: each board a canvas, each line an annotation, the phases as ranges."""
    return _json(desk, manifest.manifest(_job(desk, session_id), _base(desk)), MANIFEST)


@router.get("/{session_id:key}/search", response_class=JSONResponse)
def search_manifest(session_id: str, desk: AtDesk, q: str = "") -> Response:
    """Lines that hold every word of ``q``."""
    return _json(desk, manifest.found_lines(_job(desk, session_id), _base(desk), q), "application/ld+json")


@router.get("/image/{board_id:key}", response_class=RedirectResponse, status_code=303)
def redirect_to_info(board_id: str, desk: AtDesk) -> Response:
    board = desk.board(board_id)
    return RedirectResponse(f"{_identifier(desk, board)}/info.json", 303)


@router.get("/image/{board_id:key}/info.json", response_class=JSONResponse)
def show_info(board_id: str, desk: AtDesk) -> Response:
    board, name = _named(desk, board_id)
    identifier = f"{_identifier(desk, board)}{':straight' if name == 'straight' else ''}"
    return _json(desk, image.info(identifier, board.width, board.height), INFO)


@router.get("/image/{board_id:key}/{region}/{size}/{rotation}/{quality_format}", response_class=Response)
def show_pixels(
    board_id: str, region: str, size: str, rotation: str, quality_format: str, desk: AtDesk, v: str = ""
) -> Response:
    """The cleaned board, with ``:straight`` after its id the straightened one: region, size and rotation as the Image
    API has them. 422 says which part cannot be met. With ``v``, which changes with the picture, it may be kept."""
    board, name = _named(desk, board_id)
    wanted = image.parse(image.Path(region, size, rotation, quality_format), board.width, board.height)
    digest = board.renditions.get(name) or board.renditions.get("straight")
    if digest is None:
        raise NotFound(f"board '{board.id}' has no picture")
    data = image.cut(_decoded(desk, digest), wanted)
    tag = f"{digest}-{region}-{size}-{rotation}-{quality_format}"
    return _open(desk, pictures.answer(data, wanted.media_type, tag, desk.request, for_good=bool(v)))


def _named(desk: Desk, given: str) -> tuple[Board, str]:
    """The board, and which of its pictures."""
    board_id, _, name = given.partition(":")
    if name not in ("", "clean", "straight"):
        raise NotFound(f"no picture '{name}'")
    return desk.board(board_id), name or "clean"


_pictures: OrderedDict[str, Any] = OrderedDict()
_pictures_lock = threading.Lock()
_MOST_PICTURES = 3


def _decoded(desk: Desk, digest: str) -> Any:
    """The full picture (PIL); the last few stay in memory, for a viewer asks for a dozen pieces at once."""
    with _pictures_lock:
        if (known := _pictures.get(digest)) is not None:
            _pictures.move_to_end(digest)
            return known
        made = _pictures[digest] = image.decoded(desk.app.archive.blobs.get(digest))
        while len(_pictures) > _MOST_PICTURES:
            _pictures.popitem(last=False)
        return made


def _job(desk: Desk, session_id: str) -> Job:
    session = desk.session(session_id)
    wanted = gather.Wanted(may_see=desk.rights.sees)
    return Job(gather.session_report(desk.app.archive, session.id, wanted), desk.app.archive)


def _base(desk: Desk) -> str:
    return str(desk.request.base_url).rstrip("/")


def _identifier(desk: Desk, board: Board) -> str:
    return f"{_base(desk)}/iiif/image/{board.id}"


def _json(desk: Desk, value: dict[str, Any], kind: str) -> Response:
    return _open(desk, JSONResponse(value, media_type=kind, headers={"Cache-Control": "private, no-cache"}))


def _open(desk: Desk, answer: Response) -> Response:
    if desk.state.with_accounts():
        answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer
