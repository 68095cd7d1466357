"""A photo that was read before: only the stages that have changed, and those after them, are run again."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from archive.model import Colour, Polygon, Recipe, RegionKind, Scan, Surface
from capture.pipeline import cards, clean, load, phase, stages, straighten
from capture.pipeline.frame import Frame

NEEDS: Mapping[str, tuple[str, ...]] = {
    "decode": (),
    "cards": ("decode",),
    "find": ("decode", "cards"),
    "straighten": ("find",),
    "clean": ("straighten",),
    "notes": ("straighten",),
    "read": ("straighten", "notes"),
    "phase": ("read",),
}
"""What each stage works on. A stage that is not here is taken to touch everything."""

EVERYTHING = frozenset(NEEDS)
TAGGING = frozenset({"phase"})
CLEANING = frozenset({"clean", "phase"})


@dataclass(frozen=True)
class Result:
    """``renditions`` is None where the kept ones still hold. ``frame`` is None where nothing had to be decoded."""

    scan: Scan
    renditions: tuple[stages.Renditions, ...] | None
    frame: Frame | None


def changed(before: Recipe, today: Recipe) -> frozenset[str]:
    """Names of the stages whose results an older recipe no longer gives: those that differ, and all that work on
    them. Everything when a stage is unknown, and when nothing differs: then it was asked for as it is."""
    old, new = ({s.name: (s.version, s.digest) for s in recipe.stages} for recipe in (before, today))
    stale = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    if not stale or not stale <= EVERYTHING:
        return EVERYTHING
    while more := {name for name, needs in NEEDS.items() if name not in stale and stale.intersection(needs)}:
        stale |= more
    return frozenset(stale)


def run(kept: Scan, stale: frozenset[str], decode: Callable[[], load.Decoded], options: stages.Options) -> Result:
    """``kept``: what the photo's current reading gave, uncorrected. ``decode`` is called when pixels are needed.

    Raises PhotoError.
    """
    if stale <= TAGGING:
        return _tagged(kept, options)
    begun = time.perf_counter()
    decoded = decode()
    seconds = {"decode": round(time.perf_counter() - begun, 4)}
    if stale <= CLEANING:
        result = _cleaned(kept, decoded.frame, stale, options)
    elif not stale & {"decode", "cards", "find"}:
        result = _read(kept, decoded, options)
    else:
        outcome = stages.run(decoded, options)
        result = Result(outcome.scan, outcome.renditions, decoded.frame)
    return replace(result, scan=replace(result.scan, seconds={**result.scan.seconds, **seconds}))


def _tagged(kept: Scan, options: stages.Options) -> Result:
    """Tags anew from the lines that were kept."""
    begun = time.perf_counter()
    surfaces = tuple(
        surface  # what a phase card said stands
        if surface.phase.source == cards.SOURCE
        else replace(surface, phase=phase.tag(surface.regions, surface.homography, trained=options.phase_model))
        for surface in kept.surfaces
    )
    seconds = {"phase": round(time.perf_counter() - begun, 4)}
    return Result(replace(kept, surfaces=surfaces, recipe=stages.recipe(options), seconds=seconds), None, None)


def _cleaned(kept: Scan, frame: Frame, stale: frozenset[str], options: stages.Options) -> Result:
    """Images anew at the kept corners, which are upright already; the text stays."""
    begun = time.perf_counter()
    images = []
    for surface in kept.surfaces:
        straight = straighten.straighten(frame, surface.quad)
        eye = clean.for_eye(straight, sheets=_sheets(surface, straight)) if options.renditions else None
        images.append(stages.Renditions(straight, eye))
    seconds = {"clean": round(time.perf_counter() - begun, 4)}
    scan = replace(kept, recipe=stages.recipe(options), seconds=seconds)
    if "phase" in stale:
        scan = replace(scan, surfaces=_tagged(kept, options).scan.surfaces)
    return Result(scan, tuple(images), frame)


def _sheets(surface: Surface, straight: Frame) -> list[Polygon]:
    """The coloured notes that were found, in pixels of the straightened board."""
    notes = [r for r in surface.regions if r.kind is RegionKind.NOTE and r.colour not in (None, Colour.WHITE)]
    corners = [straight.points_from_photo(np.array(note.polygon)).tolist() for note in notes]
    return [tuple((float(x), float(y)) for x, y in outline) for outline in corners]


def _read(kept: Scan, decoded: load.Decoded, options: stages.Options) -> Result:
    """Read anew at the kept corners: nothing is searched, and how sure they are stays as it was."""
    given = replace(options, given_quads=tuple(surface.quad for surface in kept.surfaces))
    outcome = stages.run(decoded, given)
    pairs = zip(kept.surfaces, outcome.scan.surfaces, strict=True)
    surfaces = tuple(_at_kept_corners(old, new) for old, new in pairs)
    return Result(replace(outcome.scan, surfaces=surfaces), outcome.renditions, decoded.frame)


def _at_kept_corners(old: Surface, new: Surface) -> Surface:
    turn = (old.rotation + new.rotation) % 360  # the kept corners had been turned upright already
    return replace(new, quad_confidence=old.quad_confidence, whole_photo=old.whole_photo, rotation=turn)
