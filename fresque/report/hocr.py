"""hOCR 1.2 of a board: the page, its areas, lines and words with boxes and confidences."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

from fresque.report import dublin, tongue
from fresque.report.job import Job
from fresque.report.model import Box, PlacedLine, Sheet
from fresque.report.text_layout import within, word_boxes

XHTML = "http://www.w3.org/1999/xhtml"
CAPABILITIES = "ocr_page ocr_carea ocr_par ocr_line ocrx_word"


def board(job: Job, sheet: Sheet, place: Path) -> None:
    ET.register_namespace("", XHTML)
    language = tongue.of_sheet(sheet, job.report.language)
    root = ET.Element(_tag("html"), {"lang": language})
    head = ET.SubElement(root, _tag("head"))
    ET.SubElement(head, _tag("title")).text = sheet.title or sheet.photo_name
    for name, content in {
        "ocr-system": "fresque",
        "ocr-capabilities": CAPABILITIES,
        "ocr-number-of-pages": "1",
        "ocr-langs": language,
    }.items():
        ET.SubElement(head, _tag("meta"), {"name": name, "content": content})
    for name, values in dublin.of_sheet(sheet, language).items():
        for value in values:
            ET.SubElement(head, _tag("meta"), {"name": f"DCTERMS.{name}", "content": value})
    body = ET.SubElement(root, _tag("body"))
    size = Box(0, 0, sheet.width, sheet.height)
    page = _part(
        body, "div", "ocr_page", "page_1", _bbox(size, sheet, f'image "{sheet.board.id}.jpg"; ', "; ppageno 0")
    )
    for a, region in enumerate(r for r in sheet.on_picture if r.lines):
        area = _part(page, "div", "ocr_carea", f"block_1_{a}", _bbox(region.box, sheet))
        paragraph = _part(area, "p", "ocr_par", f"par_1_{a}", _bbox(region.box, sheet))
        for n, line in enumerate(region.lines):
            _line(paragraph, f"{a}_{n}", line, sheet)
    ET.ElementTree(root).write(place, encoding="utf-8", xml_declaration=True)


def _line(parent: ET.Element, name: str, line: PlacedLine, sheet: Sheet) -> None:
    element = _part(parent, "span", "ocr_line", f"line_1_{name}", _bbox(line.box, sheet))
    for n, (word, box, confidence) in enumerate(word_boxes(line)):
        title = _bbox(box, sheet, after=f"; x_wconf {round(100 * confidence)}")
        span = _part(element, "span", "ocrx_word", f"word_1_{name}_{n}", title)
        span.text = word
        span.tail = " "


def _part(parent: ET.Element, tag: str, kind: str, name: str, title: str) -> ET.Element:
    return ET.SubElement(parent, _tag(tag), {"class": kind, "id": name, "title": title})


def _bbox(box: Box, sheet: Sheet, before: str = "", after: str = "") -> str:
    left, top, right, bottom = within(box, sheet.width, sheet.height)
    return f"{before}bbox {left} {top} {right} {bottom}{after}"


def _tag(name: str) -> str:
    return f"{{{XHTML}}}{name}"
