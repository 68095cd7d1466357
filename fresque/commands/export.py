"""What leaves the archive: `export`, `mcp`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.errors import UsageError
from fresque.terminal import progress

if TYPE_CHECKING:
    from fresque.app import App
    from fresque.report.gather import Wanted
    from fresque.report.model import Report

FORMATS = (
    *("pdf", "pdf-wide", "html", "pptx", "docx", "md"),  # the report
    *("csv", "json", "iiif"),  # the whole, for programs
    *("pdfa", "svg", "excalidraw", "hocr", "alto"),  # each board
)


@click.command()
@click.argument("session_id", metavar="[SESSION]", required=False)
@click.option("--format", "names", type=click.Choice(FORMATS), multiple=True, default=["pdf"], show_default=True)
@click.option("--query", help="Boards that a search finds, instead of a session.")
@click.option("--board", "board_ids", multiple=True, help="These boards, instead of a session.")
@click.option("--out", type=click.Path(path_type=Path), help="File, or folder for several formats.")
@click.option("--template", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The lab's template.")
@click.option("--language", type=click.Choice(["fr", "en"]), help="Of the headings (default: the session's).")
@click.option("--people", is_flag=True, help="Name the participants.")
@click.option("--restricted", is_flag=True, help="Restricted sessions too.")
@click.option("--limit", default=200, show_default=True, type=click.IntRange(1, 5000), help="Boards of a query.")
@click.pass_obj
def export(
    archive: str | None,
    session_id: str | None,
    names: tuple[str, ...],
    query: str | None,
    board_ids: tuple[str, ...],
    out: Path | None,
    template: Path | None,
    language: str | None,
    people: bool,
    restricted: bool,
    limit: int,
) -> None:
    """Write the report of a session, or boards that a query finds, in any of the formats.

    \b
    Example:
      fresque export conge-parental --format pdf --format pptx --out report
      fresque export --query "congé parental phase:act après:2019" --format docx
      fresque export --board 7K3QZP --format svg
    """
    from archive.audit import Act
    from fresque.app import App
    from fresque.report import formats, gather
    from fresque.report import template as templates
    from fresque.report.job import Job

    if sum((session_id is not None, query is not None, bool(board_ids))) != 1:
        raise UsageError("name one session, or --query, or --board", "fresque export --help shows each")
    wanted = gather.Wanted(people, language, (lambda s: True) if restricted else gather.unrestricted)
    with App.open(archive) as app:
        report = _report(app, session_id, query, board_ids, wanted, limit)
        if not report.sheets:
            click.echo("No board to export.", err=True)
        lab = templates.load(template) if template else templates.Template()
        for name in names:
            with progress(f"{name}", len(report.sheets)) as advance:
                job = Job(report, app.archive, lab, advance)
                place = _place(out, names, formats.default_name(job, name))
                click.echo(formats.write(job, name, place))
            for session in report.sessions:
                app.archive.catalog.record_act(Act("export", "session", session.id, detail={"format": name}))


def _report(
    app: App, session_id: str | None, query: str | None, board_ids: tuple[str, ...], wanted: Wanted, limit: int
) -> Report:
    from fresque.report import gather

    if session_id is not None:
        return gather.session_report(app.archive, session_id, wanted)
    if query is not None:
        app.refresh()
        board_ids = tuple(hit.id for hit in app.search(query, limit).hits if hit.photo_id)
        return gather.boards_report(app.archive, query, board_ids, wanted)
    for board_id in board_ids:
        app.archive.catalog.board(board_id)  # a board that is not there is said, not skipped
    return gather.boards_report(app.archive, ", ".join(board_ids), board_ids, wanted)


def _place(out: Path | None, names: tuple[str, ...], name: str) -> Path:
    if out is None:
        return Path(name)
    return out / name if len(names) > 1 or out.is_dir() else out


@click.command()
@click.option("--token", envvar="FRESQUE_TOKEN", help="An API token: the assistant gets its person's rights.")
@click.pass_obj
def mcp(archive: str | None, token: str | None) -> None:
    """Serve the archive to an assistant over MCP (standard input and output), read-only.

    An archive with accounts needs a token; without accounts the assistant sees what the person at this machine sees.

    \b
    Example:
      fresque --archive ~/archive mcp
      FRESQUE_TOKEN=fresque_… fresque --archive ~/archive mcp
    """
    from fresque.app import App
    from fresque.assistant import Reader, server
    from fresque.web.rights import Rights
    from fresque.web.viewer import LOCAL, Viewer

    with App.open(archive) as app:
        viewer = LOCAL
        if app.archive.catalog.has_accounts():
            found = app.archive.catalog.account_of_token(token) if token else None
            if found is None:
                raise UsageError("this archive has accounts: a token is needed", "make one on the page of your account")
            viewer = Viewer(found[0], frozenset(found[1]), by_token=True)
        server(Reader(app, Rights(app.archive.catalog, viewer))).run()
