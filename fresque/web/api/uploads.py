"""Photos in: the browser names a file by its digest, sends what is not known yet, and goes on where it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePath
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool

from archive.errors import UsageError
from archive.model import Blob
from capture import intake
from capture.intake import Taken
from fresque.session_file import NAME, filled, session_from_toml
from fresque.web.api.bodies import UploadBody
from fresque.web.desk import AtDesk, Desk
from fresque.web.limits import UPLOAD
from fresque.web.parts import Parts, Upload

router = APIRouter(tags=["uploads"])


def _parts(desk: Desk) -> Parts:
    parts: Parts = desk.request.app.state.parts
    return parts


@router.post("/sessions/{session_id:key}/uploads")
def announce(session_id: str, body: UploadBody, desk: AtDesk) -> dict[str, Any]:
    """``state`` is "known" when this session has the photo already, "added" when you may see it in another one (no
    byte has to be sent then), and "open" otherwise: send from ``offset`` on."""
    session = desk.session(session_id, change=True)
    desk.state.limits.take("upload", desk.viewer.id or "local", UPLOAD)
    photos = desk.catalog.photos_of_blob(body.sha256)
    for photo in photos:
        if photo.session_id == session.id:
            return {"state": "known", "photo": photo.id}
    seen = next((p for p in photos if p.session_id in desk.rights.sessions and p.page == 0 and not p.trashed), None)
    if seen is not None:
        blob = Blob(seen.blob, desk.app.archive.blobs.size(seen.blob))
        made, _ = desk.catalog.add_photo(session.id, blob, body.name, desk.name, seen.taken_at)
        desk.state.keeper.wake()
        return {"state": "added", "photo": made.id}
    upload, offset = _parts(desk).open(session.id, desk.viewer.id or "", body.name, body.size, body.sha256)
    return {"state": "open", "upload": upload.id, "offset": offset, "size": upload.size}


@router.get("/uploads/{upload_id}")
def where(upload_id: str, desk: AtDesk) -> dict[str, Any]:
    upload = _parts(desk).find(upload_id, desk.viewer.id or "")
    return {"state": "open", "upload": upload.id, "offset": _parts(desk).offset(upload), "size": upload.size}


@router.put(
    "/uploads/{upload_id}",
    openapi_extra={"requestBody": {"content": {"application/octet-stream": {"schema": {"type": "string"}}}}},
)
async def send(
    upload_id: str, request: Request, desk: AtDesk, offset: Annotated[int, Query(ge=0, le=2**40)] = 0
) -> dict[str, Any]:
    """The bytes from ``offset`` on, as many as you like at a time. The answer to the last says what became of them:
    "added", "known" or "refused" with a reason."""
    upload = await run_in_threadpool(_mine, desk, upload_id)
    here = await _parts(desk).append(upload, offset, request.stream())
    if here < upload.size:
        return {"state": "open", "upload": upload.id, "offset": here, "size": upload.size}
    return await run_in_threadpool(_take, desk, upload)


def _mine(desk: Desk, upload_id: str) -> Upload:
    desk.state.limits.take("upload", desk.viewer.id or "local", UPLOAD)
    upload = _parts(desk).find(upload_id, desk.viewer.id or "")
    desk.session(upload.session_id, change=True)
    return upload


def _fill(desk: Desk, upload: Upload, file: Path) -> dict[str, Any]:
    """A session.toml among a folder's photos: it fills what the session leaves open, but not who may see it."""
    session = desk.session(upload.session_id, change=True)
    told: dict[str, Any] = {"photo": None, "photos": [], "reason": None}
    try:
        meant = session_from_toml(file, session.id)
    except UsageError as error:
        _parts(desk).forget(upload)
        return told | {"state": Taken.REFUSED.value, "reason": desk.words.said(str(error))}
    changed = filled(session, replace(meant, visibility=session.visibility, lab=session.lab))
    desk.app.ensure_project(changed.project_id)
    desk.catalog.update_session(changed, desk.name)
    _parts(desk).forget(upload)
    desk.state.keeper.wake()
    return told | {"state": Taken.KNOWN.value if changed == session else Taken.ADDED.value}


def _take(desk: Desk, upload: Upload) -> dict[str, Any]:
    file = _parts(desk).finish(upload)
    if PurePath(upload.name).name.lower() == NAME:
        return _fill(desk, upload, file)
    with intake.Intake(desk.app.archive, upload.session_id, desk.name, desk.app.opening()) as taking:
        done = list(taking.take(file, upload.name))
    _parts(desk).forget(upload)  # only now: after a fault of ours the last bytes can be sent again
    desk.state.keeper.wake()
    told = [(each.name, desk.words.said(each.reason)) for each in done if each.reason]
    refused = [f"{name} : {reason}" if len(done) > 1 else reason for name, reason in told]
    taken = {each.taken for each in done}
    best = next((t for t in (Taken.ADDED, Taken.KNOWN) if t in taken), Taken.REFUSED)
    photos = [each.photo_id for each in done if each.photo_id and not each.text]
    return {
        "state": best.value,
        "photo": photos[0] if photos else None,
        "photos": photos,
        "reason": " ; ".join(refused) or None,
    }
