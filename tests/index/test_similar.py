"""Neighbours by meaning: boards like one, sessions on the same question, rights respected."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archive.errors import NotFound
from archive.model import Document
from index.engine import Engine
from tests.index.boards import board, engine_of


def of(session: str, document: Document) -> Document:
    return replace(document, session_id=session, session_title=f"Atelier {session}")


BOARDS = (
    of("creche", board("a1", "nounou trop chère", "place en crèche introuvable")),
    of("creche", board("a2", "horaires décalés", "qui garde le petit ?")),
    of("parents", board("b1", "assistante maternelle en arrêt", "mode de garde d'urgence")),
    of("parents", board("b2", "congé parental refusé", "garder son enfant")),
    of("bus", board("c1", "lignes de car supprimées", "covoiturage le soir")),
    of("bus", board("c2", "abri de bus cassé", "permis trop cher")),
)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return engine_of(*BOARDS)


def test_like_boards_are_near_and_the_board_itself_is_not_named(engine: Engine) -> None:
    near = engine.similar("a1", 3)
    assert near[0].id in {"a2", "b1", "b2"}
    assert "a1" not in {each.id for each in near}
    assert not {"c1", "c2"} & {each.id for each in near[:2]}


def test_sessions_on_the_same_question(engine: Engine) -> None:
    found = engine.same_question("creche")
    assert found[0].id == "parents"
    assert found[0].title == "Atelier parents"
    assert set(found[0].boards) <= {"b1", "b2"}
    assert engine.same_question("nowhere") == ()


def test_only_what_may_be_seen(engine: Engine) -> None:
    near = engine.similar("a1", allowed=lambda ids: set(ids) - {"b1", "b2"})
    assert not {"b1", "b2"} & {each.id for each in near}
    assert "parents" not in {s.id for s in engine.same_question("creche", allowed=lambda ids: {"c1"} & set(ids))}


def test_a_board_that_is_not_there_says_so(engine: Engine) -> None:
    with pytest.raises(NotFound):
        engine.similar("nobody")
