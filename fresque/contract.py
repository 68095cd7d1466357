"""The JSON that other tools rely on (see docs/contracts.md): `scan`, `--flat`, `search`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archive.model import Hit, Line, PhaseTag, Polygon, Region, Scan, Surface
from capture.pipeline.lists import items


def scan_object(photo: str, sha256: str | None, scan: Scan | None, error: str | None = None) -> dict[str, Any]:
    """One object a photo; of a photo that failed everything but the name, the digest and the error is empty."""
    return {
        "photo": photo,
        "sha256": sha256,
        "width": scan.width if scan else None,
        "height": scan.height if scan else None,
        "content": str(scan.content) if scan else None,
        "error": error,
        "boards": [_board(s) for s in scan.surfaces] if scan else [],
        "warnings": list(scan.warnings) if scan else [],
        "seconds": dict(scan.seconds) if scan else {},
    }


def flat_object(photo: str, scan: Scan | None) -> dict[str, Any]:
    """The scorer's form: the largest board's quad, all text in order, the notes, the likeliest phase."""
    if scan is None or not scan.surfaces:
        return {"photo": photo, "quad": None, "text": "", "notes": [], "phase": None}
    largest = max(scan.surfaces, key=lambda s: _area(s.quad))
    regions = [r for s in scan.surfaces for r in s.regions]
    return {
        "photo": photo,
        "quad": _points(largest.quad),
        "text": "\n".join(s.text for s in scan.surfaces if s.text),
        "notes": [{"poly": _points(r.polygon), "colour": r.colour} for r in regions if r.kind == "note"],
        "phase": str(largest.phase.likeliest),
    }


def hit_object(hit: Hit) -> dict[str, Any]:
    return {
        "id": hit.id,
        "kind": str(hit.kind),
        "photo": hit.photo_id,
        "session": hit.session_id,
        "score": round(hit.score, 4),
        "why": {name: round(value, 4) for name, value in hit.why.items()},
        "phase": str(hit.phase) if hit.phase else None,
        "snippet": hit.snippet,
        "boxes": [_points(box) for box in hit.boxes],
    }


def region_object(region: Region) -> dict[str, Any]:
    return {
        "kind": str(region.kind),
        "polygon": _points(region.polygon),
        "colour": str(region.colour) if region.colour else None,
        "group": region.group,
        "lines": [_line(line) for line in region.lines],
        "items": [
            {"mark": item.mark, "lines": list(item.lines)}
            for item in items([x.text for x in region.lines])
            if item.mark
        ],
    }


def phase_object(tag: PhaseTag) -> dict[str, Any]:
    return {
        "label": str(tag.label),
        "probabilities": _rounded(tag.probabilities),
        "steps": _rounded(tag.steps),
        "evidence": list(tag.evidence),
    }


def _board(surface: Surface) -> dict[str, Any]:
    return {
        "quad": _points(surface.quad),
        "quad_confidence": round(surface.quad_confidence, 4),
        "whole_photo": surface.whole_photo,
        "width": surface.width,
        "height": surface.height,
        "rotation": surface.rotation,
        "text": surface.text,
        "regions": [region_object(r) for r in surface.regions],
        "phase": phase_object(surface.phase),
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "text": line.text,
        "confidence": round(line.confidence, 4),
        "reader": line.reader,
        "polygon": _points(line.polygon),
        "others": [o.text for o in line.others],
        "doubtful": line.doubtful,
        "words": [round(confidence, 3) for confidence in line.words],
    }


def _points(polygon: Polygon) -> list[list[float]]:
    return [[round(x, 1), round(y, 1)] for x, y in polygon]


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in values.items()}


def _area(quad: Polygon) -> float:
    """Shoelace."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(quad, quad[1:] + quad[:1], strict=True))) / 2
