"""Owners, dates, decisions and questions: in texts, in tables and notes with their places, and read from photos."""

from __future__ import annotations

from datetime import date

import pytest

from archive.model import Colour, DecidedKind, Homography, Line, Polygon, Region, RegionKind
from bench import actions as bench
from capture.pipeline.actions import decided, decided_in_texts, owners

DAY = date(2024, 3, 7)
SAME: Homography = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


def box(x: float, y: float, width: float, height: float = 30) -> Polygon:
    return ((x, y), (x + width, y), (x + width, y + height), (x, y + height))


def region(*lines: tuple[str, Polygon], kind: RegionKind = RegionKind.TEXT) -> Region:
    read = tuple(Line(text, place, 0.9, "ppocr") for text, place in lines)
    return Region(kind, box(0, 0, 1000, 900), read, Colour.YELLOW if kind is RegionKind.NOTE else None)


# --- figures ---


def test_owners_and_dates_of_sixty_boards_as_written() -> None:
    found = [bench.score(b, bench.by_text(b)) for b in bench.boards()]
    assert len(found) == 60
    assert sum((o for o, _ in found), bench.Count()).f1 >= 0.9
    assert sum((d for _, d in found), bench.Count()).f1 >= 0.9


@pytest.mark.slow
def test_owners_and_dates_read_from_photos() -> None:
    """A slice of the sixty: all of them are read by ``python -m bench.actions --photos``."""
    chosen = bench.boards("measure")[:4]
    found = [bench.score(b, bench.by_photo(b, n)) for n, b in enumerate(chosen)]
    assert sum((o for o, _ in found), bench.Count()).f1 >= 0.7
    assert sum((d for _, d in found), bench.Count()).f1 >= 0.7


def test_the_measure_rejects_what_is_wrong() -> None:
    board = bench.boards()[0]
    right = bench.by_text(board)
    swapped = [d.__class__(d.kind, d.text, "Nobody", date(2000, 1, 1), "", d.source) for d in right]
    assert bench.score(board, right)[0].f1 == 1
    assert bench.score(board, swapped)[0].right == bench.score(board, swapped)[1].right == 0
    assert bench.score(board, [])[0].f1 == 0
    assert bench.score(board, [*right, *right])[0].f1 < 0.7, "said twice is found wrongly once"


# --- owners ---


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("Karim : clés", "Karim"),
        ("affiches → Lucie", "Lucie"),
        ("Lucie -> affiches", "Lucie"),
        ("Appeler (Mme Perrin)", "Mme Perrin"),
        ("convention, resp. : M. Caron", "M. Caron"),
        ("parrain pour chacun → DRH", "DRH"),
        ("marquage → services techniques", "services techniques"),
        ("bénévoles : Gérard et Monique", "Gérard et Monique"),
        ("Fatou + Marc montent la serre", "Fatou + Marc"),
        ("Fatou forme les agents", "Fatou"),
        ("Karlm : clés", "Karim"),
        ("assurance ok ? Claire appelle la MAIF", "Claire"),
        ("Emma: call the bus company", "Emma"),
        ("salle gratuite, ok M. Vasseur", "M. Vasseur"),
    ],
)
def test_an_owner_is_found(text: str, owner: str) -> None:
    found = owners.find(text)
    assert found is not None
    assert found.name == owner


@pytest.mark.parametrize(
    "text",
    ["Budget : 1 400 euros", "Affiches : 60 ex.", "Prochaine étape → bilan", "on garde le concept B", "Salle 2 ouverte",
     "frein → solution", "trop de bruit", "Plan d'action : accueil"],
)  # fmt: skip
def test_what_is_nobody_is_no_owner(text: str) -> None:
    assert owners.find(text) is None


def test_people_of_the_session_are_known_however_they_are_misread() -> None:
    assert owners.find("Zephyrlne : clés", ["Zéphyrine Alba"]) is not None
    found = owners.find("clés → Okonkvo", ["Okonkwo"])
    assert found is not None
    assert found.name == "Okonkwo"


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("C'est Amina qui prépare le courrier", "Amina"),
        ("L'équipe numérique livre la maquette", "équipe numérique"),
        ("Le centre social ouvre la salle", "centre social"),
        ("IT to open the test accounts", "IT"),
        ("K.B. : tableau de suivi", "K.B."),
        ("@Inès : écrire le pitch", "Inès"),
        ("Qui : la mairie. Quoi : autorisation", "mairie"),
        ("goûter : le comité des fêtes", "comité des fêtes"),
        ("Chantier 3 : pôle relation usagers", "pôle relation usagers"),
        ("trouver un local / Pascal / ", "Pascal"),
        ("bénévoles : Manon et Léa", "Manon et Léa"),
        ("Pilote : Danien", "Damien"),
        ("Thlbault : affiches", "Thibault"),
    ],
)
def test_owners_stand_in_many_forms(text: str, owner: str) -> None:
    found = owners.find(text)
    assert found is not None
    assert found.name == owner


def test_where_the_sure_owners_stand_tells_the_others() -> None:
    """«accueil» and «Zbigno» are in no list; on this board what stands between two arrows is who does it."""
    lines = [
        "formulaire → Hervé → lundi",
        "affiche → Zoé → mardi",
        "horaires → accueil → jeudi",
        "plan → zbigno → 3 mai",
    ]
    assert [d.owner for d in decided_in_texts(lines, DAY)] == ["Hervé", "Zoé", "accueil", "zbigno"]
    alone = decided_in_texts(["Signalétique : trois panneaux", "Retour : Farida", "Plan : Agnès"], DAY)
    assert [d.owner for d in alone if d.owner] == ["Farida", "Agnès"]
    assert [d.owner for d in decided_in_texts([*lines, "traduction → tbd → juin"], DAY)][-1] == ""


def test_what_happens_is_not_who_does_it() -> None:
    (found,) = decided_in_texts(["Comité de pilotage : 9 juillet"], DAY)
    assert (found.text, found.owner, found.due) == ("Comité de pilotage", "", date(2024, 7, 9))


# --- kinds ---


def test_decisions_and_open_questions() -> None:
    lines = ["Décisions", "borne retirée du hall", "Questions ouvertes", "qui paie l'entretien", "on lance le 4/11 ?"]
    found = decided_in_texts(lines, DAY)
    assert [d.kind for d in found] == [DecidedKind.DECISION, DecidedKind.QUESTION, DecidedKind.QUESTION]
    kinds = [d.kind for d in decided_in_texts(["On garde l'option B", "validé : 2 agents de plus", "qui relit ?"], DAY)]
    assert kinds == [DecidedKind.DECISION, DecidedKind.DECISION, DecidedKind.QUESTION]


def test_the_text_is_what_is_left_of_the_line() -> None:
    (keys,) = decided_in_texts(["- Karim : clés + assurance, av. 20/10"], DAY)
    assert (keys.text, keys.owner, keys.due, keys.due_text) == (
        "clés + assurance",
        "Karim",
        date(2024, 10, 20),
        "av. 20/10",
    )
    assert keys.source == "- Karim : clés + assurance, av. 20/10"


# --- places ---


def test_a_table_is_read_row_by_row() -> None:
    rows = [
        ("Qui", box(0, 0, 80)), ("Quoi", box(200, 0, 80)), ("Quand", box(600, 0, 80)),
        ("clés de la salle", box(200, 60, 300)), ("affiches collège", box(200, 120, 300)),
        ("Karim", box(0, 62, 100)), ("Lucie", box(0, 118, 100)),
        ("15/03", box(600, 58, 100)), ("fin mars", box(600, 122, 100)),
    ]  # fmt: skip
    found = {d.text: d for d in decided([region(*rows)], SAME, DAY)}
    assert found["clés de la salle"].owner == "Karim"
    assert found["clés de la salle"].due == date(2024, 3, 15)
    assert found["affiches collège"].owner == "Lucie"
    assert found["affiches collège"].due == date(2024, 3, 31)


def test_a_column_of_owners_holds_owners_whatever_they_are_called() -> None:
    """Cells that wrap stay one; a row without an owner has none; a cell read over two columns is cut."""
    rows = [
        ("Action", box(0, 0, 120)), ("Responsable", box(600, 0, 200)), ("Échéance", box(1000, 0, 150)),
        ("ranger", box(0, 60, 110)), ("le local", box(0, 105, 140)), ("Zig", box(600, 60, 60)),
        ("71", box(1000, 62, 60)),
        ("prévenir tous les voisins du square Ours", box(0, 170, 680)), ("fin mai", box(1000, 170, 120)),
        ("relire", box(0, 230, 110)), ("avant le 20", box(1000, 230, 150)),
    ]  # fmt: skip
    found = decided([region(*rows)], SAME, DAY)
    assert [(d.text, d.owner) for d in found] == [
        ("ranger le local", "Zig"),
        ("prévenir tous les voisins du square", "Ours"),
        ("relire", ""),
    ]
    assert [d.due for d in found] == [date(2024, 3, 31), date(2024, 5, 31), date(2024, 3, 20)]


def test_a_name_over_its_items_is_their_owner() -> None:
    lines = ["Karim", "prévenir les délégués avant jeudi", "imprimer 40 livrets", "Louise", "commander les repas"]
    found = decided_in_texts(lines, DAY)
    assert [(d.text, d.owner) for d in found] == [
        ("prévenir les délégués", "Karim"),
        ("imprimer 40 livrets", "Karim"),
        ("commander les repas", "Louise"),
    ]
    dated = decided_in_texts(["enquête : Maxime", "achat : DSI"], DAY, title="Pour le 30 avril")
    assert [(d.owner, d.due) for d in dated] == [("Maxime", date(2024, 4, 30)), ("DSI", date(2024, 4, 30))]


def test_labels_under_an_item_say_who_and_when() -> None:
    (found,) = decided_in_texts(["Ligne d'écoute\nPilote : la DRH\nÉchéance : fin mai"], DAY)
    assert (found.text, found.owner, found.due) == ("Ligne d'écoute", "DRH", date(2024, 5, 31))


def test_two_columns_of_items_are_not_one_row() -> None:
    rows = [("Karim : clés", box(0, 0, 300)), ("Lucie : affiches", box(500, 0, 300))]
    assert [d.owner for d in decided([region(*rows)], SAME, DAY)] == ["Karim", "Lucie"]


def test_a_wrapped_line_is_one_action() -> None:
    texts = ["Budget travaux voté le 11", "juin", "Visiter les logements", "→ Romain, 24 mai"]
    rows = [(text, box(0, y, 700)) for text, y in zip(texts, (0, 40, 100, 140), strict=True)]
    found = decided([region(*rows)], SAME, DAY)
    assert [(d.owner, d.due) for d in found] == [("", date(2024, 6, 11)), ("Romain", date(2024, 5, 24))]


def test_a_note_is_one_action_unless_it_names_several_owners() -> None:
    texts = ["Karim", "réserver la", "salle", "15/03"]
    one = region(*[(text, box(0, 40 * n, 90)) for n, text in enumerate(texts)], kind=RegionKind.NOTE)
    (found,) = decided([one], SAME, DAY)
    assert (found.owner, found.due, found.text) == ("Karim", date(2024, 3, 15), "réserver la salle")
    two = region(("Karim : clés", box(0, 0, 90)), ("Lucie : affiches", box(0, 40, 90)), kind=RegionKind.NOTE)
    assert [d.owner for d in decided([two], SAME, DAY)] == ["Karim", "Lucie"]


def test_the_place_is_around_the_lines_in_photo_pixels() -> None:
    """The board lies at double size and 100 pixels to the right in the photo: rows are told by the board, places given
    in the photo."""
    to_photo: Homography = ((2.0, 0.0, 100.0), (0.0, 2.0, 0.0), (0.0, 0.0, 1.0))
    (found,) = decided([region(("Karim : clés", box(100, 0, 600, 60)))], to_photo, DAY)
    xs, ys = zip(*found.polygon, strict=True)
    assert (min(xs), max(xs), min(ys), max(ys)) == (100, 700, 0, 60)


def test_a_large_title_is_no_action() -> None:
    rows = [
        ("Sorties du vendredi", box(0, 0, 500, 80)),
        *[(f"Karim : tâche {n} à faire", box(0, 100 + 40 * n, 400)) for n in range(3)],
    ]
    assert all(d.owner == "Karim" for d in decided([region(*rows)], SAME, DAY))


def test_nothing_read_is_nothing_decided() -> None:
    assert decided([], SAME, DAY) == ()
    assert decided_in_texts(["", "…", "-"], DAY) == ()


# --- without a place ---


def test_a_merged_board_decides_what_both_its_photos_say() -> None:
    """The lines of its other photo have no place in this one."""
    here = region(
        ("Plan d'action", box(40, 20, 400, 60)), ("Karim : réserver la salle avant le 15/03", box(40, 120, 600))
    )
    there = Region(
        RegionKind.TEXT,
        (),
        (Line("Lou : prévenir la mairie", (), 0.9, "ppocr"), Line("avant le 20/03", (), 0.9, "ppocr")),
    )
    found = decided([here, there], SAME, DAY)
    assert [(d.owner, d.due) for d in found] == [("Karim", date(2024, 3, 15)), ("Lou", date(2024, 3, 20))]
    assert found[0].polygon
    assert found[1].polygon == ()
    assert decided([there], SAME, DAY) == (found[1],)
