"""The committed demo session against its own truth."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from typing import Any

import pytest
from PIL import Image, ImageOps

from archive.model import Method, Phase, SessionKind
from samples.boards import KINDS
from samples.demo import HERE, specs

TRUTH: list[dict[str, Any]] = [json.loads(r) for r in (HERE / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
SESSION: dict[str, Any] = tomllib.loads((HERE / "session.toml").read_text(encoding="utf-8"))


def words(text: str) -> set[str]:
    return set(re.findall(r"\w{2,}", text.lower()))


def test_every_photo_is_there_and_small() -> None:
    photos = sorted(p.name for p in HERE.glob("*.jpg"))
    assert photos == sorted(t["photo"] for t in TRUTH)
    assert len(photos) == 24
    sizes = [p.stat().st_size for p in HERE.iterdir()]
    assert max(sizes) <= 450_000
    assert sum(sizes) < 12_000_000


@pytest.mark.parametrize("truth", TRUTH, ids=lambda t: t["photo"])
def test_photo_and_truth_agree(truth: dict[str, Any]) -> None:
    with Image.open(HERE / truth["photo"]) as stored:
        taken = stored.getexif().get_ifd(0x8769)[0x9003]
        upright = ImageOps.exif_transpose(stored)
        assert upright is not None
        assert upright.size == (truth["width"], truth["height"])
    assert taken.replace(":", "-", 2).replace(" ", "T") == truth["taken_at"][:19]
    assert truth["kind"] in KINDS
    assert {Phase(truth["phase"])} <= {Phase.SCAN, Phase.FOCUS, Phase.ACT, Phase.NONE}


def test_the_session_varies() -> None:
    kinds, phases = Counter(t["kind"] for t in TRUTH), Counter(t["phase"] for t in TRUTH)
    assert set(kinds) == set(KINDS)
    assert min(phases[p] for p in ("SCAN", "FOCUS", "ACT")) >= 4
    assert phases["none"] >= 2
    assert any(t["orientation"] != 1 for t in TRUTH)
    assert any(max(t["width"], t["height"]) == 4000 for t in TRUTH)


def test_the_truth_holds_the_texts() -> None:
    rows = {t["photo"]: t for t in TRUTH}
    for spec, _ in specs():
        row = rows[spec.name]
        seen = words(" ".join(n["text"] for n in row["lines"] + row["hidden_lines"]))
        assert words(spec.text.title + " " + " ".join(spec.text.lines)) <= seen | words("œ oe")


def test_session_toml_speaks_the_archive_s_words() -> None:
    SessionKind(SESSION["kind"])
    Method(SESSION["method"])
    assert [Phase(a["phase"]) for a in SESSION["agenda"]] == [Phase.SCAN, Phase.FOCUS, Phase.ACT]
    days = {t["taken_at"][:10] for t in TRUTH}
    assert min(days) == str(SESSION["start"])
    assert max(days) == str(SESSION["end"])


def test_the_three_searches_have_one_answer() -> None:
    texts = {t["photo"]: words(" ".join(n["text"] for n in t["lines"])) for t in TRUTH}
    exact, misspelt, meaning = SESSION["searches"]
    assert [p for p, seen in texts.items() if words(exact["query"]) <= seen] == [exact["photo"]]
    assert not any(words(misspelt["query"]) & seen for seen in texts.values())
    assert misspelt["photo"] in texts
    # "de" says nothing: the words that count are on no board.
    assert not any((words(meaning["query"]) - {"de"}) & seen for seen in texts.values())
    assert meaning["photo"] in texts
