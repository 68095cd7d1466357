"""Search for one person: their rights asked for every hit, and hits made into what a page or a program shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from archive.audit import Act
from archive.errors import BadQuery
from archive.model import Board, ChangeKind, Hit, Visibility
from fresque.titles import title
from fresque.web.desk import Desk
from fresque.web.forms import boxes_on_board, pictures
from fresque.web.keys import to_path
from index import analysis, search

FACETS = ("phase", "lab", "type", "year", "theme", "colour", "sponsor", "session")
PAGE = 24
MOST = 240
MOST_VALUES = 12  # of a facet
WHY = {"text": "les mots", "ngrams": "les lettres", "meaning": "le sens", "similar": "la ressemblance"}


@dataclass(frozen=True)
class Asked:
    """``filters``: field and value of each facet that was chosen."""

    query: str = ""
    filters: tuple[tuple[str, str], ...] = ()
    limit: int = PAGE

    @property
    def is_empty(self) -> bool:
        return not self.query.strip() and not self.filters

    @property
    def sentence(self) -> str:
        """The same in the query language."""
        parts = [self.query.strip()]
        for name, value in self.filters:
            plain = " ".join(value.replace('"', " ").split())
            parts.append(f'{name}:"{plain}"')
        return " ".join(part for part in parts if part)

    def address(self, **changed: Any) -> str:
        """The search page's address, from its question mark on."""
        pairs = [("q", self.query.strip()), *self.filters]
        pairs += [(name, str(value)) for name, value in changed.items()]
        return "?" + urlencode([(name, value) for name, value in pairs if value])

    def toggled(self, name: str, value: str) -> Asked:
        """With a facet's value chosen, or no longer."""
        pair = (name, value)
        left = tuple(each for each in self.filters if each != pair)
        return Asked(self.query, left if pair in self.filters else (*left, pair))


def asked(parameters: Sequence[tuple[str, str]], limit: int = PAGE) -> Asked:
    """What the pairs of an address ask for; what is no facet is left out."""
    query = next((value for name, value in parameters if name == "q"), "")
    filters = tuple((name, value) for name, value in parameters if name in FACETS and value.strip())
    return Asked(query[:2000], filters[:20], max(1, min(limit, MOST)))


@dataclass(frozen=True)
class Found:
    """``problem`` says why a query cannot be understood; there are no hits then."""

    total: int
    took_ms: float
    hits: tuple[dict[str, Any], ...]
    facets: Mapping[str, Mapping[str, int]]
    suggestion: str | None = None
    problem: str = ""
    hint: str = ""


NOTHING = Found(0, 0.0, (), {})


def find(desk: Desk, wish: Asked) -> Found:
    """Raises IndexFault."""
    if wish.is_empty:
        return NOTHING
    try:
        rights = desk.rights
        wanted = search.Asked(wish.limit, "hybrid", rights.allowed, FACETS, sessions=rights.few)
        results = desk.app.engine.ask(wish.sentence, wanted)
    except BadQuery as error:
        return Found(0, 0.0, (), {}, problem=error.message, hint=error.hint)
    boards = boards_of(desk, results.hits)
    hits = hit_forms(desk, results.hits, boards, wish)
    counted = dict(results.facets)
    if results.total <= len(hits):  # all that was found is shown: counts must say the same as the hits
        counted = recounted(desk, results.hits, boards)
    counted["session"] = _titles_apart(desk, counted.get("session", {}))
    facets = {name: _most(counted.get(name, {})) for name in FACETS}
    meant = results.suggestion if results.suggestion and _may_suggest(desk, wish.query, results.suggestion) else None
    return Found(results.total, round(results.took_ms, 1), hits, facets, meant)


def _may_suggest(desk: Desk, query: str, suggestion: str) -> bool:
    """Whether each word that it brings stands on something that may be seen: the words of the index are everyone's,
    and one that is close to a guess would tell what a restricted session holds."""
    if desk.rights.sees_all:
        return True
    asked_for = {token.exact for token in analysis.tokens(query)}
    wanted = search.Asked(1, "text", desk.rights.allowed, sessions=desk.rights.few)
    fresh = [token.exact for token in analysis.tokens(suggestion) if token.exact not in asked_for]
    return all(desk.app.engine.ask(f'"{word}"', wanted).total for word in fresh)


def boards_of(desk: Desk, hits: Sequence[Hit]) -> dict[str, Board]:
    return desk.state.boards([hit.id for hit in hits if hit.kind is ChangeKind.BOARD])


def recounted(desk: Desk, hits: Sequence[Hit], boards: Mapping[str, Board]) -> dict[str, Mapping[str, int]]:
    """Facets of the hits themselves. The index counts only what holds a word or is near in meaning beyond doubt."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    for hit in hits:
        board, session = boards.get(hit.id), desk.rights.sessions.get(hit.session_id or "")
        values: dict[str, set[str]] = {"phase": {hit.phase.value} if hit.phase else set()}
        if board is not None:
            values["theme"] = set(board.themes)
            values["colour"] = {region.colour.value for region in board.regions if region.colour}
        if session is not None:
            values |= {"lab": {session.lab} - {""}, "type": {session.kind.value}, "session": {session.id}}
            values |= {
                "theme": values.get("theme", set()) | set(session.themes),
                "sponsor": {each.name for each in session.requesters},
            }
            values["year"] = {str(session.start.year)} if session.start else set()
        for name, found in values.items():
            counts[name].update(found)
    return dict(counts)


def hit_forms(desk: Desk, hits: Sequence[Hit], boards: Mapping[str, Board], wish: Asked) -> tuple[dict[str, Any], ...]:
    _note(desk, hits)
    return tuple(_hit(desk, hit, boards.get(hit.id), wish) for hit in hits)


def _hit(desk: Desk, hit: Hit, board: Board | None, wish: Asked) -> dict[str, Any]:
    session = desk.rights.sessions.get(hit.session_id or "")
    form: dict[str, Any] = {
        "id": hit.id,
        "kind": hit.kind.value,
        "title": _title(board, hit),
        "session": {"id": session.id, "title": session.title} if session else None,
        "date": session.start.isoformat() if session and session.start else None,
        "phase": hit.phase.value if hit.phase else None,
        "score": round(hit.score, 4),
        "why": {name: round(value, 3) for name, value in hit.why.items()},
        "snippet": marked(hit.snippet, hit.matched),
        "boxes": [],
        "thumb": None,
        "address": f"/materials/{to_path(hit.id)}",
    }
    if board is not None:
        form |= {
            "address": f"/boards/{board.id}{Asked(wish.query).address()}".rstrip("?"),
            "thumb": pictures(board).get("thumb"),
            "width": board.width,
            "height": board.height,
            "boxes": boxes_on_board(board, hit.boxes),
        }
    return form


def _title(board: Board | None, hit: Hit) -> str:
    if board is None:
        return hit.snippet[:80]
    return title(board)


def marked(text: str, matched: Sequence[str]) -> list[tuple[str, bool]]:
    """A text in pieces, each with whether it is a word that matched."""
    plain = analysis.normalise(text)
    words = set(matched)
    pieces: list[tuple[str, bool]] = []
    end = 0
    for token in analysis.tokens(plain):
        if token.exact in words and token.start >= end:
            if token.start > end:
                pieces.append((plain[end : token.start], False))
            pieces.append((plain[token.start : token.end], True))
            end = token.end
    if end < len(plain):
        pieces.append((plain[end:], False))
    return pieces


def _most(counts: Mapping[str, int]) -> dict[str, int]:
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return dict(ordered[:MOST_VALUES])


def _titles_apart(desk: Desk, counts: Mapping[str, int]) -> dict[str, int]:
    """A session is counted under its id and under its title: ids only."""
    return {key: number for key, number in counts.items() if key in desk.rights.sessions}


def _note(desk: Desk, hits: Sequence[Hit]) -> None:
    """A hit shows text: of a restricted session that is a reading."""
    for key in {hit.session_id for hit in hits if hit.session_id}:
        session = desk.rights.sessions.get(key)
        if session is not None and session.visibility is Visibility.RESTRICTED:
            desk.state.note(Act("read", "session", key, desk.viewer.name or "local", {"by": "search"}))
