"""Tags of boards: labels, probabilities, evidence and speed."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.model import METHOD_PHASES, Colour, Homography, Line, Phase, Region, RegionKind
from capture.pipeline import phase
from capture.pipeline.phase import Params, tag, tag_texts
from capture.pipeline.phase.features import PHASE_OF
from capture.pipeline.phase.tagger import written

ACT = ["PLAN D'ACTION accueil", "Karim : clés, avant le 20/10", "Lucie → affiches, 60 ex.", "1 400 € ok"]
SCAN = ["« je savais pas que c'était gratuit »", "on me dit chut tout le temps", "38 % repartent, pourquoi ?"]
FOCUS = ["A. borne près de l'entrée", "B. agent mobile", "A rapide mais bruit, B plus d'aide", "gommettes A 9, B 4"]
WELCOME = ["Bienvenue !", "9h café", "9h30 tour de table", "12h30 déjeuner", "wifi : invites"]


def _region(*lines: str, kind: RegionKind = RegionKind.TEXT) -> Region:
    corners = ((0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0))
    colour = Colour.YELLOW if kind is RegionKind.NOTE else None
    return Region(kind, corners, tuple(Line(text, corners, 0.9, "ppocr") for text in lines), colour)


@pytest.mark.parametrize(("lines", "label"), [(ACT, Phase.ACT), (SCAN, Phase.SCAN), (FOCUS, Phase.FOCUS)])
def test_plain_boards(lines: list[str], label: Phase) -> None:
    tagged = tag_texts(lines)
    assert tagged.label is label
    assert tagged.source == "auto"
    assert set(tagged.steps) == {step for step, p in PHASE_OF.items() if p == label}
    assert sum(tagged.steps.values()) == pytest.approx(1, abs=1e-3)


def test_a_welcome_board_belongs_to_no_phase() -> None:
    tagged = tag_texts(WELCOME)
    assert tagged.label is Phase.NONE
    assert not tagged.steps


@pytest.mark.parametrize("nothing", [[], [""], ["  ", "…"]])
def test_nothing_read_is_unsure(nothing: list[str]) -> None:
    """An unread board may be of any phase: «none» would hide it from the person who has to look."""
    assert tag_texts(nothing).label is Phase.UNSURE
    assert tag([_region(*nothing)]).label is Phase.UNSURE


def test_evidence_can_be_checked_against_the_board() -> None:
    told = tag_texts(ACT).evidence
    assert "« plan d'action »" in told
    assert any(piece.startswith(("nom et échéance : « Karim", "qui fait quoi : « Karim")) for piece in told)
    for piece in told:
        quoted = piece.split("« ", 1)[1].split(" »")[0].lower()
        assert any(quoted.strip("…") in line.lower() for line in ACT)


def test_evidence_is_limited_and_never_said_twice() -> None:
    for limit in (1, 2, 4):
        told = tag_texts(ACT, Params(evidence=limit)).evidence
        assert 1 <= len(told) <= limit
        assert len(set(told)) == len(told)


def test_a_misread_expression_says_what_it_was_read_for() -> None:
    assert any("plan d'action" in piece for piece in tag_texts(["PLAM D'ACTLON", *ACT[1:]]).evidence)


def test_regions_and_texts_agree() -> None:
    by_region = tag([_region(*ACT[:2]), _region(*ACT[2:], kind=RegionKind.NOTE)])
    assert by_region.label is tag_texts(ACT).label


def test_wrapped_lines_are_read_as_one() -> None:
    """A board of notes, each broken into short lines, as the reader gives it."""
    same: Homography = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    notes = []
    for column, text in enumerate(ACT):
        words, rows = text.split(), []
        for row, part in enumerate(" ".join(words[i : i + 2]) for i in range(0, len(words), 2)):
            x, y = 200.0 * column, 30.0 * row
            place = ((x, y), (x + 150, y), (x + 150, y + 28), (x, y + 28))
            rows.append(Line(part, place, 0.9, "ppocr"))
        notes.append(Region(RegionKind.NOTE, rows[0].polygon, tuple(rows), Colour.YELLOW))
    assert written(notes, same).lines == tuple(ACT)
    assert tag(notes, same).label is Phase.ACT


def test_arrows_that_begin_every_line_are_bullets() -> None:
    same: Homography = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    texts = (
        "COMMENT POURRIONS-NOUS…",
        "→ dire les droits à temps ?",
        "→ rester en lien ?",
        "→ donner envie aux pères ?",
    )
    places = [((0.0, 40.0 * n), (400.0, 40.0 * n), (400.0, 40.0 * n + 30), (0.0, 40.0 * n + 30)) for n in range(4)]
    lines = tuple(Line(text, place, 0.9, "ppocr") for text, place in zip(texts, places, strict=True))
    board = [Region(RegionKind.TEXT, places[0], lines)]
    assert written(board, same).lines == texts
    assert tag(board, same).label is Phase.SCAN


def test_a_string_of_several_lines_is_several_lines() -> None:
    assert tag_texts(["\n".join(ACT)]) == tag_texts(ACT)


def test_thresholds_decide_between_a_label_and_unsure() -> None:
    strict = Params(sure=1.01, none=1.01)
    assert tag_texts(ACT, strict).label is Phase.UNSURE
    assert tag_texts(ACT, strict).likeliest is Phase.ACT
    assert tag_texts(WELCOME, Params(none=0.0)).label is Phase.NONE


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=8))
def test_any_text_gets_a_tag_whose_probabilities_sum_to_one(lines: list[str]) -> None:
    tagged = tag_texts(lines)
    assert sum(tagged.probabilities.values()) == pytest.approx(1, abs=1e-3)
    assert set(tagged.probabilities) == {p.value for p in METHOD_PHASES}


def test_digests_name_all_that_a_tag_depends_on() -> None:
    digests = phase.models()
    assert {"phase model", "lexicon", "first names"} == set(digests)
    assert all(len(d) == 64 for d in digests.values())


def test_a_thousand_boards_take_under_five_seconds() -> None:
    tag_texts(ACT)
    boards = [[f"{line} {n}" for line in lines] for n in range(250) for lines in (ACT, SCAN, FOCUS, WELCOME)]
    start = time.process_time()
    for board in boards:
        tag_texts(board)
    assert time.process_time() - start < 5


def test_who_does_what_by_when_is_act_in_the_words_of_a_menu_too() -> None:
    promised = [
        "Coulisses du festival",
        "scène : mairie",
        "buvette : foyer rural, 5 juillet",
        "programme : Salomé, lundi",
    ]
    assert tag_texts(promised).label is Phase.ACT
    groups = ["Groupes", "Bleu : Karim, Lucie, Hugo", "Rouge : Nadia, Paul, Aïcha", "Vert : Tom, Inès, Marc"]
    assert tag_texts(groups).label is Phase.NONE
    assert tag_texts(["Le programme du jour", "9h00 accueil", "9h30 Hélène", "12h30 repas"]).label is Phase.NONE
