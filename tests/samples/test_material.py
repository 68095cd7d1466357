"""What the renderer draws with: fonts, texts, walls, and how the two splits stay apart."""

from __future__ import annotations

import numpy as np
import pytest

from archive.errors import MissingDependency
from samples import walls
from samples.fonts import HANDS, PACKAGES, hands, installed
from samples.layout import wrap
from samples.lettering import DRAWN, Nib, _base, advance, spell, write
from samples.rng import stream
from samples.texts import DATA, all_texts, read_texts, texts

FRENCH = "éèêëàâçùûîïôœÉÈÀÇÊ«»’€→✓°%()+=?!"


def test_texts_are_many_and_of_every_phase() -> None:
    assert len(all_texts()) >= 60
    assert len({t.id for t in all_texts()}) == len(all_texts())
    for split in ("tune", "measure"):
        assert {t.phase for t in texts(split)} == {"SCAN", "FOCUS", "ACT", "none"}
        assert min(len(t.lines) for t in texts(split)) >= 5


def test_splits_share_nothing() -> None:
    assert not {t.theme for t in texts("tune")} & {t.theme for t in texts("measure")}
    family = {
        s: {h.file.split("-")[0] for h in HANDS if h.split == s and "Because" not in h.file}
        for s in ("tune", "measure")
    }
    assert not family["tune"] & family["measure"]
    files = {s: {h.file for h in HANDS if h.split == s} for s in ("tune", "measure")}
    assert not files["tune"] & files["measure"]
    assert not set(walls.PALETTES["tune"]) & set(walls.PALETTES["measure"])
    for table in (walls.PLAIN_WALLS, walls.ROUGH_WALLS, walls.TABLES, walls.FLOORS):
        assert not set(table["tune"]) & set(table["measure"])


def test_a_missing_font_names_the_packages() -> None:
    with pytest.raises(MissingDependency, match=PACKAGES[0]):
        hands("nobody", "text")


@pytest.mark.parametrize("hand", [h for h in HANDS if h.file in installed()], ids=lambda h: h.file)
def test_every_hand_writes_every_character(hand: object) -> None:
    from samples.fonts import Hand

    assert isinstance(hand, Hand)
    session = read_texts_of_session()
    needed = set(FRENCH) | {c for t in all_texts() for line in (t.title, *t.lines) for c in line} | set(session)
    for char in spell("".join(sorted(needed)), hand):
        assert char.isspace() or char in DRAWN or _base(char, str(hand.path)) is not None, char


def read_texts_of_session() -> str:
    import json

    rows = [json.loads(r) for r in (DATA / "session.jsonl").read_text(encoding="utf-8").splitlines()]
    return "".join(r["title"] + r["text"] for r in rows)


def test_accents_that_a_font_lacks_are_drawn() -> None:
    hand = next(h for h in HANDS if h.file.startswith("BecauseWeOrganize"))
    still = Nib(3, wobble=0.0)
    bare = write("e", hand, 80, still, stream(1, "a")).mask
    accented = write("é", hand, 80, still, stream(1, "a")).mask
    assert np.nonzero(accented)[0].min() < np.nonzero(bare)[0].min() - 5


def test_lines_keep_their_width_and_their_marks() -> None:
    hand = hands("tune", "text")[0]
    text = "« on m'a déjà demandé ce papier » combien de fois ?"
    parts = wrap(text, 300, hand, 20)
    assert " ".join(parts) == text
    assert len(parts) > 1
    assert all(advance(p, hand, 20) <= 300 for p in parts)
    assert not any(p.startswith(("?", "»")) or p.endswith("«") for p in parts)


def test_texts_are_read_in_order(tmp_path: object) -> None:
    assert [t.id for t in read_texts(DATA / "texts.jsonl")] == [t.id for t in all_texts()]
