"""What must be found, and where: judged against boards whose answer is known."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from archive.model import Phase
from index.contract import SearchEngine
from index.search import Asked
from tests.index.boards import WALL, board, box, ids
from tests.index.conftest import EngineOf, Places


@pytest.fixture(scope="module")
def wall(places: Places) -> SearchEngine:
    return places.engine_of(*WALL)


def test_a_word_of_the_board_finds_it_first_and_says_why(wall: SearchEngine) -> None:
    hit = wall.search("illectronisme").hits[0]
    assert hit.id == "digital"
    assert hit.why["text"] > 0
    assert hit.matched == ("illectronisme",)
    assert hit.photo_id == "photo-digital"
    assert hit.phase is Phase.SCAN


def test_boxes_are_those_of_the_matching_lines(wall: SearchEngine) -> None:
    assert wall.search("illectronisme").hits[0].boxes == (box(1),)
    assert wall.search("budget bilan").hits[0].boxes == (box(1), box(2))
    assert "budget" in wall.search("budget bilan").hits[0].snippet


def test_a_question_about_one_board_leaves_the_others_found(engine_of: EngineOf) -> None:
    """As the page of a board asks, between two searches of others."""
    engine = engine_of(*WALL)
    before = engine.search("budget bilan", limit=50)
    assert len(before.hits) > 1
    assert [hit.id for hit in engine.ask("budget", Asked(5, only=(before.hits[0].id,))).hits] == [before.hits[0].id]
    assert [hit.id for hit in engine.search("budget bilan", limit=50).hits] == [hit.id for hit in before.hits]


@pytest.mark.parametrize("query", ["usagers", "l'usagère", "USAGER", "usager"])
def test_forms_of_a_word_find_each_other(query: str, engine_of: EngineOf) -> None:
    assert ids(engine_of(board("a", "accueil des usagers"), board("b", "café à midi")), query)[0] == "a"


def test_a_misread_word_is_found_by_its_letters(engine_of: EngineOf) -> None:
    engine = engine_of(board("misread", "projet", "illectronirne des aînés", confidence=0.5), *WALL[1:])
    hit = engine.search("illectronism").hits[0]
    assert hit.id == "misread"
    assert hit.why["ngrams"] > 0
    assert "text" not in hit.why
    assert hit.boxes == (box(1),)


def test_a_reading_that_lost_is_found_and_points_at_its_line(engine_of: EngineOf) -> None:
    engine = engine_of(board("lost", "premier", "le quichet", others={1: "le guichet"}), *WALL[1:])
    hit = engine.search("guichet").hits[0]
    assert hit.id == "lost"
    assert hit.boxes == (box(1),)


def test_the_kept_reading_counts_more_than_one_that_lost(engine_of: EngineOf) -> None:
    engine = engine_of(
        board("lost", "le quichet ferme", others={0: "le guichet ferme"}), board("kept", "le guichet ferme")
    )
    assert ids(engine, "guichet", mode="text") == ["kept", "lost"]


@pytest.mark.parametrize(
    ("query", "expected", "lines"),
    [
        ("faire garder son bébé", "creche", {0, 1}),
        ("personnes âgées exclues du numérique", "digital", {0, 1}),
        ("rural transport", "bus", {0, 1}),
    ],
)
def test_meaning_finds_what_has_no_word_in_common(
    wall: SearchEngine, query: str, expected: str, lines: set[int]
) -> None:
    hit = wall.search(query).hits[0]
    assert hit.id == expected
    assert hit.why["meaning"] > 0
    assert hit.boxes
    assert set(hit.boxes) <= {box(n) for n in range(3)}
    assert wall.search(query, mode="meaning").hits[0].id == expected


def test_exact_words_never_lose_to_vague_meaning(engine_of: EngineOf) -> None:
    near = [board(f"near{n}", "nounou", "crèche", "assistante maternelle", "garde d'enfants") for n in range(6)]
    engine = engine_of(*near, board("exact", "berceau à réparer", "chaudière en panne", "toit", "porte"), *WALL)
    assert ids(engine, "berceau")[0] == "exact"


def test_the_title_of_the_session_finds_its_boards(engine_of: EngineOf) -> None:
    engine = engine_of(board("in", "trois idées", session="Congé parental"), *WALL)
    assert ids(engine, "congé parental")[0] == "in"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("phase:act", {"plan"}),
        ("phase:scan -guichet", {"creche", "bus"}),
        ('"plan d\'action"', {"plan"}),
        ('"action plan"', set()),
        ("illec*", {"digital"}),
        ("nounou OR covoiturage", {"creche", "bus"}),
        ("crèche AND nounou", {"creche"}),
        ("crèche AND covoiturage", set()),
        ("NOT phase:scan", {"plan", "vote"}),
        ('"trop chère" OR "trop cher"', {"creche", "bus"}),
        ('"1 400 euros"', {"plan"}),
        ('"12 mai"', set()),
    ],
)
def test_filters(wall: SearchEngine, query: str, expected: set[str]) -> None:
    assert set(ids(wall, query)) == expected


def test_a_phrase_does_not_cross_from_the_board_into_its_title(engine_of: EngineOf) -> None:
    engine = engine_of(board("a", "dernier mot", session="Premier titre"), board("b", "mot premier"))
    assert ids(engine, '"mot premier"') == ["b"]


def test_quoted_words_are_exact(wall: SearchEngine, engine_of: EngineOf) -> None:
    engine = engine_of(board("one", "un usager"), board("many", "des usagers"))
    assert ids(engine, '"usagers"') == ["many"]


def test_fields(engine_of: EngineOf) -> None:
    engine = engine_of(
        board("a", "budget", lab="Labo de Nantes", year="2018", colour="yellow|pink", people="Marie Dupont"),
        board("b", "budget", lab="Lyon", date="2019-03-02", colour="blue", people="Jean Dupont"),
        board("c", "budget"),
    )
    assert ids(engine, "lab:nantes") == ["a"]
    assert ids(engine, "couleur:jaune") == ["a"]
    assert ids(engine, "after:2019") == ["b"]
    assert ids(engine, "avant:2019") == ["a"]
    assert ids(engine, "après:2019-04") == []
    assert ids(engine, 'qui:"marie dupont"') == ["a"]
    assert set(ids(engine, "qui:dupont budget")) == {"a", "b"}


def test_rights_are_respected_in_hits_totals_and_facets(wall: SearchEngine) -> None:
    asked: list[str] = []

    def allowed(found: Sequence[str]) -> set[str]:
        asked.extend(found)
        return {each for each in found if each != "digital"}

    everyone = wall.search("guichet illectronisme", facets=("phase",))
    some = wall.search("guichet illectronisme", allowed=allowed, facets=("phase",))
    assert "digital" in asked
    assert "digital" in {hit.id for hit in everyone.hits}
    assert "digital" not in {hit.id for hit in some.hits}
    assert some.total == everyone.total - 1
    assert some.facets["phase"].get("SCAN", 0) == everyone.facets["phase"]["SCAN"] - 1
    nobody = wall.search("phase:scan", allowed=lambda found: set(), facets=("phase",))
    assert (nobody.total, nobody.hits, nobody.facets["phase"]) == (0, (), {})


def test_facets_count_what_was_found(wall: SearchEngine) -> None:
    results = wall.search("NOT xyzzy", facets=("phase", "lab"))
    assert results.facets["phase"] == {"SCAN": 3, "ACT": 1, "FOCUS": 1}
    assert results.facets["lab"] == {}


def test_a_mistyped_word_brings_a_suggestion(wall: SearchEngine) -> None:
    assert wall.search("covoiturrage").suggestion == "covoiturage"
    assert wall.search("covoiturage").suggestion is None
    assert wall.search("unemployment").suggestion is None


def test_limit_and_total(engine_of: EngineOf) -> None:
    engine = engine_of(*(board(f"b{n}", "budget participatif") for n in range(30)))
    results = engine.search("budget", limit=7)
    assert (len(results.hits), results.total) == (7, 30)
    assert len(ids(engine, "budget", limit=25)) == 25


def test_text_mode_finds_only_words(wall: SearchEngine) -> None:
    assert ids(wall, "covoiturage", mode="text") == ["bus"]
    assert ids(wall, "faire garder son bébé", mode="text") == []


CROWD = tuple(
    board(
        f"n{n:02}",
        f"covoiturage le soir, ligne {n}" if n % 3 else "nounou trop chère",
        lab="Lille" if n % 2 else "Lyon",
    )
    for n in range(30)
)


@pytest.fixture(scope="module")
def crowd(places: Places) -> SearchEngine:
    return places.engine_of(*CROWD)


@pytest.mark.parametrize("query", ["covoiturage", "childcare", "partager sa voiture", "covoitutage", "lab:lyon", "zzz"])
@pytest.mark.parametrize("limit", [0, 3, 24, 100])
def test_hits_total_and_facets_are_of_the_same_boards(crowd: SearchEngine, query: str, limit: int) -> None:
    found = crowd.search(query, limit=limit, facets=("lab",))
    assert len(found.hits) == min(limit, found.total)
    assert sum(found.facets["lab"].values()) == found.total


def test_total_and_facets_hold_only_what_may_be_seen(crowd: SearchEngine) -> None:
    mine = {document.id for document in CROWD if document.fields["lab"] == ("Lyon",)}
    for query in ("covoiturage", "childcare", "lab:lyon", "zzz"):
        found = crowd.search(query, limit=100, allowed=lambda ids: mine & set(ids), facets=("lab",))
        assert {hit.id for hit in found.hits} <= mine
        assert found.total == len(found.hits)
        assert set(found.facets["lab"]) <= {"Lyon"}
