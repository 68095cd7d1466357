"""Cards, tables without all headings, stages with their day, and people named in further ways."""

from __future__ import annotations

from datetime import date

import pytest

from capture.pipeline.actions import decided_in_texts

DAY = date(2024, 3, 7)


def told(*lines: str, title: str = "") -> list[tuple[str, str, str]]:
    found = decided_in_texts(lines, DAY, title=title)
    return [(d.text, d.owner, d.due.isoformat() if d.due else "") for d in found]


def test_a_card_is_one_action_without_its_cost() -> None:
    card = ("Action : rampe d'accès", "Responsable : Mission handicap", "Échéance : 31/10", "Budget : 800 €")
    assert told(*card) == [("rampe d'accès", "Mission handicap", "2024-10-31")]


def test_cards_under_one_another_are_kept_apart() -> None:
    cards = (
        "Task: ramp\nOwner: Estates manager\nDeadline: 31 October",
        "Task: lift\nOwner: Amir\nDeadline: 4 May",
    )
    assert told(*cards) == [("ramp", "Estates manager", "2024-10-31"), ("lift", "Amir", "2024-05-04")]


def test_what_is_done_may_stand_unlabelled_over_who_and_when() -> None:
    assert told("Un accueil le soir\nQui : Valérie\nQuand : dès octobre") == [
        ("Un accueil le soir", "Valérie", "2024-10-31")
    ]


def test_further_columns_of_a_table_are_no_owners() -> None:
    found = told("Action\tPorteur\tAvec\tÉchéance", "Annuaire\tNoémie\tCCAS\t28/03", "Carte\tYves\tNoémie\tavril")
    assert found == [("Annuaire", "Noémie", "2024-03-28"), ("Carte", "Yves", "2024-04-30")]


def test_an_empty_cell_of_owners_says_that_there_is_none() -> None:
    found = told("Quoi\tQui\tPour", "Local prêté\tla paroisse\tT2 2025", "Écran\t?\t30/4")
    assert [owner for _, owner, _ in found] == ["paroisse", ""]


def test_idem_is_the_owner_of_the_row_above() -> None:
    found = told("Qui\tQuoi\tQuand", "Corentin\tcommande les capteurs\t17/4", "idem\tles installe\t30/4")
    assert [owner for _, owner, _ in found] == ["Corentin", "Corentin"]


def test_a_stage_says_by_when_what_is_under_it_is_due() -> None:
    found = told(
        "Phase 1 – d'ici le 30 avril", "Recenser les sites – DSI", "Phase 2 – d'ici le 30 juin", "Choisir – comité",
        title="Plan",
    )  # fmt: skip
    assert found == [("Recenser les sites", "DSI", "2024-04-30"), ("Choisir", "comité", "2024-06-30")]


@pytest.mark.parametrize(
    ("line", "owner"),
    [
        ("karim appelle le sdis", "karim"),
        ("@sam fix login page", "sam"),
        ("@Inès et @Paul : support de formation", "Inès et Paul"),
        ("Nathalie (mairie) prend contact avec la SNCF", "Nathalie"),
        ("Chef de projet : Anne-Sophie Le Goff", "Anne-Sophie Le Goff"),
        ("Sécurité : capitaine Roux", "capitaine Roux"),
        ("La CAF transmet la liste", "CAF"),
        ("Les écoles distribuent le flyer", "écoles"),
        ("Chaque service nomme un référent", "Chaque service"),
        ("Le département finance 2 postes", "département"),
        ("La direction s'engage à répondre", "direction"),
        ("Référents formés par l'ENSP", "ENSP"),
        ("Compost : qui ?", ""),
        ("Relevé des fuites → sondeur → 12 juillet", "sondeur"),
        ("Relevé des fuites → sondeur", ""),
        ("Papa de Noé : la sono", "Papa de Noé"),
        ("Night shift – try the checklist – from Monday", "Night shift"),
        ("devis : P. Roche", "P. Roche"),
        ("Signé : P. Roche, T. Nguyen", ""),
        ("Budget: ask the board", ""),
        ("marine et bleu", ""),
    ],
)
def test_who_does_it(line: str, owner: str) -> None:
    assert [o for _, o, _ in told(line) if o] == ([owner] if owner else [])


def test_a_body_named_after_a_person_is_left_out_of_what_is_done() -> None:
    assert told("Nathalie (mairie) prend contact avec la SNCF")[0][0] == "prend contact avec la SNCF"


def test_a_title_that_calls_for_action_is_no_deadline() -> None:
    assert told("Bruno appelle le maire", "Odile écrit au maire", "Tom lit la loi", title="Dès demain !")[0][2] == ""
