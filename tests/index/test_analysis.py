from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import analysis


def exact(text: str) -> list[str]:
    return [token.exact for token in analysis.tokens(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L’œuvre d'Élodie", ["oeuvre", "elodie"]),
        ("ex æquo", ["ex", "aequo"]),
        ("jusqu'au bout, qu’il", ["au", "bout", "il"]),
        ("aujourd’hui prud'hommes quelqu'un", ["aujourdhui", "prudhommes", "quelquun"]),
        ("la C.A.F. et la S.N.C.F", ["la", "caf", "et", "la", "sncf"]),
        ("1 400 euros, 1\u202f400 €, 12,5 %", ["1400", "euros", "1400", "12.5"]),
        ("le 12/05/19, 12.5.2019 ou 2019-05-12", ["le", *["2019-05-12", "2019"] * 2, "ou", "2019-05-12", "2019"]),
        ("marie.dupont@caf.fr", ["marie.dupont@caf.fr", "marie", "dupont", "caf", "fr"]),
        ("post-it, rendez-vous", ["post", "it", "rendez", "vous"]),
        ("14h30 3e 2x", ["14h30", "3e", "2x"]),
        ("MAÇON Straße", ["macon", "strasse"]),
        ("snake_case", ["snake", "case"]),
        ("... !? —", []),
    ],
)
def test_exact_forms(text: str, expected: list[str]) -> None:
    assert exact(text) == expected


@pytest.mark.parametrize(
    "family",
    [
        "usager usagers usagère usagères",
        "perdu perdus perdue perdues",
        "décider décidé décidée décidées decidee",
        "réunion réunions REUNION",
        "travail travaux",
        "journal journaux",
        "bureau bureaux",
        "accompagner accompagné accompagnement accompagnements",
        "lieu lieux",
        "premier première premières",
        "numérique numériques",
    ],
)
def test_one_stem_for_a_family(family: str) -> None:
    assert len({token.stem for token in analysis.tokens(family)}) == 1


@pytest.mark.parametrize("pair", ["poste postal", "mission missile", "marché mars", "usager usine"])
def test_other_words_keep_other_stems(pair: str) -> None:
    assert len({token.stem for token in analysis.tokens(pair)}) == 2


def test_decomposed_unicode_is_one_word() -> None:
    assert exact(unicodedata.normalize("NFD", "école fermée à Nîmes")) == exact("école fermée à Nîmes")


def test_stop_words_are_kept_in_place_but_marked() -> None:
    tokens = list(analysis.tokens("le plan de la ville"))
    assert [token.stop for token in tokens] == [True, False, True, True, False]
    assert [token.position for token in tokens] == [0, 1, 2, 3, 4]
    assert analysis.words("le plan de la ville") == ["plan", "ville"]


def test_offsets_point_into_the_normalised_text() -> None:
    text = unicodedata.normalize("NFD", "À l’école, demain")
    plain = analysis.normalise(text)
    assert [plain[t.start : t.end] for t in analysis.tokens(text)] == ["À", "école", "demain"]


@given(st.text(max_size=80))
def test_any_text_gives_tokens_that_analyse_to_themselves(text: str) -> None:
    for token in analysis.tokens(text):
        assert token.exact == analysis.fold(token.exact)
        assert token.exact
        assert not any(character.isspace() for character in token.exact)


@given(st.text(max_size=60))
def test_composed_and_decomposed_are_the_same(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert exact(unicodedata.normalize("NFD", composed)) == exact(composed)
