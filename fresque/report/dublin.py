"""Dublin Core (DCMI Metadata Terms) of a report and of a board: element → values."""

from __future__ import annotations

from fresque.report.model import Report, Sheet

FORMAT = "image/jpeg"


def of_report(report: Report) -> dict[str, list[str]]:
    sessions = report.sessions
    start = next((s.start for s in sessions if s.start), None)
    end = next((s.end for s in reversed(sessions) if s.end), None)
    dates = "/".join(dict.fromkeys(d.isoformat() for d in (start, end) if d))
    return _without_empty(
        {
            "title": [report.title],
            "creator": [s.lab for s in sessions],
            "contributor": [p.name for s in sessions for p in s.people],
            "subject": [theme for s in sessions for theme in s.themes],
            "date": [dates],
            "type": ["Collection"],
            "language": [report.language],
            "identifier": [s.id for s in sessions],
            "rights": [sheet.rights for sheet in report.sheets],
        }
    )


def of_sheet(sheet: Sheet, language: str) -> dict[str, list[str]]:
    board = sheet.board
    return _without_empty(
        {
            "title": [sheet.title or sheet.photo_name],
            "creator": [board.author],
            "description": [board.caption],
            "date": [sheet.taken_at.isoformat() if sheet.taken_at else ""],
            "type": ["StillImage"],
            "format": [FORMAT],
            "language": [language],
            "identifier": [board.id],
            "source": [sheet.photo_name],
            "isPartOf": [board.session_id],
            "rights": [sheet.rights],
        }
    )


def _without_empty(elements: dict[str, list[str]]) -> dict[str, list[str]]:
    kept = {name: list(dict.fromkeys(v for v in values if v)) for name, values in elements.items()}
    return {name: values for name, values in kept.items() if values}
