"""Each cue is seen where a person would see it."""

from __future__ import annotations

import pytest

from capture.pipeline.phase import form
from capture.pipeline.phase.words import split


def cues(line: str) -> frozenset[str]:
    (seen,) = form.seen([line], [split(line, "fr")])
    return seen


@pytest.mark.parametrize(
    ("line", "cue"),
    [
        ("devis avant le 15/03", "date"),
        ("devis avant le 15/03", "deadline"),
        ("d'ici fin mars", "deadline"),
        ("avt le 30", "deadline"),
        ("by Friday", "deadline"),
        ("J+15 : appel", "calendar"),
        ("T2 : ressourcerie", "calendar"),
        ("1 400 euros", "money"),
        ("enveloppe 30 k€", "money"),
        ("→ Karim, clés", "name_after"),
        ("Fatou forme les agents", "name_first"),
        ("Lou : maquettes, 12 mai", "name_when"),
        ("Mme Ferrand d'accord", "civility"),
        ("A. automate près de l'entrée", "choice_label"),
        ("option 2 : tout sur rdv", "choice_label"),
        ("coût : 12 / 9 / 14", "scores"),
        ("●●●●● B", "marks"),
        ("gommettes 17 - 3", "marks"),
        ("+ rires", "plus_minus"),
        ("retards 31 → 6", "before_after"),
        ("7/8 y arrivent", "ratio"),
        ("testé avec 14 patients", "people"),
        ("« je savais pas »", "quote"),
        ("j'ose pas demander", "first_person"),
        ("et si on fermait l'accueil", "what_if"),
        ("si pas de smartphone → borne", "condition"),
        ("pourquoi ça coince ?", "why"),
        ("1 trajet sur 4, 38 %", "percent"),
        ("non à l'appli", "yes_no"),
        ("nous ferons la ville", "future"),
        ("1994 : APE", "era"),
        ("8h25 mauvais couloir", "clock_first"),
        ("bateaux-logements", "short"),
    ],
)
def test_cue_is_seen(line: str, cue: str) -> None:
    assert cue in cues(line)


@pytest.mark.parametrize(
    ("line", "cue"),
    [
        ("bateaux-logements", "money"),
        ("trop de bruit", "name"),
        ("rose et marc de café", "name"),  # first names are capitalised
        ("on sait pas", "we_do"),
        ("9 personnes sur 14", "date"),
        ("7/8 y arrivent", "date"),
        ("il y a 12 ans", "deadline"),
    ],
)
def test_cue_is_not_seen(line: str, cue: str) -> None:
    assert cue not in cues(line)


def test_misread_figures_are_mended() -> None:
    assert "date" in cues("clés l5/O3")


def test_every_cue_has_a_name_of_its_own() -> None:
    assert len(form.NAMES) == len(set(form.NAMES)) > 50
