"""Reading boards whose text is known: drawn in handwriting fonts by the renderer, in print here, turned, stacked."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from archive.errors import UsageError
from bench.confidence import parts
from capture.pipeline import load, read, straighten
from capture.pipeline.frame import Frame
from capture.pipeline.read.params import Params
from capture.pipeline.read.readers import READERS, reader

SESSION = Path(__file__).parents[3] / "samples" / "session"
TEXT = ["Plan d'action", "Karim : salle, avant le 15/03", "Budget 1 400 euros"]


@cache
def truths() -> dict[str, dict[str, Any]]:
    rows = (SESSION / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    return {row["photo"]: row for row in map(json.loads, rows)}


def board(photo: str) -> Frame:
    frame = load.decode((SESSION / photo).read_bytes()).frame
    corners = [(float(x), float(y)) for x, y in truths()[photo]["quad"]]
    return straighten.straighten(frame, (corners[0], corners[1], corners[2], corners[3]))


def printed(lines: list[str], size: tuple[int, int] = (1000, 600)) -> Frame:
    image = Image.new("RGB", size, (246, 246, 242))
    for row, text in enumerate(lines):
        ImageDraw.Draw(image).text((60, 60 + 110 * row), text, (30, 40, 120), ImageFont.load_default(size=56))
    return Frame(np.asarray(image)[..., ::-1].copy())


def said(result: read.ReadResult) -> list[str]:
    return [line.text for region in result.regions for line in region.lines]


@pytest.mark.parametrize("photo", ["IMG_2101.jpg", "IMG_2122.jpg"])
def test_a_drawn_board_is_read(photo: str) -> None:
    true = Counter(part for line in truths()[photo]["lines"] for part in parts(line["text"]))
    found = Counter(parts(" ".join(said(read.read(board(photo))))))
    assert (true & found).total() >= 0.9 * true.total()
    assert (true & found).total() >= 0.85 * found.total()


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_board_is_read_whichever_way_it_lies(turn: int) -> None:
    result = read.read(printed(TEXT).turned(turn))
    assert result.turn == (360 - turn) % 360
    assert said(result) == TEXT


def test_lines_lie_where_they_stand() -> None:
    result = read.read(printed(TEXT))
    for row, line in enumerate(line for region in result.regions for line in region.lines):
        x, y = np.mean(line.polygon, axis=0)
        assert 60 + 110 * row < y < 60 + 110 * row + 70
        assert 60 < x < 940
        assert len(line.words) == len(line.text.split())


def test_text_that_runs_upwards_beside_text_that_does_not() -> None:
    pixels = printed(TEXT[:1], (700, 900)).pixels.copy()
    aside = printed(["Obstacles"], (420, 160)).pixels
    pixels[300:720, 40:200] = cv2.rotate(aside, cv2.ROTATE_90_COUNTERCLOCKWISE)
    assert set(said(read.read(Frame(pixels)))) == {"Plan d'action", "Obstacles"}


def test_drawings_and_an_empty_board_say_nothing() -> None:
    pixels = np.full((700, 1000, 3), 245, np.uint8)
    assert said(read.read(Frame(pixels))) == []
    cv2.rectangle(pixels, (100, 100), (420, 400), (40, 40, 160), 6)
    cv2.arrowedLine(pixels, (450, 250), (700, 250), (30, 120, 30), 8)
    cv2.ellipse(pixels, (820, 480), (120, 80), 0, 0, 360, (150, 60, 30), 7)
    assert sum(len(text) for text in said(read.read(Frame(pixels)))) <= 2


def test_reading_is_the_same_on_one_thread_and_on_two() -> None:
    frame = printed(TEXT)
    assert read.read(frame, threads=1) == read.read(frame, threads=2)


@pytest.mark.parametrize("name", [n for n in READERS if n != "service"])
def test_every_reader_keeps_to_the_contract(name: str) -> None:
    frame = printed(TEXT)
    found = reader(name)(frame, lambda seen: [], Params(reader=name), 1)
    assert found.turn in (0, 90, 180, 270)
    for line in found.lines:
        assert line.text == line.text.strip() != ""
        assert 0 <= line.confidence <= 1
        assert line.reader == name
        assert line.box.corners.shape == (4, 2)
        assert (line.box.corners > -20).all()
        assert (line.box.corners < (frame.width + 20, frame.height + 20)).all()
    assert bool(found.lines) == (name != "none")


def test_a_reader_that_is_not_in_the_table_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match="crystal"):
        reader("crystal")
