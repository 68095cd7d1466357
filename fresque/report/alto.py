"""ALTO 4 of a board (Library of Congress): text blocks, lines and words with their places and word confidence."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

from fresque.report import tongue
from fresque.report.job import Job
from fresque.report.model import Box, PlacedLine, PlacedRegion, Sheet
from fresque.report.text_layout import within, word_boxes

ALTO = "http://www.loc.gov/standards/alto/ns-v4#"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
SCHEMA = f"{ALTO} http://www.loc.gov/standards/alto/v4/alto-4-3.xsd"


def board(job: Job, sheet: Sheet, place: Path) -> None:
    ET.register_namespace("", ALTO)
    ET.register_namespace("xsi", XSI)
    root = ET.Element(_tag("alto"), {f"{{{XSI}}}schemaLocation": SCHEMA})
    description = ET.SubElement(root, _tag("Description"))
    ET.SubElement(description, _tag("MeasurementUnit")).text = "pixel"
    source = ET.SubElement(description, _tag("sourceImageInformation"))
    ET.SubElement(source, _tag("fileName")).text = sheet.photo_name
    ET.SubElement(source, _tag("fileIdentifier")).text = sheet.board.id
    processing = ET.SubElement(description, _tag("Processing"), {"ID": "PROCESSING_1"})
    software = ET.SubElement(processing, _tag("processingSoftware"))
    ET.SubElement(software, _tag("softwareName")).text = "Fresque"
    _layout(root, job, sheet)
    ET.ElementTree(root).write(place, encoding="utf-8", xml_declaration=True)


def _layout(root: ET.Element, job: Job, sheet: Sheet) -> None:
    size = {"WIDTH": str(sheet.width), "HEIGHT": str(sheet.height)}
    layout = ET.SubElement(root, _tag("Layout"))
    page = ET.SubElement(layout, _tag("Page"), {"ID": "PAGE_1", "PHYSICAL_IMG_NR": "1", **size})
    space = ET.SubElement(page, _tag("PrintSpace"), {"HPOS": "0", "VPOS": "0", **size})
    for n, region in enumerate(r for r in sheet.on_picture if r.lines):
        _block(space, n, region, sheet).set("LANG", tongue.of_sheet(sheet, job.report.language))


def _block(space: ET.Element, number: int, region: PlacedRegion, sheet: Sheet) -> ET.Element:
    block = ET.SubElement(space, _tag("TextBlock"), {"ID": f"BLOCK_{number}", **_place(region.box, sheet)})
    if len(region.polygon) >= 3:
        shape = ET.SubElement(block, _tag("Shape"))
        points = " ".join(f"{round(x)},{round(y)}" for x, y in region.polygon)
        ET.SubElement(shape, _tag("Polygon"), {"POINTS": points})
    for n, line in enumerate(region.lines):
        _line(block, f"{number}_{n}", line, sheet)
    return block


def _line(block: ET.Element, name: str, line: PlacedLine, sheet: Sheet) -> None:
    words = list(word_boxes(line))
    if not words:
        return
    element = ET.SubElement(block, _tag("TextLine"), {"ID": f"LINE_{name}", **_place(line.box, sheet)})
    end: int | None = None
    for n, (word, box, confidence) in enumerate(words):
        left, top, right, bottom = within(box, sheet.width, sheet.height)
        if end is not None:
            gap = {"WIDTH": str(max(0, left - end)), "HPOS": str(end), "VPOS": str(top)}
            ET.SubElement(element, _tag("SP"), gap)
        values = {"ID": f"WORD_{name}_{n}", "CONTENT": word, "WC": f"{confidence:.3f}"}
        place = {"HPOS": str(left), "VPOS": str(top), "WIDTH": str(right - left), "HEIGHT": str(bottom - top)}
        ET.SubElement(element, _tag("String"), values | place)
        end = right


def _place(box: Box, sheet: Sheet) -> dict[str, str]:
    left, top, right, bottom = within(box, sheet.width, sheet.height)
    return {"HPOS": str(left), "VPOS": str(top), "WIDTH": str(right - left), "HEIGHT": str(bottom - top)}


def _tag(name: str) -> str:
    return f"{{{ALTO}}}{name}"
