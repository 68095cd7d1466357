"""IIIF Presentation 3: a session as a manifest, each board a canvas, each line an annotation on it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from archive.model import Phase
from fresque.addresses import to_path
from fresque.report import dublin
from fresque.report.job import Job
from fresque.report.model import PlacedLine, Report, Sheet

PRESENTATION = "http://iiif.io/api/presentation/3/context.json"
SEARCH = "http://iiif.io/api/search/1/context.json"


def manifest(job: Job, base: str) -> dict[str, Any]:
    """``base``: address under which manifests, annotations and images are served, without a slash at its end."""
    report, name = job.report, _name(job.report)
    base = base.rstrip("/")
    here = f"{base}/iiif/{name}/manifest.json"
    found: dict[str, Any] = {
        "@context": PRESENTATION,
        "id": here,
        "type": "Manifest",
        "label": {report.language: [report.title]},
        "behavior": ["individuals"],
        "metadata": _metadata(report),
        "items": [canvas(job, sheet, base) for sheet in report.sheets],
        "structures": _ranges(job, base, name),
        "service": [{"@context": SEARCH, "@id": f"{base}/iiif/{name}/search", "@type": "SearchService1"}],
    }
    if report.subtitle:
        found["summary"] = {report.language: [report.subtitle]}
    if report.session and report.session.start:
        found["navDate"] = f"{report.session.start.isoformat()}T00:00:00Z"
    return found


def canvas(job: Job, sheet: Sheet, base: str) -> dict[str, Any]:
    here = canvas_id(base, sheet.board.id)
    image = f"{base}/iiif/image/{sheet.board.id}"
    size = {"width": sheet.width, "height": sheet.height}
    service = {"id": image, "type": "ImageService3", "profile": "level1"}
    body = {"id": f"{image}/full/max/0/default.jpg", "type": "Image", "format": "image/jpeg", **size}
    language = job.report.language
    found: dict[str, Any] = {
        "id": here,
        "type": "Canvas",
        "label": {language: [sheet.title or sheet.photo_name or sheet.board.id]},
        **size,
        "items": [
            {
                "id": f"{here}/page",
                "type": "AnnotationPage",
                "items": [
                    {
                        "id": f"{here}/image",
                        "type": "Annotation",
                        "motivation": "painting",
                        "body": body | {"service": [service]},
                        "target": here,
                    }
                ],
            }
        ],
        "annotations": [read_lines(sheet, base, language)],
        "metadata": [
            {"label": {"en": [name]}, "value": {"none": values}}
            for name, values in dublin.of_sheet(sheet, language).items()
        ],
    }
    if sheet.rights:
        found["requiredStatement"] = {
            "label": {"fr": ["Crédit"], "en": ["Attribution"]},
            "value": {"none": [sheet.rights]},
        }
    return found


def read_lines(sheet: Sheet, base: str, language: str) -> dict[str, Any]:
    """The lines read, each on its place (``xywh`` in canvas pixels)."""
    here = canvas_id(base, sheet.board.id)
    return {
        "id": f"{here}/lines",
        "type": "AnnotationPage",
        "items": [
            {
                "id": f"{here}/line/{n}",
                "type": "Annotation",
                "motivation": "supplementing",
                "body": {"type": "TextualBody", "value": line.text, "language": language, "format": "text/plain"},
                "target": f"{here}#xywh={_xywh(line, sheet)}",
            }
            for n, line in enumerate(sheet.lines)
        ],
    }


def found_lines(job: Job, base: str, query: str) -> dict[str, Any]:
    """IIIF Content Search 1: the lines that hold every word of ``query``, accents and capitals aside."""
    from index.analysis import fold

    words = fold(query).split()
    resources = [
        {
            "@id": f"{canvas_id(base, sheet.board.id)}/line/{n}",
            "@type": "oa:Annotation",
            "motivation": "sc:painting",
            "resource": {"@type": "cnt:ContentAsText", "chars": line.text},
            "on": f"{canvas_id(base, sheet.board.id)}#xywh={_xywh(line, sheet)}",
        }
        for sheet in job.report.sheets
        for n, line in enumerate(sheet.lines)
        if words and all(word in fold(line.text) for word in words)
    ]
    return {
        "@context": [SEARCH, "http://iiif.io/api/presentation/2/context.json"],
        "@id": f"{base}/iiif/{_name(job.report)}/search?q={quote(query)}",
        "@type": "sc:AnnotationList",
        "within": {"@type": "sc:Layer", "total": len(resources)},
        "resources": resources,
    }


def canvas_id(base: str, board_id: str) -> str:
    return f"{base}/iiif/canvas/{board_id}"


def _xywh(line: PlacedLine, sheet: Sheet) -> str:
    from fresque.report.text_layout import within

    if not line.polygon:
        return f"0,0,{sheet.width},{sheet.height}"
    left, top, right, bottom = within(line.box, sheet.width, sheet.height)
    return f"{left},{top},{right - left},{bottom - top}"


def _ranges(job: Job, base: str, name: str) -> list[dict[str, Any]]:
    """The phases as a table of contents."""
    return [
        {
            "id": f"{base}/iiif/{name}/range/{phase.value}",
            "type": "Range",
            "label": {job.report.language: [_label(job, phase)]},
            "items": [{"id": canvas_id(base, s.board.id), "type": "Canvas"} for s in sheets],
        }
        for phase, sheets in job.report.by_phase()
    ]


def _label(job: Job, phase: Phase) -> str:
    return job.say.phase(phase)


def _metadata(report: Report) -> list[dict[str, Any]]:
    return [{"label": {"en": [name]}, "value": {"none": values}} for name, values in dublin.of_report(report).items()]


def _name(report: Report) -> str:
    return to_path(report.session.id) if report.session else "selection"
