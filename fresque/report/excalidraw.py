"""A board as an Excalidraw scene (also opened by its imports elsewhere): notes with bound text, texts, and the picture
faint and locked underneath. Form: the JSON schema of excalidraw files, version 2."""

from __future__ import annotations

import base64
import json
import math
from itertools import count
from pathlib import Path
from typing import Any

from fresque.report import pictures, view
from fresque.report.job import Job
from fresque.report.model import PlacedLine, PlacedRegion, Sheet

HAND = 5  # Excalidraw's number for its handwriting font
LINE_HEIGHT = 1.25
SCENE = 1600.0  # units of the longer side: a wall that fits a screen at half size


def board(job: Job, sheet: Sheet, place: Path) -> None:
    scale = SCENE / max(sheet.width, sheet.height)
    numbers = count(1)
    image = base64.b64encode(pictures.clean_jpeg(job.archive, sheet.board)).decode()
    picture = _element("image", "photo", (0, 0, sheet.width * scale, sheet.height * scale), next(numbers))
    elements: list[dict[str, Any]] = [
        picture | {"fileId": "photo", "status": "saved", "scale": [1, 1], "opacity": 25, "locked": True}
    ]
    for number, region in enumerate(sheet.on_picture):
        if region.is_note:
            elements += _note(f"note-{number}", region, scale, numbers)
        elif region.lines:
            elements.append(_text(f"text-{number}", region, scale, next(numbers)))
    file = {"id": "photo", "mimeType": "image/jpeg", "dataURL": f"data:image/jpeg;base64,{image}", "created": 1}
    scene = {
        "type": "excalidraw",
        "version": 2,
        "source": "fresque",
        "elements": elements,
        "appState": {"viewBackgroundColor": "#ffffff", "name": sheet.title},
        "files": {"photo": file},
    }
    place.write_text(json.dumps(scene, ensure_ascii=False), encoding="utf-8")


def _note(name: str, region: PlacedRegion, scale: float, numbers: Any) -> list[dict[str, Any]]:
    box, angle = _turned_box(region)
    place = tuple(v * scale for v in box)
    groups = [f"cluster-{region.group}"] if region.group is not None else []
    paper = _element("rectangle", name, place, next(numbers)) | {
        "backgroundColor": view.fill(region.colour),
        "strokeColor": "#00000033",
        "fillStyle": "solid",
        "angle": angle,
        "groupIds": groups,
    }
    if not region.lines:
        return [paper]
    text = " ".join(_marked(line) for line in region.lines)
    size = max(6.0, min(40.0, 0.8 * math.sqrt(place[2] * place[3] / (max(4, len(text)) * 0.75))))
    bound = (
        _element("text", f"{name}-text", place, next(numbers))
        | _writing(text, size)
        | {
            "containerId": name,
            "textAlign": "center",
            "verticalAlign": "middle",
            "angle": angle,
            "groupIds": groups,
        }
    )
    return [paper | {"boundElements": [{"type": "text", "id": f"{name}-text"}]}, bound]


def _text(name: str, region: PlacedRegion, scale: float, number: int) -> dict[str, Any]:
    high = sorted(line.box.height for line in region.lines)[len(region.lines) // 2]
    box = (region.box.x * scale, region.box.y * scale, region.box.width * scale, region.box.height * scale)
    written = _writing("\n".join(map(_marked, region.lines)), max(6.0, 0.75 * high * scale))
    return _element("text", name, box, number) | written | {"containerId": None}


def _marked(line: PlacedLine) -> str:
    """A scene has no mark within a text: what is doubtful is followed by a question mark."""
    return " ".join(f"{text} (?)" if doubtful else text for text, doubtful in line.runs())


def _writing(text: str, size: float) -> dict[str, Any]:
    return {
        "text": text,
        "originalText": text,
        "fontSize": round(size, 1),
        "fontFamily": HAND,
        "lineHeight": LINE_HEIGHT,
        "textAlign": "left",
        "verticalAlign": "top",
        "autoResize": False,
    }


def _element(kind: str, name: str, box: tuple[float, ...], number: int) -> dict[str, Any]:
    """What every element of a scene has; seeds are numbers in order, so that the same board gives the same file."""
    x, y, width, height = (round(v, 1) for v in box)
    return {
        "type": kind,
        "id": name,
        "x": x,
        "y": y,
        "width": width,
        "height": height,
        "angle": 0,
        "strokeColor": "#1d1d22",
        "backgroundColor": "transparent",
        "fillStyle": "solid",
        "strokeWidth": 1,
        "strokeStyle": "solid",
        "roughness": 0,
        "opacity": 100,
        "groupIds": [],
        "frameId": None,
        "roundness": None,
        "seed": number,
        "version": 1,
        "versionNonce": number,
        "isDeleted": False,
        "boundElements": [],
        "updated": 1,
        "link": None,
        "locked": False,
    }


def _turned_box(region: PlacedRegion) -> tuple[tuple[float, float, float, float], float]:
    """The note as an upright box and the angle (radians, clockwise) by which it is turned about its middle."""
    if len(region.polygon) != 4:
        return (region.box.x, region.box.y, region.box.width, region.box.height), 0.0
    a, b, c, d = region.polygon
    wide = (math.dist(a, b) + math.dist(d, c)) / 2
    high = (math.dist(a, d) + math.dist(b, c)) / 2
    mx, my = sum(p[0] for p in region.polygon) / 4, sum(p[1] for p in region.polygon) / 4
    angle = math.atan2(b[1] - a[1], b[0] - a[0])
    return (mx - wide / 2, my - high / 2, wide, high), round(angle, 4)
