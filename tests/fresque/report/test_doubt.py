"""Doubtful words are marked in every format that people read, and sure ones beside them are not."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from fresque.report import formats
from fresque.report.job import Job
from fresque.report.model import PlacedLine

SURE, DOUBTFUL = "we open the", "counter"


@pytest.fixture(scope="module")
def doubted(job: Job) -> Job:
    """The first board says four English words, the last of them with doubt,."""
    sheet = job.report.sheets[0]
    region = sheet.regions[0]
    words = (("we", 0.9), ("open", 0.9), ("the", 0.8), (DOUBTFUL, 0.2))
    line = replace(region.lines[0], text=f"{SURE} {DOUBTFUL}", words=words, confidence=0.63, doubtful=False)
    changed = replace(sheet, regions=(replace(region, lines=(line,)),))
    return Job(replace(job.report, sheets=(changed, *job.report.sheets[1:])), job.archive)


def written(job: Job, name: str, out: Path) -> Path:
    return formats.write(job, name, out / formats.default_name(job, name))


def _html(place: Path) -> list[str]:
    from lxml import html

    page = html.fromstring((place / "index.html").read_bytes())
    return [e.text_content() for e in page.find_class("doubt")]


def _word(place: Path) -> list[str]:
    from docx import Document

    return [r.text for p in Document(str(place)).paragraphs for r in p.runs if r.font.underline not in (None, False)]


def _powerpoint(place: Path) -> list[str]:
    from pptx import Presentation

    frames = [slide.notes_slide.notes_text_frame for slide in Presentation(str(place)).slides if slide.has_notes_slide]
    return [r.text.strip() for f in frames for p in f.paragraphs for r in p.runs if r.font.underline is not None]


def _markdown(place: Path) -> list[str]:
    text = (place / "report.md").read_text(encoding="utf-8")
    return [line.split(r" *(?)*")[0].split()[-1] for line in text.splitlines() if "*(?)*" in line]


def _json(place: Path) -> list[str]:
    boards = json.loads(place.read_text(encoding="utf-8"))["boards"]
    return [w for b in boards for r in b["regions"] for line in r["lines"] for w in line["doubtful_words"]]


def _svg(place: Path) -> list[str]:
    marked = [e for file in place.iterdir() for e in ET.parse(file).iter() if e.get("text-decoration")]
    return [(e.text or "").strip() for e in marked]


READERS: dict[str, Callable[[Path], list[str]]] = {
    "html": _html,
    "docx": _word,
    "pptx": _powerpoint,
    "md": _markdown,
    "json": _json,
    "svg": _svg,
}


@pytest.mark.parametrize("name", READERS)
def test_only_what_is_doubtful_is_marked(name: str, doubted: Job, out: Path) -> None:
    assert DOUBTFUL in READERS[name](written(doubted, name, out))
    assert not any("open" in text for text in READERS[name](written(doubted, name, out / "again")))


def test_words_of_hocr_and_alto_carry_their_own_confidence(doubted: Job, out: Path) -> None:
    name = doubted.report.sheets[0].board.id
    alto = ET.parse(written(doubted, "alto", out) / f"{name}.alto.xml")
    assert [e.get("WC") for e in alto.iter() if e.tag.endswith("}String")] == ["0.900", "0.900", "0.800", "0.200"]
    hocr = ET.parse(written(doubted, "hocr", out) / f"{name}.hocr.html")
    titles = [e.get("title", "") for e in hocr.iter() if e.get("class") == "ocrx_word"]
    assert [t.rsplit(" ", 1)[1] for t in titles] == ["90", "90", "80", "20"]


def test_a_board_says_its_own_language(doubted: Job, out: Path) -> None:
    name = doubted.report.sheets[0].board.id
    alto = ET.parse(written(doubted, "alto", out) / f"{name}.alto.xml")
    assert {e.get("LANG") for e in alto.iter() if e.tag.endswith("}TextBlock")} == {"en"}
    assert doubted.report.language == "fr"


@pytest.mark.parametrize(
    ("texts", "language"),
    [
        (("Comment pourrions-nous aider les usagers", "qui fait quoi"), "fr"),
        (("How might we help people", "who does what"), "en"),
        (("OK 12",), ""),
        ((), ""),
    ],
)
def test_the_words_tell_the_language(texts: tuple[str, ...], language: str) -> None:
    from fresque.report import tongue

    assert tongue.of(texts) == language


def test_runs_join_what_is_alike() -> None:
    from fresque.report.model import Box

    words = (("a", 0.9), ("b", 0.9), ("c", 0.1), ("d", 0.2), ("e", 0.6))
    line = PlacedLine("a b c d e", (), Box(0, 0, 1, 1), words, 0.5, False)
    assert line.runs() == [("a b", False), ("c d", True), ("e", False)]
