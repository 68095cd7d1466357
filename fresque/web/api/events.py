"""What happens in a session while it is processed, told as it happens (server-sent events)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from archive.errors import FresqueError
from fresque.web.desk import AtDesk, Desk, viewer_of
from fresque.web.forms import totals
from fresque.web.rights import Rights

router = APIRouter(tags=["sessions"])
SECONDS = 0.7
LONGEST = 3600.0  # seconds; the browser then asks again, with the rights it has then
BEAT = 15.0  # a sign of life, so that what lies between does not cut the line


@router.get("/sessions/{session_id:key}/events", response_class=StreamingResponse)
def events(session_id: str, desk: AtDesk) -> StreamingResponse:
    """Counts and photos of the session, sent whenever they change: ``event: state``."""
    session = desk.session(session_id)
    return StreamingResponse(
        _stream(desk, session.id), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )


async def _stream(desk: Desk, session_id: str) -> AsyncIterator[str]:
    last, told, since, quiet = -1, "", 0.0, 0.0
    while since < LONGEST:
        sequence = await run_in_threadpool(desk.catalog.last_sequence)
        if sequence != last or quiet % 3 < SECONDS:  # a lease is no change of the feed
            last = sequence
            state = json.dumps(await run_in_threadpool(state_of_session, desk, session_id))
            if state != told:
                if not await run_in_threadpool(_still, desk, session_id):
                    return
                told, quiet = state, 0.0
                yield f"event: state\ndata: {state}\n\n"
        if quiet >= BEAT:
            quiet = 0.0
            yield ": \n\n"
        await asyncio.sleep(SECONDS)
        since, quiet = since + SECONDS, quiet + SECONDS


def _still(desk: Desk, session_id: str) -> bool:
    """Whether who listens may see it now: a login may have ended since, or the session become restricted."""
    try:
        viewer = viewer_of(desk.request)
        return viewer is not None and Rights(desk.catalog, viewer).sees(desk.catalog.session(session_id))
    except FresqueError:
        return False


def state_of_session(desk: Desk, session_id: str) -> dict[str, Any]:
    counts = desk.catalog.counts(session_id)
    photos = desk.catalog.photos(session_id)
    return {
        "photos": totals(counts.photos),
        "boards": totals(counts.boards),
        "waiting": counts.waiting,
        "in_work": counts.in_work,
        "failed": counts.failed,
        "refused": counts.refused,
        "states": {p.id: [p.state.value, desk.words.said(p.error)] for p in photos},
    }
