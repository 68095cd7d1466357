from __future__ import annotations

import pytest

from archive.model import Line, Reading, Region, RegionKind, running_text
from capture.pipeline.read.hyphens import mended
from capture.pipeline.read.words import WordParams, Words

PLACE = ((0.0, 0.0), (9.0, 0.0), (9.0, 2.0), (0.0, 2.0))


def said(*texts: str) -> str:
    """The running text of one block as it is read."""
    lines = [Line(text, PLACE, 0.9, "ppocr", (Reading("something else", 0.1),)) for text in texts]
    found = mended(lines, Words(WordParams()))
    assert [line.text for line in found] == list(texts)  # lines stay as they stand
    return running_text([Region(RegionKind.TEXT, PLACE, found)])


@pytest.mark.parametrize(
    ("upper", "lower", "whole"),
    [
        ("plan de forma-", "tion des agents", "plan de formation\ndes agents"),
        ("un atelier de co-", "conception", "un atelier de co-conception"),
        ("prendre rendez-", "vous en ligne", "prendre rendez-vous\nen ligne"),
        ("FRACTURE NUMÉ-", "RIQUE", "FRACTURE NUMÉRIQUE"),
        ("l'inter-", "venant", "l'intervenant"),
        ("l'accompagne-", "ment, pas à pas", "l'accompagnement,\npas à pas"),
        ("software develop-", "ment", "software development"),
    ],
)
def test_a_cut_word_is_whole_in_the_text(upper: str, lower: str, whole: str) -> None:
    assert said(upper, lower) == whole


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        ("2025 -", "bilan"),  # a dash
        ("Marie-", "Anne et Paul"),  # a name
        ("mardi-", "12 mars"),
        ("sans trait", "d'union"),
        ("fin de bloc-", ""),
    ],
)
def test_what_is_no_cut_word_stays(upper: str, lower: str) -> None:
    assert said(upper, lower) == "\n".join(text for text in (upper, lower) if text)


def test_a_note_without_lines_and_one_line_alone() -> None:
    assert said() == ""
    assert said("en forma-") == "en forma-"


def test_a_line_that_a_person_corrected_is_left_alone() -> None:
    corrected = Line("plan de forme-", PLACE, 1.0, "human", (Reading("plan de formation", 0.9),))
    below = Line("tion", PLACE, 0.9, "ppocr")
    assert running_text([Region(RegionKind.TEXT, PLACE, (corrected, below))]) == "plan de forme-\ntion"
