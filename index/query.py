"""The query language: what a person types, as a tree.

Words side by side rank («gens perdus»). "Words in quotes", word*, AND/OR/NOT (ET/OU/SAUF), -word and fields
(``phase:act``, ``couleur:jaune``, ``après:2019``) filter: they say what must or must not be. What cannot mean
anything raises BadQuery; everything else means something.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from archive.errors import BadQuery
from index import analysis

MAX_LENGTH = 2000
MAX_DEPTH = 20

FIELDS = {
    "phase": "phase",
    "lab": "lab", "labo": "lab", "laboratoire": "lab",
    "type": "type", "kind": "type", "genre": "type",
    "session": "session", "atelier": "session", "seance": "session",
    "couleur": "colour", "colour": "colour", "color": "colour",
    "apres": "after", "after": "after", "depuis": "after", "since": "after",
    "avant": "before", "before": "before",
    "annee": "year", "year": "year", "an": "year",
    "qui": "people", "who": "people", "people": "people",
    "artiste": "artist", "artist": "artist", "auteur": "artist", "author": "artist",
    "theme": "theme", "sujet": "theme", "topic": "theme",
    "commanditaire": "sponsor", "demandeur": "sponsor", "sponsor": "sponsor", "requester": "sponsor",
}  # fmt: skip

_COLOURS = {
    "jaune": "yellow", "orange": "orange", "rose": "pink", "rouge": "red", "violet": "purple", "mauve": "purple",
    "bleu": "blue", "vert": "green", "blanc": "white", "gris": "grey", "gray": "grey", "marron": "brown",
    "brun": "brown", "bleue": "blue", "verte": "green", "blanche": "white", "grise": "grey", "violette": "purple",
}  # fmt: skip
_PHASES = {
    "incertain": "unsure", "incertaine": "unsure", "inconnue": "unsure", "aucune": "none", "sans": "none",
    "explorer": "SCAN", "agir": "ACT", "action": "ACT", "focaliser": "FOCUS",
}  # fmt: skip
_OPERATORS = {"AND": "and", "ET": "and", "&&": "and", "OR": "or", "OU": "or", "||": "or", "NOT": "not", "SAUF": "not"}

_PIECE = re.compile(
    r"""\s*(?:
      (?P<minus>[-−–](?=[\w"«“(]))
    | (?P<open>\() | (?P<close>\))
    | (?:(?P<field>[^\W\d_]+):)?(?:"(?P<plain>[^"]*)(?:"|$)|«(?P<french>[^»]*)(?:»|$)|“(?P<curly>[^”"]*)(?:[”"]|$))
    | (?P<key>[^\W\d_]+):(?P<value>[^\s()"]*)
    | (?P<word>[^\s()"«»“”]+)
    | (?P<stray>.)
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Word:
    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    text: str


@dataclass(frozen=True, slots=True)
class Prefix:
    text: str


@dataclass(frozen=True, slots=True)
class Field:
    name: str  # one of the values of FIELDS
    value: str


@dataclass(frozen=True, slots=True)
class Not:
    node: Node


@dataclass(frozen=True, slots=True)
class All:
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Some:
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """Written side by side with no operator between."""

    nodes: tuple[Node, ...]


Node = Word | Phrase | Prefix | Field | Not | All | Some | Beside


@dataclass(frozen=True, slots=True)
class Query:
    """``text`` is what is looked for by word, letters and meaning; ``must`` what every answer satisfies, if any."""

    text: str
    must: Node | None = None


@dataclass(frozen=True, slots=True)
class _Piece:
    kind: str  # "and", "or", "not", "(", ")" or "node"
    node: Node | None = None


def parse(text: str) -> Query:
    """Raises BadQuery with what to do about it."""
    if len(text) > MAX_LENGTH:
        raise BadQuery(f"the query is longer than {MAX_LENGTH} characters", "keep the words that matter")
    pieces = [piece for piece in _pieces(analysis.normalise(text)) if piece]
    tree = _Parser(pieces).tree() if pieces else None
    if tree is None:
        raise BadQuery("there is nothing to look for in this query", "type a word")
    return Query(" ".join(_wanted(tree)), _filter(tree))


def _pieces(text: str) -> Iterator[_Piece | None]:
    for found in _PIECE.finditer(text):
        kind = found.lastgroup or "stray"
        if kind in ("open", "close"):
            yield _Piece("(" if kind == "open" else ")")
        elif kind == "minus":
            yield _Piece("not")
        elif kind in ("plain", "french", "curly"):
            yield _quoted(found["field"], found[kind].strip())
        elif kind == "value":
            yield _field_or_word(found["key"], found["value"])
        elif kind == "word":
            yield _word(found["word"])


def _quoted(field: str | None, text: str) -> _Piece | None:
    name = FIELDS.get(analysis.fold(field)) if field else None
    if name:
        return _Piece("node", _field(name, text, field or ""))
    return _Piece("node", Phrase(text)) if _has_word(text) else None


def _field_or_word(key: str, value: str) -> _Piece | None:
    name = FIELDS.get(analysis.fold(key))
    return _Piece("node", _field(name, value, key)) if name else _word(f"{key} {value}")


def _field(name: str, value: str, typed: str) -> Field:
    if not value:
        raise BadQuery(f"{typed}: wants a value", f"write for instance {typed}:{_example(name)}")
    folded = analysis.fold(value)
    if name in ("after", "before") and not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", value):
        raise BadQuery(f"{typed}:{value} is no date", f"write {typed}:2019, {typed}:2019-05 or {typed}:2019-05-28")
    if name == "colour":
        value = _COLOURS.get(folded.rstrip("s"), value)
    if name == "phase":
        value = _PHASES.get(folded, value)
    return Field(name, value)


def _example(name: str) -> str:
    return {"phase": "act", "colour": "jaune", "after": "2019", "before": "2019", "year": "2019"}.get(name, "nantes")


def _word(text: str) -> _Piece | None:
    if text in _OPERATORS:
        return _Piece(_OPERATORS[text])
    if not _has_word(text):
        return None
    stem = text.rstrip("*")
    return _Piece("node", Prefix(stem) if stem != text else Word(text))


def _has_word(text: str) -> bool:
    return next(analysis.tokens(text), None) is not None


class _Parser:
    """Recursive descent; NOT binds closest, then side by side, AND, OR. Stray operators and brackets mean nothing."""

    def __init__(self, pieces: list[_Piece]) -> None:
        self._pieces = pieces
        self._at = 0
        self._depth = 0

    def tree(self) -> Node | None:
        found = []
        while self._at < len(self._pieces):
            node = self._either()
            if node is not None:
                found.append(node)
            self._accept(")")
        return _join(Beside, found)

    def _ahead(self, *kinds: str) -> bool:
        return self._at < len(self._pieces) and self._pieces[self._at].kind in kinds

    def _accept(self, kind: str) -> bool:
        here = self._ahead(kind)
        self._at += here
        return here

    def _either(self) -> Node | None:
        found = [self._both()]
        while self._accept("or"):
            found.append(self._both())
        nodes = [node for node in found if node is not None]
        return _join(Some, [_firm(node) for node in nodes] if len(nodes) > 1 else nodes)

    def _both(self) -> Node | None:
        first = self._beside()
        if not self._ahead("and"):
            return first
        found = [first]
        while self._accept("and"):
            found.append(self._beside())
        return _join(All, [_firm(node) for node in found if node is not None])

    def _beside(self) -> Node | None:
        found = []
        while self._ahead("node", "not", "("):
            node = self._one()
            if node is not None:
                found.append(node)
        return _join(Beside, found)

    def _one(self) -> Node | None:
        if self._accept("not"):
            while self._accept("not"):
                pass
            node = self._one() if self._ahead("node", "(") else None
            return Not(_firm(node)) if node is not None else None
        if self._accept("("):
            self._depth += 1
            if self._depth > MAX_DEPTH:
                raise BadQuery("the query has too many brackets", "write it more simply")
            node = self._either()
            self._accept(")")
            self._depth -= 1
            return node
        piece = self._pieces[self._at]
        self._at += 1
        return piece.node


def _join(kind: type[All] | type[Some] | type[Beside], nodes: list[Node]) -> Node | None:
    if len(nodes) < 2:
        return nodes[0] if nodes else None
    return kind(tuple(nodes))


def _firm(node: Node) -> Node:
    """Side by side inside an operator: at least one of plain words, and whatever filters."""
    if not isinstance(node, Beside):
        return node
    words = tuple(each for each in node.nodes if isinstance(each, Word))
    rest = tuple(_firm(each) for each in node.nodes if not isinstance(each, Word))
    parts = (*rest, words[0] if len(words) == 1 else Some(words)) if words else rest
    return parts[0] if len(parts) == 1 else All(parts)


def _wanted(node: Node) -> Iterator[str]:
    """The words looked for, in order; those under NOT are not."""
    match node:
        case Word(text) | Phrase(text) | Prefix(text):
            yield text
        case All(nodes) | Some(nodes) | Beside(nodes):
            for each in nodes:
                yield from _wanted(each)
        case _:
            return


def begins(node: Node | None) -> bool:
    """Whether a filter asks for beginnings of words: what satisfies it was found by word, though no list holds it."""
    match node:
        case Prefix():
            return True
        case All(nodes) | Some(nodes) | Beside(nodes):
            return any(begins(each) for each in nodes)
        case _:
            return False


def _filter(tree: Node) -> Node | None:
    """What every answer must satisfy: plain words side by side only rank."""
    match tree:
        case Word():
            return None
        case Beside(nodes):
            kept = tuple(each for each in (_filter(node) for node in nodes) if each is not None)
            return (kept[0] if len(kept) == 1 else All(kept)) if kept else None
        case _:
            return tree
