"""The measure of cleaning is first shown to accept the right picture and to reject wrong ones."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import pytest

from bench.clean_baselines import BASELINES
from bench.clean_colour import difference
from bench.clean_score import Picture, Truth, score

# Sharma, Wu and Dalal (2005), table 1: pairs chosen to catch wrong implementations.
PAIRS = [
    ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
    ((50.0, -1.3802, -84.2814), (50.0, 0.0, -82.7485), 1.0000),
    ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0009), 7.1792),
    ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0011), 7.2195),
    ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
    ((50.0, 2.5, 0.0), (58.0, 24.0, 15.0), 19.4535),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
    ((90.8027, -2.0831, 1.4410), (91.1528, -1.6435, 0.0447), 1.4441),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
]


@pytest.mark.parametrize(("first", "second", "published"), PAIRS)
def test_colour_differences_are_the_published_ones(
    first: tuple[float, ...], second: tuple[float, ...], published: float
) -> None:
    assert float(difference(np.array(first), np.array(second))) == pytest.approx(published, abs=1e-4)
    assert float(difference(np.array(second), np.array(first))) == pytest.approx(published, abs=1e-4)


@cache
def board() -> Truth:
    """Writing in three pens, a coloured fill and a note, on white."""
    flat = np.full((900, 1200, 3), 255, np.uint8)
    cv2.rectangle(flat, (60, 560), (460, 840), (150, 225, 255), -1)
    cv2.rectangle(flat, (700, 560), (900, 760), (125, 240, 253), -1)
    ink = np.zeros((900, 1200), np.uint8)
    for n, colour in enumerate([(30, 30, 30), (40, 40, 190), (160, 70, 20)]):
        for layer, value in ((flat, colour), (ink, 255)):
            cv2.putText(layer, "Fresque des parcours", (60, 150 + 130 * n), 0, 2.4, value, 9, cv2.LINE_AA)
    return Truth(flat, ink, [np.array([[700, 560], [900, 560], [900, 760], [700, 760.0]])])


def test_the_truth_itself_is_without_fault() -> None:
    figures = score(board(), board().flat)
    assert figures["ink found"] == figures["ink true"] == 1.0
    assert figures["chroma"] == pytest.approx(1.0)
    assert max(figures[name] for name in ("fills", "notes", "hue", "uneven", "cast")) < 0.01
    assert figures["white"] == pytest.approx(100, abs=0.01)


def _bleached(picture: Picture) -> Picture:
    return np.where(picture.min(axis=2, keepdims=True) > 100, 255, picture).astype(np.uint8)


def _turned_colours(picture: Picture) -> Picture:
    return np.ascontiguousarray(picture[..., ::-1])


def _unevenly_lit(picture: Picture) -> Picture:
    return (picture * np.linspace(0.5, 1, picture.shape[1])[None, :, None]).astype(np.uint8)


def _faded(picture: Picture) -> Picture:
    return (255 - (255 - picture.astype(float)) * 0.15).astype(np.uint8)


def _dirty(picture: Picture) -> Picture:
    out = picture.copy()
    for x in range(500, 1200, 40):
        cv2.line(out, (x, 480), (x + 30, 880), (150, 150, 150), 5)
    return out


def _grey(picture: Picture) -> Picture:
    return np.asarray(cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR), np.uint8)


@pytest.mark.parametrize(
    ("fault", "figure", "least"),
    [
        (_bleached, "fills", 5.0),
        (_bleached, "notes", 5.0),
        (_turned_colours, "hue", 30.0),
        (_unevenly_lit, "uneven", 20.0),
        (_unevenly_lit, "white", -90.0),
        (_faded, "ink found", -0.6),
        (_dirty, "ink true", -0.9),
        (_grey, "chroma", -0.1),
    ],
)
def test_a_bad_picture_is_rejected(fault: object, figure: str, least: float) -> None:
    """``least``: the error is at least that; where a high figure is good, minus the most it may be."""
    assert callable(fault)
    value = score(board(), fault(board().flat))[figure]
    assert value >= least if least > 0 else value <= -least


@pytest.mark.parametrize("name", list(BASELINES))
def test_known_methods_keep_the_ink_of_an_evenly_lit_board(name: str) -> None:
    """They are opponents, not straw men."""
    figures = score(board(), BASELINES[name](board().flat))
    assert figures["ink found"] > 0.9
    assert figures["ink true"] > 0.7  # differences of Gaussians outline every fill
    assert figures["white"] > 97
