"""One photo through the stages, its outcome recorded in one commit."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from archive.errors import ArchiveError, FresqueError, LeaseLost
from archive.jobs import Lease
from archive.model import CorrectionField, Photo, Quad
from archive.readings import KeptReading
from archive.store import Archive
from capture import decode, faces, renditions
from capture.fingerprint import fingerprint
from capture.pipeline import again, load, stages
from capture.sandbox import Sandbox


@dataclass(frozen=True)
class Done:
    """What became of one photo; ``error`` is None when its boards are in the catalogue."""

    photo_id: str
    file_name: str
    boards: int
    error: str | None


def process_photo(archive: Archive, lease: Lease, options: stages.Options, sandbox: Sandbox) -> Done:
    """One leased photo through every stage, or, when it was read before, through those that have changed since. A
    fault of the photo fails it; any other lets it be tried again."""
    photo = archive.catalog.photo(lease.photo_id)
    session = archive.catalog.session(photo.session_id)
    options = replace(
        options,
        given_quads=archive.catalog.given_quads(photo.id),
        read=replace(options.read, languages=session.languages),
    )
    try:
        boards = _process(archive, photo, lease, options, sandbox)
    except LeaseLost as error:  # another worker has it now: what it finds is what counts
        return Done(photo.id, photo.file_name, 0, str(error))
    except ArchiveError as error:  # the database, the store or their disk: no fault of the photo
        archive.jobs.fail(lease, str(error), retry=True)
        return Done(photo.id, photo.file_name, 0, str(error))
    except FresqueError as error:
        archive.jobs.fail(lease, str(error), retry=False)
        return Done(photo.id, photo.file_name, 0, str(error))
    except Exception as error:  # a fault of ours or of the machine: the batch goes on, the photo is tried again
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        archive.jobs.fail(lease, reason, retry=True)
        return Done(photo.id, photo.file_name, 0, reason)
    return Done(photo.id, photo.file_name, boards, None)


def _process(archive: Archive, photo: Photo, lease: Lease, options: stages.Options, sandbox: Sandbox) -> int:
    """Read and record; how many boards."""

    def decoded() -> load.Decoded:
        return decode.decode(archive.blobs.get(photo.blob), sandbox, options.load, photo.page)

    kept = _reusable(archive.catalog.current_reading(photo.id), options.given_quads)
    if kept is None:
        begun = time.perf_counter()
        picture = decoded()
        seconds = {"decode": round(time.perf_counter() - begun, 4)}
        outcome = stages.run(picture, options)
        scan = replace(outcome.scan, seconds={**outcome.scan.seconds, **seconds})
        result = again.Result(scan, outcome.renditions, picture.frame)
    else:
        stale = again.changed(kept.recipe, stages.recipe(options))
        result = again.run(kept.scan, stale, decoded, options)
    if result.renditions is None and kept is not None:
        images: Sequence[Mapping[str, str]] = kept.renditions
    else:
        images = [renditions.store(archive.blobs, each) for each in result.renditions or ()]
    seen = fingerprint(result.frame) if result.frame is not None else None
    boards = archive.catalog.commit_scan(photo.id, result.scan, images, lease, seen)
    faces.blur_boards(archive, [board.id for board in boards])
    _move_by_card(archive, photo, result.scan.session)
    return len(boards)


def _move_by_card(archive: Archive, photo: Photo, session: str | None) -> None:
    """To the session that a card in the photo names, unless a person has said where it belongs, or there is none."""
    if session is None or session == photo.session_id or session not in {s.id for s in archive.catalog.sessions()}:
        return
    said = archive.catalog.corrections(photo_id=photo.id)
    if not any(each.field is CorrectionField.SESSION for each in said):
        archive.catalog.correct(photo.id, None, CorrectionField.SESSION, session, author="card")


def _reusable(reading: KeptReading | None, given: tuple[Quad, ...]) -> KeptReading | None:
    """The last reading, unless people have moved corners since: then everything after them must be done again."""
    if reading is None or not reading.scan.surfaces:
        return None
    corners = {surface.quad for surface in reading.scan.surfaces}  # their order too: it says which way is up
    return reading if not given or set(given) == corners else None
