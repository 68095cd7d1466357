"""The report as plain values for templates (Typst, Jinja): labels chosen, dates written, colours named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from archive.model import Colour, Phase
from capture.pipeline.lists import Item, Mark
from fresque.report.job import Job
from fresque.report.model import Action, PlacedLine, PlacedRegion, Sheet
from fresque.report.template import Template
from fresque.report.words import Words

NOTE_FILLS = {
    Colour.YELLOW: "#fff0a0",
    Colour.ORANGE: "#ffc98a",
    Colour.PINK: "#ffb8d2",
    Colour.RED: "#f6a29b",
    Colour.PURPLE: "#d9c2f0",
    Colour.BLUE: "#b5dcf5",
    Colour.GREEN: "#c3e8b0",
    Colour.WHITE: "#ffffff",
    Colour.GREY: "#d8d8dc",
    Colour.BROWN: "#d9bd9c",
}
"""Papers' colours, light enough for black text at any contrast that is asked."""

SIGNS = {
    Mark.BULLET: "•",
    Mark.ARROW: "→",
    Mark.BOX: "☐",
    Mark.TICK: "✓",
    Mark.CROSS: "✗",
    Mark.NUMBER: "",  # as it stands
}
"""How each sign of a list is shown, however it was drawn."""

_ALT_LETTERS = 600  # what a screen reader should say of a picture; the text itself stands under it


def fill(colour: Colour | None) -> str:
    return NOTE_FILLS[colour or Colour.YELLOW]


def report(job: Job) -> dict[str, Any]:
    """Everything ``report.typ`` and ``report.html.j2`` show. Names of pictures are ``ID.jpg`` and ``ID.webp``."""
    found, say, template = job.report, job.say, job.template
    place = {s.board.id: n for n, s in enumerate(found.sheets)}
    sheets = [sheet(s, say, template) for s in found.sheets]
    frescoes = sorted(sheets, key=lambda s: -float(s["letters"]))
    return {
        "language": found.language,
        "words": dict(say),
        "title": found.title,
        "subtitle": found.subtitle,
        "author": template.name or (found.session.lab if found.session else "") or "Fresque",
        "lab": template.name or (found.session.lab if found.session else ""),
        "description": found.subtitle,
        "keywords": [theme for s in found.sessions for theme in s.themes],
        "footer": template.footer or " · ".join(x for x in (template.name, found.title) if x),
        "purpose": template.purpose,
        "logo": f"logo{template.logo.suffix.lower()}" if template.logo else None,
        "colours": _colours(template),
        "sections": list(template.sections),
        "sheets": sheets,
        "hero": frescoes[0] if frescoes else None,
        "phases": [
            {"label": say.phase(p), "name": p.value, "colour": p.value, "count": len(some)}
            | {"sheets": [place[s.board.id] for s in some]}
            for p, some in found.by_phase()
        ],
        "days": [
            {"label": _day(job, n, day), "sheets": [place[s.board.id] for s in some]}
            for n, (day, some) in enumerate(found.by_day(), start=1)
        ],
        "actions": [_action(a, found.sheets) for a in found.actions],
        "decisions": [_action(a, found.sheets) for a in found.decisions],
        "questions": [_action(a, found.sheets) for a in found.questions],
        "people": list(found.people),
        "more": say["more_text"].format(how=_how(job)),
        "doubtful": any(doubt for s in found.sheets for line in s.lines for _, doubt in line.runs()),
    }


def sheet(shown: Sheet, say: Words, template: Template) -> dict[str, Any]:
    title = shown.title or say["nothing_read"]
    text = " / ".join(line.text for line in shown.lines)
    return {
        "id": shown.board.id,
        "image": f"{shown.board.id}.jpg",
        "thumb": f"{shown.board.id}.webp",
        "title": title,
        "alt": say["board_alt"].format(title=title, text=text[:_ALT_LETTERS] or say["nothing_read"]),
        "phase": shown.phase.value,
        "colour": shown.phase.value,
        "time": shown.at.strftime("%H:%M") if shown.at else "",
        "meta": _meta(shown, say),
        "rights": shown.rights,
        "width": shown.width,
        "height": shown.height,
        "letters": len(text),
        "lines": [
            {"text": line.text, "x": line.box.x, "y": line.box.y, "w": line.box.width, "h": line.box.height}
            for line in shown.lines
            if line.text.strip() and line.polygon
        ],
        "rows": [row for region in shown.regions for row in _rows(region)],
        "clusters": [
            {
                "label": say["alone"] if group is None else say["cluster"].format(n=group),
                "notes": [{"text": note.text, "fill": fill(note.colour)} for note in notes],
            }
            for group, notes in shown.clusters()
        ],
    }


def _rows(region: PlacedRegion) -> list[dict[str, Any]]:
    """A note is one row, however many lines it took to write it, and so is an item of a list, whose sign stands apart
    (``sign``, "" for none); other text keeps its lines."""
    if region.is_note:
        parts = _parts(region.lines)
        return [{"parts": parts, "note": True, "mark": None, "sign": ""}] if parts else []
    return [
        _item(item, [region.lines[i] for i in item.lines]) for item in region.items if region.lines[item.lines[0]].words
    ]


def _item(item: Item, lines: Sequence[PlacedLine]) -> dict[str, Any]:
    sign = SIGNS[item.mark] or lines[0].text[: item.signs].strip() if item.mark else ""
    return {"parts": _parts(lines, item.signs), "note": False, "mark": item.mark, "sign": sign}


def _parts(lines: Iterable[PlacedLine], past: int = 0) -> list[dict[str, Any]]:
    """What is sure and what is doubtful, in turn; a space stands between two parts. ``past``: letters of the first line
    that are its sign."""
    runs = [run for n, line in enumerate(lines) for run in line.runs(past if n == 0 else 0)]
    return [{"text": text, "doubtful": doubtful} for text, doubtful in runs]


def _meta(shown: Sheet, say: Words) -> str:
    time = say.day(shown.at.date()) + shown.at.strftime(", %H:%M") if shown.at else ""
    return " · ".join(part for part in (shown.photo_name, time) if part)


def _colours(template: Template) -> dict[str, str]:
    named = {phase.value: template.colours.of_phase(phase.value) for phase in Phase}
    return named | {"accent": template.colours.accent}


def _day(job: Job, number: int, day: str) -> str:
    from datetime import date

    return f"{job.say['day'].format(n=number)} – {job.say.weekday(date.fromisoformat(day))}"


def _action(action: Action, sheets: tuple[Sheet, ...]) -> dict[str, str]:
    source = next((s.title for s in sheets if s.board.id == action.board_id), "")
    return {"text": action.text, "owner": action.owner, "due": action.due, "source": source, "board": action.board_id}


def _how(job: Job) -> str:
    session = job.report.session
    return f"fresque search … · fresque session show {session.id}" if session else "fresque search …"
