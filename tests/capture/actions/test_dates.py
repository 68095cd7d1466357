"""Dates on boards, from the day on which they were written: Thursday 7 March 2024."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.pipeline.actions.dates import find
from capture.pipeline.actions.readable import readable

DAY = date(2024, 3, 7)


def due(text: str, day: date = DAY) -> list[str]:
    return [d.day.isoformat() for d in find(readable(text), day)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("devis avant le 15/03", "2024-03-15"),
        ("Karim : clés 15/3", "2024-03-15"),
        ("15/3/2025", "2025-03-15"),
        ("15.03", "2024-03-15"),
        ("dès le 4/11", "2024-11-04"),
        ("30/01", "2024-01-30"),  # five weeks ago: noted late, not next year
        ("15/12", "2024-12-15"),
        ("le 1er juin", "2024-06-01"),
        ("10 mars 2025 - Paul", "2025-03-10"),
        ("du 10 au 14 juin", "2024-06-14"),
        ("jeu. 14 mars", "2024-03-14"),
        ("vendredi 22/03", "2024-03-22"),
        ("lundi 18", "2024-03-18"),
        ("lun. 18 : on dit stop ou encore", "2024-03-18"),
        ("réponse sous 48 h", "2024-03-09"),
        ("lundi prochain", "2024-03-11"),
        ("dès lundi", "2024-03-11"),
        ("by Friday", "2024-03-08"),
        ("March 15", "2024-03-15"),
        ("by the end of May", "2024-05-31"),
        ("d'ici fin mars", "2024-03-31"),
        ("mi-avril", "2024-04-15"),
        ("début mai", "2024-05-05"),
        ("en juin", "2024-06-30"),
        ("avant juin", "2024-05-31"),
        ("bacs par étage, octobre", "2024-10-31"),
        ("demain", "2024-03-08"),
        ("ce soir", "2024-03-07"),
        ("semaine prochaine", "2024-03-15"),
        ("le mois prochain", "2024-04-30"),
        ("fin d'année", "2024-12-31"),
        ("avant l'été", "2024-06-21"),
        ("à la rentrée", "2024-09-01"),
        ("avant Noël", "2024-12-25"),
        ("S12", "2024-03-22"),
        ("sem. 14", "2024-04-05"),
        ("J+15 : appel", "2024-03-22"),
        ("dans 15 jours", "2024-03-22"),
        ("sous trois semaines", "2024-03-28"),
        ("in two weeks", "2024-03-21"),
        ("d'ici 2 mois", "2024-05-07"),
        ("T2 : ressourcerie", "2024-06-30"),
        ("1er trimestre 2025", "2025-03-31"),
        ("avt le 30", "2024-03-30"),
        ("affiches le 5", "2024-04-05"),
        ("feu vert avant Pâques", "2024-03-31"),
        ("visite de Lille, 18.6", "2024-06-18"),
        ("les panneaux d ici 3 semaines", "2024-03-28"),
        ("de février à avril : agents volants", "2024-04-30"),
        ("ring the clinics by Friday – Gwen", "2024-03-08"),
        ("intake form: Beatriz, 7/18", "2024-07-18"),
    ],
)
def test_a_date_is_understood(text: str, expected: str) -> None:
    assert due(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("clés l5/O3", "2024-03-15"), ("15 rnars", "2024-03-15"), ("12 avriI", "2024-04-12"), ("vendredl", "2024-03-08")],
)
def test_a_misread_date_is_understood(text: str, expected: str) -> None:
    assert due(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "7/8 y arrivent", "avant 3 sem.", "pour 12 pers", "1 400 €", "9h30", "1/2 journée", "max 20", "mairie",
        "marche 12", "2/ 12 tablettes", "vote : 14/17",
        "10h-20h", "tous les vendredis", "permanence le lundi", "lun-mer 9-12 h", "ok tous les 2", "2 agents", "31/02",
        "relevé chaque ven.", "réunion le 1er jeudi du mois", "bip coupé 1 dim. sur 3", "visite des T3",
    ],
)  # fmt: skip
def test_what_is_no_date_is_left_alone(text: str) -> None:
    assert due(text) == []


def test_the_place_is_that_of_the_text_as_it_is_written() -> None:
    text = "Œuvre livrée d’ici le l5/O3, à l’été"
    (first, *_) = find(readable(text), DAY)
    assert text[first.start : first.end] == "d’ici le l5/O3"


def test_the_year_is_the_one_in_which_the_date_is_nearest_ahead() -> None:
    assert due("15/01", date(2024, 11, 20)) == ["2025-01-15"]
    assert due("20/12", date(2025, 1, 10)) == ["2024-12-20"]


@given(st.text(max_size=60))
def test_any_text_has_dates_inside_it(text: str) -> None:
    for d in find(readable(text), DAY):
        assert 0 <= d.start <= d.end <= len(text) + 1
