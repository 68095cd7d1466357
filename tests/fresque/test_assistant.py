"""The MCP server asked by the SDK's own client, in memory and as a process; rights held for a person."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from archive.accounts import Account, Role, Scope
from archive.store import Archive
from fresque.app import App
from fresque.assistant import Reader, server
from fresque.settings import Settings
from fresque.web.rights import Rights
from fresque.web.viewer import LOCAL, Viewer
from tests.fresque.coroutines import run
from tests.fresque.report.conftest import archive as filled

__all__ = ["filled"]


@pytest.fixture
def app(filled: Archive) -> App:
    return App(filled, Settings.from_environment(str(filled.path)))


def ask(app: App, viewer: Viewer, tool: str, **arguments: Any) -> Any:
    """What the tool gives, over the protocol; the text of the fault when it gives one."""
    from mcp import Client

    async def talk() -> Any:
        async with Client(server(Reader(app, Rights(app.archive.catalog, viewer)))) as client:
            answer = await client.call_tool(tool, arguments)
            if answer.is_error:
                return answer.content[0].text  # type: ignore[union-attr]
            return answer.structured_content

    return run(talk)


def reader_account() -> Viewer:
    return Viewer(Account("a1", "ada", "Ada", Role.READER, ("Nantes",)), frozenset({Scope.READ}))


def test_search_finds_a_board_and_says_where(app: App) -> None:
    hits = ask(app, LOCAL, "search", query="irritants usagers")["result"]
    assert hits[0]["session"] == "ouvert"
    assert "Irritants" in hits[0]["snippet"]


def test_a_board_marks_what_is_doubtful(app: App, filled: Archive) -> None:
    board = ask(app, LOCAL, "board", board_id=filled.catalog.board_ids(session_id="ouvert")[0])
    lines = [line for region in board["regions"] for line in region["lines"]]
    assert [line["doubtful"] for line in lines] == [False, False, True]


def test_a_session_lists_its_boards(app: App) -> None:
    boards = ask(app, LOCAL, "session", session_id="ouvert")["boards"]
    assert [b["title"] for b in boards] == ["Irritants des usagers", "Idées", "Plan d’action"]


def test_similar_leaves_the_board_itself_out(app: App, filled: Archive) -> None:
    first = filled.catalog.board_ids(session_id="ouvert")[0]
    assert first not in [hit["id"] for hit in ask(app, LOCAL, "similar", board_id=first)["result"]]


def test_nothing_restricted_is_told(app: App, filled: Archive) -> None:
    ada = reader_account()
    secret = filled.catalog.board_ids(session_id="secret")[0]
    assert [s["id"] for s in ask(app, ada, "sessions")["result"]] == ["ouvert"]
    assert "no board" in ask(app, ada, "board", board_id=secret)
    assert "no board" in ask(app, ada, "similar", board_id=secret)
    assert "no session" in ask(app, ada, "session", session_id="secret")
    assert secret not in [hit["id"] for hit in ask(app, ada, "search", query="confidentiel")["result"]]
    assert ask(app, LOCAL, "search", query="confidentiel")["result"][0]["id"] == secret


def test_every_tool_says_that_it_only_reads(app: App) -> None:
    from mcp import Client

    async def tools() -> Any:
        async with Client(server(Reader(app, Rights(app.archive.catalog, LOCAL)))) as client:
            return (await client.list_tools()).tools

    found = run(tools)
    assert {t.name for t in found} == {"search", "sessions", "session", "board", "similar"}
    assert all(t.annotations.read_only_hint for t in found)


def test_the_command_serves_over_standard_streams(filled: Archive) -> None:
    from mcp import Client, StdioServerParameters, stdio_client

    command = StdioServerParameters(
        command=sys.executable,
        args=["-m", "fresque", "--archive", str(filled.path), "mcp"],
        cwd=str(Path(__file__).resolve().parents[2]),
    )

    async def talk() -> Any:
        async with Client(stdio_client(command)) as client:
            return (await client.call_tool("sessions", {})).structured_content

    assert [s["id"] for s in run(talk)["result"]] == ["ouvert", "secret"]
