"""Notes and lines as CSV and JSON: text, colour, cluster and place, for a spreadsheet or another program."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from fresque.report import dublin, tongue
from fresque.report.job import Job
from fresque.report.model import PlacedRegion, Sheet

COLUMNS = (
    "session",
    "board",
    "board_title",
    "phase",
    "kind",
    "text",
    "colour",
    "cluster",
    "x",
    "y",
    "width",
    "height",
    "confidence",
    "photo",
    "rights",
)


def write_csv(job: Job, place: Path) -> None:
    """One row a note or block of text; UTF-8 with a byte order mark, which spreadsheets need to see the accents."""
    with place.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for sheet in job.report.sheets:
            for region in sheet.regions:
                row = _row(sheet, region)
                writer.writerow([_harmless(row[name]) for name in COLUMNS])
            job.advance()


def write_json(job: Job, place: Path) -> None:
    sheets = []
    for sheet in job.report.sheets:
        sheets.append(
            {
                "id": sheet.board.id,
                "session": sheet.board.session_id,
                "title": sheet.title,
                "phase": sheet.phase.value,
                "photo": sheet.photo_name,
                "taken_at": sheet.taken_at.isoformat() if sheet.taken_at else None,
                "width": sheet.width,
                "height": sheet.height,
                "dublin_core": dublin.of_sheet(sheet, tongue.of_sheet(sheet, job.report.language)),
                "regions": [
                    {
                        **{k: v for k, v in _row(sheet, region).items() if k in ("kind", "text", "colour", "cluster")},
                        "polygon": _points(region.polygon),
                        "items": [{"mark": item.mark, "lines": list(item.lines)} for item in region.items if item.mark],
                        "lines": [
                            {"text": line.text, "confidence": round(line.confidence, 4), "doubtful": line.doubtful}
                            | {"doubtful_words": [text for text, doubtful in line.runs() if doubtful]}
                            | {"polygon": _points(line.polygon)}
                            for line in region.lines
                        ],
                    }
                    for region in sheet.regions
                ],
            }
        )
        job.advance()
    found = {
        "title": job.report.title,
        "dublin_core": dublin.of_report(job.report),
        "boards": sheets,
        **{
            name: [{"text": a.text, "owner": a.owner, "due": a.due, "board": a.board_id} for a in rows]
            for name, rows in (
                ("actions", job.report.actions),
                ("decisions", job.report.decisions),
                ("questions", job.report.questions),
            )
        },
    }
    place.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")


def _place(region: PlacedRegion) -> tuple[int | None, int | None, int | None, int | None]:
    """Left, top, width, height; nothing where it has no place."""
    if not region.polygon:
        return None, None, None, None
    return round(region.box.x), round(region.box.y), round(region.box.width), round(region.box.height)


def _row(sheet: Sheet, region: PlacedRegion) -> dict[str, Any]:
    letters = sum(len(line.text) for line in region.lines)
    confidence = sum(len(line.text) * line.confidence for line in region.lines) / letters if letters else None
    x, y, width, height = _place(region)
    return {
        "session": sheet.board.session_id,
        "board": sheet.board.id,
        "board_title": sheet.title,
        "phase": sheet.phase.value,
        "kind": "note" if region.is_note else "text",
        "text": region.text,
        "colour": region.colour.value if region.colour else None,
        "cluster": region.group,
        "x": x,
        "y": y,
        "width": width,
        "height": height,
        "confidence": round(confidence, 3) if confidence is not None else None,
        "photo": sheet.photo_name,
        "rights": sheet.rights,
    }


def _harmless(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets an apostrophe (OWASP, CSV injection)."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _points(polygon: tuple[tuple[float, float], ...]) -> list[list[float]]:
    return [[round(x, 1), round(y, 1)] for x, y in polygon]
