from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import BadQuery
from index.engine import Engine
from index.query import All, Field, Not, Phrase, Prefix, Query, Some, Word, parse
from tests.index.boards import WALL, engine_of

MOBILE = Word("mobile")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gens perdus", Query("gens perdus")),
        ('"plan d’action" budget', Query("plan d'action budget", Phrase("plan d'action"))),
        ("« langage commun »", Query("langage commun", Phrase("langage commun"))),
        ("a AND b", Query("a b", All((Word("a"), Word("b"))))),
        ("a ET b", Query("a b", All((Word("a"), Word("b"))))),
        ("a OU b", Query("a b", Some((Word("a"), Word("b"))))),
        ("a b AND c", Query("a b c", All((Some((Word("a"), Word("b"))), Word("c"))))),
        ("caf -mobile", Query("caf", Not(MOBILE))),
        ("caf SAUF mobile", Query("caf", Not(MOBILE))),
        ("numér*", Query("numér", Prefix("numér"))),
        ("caf phase:act", Query("caf", Field("phase", "act"))),
        ("couleur:jaunes", Query("", Field("colour", "yellow"))),
        ("après:2019 lab:nantes", Query("", All((Field("after", "2019"), Field("lab", "nantes"))))),
        ('qui:"Marie Dupont"', Query("", Field("people", "Marie Dupont"))),
        ("(a OR b) -c", Query("a b", All((Some((Word("a"), Word("b"))), Not(Word("c")))))),
        ("idée: faire", Query("idée  faire")),
        ("a OR", Query("a")),
        ("(((a", Query("a")),
        ("a)", Query("a")),
        ('"abc', Query("abc", Phrase("abc"))),
        ("rendez-vous", Query("rendez-vous")),
    ],
)
def test_means(text: str, expected: Query) -> None:
    found = parse(text)
    assert found.must == expected.must
    assert found.text.split() == expected.text.split()


@pytest.mark.parametrize(
    "text", ["", "   ", "!!!", "AND", "NOT", '""', "((", "phase:", "après:hier", "x" * 3000, "(" * 99 + "a"]
)
def test_what_means_nothing_says_so(text: str) -> None:
    with pytest.raises(BadQuery) as caught:
        parse(text)
    assert caught.value.message
    assert caught.value.hint


WORDS = [
    "illectronisme",
    "gens",
    "perdus",
    "l'",
    "œ",
    "é",
    "\u0301",
    "1",
    "12/05",
    "😀",
    "۱",
    "ﬁ",
    "ǆ",
    "budget",
    "numér*",
]
SIGNS = [
    "(",
    ")",
    '"',
    "«",
    "»",
    "-",
    "--",
    "*",
    ":",
    "::",
    "||",
    "&&",
    "\x00",
    "\n",
    "AND",
    "OR",
    "NOT",
    "ET",
    "OU",
    "SAUF",
]
KEYS = ["phase:", "lab:", "après:2019", "avant:", "qui:", "couleur:jaune", "type:codesign", "session:", "nonsense:"]
PIECES = st.sampled_from([*WORDS, *SIGNS, *KEYS])
TYPED = st.one_of(
    st.lists(PIECES, max_size=12).map(" ".join), st.lists(PIECES, max_size=9).map("".join), st.text(max_size=60)
)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return engine_of(*WALL)


def answered(engine: Engine, text: str) -> None:
    results = None
    with suppress(BadQuery):
        results = engine.search(text, facets=("phase", "nonsense"))
    if results is not None:
        assert results.total >= len(results.hits)
        assert len({hit.id for hit in results.hits}) == len(results.hits)


@settings(max_examples=300, deadline=None)
@given(TYPED)
def test_anything_typed_is_answered_or_explained(engine: Engine, text: str) -> None:
    answered(engine, text)


@pytest.mark.soak
@settings(max_examples=2000, deadline=None)
@given(TYPED)
def test_two_thousand_queries_are_answered_or_explained(engine: Engine, text: str) -> None:
    answered(engine, text)
