"""What is suggested as a theme: subjects that boards share, never people, days or halves of words."""

from __future__ import annotations

from capture.pipeline.session import themes

BOARDS = [
    ("a", ["Karima : la crèche ouvre lundi", "Zylberine appelle la mairie", "jusqu'à quand ?"]),
    ("b", ["place en crèche refusée", "Karima rappelle Zylberine", "prérempli par la CAF"]),
    ("c", ["KARIMA : CRÈCHE DE NUIT, LUNDI", "et Zylberine ?", "jusqu'au bout", "prérempli"]),
]


def told(subjects: tuple[str, ...] = ()) -> list[str]:
    return [s.text for s in themes.suggest(BOARDS, [], subjects=subjects)]


def test_people_days_and_halves_of_words_are_no_themes() -> None:
    found = told()
    assert "crèche" in found
    assert not {"karima", "zylberine", "lundi", "jusqu"} & set(found)


def test_people_of_the_session_are_known_even_at_the_start_of_a_line() -> None:
    boards = [("a", ["ortivelle : devis"]), ("b", ["ortivelle : salle"])]
    assert "ortivelle" in [s.text for s in themes.suggest(boards, [])]
    assert "ortivelle" not in [s.text for s in themes.suggest(boards, [], people=("Ortivelle Roux",))]


def test_subjects_come_first() -> None:
    assert told(subjects=("crèches",))[0] == "crèche"
    assert told(subjects=("prérempli",))[0] == "prérempli"
