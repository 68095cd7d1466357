"""Small boards for tests: a line each 100 pixels, so that a box tells its line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from archive.model import Change, ChangeKind, Document, Line, Phase, Polygon, Reading
from index.contract import SearchEngine
from index.engine import Engine


def box(number: int) -> Polygon:
    top = 100.0 * number
    return ((10.0, top), (500.0, top), (500.0, top + 80), (10.0, top + 80))


def board(
    each: str,
    *texts: str,
    session: str = "",
    phase: Phase | None = None,
    others: Mapping[int, str] | None = None,
    confidence: float = 0.95,
    **fields: str,
) -> Document:
    losing = others or {}
    lines = tuple(
        Line(text, box(n), confidence, "ppocr", (Reading(losing[n], 0.4),) if n in losing else ())
        for n, text in enumerate(texts)
    )
    values = {name: tuple(value.split("|")) for name, value in fields.items()}
    return Document(each, ChangeKind.BOARD, "s1", session, lines, phase, f"photo-{each}", "", values)


def engine_of(*documents: Document) -> Engine:
    engine = Engine.temporary()
    engine.rebuild(documents, 1)
    return engine


def ids(engine: SearchEngine, query: str, **options: object) -> list[str]:
    return [hit.id for hit in engine.search(query, **options).hits]  # type: ignore[arg-type]


def changes(documents: Iterable[Document], first: int = 1) -> list[Change]:
    return [Change(first + n, d.kind, d.id, 1) for n, d in enumerate(documents)]


WALL = (
    board("digital", "perdus devant l'écran", "illectronisme des aînés", "guichet fermé le lundi", phase=Phase.SCAN),
    board(
        "plan", "plan d'action : Karim appelle la mairie", "budget 1 400 euros", "bilan le 12/05/2019", phase=Phase.ACT
    ),
    board("creche", "nounou trop chère", "place en crèche introuvable", "horaires décalés", phase=Phase.SCAN),
    board("vote", "3 options, gommettes", "option B retenue : SMS de rappel", "avantages / risques", phase=Phase.FOCUS),
    board("bus", "lignes de car supprimées", "covoiturage le soir", "permis trop cher", phase=Phase.SCAN),
)

KNOWN = {document.id: document for document in WALL}


def load(change: Change) -> Document | None:
    return KNOWN.get(change.object_id)


def giving(document: Document) -> Callable[[Change], Document]:
    return lambda change: document
