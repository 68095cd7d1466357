"""A board as SVG: its picture faint underneath, notes and text above it as objects that can be moved and edited."""

from __future__ import annotations

import base64
import math
from pathlib import Path
from xml.etree import ElementTree as ET

from fresque.report import dublin, pictures, view
from fresque.report.job import Job
from fresque.report.model import PlacedLine, PlacedRegion, Sheet

NS = {
    "": "http://www.w3.org/2000/svg",
    "inkscape": "http://www.inkscape.org/namespaces/inkscape",
    "dcterms": "http://purl.org/dc/terms/",
}
SVG, INKSCAPE, DCTERMS = (f"{{{NS[name]}}}" for name in ("", "inkscape", "dcterms"))


def board(job: Job, sheet: Sheet, place: Path) -> None:
    for prefix, uri in NS.items():
        ET.register_namespace(prefix, uri)
    size = {"width": str(sheet.width), "height": str(sheet.height), "viewBox": f"0 0 {sheet.width} {sheet.height}"}
    root = ET.Element(f"{SVG}svg", size | {"lang": job.report.language})
    ET.SubElement(root, f"{SVG}title").text = sheet.title or sheet.photo_name
    metadata = ET.SubElement(root, f"{SVG}metadata")
    for name, values in dublin.of_sheet(sheet, job.report.language).items():
        for value in values:
            ET.SubElement(metadata, f"{DCTERMS}{name}").text = value
    under = _layer(root, "photo", {"opacity": "0.25"})
    data = base64.b64encode(pictures.clean_jpeg(job.archive, sheet.board)).decode()
    whole = {"width": size["width"], "height": size["height"], "href": f"data:image/jpeg;base64,{data}"}
    ET.SubElement(under, f"{SVG}image", whole | {"preserveAspectRatio": "none"})
    text, notes = _layer(root, "text"), _layer(root, "notes")
    for region in sheet.on_picture:
        if region.is_note:
            _note(notes, region)
        else:
            for line in region.lines:
                _line(text, line)
    ET.ElementTree(root).write(place, encoding="utf-8", xml_declaration=True)


def _layer(root: ET.Element, name: str, more: dict[str, str] | None = None) -> ET.Element:
    labels = {"id": name, f"{INKSCAPE}groupmode": "layer", f"{INKSCAPE}label": name}
    return ET.SubElement(root, f"{SVG}g", labels | (more or {}))


def _note(parent: ET.Element, region: PlacedRegion) -> None:
    group = ET.SubElement(parent, f"{SVG}g", {"class": "note"})
    if region.group is not None:
        group.set("data-cluster", str(region.group))
    if region.colour:
        group.set("data-colour", region.colour.value)
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in region.polygon)
    ET.SubElement(group, f"{SVG}polygon", {"points": points, "fill": view.fill(region.colour)})
    for line in region.lines:
        _line(group, line)


def _line(parent: ET.Element, line: PlacedLine) -> None:
    """Along the line's lower edge, stretched to its length."""
    quad = line.polygon
    if len(quad) == 4:
        (ax, ay), (bx, by) = quad[3], quad[2]
        high = math.dist(quad[0], quad[3])
    else:
        (ax, ay), (bx, by) = (line.box.x, line.box.y + line.box.height), (line.box.x + line.box.width, line.box.y)
        high, by = line.box.height, ay
    angle = math.degrees(math.atan2(by - ay, bx - ax))
    size = max(4.0, 0.78 * high)
    x, y = ax, ay - 0.2 * high
    element = ET.SubElement(
        parent,
        f"{SVG}text",
        {
            "x": f"{x:.1f}",
            "y": f"{y:.1f}",
            "font-size": f"{size:.1f}",
            "font-family": "Comic Neue, Lato, sans-serif",
            "fill": "#1d1d22",
            "textLength": f"{max(1.0, math.dist((ax, ay), (bx, by))):.1f}",
            "lengthAdjust": "spacingAndGlyphs",
        },
    )
    if abs(angle) > 0.5:
        element.set("transform", f"rotate({angle:.1f} {x:.1f} {y:.1f})")
    runs = line.runs()
    if not any(doubtful for _, doubtful in runs):
        element.text = line.text
        return
    for n, (run, doubtful) in enumerate(runs):
        part = ET.SubElement(element, f"{SVG}tspan")
        part.text = f" {run}" if n else run
        if doubtful:
            part.set("text-decoration", "underline dotted")
