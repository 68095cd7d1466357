"""The stages as data, in order, with their versions; and the run of one photo through all of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import cache, partial
from typing import Any, ParamSpec, TypeVar

from archive.model import Quad, Recipe, Scan, StageUse, Surface, digest_of
from capture.pipeline import cards, clean, content, find, ground, load, notes, notes_proof, phase, read, straighten
from capture.pipeline.frame import Frame, Matrix
from capture.pipeline.threads import Aside

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Stage:
    """One row of the table: ``models`` gives the digests of what the stage loads besides its code."""

    name: str
    version: int
    params: Any
    models: Callable[[], Mapping[str, str]] = dict


@dataclass(frozen=True)
class Options:
    """What one run may vary. ``given_quads`` are corners that a person or a marker gave: nothing is searched then.

    ``renditions`` off leaves out the image for the eye, which nothing else needs. ``threads``: processors used.
    """

    load: load.Params = field(default_factory=load.Params)
    read: read.Params = field(default_factory=read.Params)
    given_quads: tuple[Quad, ...] = ()
    renditions: bool = True
    threads: int = 2
    phase_model: bytes | None = None  # the archive's own


@dataclass(frozen=True)
class Renditions:
    """The straightened board, and the same cleaned for the eye; both upright."""

    straight: Frame
    clean: Frame | None


@dataclass(frozen=True)
class Outcome:
    scan: Scan
    renditions: tuple[Renditions, ...]  # one for each surface, in order


def stages(options: Options) -> tuple[Stage, ...]:
    """The table. Languages are left out of a recipe: they are the session's, and one recipe serves every session."""
    return (
        Stage("decode", load.VERSION, options.load),
        Stage("cards", cards.VERSION, cards.Params()),
        Stage("find", find.VERSION, find.Params(), find.models),
        Stage("straighten", straighten.VERSION, straighten.Params()),
        Stage("clean", clean.VERSION, clean.Params()),
        Stage("notes", notes.VERSION, notes.Params(), notes_proof.models),
        Stage("read", read.VERSION, options.read.for_recipe(), read.models),
        Stage("content", content.VERSION, content.Params()),
        Stage("phase", phase.VERSION, phase.Params(), partial(phase.models, options.phase_model)),
    )


@cache
def _stage_use(name: str, version: int, params: str, models: str) -> StageUse:
    return StageUse(name, version, digest_of([params, models]))


def recipe(options: Options) -> Recipe:
    """Name, version and digest of every stage that a run with these options goes through."""
    return Recipe(
        tuple(
            _stage_use(s.name, s.version, digest_of(asdict(s.params)), digest_of(dict(s.models())))
            for s in stages(options)
        )
    )


class _Clock:
    """Seconds by stage, summed over the boards of a photo; stages that run at the same time each count their own."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - start

    def timed(self, stage: str, work: Callable[P, R], *args: P.args, **more: P.kwargs) -> R:
        with self(stage):
            return work(*args, **more)


def run(photo: bytes | load.Decoded, options: Options | None = None) -> Outcome:
    """One photo, decoded or not, through every stage. Raises PhotoError when the bytes cannot be decoded."""
    options = options or Options()
    clock = _Clock()
    with clock("decode"):
        decoded = photo if isinstance(photo, load.Decoded) else load.decode(photo, options.load)
    frame = decoded.frame
    with clock("cards"):
        marked = cards.find_cards(frame)
    with clock("find"):
        corners = options.given_quads or ((marked.quad,) if marked.quad else ())
        found = _given(corners) or find.find_boards(frame, threads=options.threads)
    seen = [_surface(frame, board, options, clock) for board in found]
    # a door or a cupboard has four sides too: beside a board that holds something, an empty one is none
    kept = [s for s in seen if s.surface.regions or corners] or seen[:1]
    with clock("content"):
        of = content.content_of(frame, found, [region for s in kept for region in s.surface.regions])
    scan = Scan(
        width=frame.width,
        height=frame.height,
        content=of,
        surfaces=cards.tag(tuple(s.surface for s in kept), marked),
        session=marked.session,
        recipe=recipe(options),
        warnings=(*decoded.warnings, *(warning for s in kept for warning in s.warnings)),
        seconds={name: round(value, 4) for name, value in clock.seconds.items()},
    )
    return Outcome(scan, tuple(s.images for s in kept))


def _reading(options: Options) -> read.Params:
    """Corners that were given say which way up the board is: what a person has turned is not turned back."""
    held = replace(options.read.turn, margin=float("inf"))
    return replace(options.read, turn=held) if options.given_quads else options.read


def _given(quads: tuple[Quad, ...]) -> tuple[find.Found, ...]:
    return tuple(find.Found(quad=q, confidence=1.0, whole_photo=False) for q in quads)


@dataclass(frozen=True)
class _Seen:
    surface: Surface
    images: Renditions
    warnings: tuple[str, ...]


def _surface(frame: Frame, board: find.Found, options: Options, clock: _Clock) -> _Seen:
    with clock("straighten"):
        straight = straighten.straighten(frame, board.quad)
    seen = clock.timed("clean", ground.estimate, straight.pixels)
    to_read = clock.timed("clean", clean.for_reading, straight, seen=seen)
    with Aside(options.threads) as aside:  # the board is cleaned while it is read
        stickies = aside(partial(clock.timed, "notes", notes.find_notes, straight, seen=seen))
        lost = aside(partial(clock.timed, "clean", clean.glare, straight, seen=seen))
        eye = aside(partial(_eye, straight, seen, stickies, clock)) if options.renditions else None
        reading = clock.timed("read", read.read, to_read, stickies, _reading(options), options.threads)
        upright = straight.turned(reading.turn)
        to_photo = _rows(upright.to_photo)
        tag = clock.timed("phase", phase.tag, reading.regions, to_photo, trained=options.phase_model)
        glare = lost()
        cleaned = eye().turned(reading.turn) if eye else None
    surface = Surface(
        quad=_upright_quad(board.quad, reading.turn),
        quad_confidence=board.confidence,
        whole_photo=board.whole_photo,
        width=upright.width,
        height=upright.height,
        rotation=reading.turn,
        homography=to_photo,
        regions=reading.regions,
        phase=tag,
    )
    bright = (f"glare covers {round(100 * glare)} % of the board",) if glare >= 0.01 else ()
    return _Seen(surface, Renditions(upright, cleaned), (*bright, *reading.warnings))


def _eye(straight: Frame, seen: ground.Ground, stickies: Callable[[], tuple[notes.Note, ...]], clock: _Clock) -> Frame:
    return clock.timed("clean", clean.for_eye, straight, seen=seen, sheets=notes.coloured(stickies()))


def _upright_quad(quad: Quad, turn: int) -> Quad:
    """Start at the upright board's top left: after one clockwise quarter turn that is the old bottom left."""
    k = turn // 90
    return (quad[-k % 4], quad[(1 - k) % 4], quad[(2 - k) % 4], quad[(3 - k) % 4])


def _rows(matrix: Matrix) -> tuple[tuple[float, float, float], tuple[float, float, float], tuple[float, float, float]]:
    a, b, c = ((float(row[0]), float(row[1]), float(row[2])) for row in matrix)
    return (a, b, c)
