"""Nouns to JSON and back, for the columns that hold a whole document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast

from archive.model import (
    AgendaItem,
    Colour,
    Decided,
    DecidedKind,
    Homography,
    Line,
    Organisation,
    Person,
    Phase,
    PhaseTag,
    Polygon,
    Quad,
    Reading,
    Region,
    RegionKind,
)

Json = Any
"""What a JSON column holds."""


def points_json(points: Polygon) -> Json:
    return [[float(x), float(y)] for x, y in points]


def polygon(value: Json) -> Polygon:
    return tuple(map(tuple, value))


def quad(value: Json) -> Quad:
    return cast(Quad, polygon(value))


def homography_json(matrix: Homography) -> Json:
    return [[float(v) for v in row] for row in matrix]


def homography(value: Json) -> Homography:
    return cast(Homography, tuple(tuple(row) for row in value))


def regions_json(regions: Sequence[Region]) -> Json:
    return [
        {
            "kind": region.kind.value,
            "polygon": points_json(region.polygon),
            "lines": [_line_json(line) for line in region.lines],
            "colour": region.colour.value if region.colour else None,
            "group": region.group,
        }
        for region in regions
    ]


def _line_json(line: Line) -> Json:
    return {
        "text": line.text,
        "polygon": points_json(line.polygon),
        "confidence": float(line.confidence),
        "reader": line.reader,
        "others": [[other.text, float(other.confidence)] for other in line.others],
        "words": [float(confidence) for confidence in line.words],
    }


def regions(value: Json) -> tuple[Region, ...]:
    return tuple(
        Region(
            kind=RegionKind(item["kind"]),
            polygon=polygon(item["polygon"]),
            lines=tuple(_line(line) for line in item["lines"]),
            colour=Colour(item["colour"]) if item["colour"] else None,
            group=item["group"],
        )
        for item in value
    )


def _line(value: Json) -> Line:
    return Line(
        text=value["text"],
        polygon=polygon(value["polygon"]),
        confidence=value["confidence"],
        reader=value["reader"],
        others=tuple(Reading(text, confidence) for text, confidence in value["others"]),
        words=tuple(value.get("words", ())),
    )


def tag_json(tag: PhaseTag) -> Json:
    return {
        "label": tag.label.value,
        "probabilities": {name: float(p) for name, p in tag.probabilities.items()},
        "steps": {name: float(p) for name, p in tag.steps.items()},
        "evidence": list(tag.evidence),
        "source": tag.source,
    }


def tag(value: Json) -> PhaseTag:
    return PhaseTag(
        label=Phase(value["label"]),
        probabilities=value["probabilities"],
        steps=value["steps"],
        evidence=tuple(value["evidence"]),
        source=value["source"],
    )


def decided_json(items: Sequence[Decided]) -> Json:
    return [
        {
            "kind": item.kind.value,
            "text": item.text,
            "owner": item.owner,
            "due": item.due.isoformat() if item.due else None,
            "due_text": item.due_text,
            "source": item.source,
            "polygon": points_json(item.polygon),
            "said_by": item.said_by,
        }
        for item in items
    ]


def decided(value: Json) -> tuple[Decided, ...]:
    return tuple(
        Decided(
            kind=DecidedKind(item["kind"]),
            text=item["text"],
            owner=item["owner"],
            due=date.fromisoformat(item["due"]) if item["due"] else None,
            due_text=item["due_text"],
            source=item["source"],
            polygon=polygon(item["polygon"]),
            said_by=item["said_by"],
        )
        for item in value
    )


def organisations_json(organisations: Sequence[Organisation]) -> Json:
    return [{"name": o.name, "kind": o.kind} for o in organisations]


def organisations(value: Json) -> tuple[Organisation, ...]:
    return tuple(Organisation(**item) for item in value)


def people_json(people: Sequence[Person]) -> Json:
    return [{"name": p.name, "role": p.role} for p in people]


def people(value: Json) -> tuple[Person, ...]:
    return tuple(Person(**item) for item in value)


def agenda_json(agenda: Sequence[AgendaItem]) -> Json:
    return [{"phase": item.phase.value, "begins": item.begins.isoformat()} for item in agenda]


def agenda(value: Json) -> tuple[AgendaItem, ...]:
    return tuple(AgendaItem(Phase(item["phase"]), datetime.fromisoformat(item["begins"])) for item in value)
