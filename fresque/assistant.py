"""An MCP server for assistants: search, boards, sessions, similar boards. Read-only, with one person's rights."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from archive.audit import Act
from archive.errors import FresqueError, NotFound
from archive.model import Board, Hit, Session, Visibility
from fresque.app import App
from fresque.titles import title
from index.search import Asked, Mode

if TYPE_CHECKING:
    from mcp.server import MCPServer

    from fresque.web.rights import Rights

INSTRUCTIONS = """An archive of co-design sessions: boards photographed on the walls, read and tagged by phase
(SCAN: explore, FOCUS: design, ACT: decide). Search in French or English, by word or by meaning. Handwriting may be
misread: lines marked doubtful are no fact. Name the session and the board you quote."""
MOST = 50


class Reader:
    """What an assistant may ask, for one person: each answer is plain values."""

    def __init__(self, app: App, rights: Rights) -> None:
        self._app = app
        self._rights = rights
        self._catalog = app.archive.catalog

    def search(self, query: str, limit: int = 10) -> list[dict[str, Any]]:
        """Boards and texts for a query, best first; fields narrow it: phase:act, lab:nantes, après:2019."""
        self._app.refresh()
        wanted = max(1, min(limit, MOST))
        return [self._hit(hit) for hit in self._found(query, wanted, "hybrid")]

    def sessions(self) -> list[dict[str, Any]]:
        """Every session that may be seen."""
        return [self._session(s) for s in self._rights.sessions.values()]

    def session(self, session_id: str) -> dict[str, Any]:
        """A session and its boards, each with its phase and title."""
        session = self._seen(session_id, f"no session '{session_id}'")
        boards = [
            {"id": b.id, "phase": b.phase.label.value, "title": title(b), "words": len(b.text.split())}
            for b in self._catalog.boards(session_id=session.id)
        ]
        return self._session(session) | {"boards": boards}

    def board(self, board_id: str) -> dict[str, Any]:
        """A board: its text in reading order with doubtful lines marked, phase with evidence, author and credit."""
        board = self._catalog.board(board_id)
        session = self._seen(board.session_id, f"no board '{board_id}'")
        return {
            "id": board.id,
            "session": {"id": session.id, "title": session.title},
            "title": title(board),
            "phase": board.phase.label.value,
            "evidence": list(board.phase.evidence),
            "regions": [
                {
                    "kind": region.kind.value,
                    "colour": region.colour.value if region.colour else None,
                    "lines": [{"text": x.text, "doubtful": x.doubtful} for x in region.lines],
                }
                for region in board.regions
            ],
            "author": board.author,
            "credit": board.credit,
            "permitted_uses": board.permitted_uses,
        }

    def similar(self, board_id: str, limit: int = 5) -> list[dict[str, Any]]:
        """Other boards about the same things, nearest first."""
        board = self._catalog.board(board_id)
        self._seen(board.session_id, f"no board '{board_id}'")
        self._app.refresh()
        wanted = max(1, min(limit, MOST))
        hits = self._found(_as_query(board), wanted + 1, "meaning")
        return [self._hit(hit) for hit in hits if hit.id != board.id][:wanted]

    def _found(self, query: str, limit: int, mode: Mode) -> tuple[Hit, ...]:
        asked = Asked(limit, mode, self._rights.allowed, sessions=self._rights.few)
        return self._app.engine.ask(query, asked).hits

    def _seen(self, session_id: str, otherwise: str) -> Session:
        session = self._rights.sessions.get(session_id)
        if session is None:
            raise NotFound(otherwise)
        if session.visibility is Visibility.RESTRICTED:
            self._catalog.note_act(Act("read", "session", session.id, self._rights.viewer.name or "local"))
        return session

    def _hit(self, hit: Hit) -> dict[str, Any]:
        return {
            "id": hit.id,
            "kind": hit.kind.value,
            "session": hit.session_id,
            "phase": hit.phase.value if hit.phase else None,
            "snippet": hit.snippet,
            "why": {name: round(value, 3) for name, value in hit.why.items()},
            "score": round(hit.score, 4),
        }

    def _session(self, session: Session) -> dict[str, Any]:
        return {
            "id": session.id,
            "title": session.title,
            "kind": session.kind.value,
            "lab": session.lab,
            "start": session.start.isoformat() if session.start else None,
            "themes": list(session.themes),
        }


def server(reader: Reader) -> MCPServer:
    """The reader's questions as MCP tools, by the official SDK; a fault is told to the assistant in a sentence."""
    from mcp.server import MCPServer
    from mcp.types import ToolAnnotations

    made = MCPServer("fresque", instructions=INSTRUCTIONS)
    only_reads = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
    for question in (reader.search, reader.sessions, reader.session, reader.board, reader.similar):
        made.tool(annotations=only_reads)(_told(question))
    return made


def _told(question: Callable[..., Any]) -> Callable[..., Any]:
    """An error meant for a person is told in its own words; the SDK hides all others."""
    from mcp.server.mcpserver.exceptions import ToolError

    @functools.wraps(question)
    def asked(*args: Any, **arguments: Any) -> Any:
        try:
            return question(*args, **arguments)
        except FresqueError as error:
            raise ToolError(str(error)) from error

    return asked


def _as_query(board: Board) -> str:
    """The board's words without what the query language would take for its own signs."""
    words = "".join(c if c.isalnum() or c in " '-" else " " for c in board.text.replace("\n", " ")).split()
    return " ".join(word.lower() for word in words[:60]) or board.id
