"""What the archive teaches its search: a snapshot of ``index.taught``, taken on request and kept in the archive.

The model of meaning is then made from the lexicon and the snapshot together, and the index built anew with it. It can
be dropped at any time; when a board from which it was taken is destroyed, the snapshot goes with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from urllib.parse import parse_qs

from archive.model import Document, Session
from archive.store import Archive
from fresque.documents import documents
from index import taught
from index.embed import open_model
from index.lexicon import Concept
from index.static import StaticModel

NAME = "lexicon"
HUMAN = "human"


def take(archive: Archive, author: str = "") -> tuple[Concept, ...]:
    """Snapshot what the archive teaches as it is now, in place of the snapshot before."""
    shipped = open_model()
    assert isinstance(shipped, StaticModel)
    sessions = archive.catalog.sessions()
    people = {word for s in sessions for p in s.people for word in p.name.casefold().split()}
    found = list(documents(archive))
    concepts = taught.useful(
        [
            *taught.of_corrections(chain.from_iterable(map(_corrected, found))),
            *taught.of_themes(
                _titles(sessions),
                ((each.fields.get("theme", ()), _text(each)) for each in found),
                lambda word: word in people or shipped.knows(word),
            ),
            *taught.of_searches(_searches(archive)),
        ]
    )
    blob = archive.blobs.put(taught.dump(concepts))
    boards = [each.id for each in found if each.fields.get("theme") or any(_corrected(each))]
    archive.catalog.keep_trained(NAME, blob, boards, {"concepts": len(concepts)}, author)
    return concepts


def in_use(archive: Archive) -> tuple[Concept, ...]:
    """The snapshot that search uses; empty where none was taken."""
    kept = archive.catalog.trained(NAME)
    return taught.load(archive.blobs.get(kept.blob)) if kept else ()


def drop(archive: Archive, author: str = "") -> bool:
    """Find by the shipped lexicon alone again; whether there was a snapshot."""
    return archive.catalog.forget_trained(NAME, author)


def _titles(sessions: list[Session]) -> dict[str, list[str]]:
    titles: defaultdict[str, list[str]] = defaultdict(list)
    for session in sessions:
        for theme in session.themes:
            titles[theme].append(session.title)
    return titles


def _text(document: Document) -> str:
    return "\n".join((document.title, document.session_title, *(line.text for line in document.lines)))


def _corrected(document: Document) -> Iterator[tuple[str, str]]:
    for line in document.lines:
        if line.reader == HUMAN:
            for other in line.others[:1]:
                yield other.text, line.text


def _searches(archive: Archive) -> Iterator[tuple[str, str]]:
    for account in (None, *(account.id for account in archive.catalog.accounts())):
        for search in archive.catalog.saved_searches(account):
            asked = " ".join(parse_qs(search.query.lstrip("?")).get("q", ()))
            if asked:
                yield search.title, asked
