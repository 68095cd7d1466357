"""Photos over the API: what is known of one, its picture, its content and session, reading it again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from archive.errors import UsageError
from archive.model import CorrectionField, Polygon
from archive.readings import KeptReading
from capture import faces
from fresque.web import pictures
from fresque.web.api.bodies import CorrectionBody
from fresque.web.desk import AtDesk, Desk
from fresque.web.forms import board_form, correction_form, photo_form
from fresque.web.limits import PREVIEW

router = APIRouter(tags=["photos"])
Width = Annotated[int, Query(ge=16, le=6000)]


@router.get("/photos/{photo_id}")
def show_photo(photo_id: str, desk: AtDesk) -> dict[str, Any]:
    photo = desk.photo(photo_id)
    may_change = desk.rights.changes(desk.catalog.session(photo.session_id))
    boards = desk.catalog.boards(photo_id=photo.id)
    return photo_form(photo) | {"boards": [board_form(b, may_change) for b in boards], "may_change": may_change}


@router.get("/photos/{photo_id}/picture", response_class=Response)
def show_picture(photo_id: str, desk: AtDesk, width: Width = 1600) -> Response:
    """The photo upright and encoded anew, without what a camera writes beside the pixels (place, owner)."""
    photo = desk.photo(photo_id)
    data = pictures.of_photo(desk.state, photo, width)
    tag = f"{photo.blob[:16]}-{width}{pictures.of_faces(desk.catalog.faces(photo.id))}"
    return pictures.answer(data, "image/webp", tag, desk.request, for_good=False)


@router.get("/photos/{photo_id}/original", response_class=Response)
def download_original(photo_id: str, desk: AtDesk) -> Response:
    """The bytes as they came, always as a download. Where faces are blurred it is for those who may change them."""
    photo = desk.photo(photo_id, change=bool(desk.catalog.faces(photo_id)))
    return pictures.download(desk.app.archive.blobs.get(photo.blob), photo.file_name)


@router.get("/photos/{photo_id}/preview", response_class=Response)
def preview(
    photo_id: str,
    desk: AtDesk,
    quad: Annotated[str, Query(pattern=r"^(-?\d{1,6}(\.\d{1,3})?,?){8}$", examples=["10,10,900,20,880,700,20,690"])],
) -> Response:
    """What straightening by these corners would give: x,y of four corners in photo pixels, small, at once."""
    photo = desk.photo(photo_id)
    desk.state.limits.take("preview", desk.viewer.id or "local", PREVIEW)
    numbers = [float(part) for part in quad.strip(",").split(",")]
    if len(numbers) != 8:
        raise UsageError("quad: huit nombres, x et y de quatre coins.")
    data = pictures.straightened(desk.state, photo, numbers)
    return Response(data, media_type="image/webp", headers={"Cache-Control": "no-store"})


@router.post("/photos/{photo_id}/corrections", status_code=201)
def correct_photo(photo_id: str, body: CorrectionBody, desk: AtDesk) -> dict[str, Any]:
    """The content or the session of a photo, the outlines of faces to blur, or corners of a board that was missed."""
    photo = desk.photo(photo_id, change=True)
    if body.field is CorrectionField.SESSION and isinstance(body.value, str):
        desk.session(body.value, change=True)
    elif body.field not in (CorrectionField.CONTENT, CorrectionField.CORNERS, CorrectionField.FACES):
        raise UsageError("Cette correction est celle d’un panneau, pas d’une photo.")
    made = desk.catalog.correct(photo.id, None, body.field, body.value, author=desk.name)
    if body.field is CorrectionField.FACES:
        blur(desk, photo.id)
    if body.field is CorrectionField.CORNERS:
        desk.app.archive.jobs.enqueue([photo.id])
    desk.state.keeper.wake()
    return correction_form(made)


@router.get("/photos/{photo_id}/faces")
def show_faces(photo_id: str, desk: AtDesk) -> dict[str, Any]:
    """``suggested``: rectangles in photo pixels around what looks like a face; ``blurred``: the outlines that people
    asked to have blurred, in every picture that is shown or exported (a correction of the field "faces")."""
    photo = desk.photo(photo_id, change=True)
    desk.state.limits.take("preview", desk.viewer.id or "local", PREVIEW)
    said = desk.catalog.faces(photo.id)
    found = faces.suggested(desk.app.archive, photo)
    return {"suggested": _rounded(found), "blurred": _rounded(said), "width": photo.width, "height": photo.height}


def _rounded(outlines: Sequence[Polygon]) -> list[list[list[float]]]:
    return [[[round(x, 1), round(y, 1)] for x, y in outline] for outline in outlines]


def blur(desk: Desk, photo_id: str) -> None:
    """The blurred pictures of its boards, made now: until they are, none is shown."""
    faces.blur_boards(desk.app.archive, [board.id for board in desk.catalog.boards(photo_id=photo_id)])


@router.post("/photos/{photo_id}/reading", status_code=202)
def read_again(photo_id: str, desk: AtDesk) -> dict[str, int]:
    """Have it read again; what people corrected stays."""
    photo = desk.photo(photo_id, change=True)
    count = desk.app.archive.jobs.enqueue([photo.id])
    desk.state.keeper.wake()
    return {"waiting": count}


@router.get("/photos/{photo_id}/readings")
def show_readings(photo_id: str, desk: AtDesk) -> list[dict[str, Any]]:
    """Every reading that is kept, the latest first."""
    return [reading_form(each) for each in desk.catalog.readings(desk.photo(photo_id).id)]


def reading_form(kept: KeptReading) -> dict[str, Any]:
    lines = [line for surface in kept.scan.surfaces for line in surface.lines]
    return {
        "number": kept.number,
        "made_at": kept.made_at.isoformat(),
        "current": kept.current,
        "boards": list(kept.board_ids),
        "words": sum(len(line.text.split()) for line in lines),
    }


@router.post("/photos/{photo_id}/readings/{number}")
def bring_back(photo_id: str, number: Annotated[int, Path(ge=1, le=2**31 - 1)], desk: AtDesk) -> dict[str, Any]:
    """Have an earlier reading count again, or a later one; corrections find their place on it."""
    photo = desk.photo(photo_id, change=True)
    kept = desk.catalog.bring_back(photo.id, number, desk.name)
    blur(desk, photo.id)
    desk.state.keeper.wake()
    return reading_form(kept) | {"current": True}
