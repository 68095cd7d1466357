from __future__ import annotations

import pytest

from capture.pipeline.lists import Item, Mark, items, mark_of


def said(texts: list[str]) -> list[tuple[str | None, str]]:
    return [
        (item.mark, " ".join([texts[item.lines[0]][item.signs :], *(texts[i] for i in item.lines[1:])]))
        for item in items(texts)
    ]


def test_items_keep_their_lines_and_lose_their_sign() -> None:
    texts = ["À faire", "☐ réserver la salle", "→ Écrire au maire et", "au préfet", "✓ badges"]
    assert said(texts) == [
        (None, "À faire"),
        (Mark.BOX, "réserver la salle"),
        (Mark.ARROW, "Écrire au maire et au préfet"),
        (Mark.TICK, "badges"),
    ]


@pytest.mark.parametrize(
    ("texts", "marks"),
    [
        (["- café", "- thé"], [Mark.BULLET, Mark.BULLET]),
        (["-café", "–thé"], [Mark.BULLET, Mark.BULLET]),
        (["- conception du lieu"], [None]),  # the rest of co-conception as likely as a list of one
        (["1. Ouvrir", "2) Former"], [Mark.NUMBER, Mark.NUMBER]),
        (["a) Ouvrir", "b) Former"], [Mark.NUMBER, Mark.NUMBER]),
        (["12 personnes", "3 salles"], [None, None]),
        (["3. Ouvrir", "7. Former"], [None, None]),
        (["30.11 Bilan", "1/12 Suite"], [None, None]),
        (["=> Bilan"], [Mark.ARROW]),
        (["× Bilan", "× Suite"], [Mark.CROSS, Mark.CROSS]),
        (["× 2"], [None]),
        (["[ ] Bilan", "[x] Suite"], [Mark.BOX, Mark.TICK]),
        (["Accueil -> guichet"], [None]),  # an arrow inside a line is text
        (["→"], [None]),  # a drawing
        (["-5 % en un an", "-3 % ensuite"], [None, None]),
    ],
)
def test_signs_that_begin_items(texts: list[str], marks: list[Mark | None]) -> None:
    assert [item.mark for item in items(texts)] == marks


def test_a_strong_sign_stands_for_itself() -> None:
    assert mark_of("→ vendredi") is Mark.ARROW
    assert mark_of("- vendredi") is None


def test_no_lines_no_items() -> None:
    assert items([]) == ()
    assert items(["a"]) == (Item(None, (0,)),)
