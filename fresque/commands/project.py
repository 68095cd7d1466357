"""Projects: months of incubation or acceleration that group sessions: `project add`, `list`, `show`."""

from __future__ import annotations

import click

from archive.errors import NotFound
from archive.model import Project
from fresque.commands.options import with_json
from fresque.terminal import echo_json, table


@click.group()
def project() -> None:
    """Projects group the sessions of an incubation or an acceleration.

    \b
    Example:
      fresque project add creche-a-vocation --title "La crèche à vocation"
      fresque session add atelier-2 --title "Deuxième atelier" --project creche-a-vocation
    """


@project.command()
@click.argument("project_id", metavar="ID")
@click.option("--title", required=True, help="As people call it.")
@click.pass_obj
def add(archive: str | None, project_id: str, title: str) -> None:
    """Add a project.

    \b
    Example:
      fresque project add creche-a-vocation --title "La crèche à vocation"
    """
    from fresque.app import App

    with App.open(archive) as app:
        app.archive.catalog.add_project(Project(project_id, title))
    click.echo(f"Project {project_id} added. Its sessions: fresque session add ID --project {project_id}")


@project.command("list")
@with_json
@click.pass_obj
def list_(archive: str | None, as_json: bool) -> None:
    """List the projects and their sessions.

    \b
    Example:
      fresque project list
    """
    from fresque.app import App

    with App.open(archive) as app:
        rows = [(p, app.archive.catalog.sessions(p.id)) for p in app.archive.catalog.projects()]
    if as_json:
        for p, sessions in rows:
            echo_json({"id": p.id, "title": p.title, "sessions": [s.id for s in sessions]})
        return
    if not rows:
        click.echo("No project yet. Add one: fresque project add ID --title TITLE")
        return
    table(
        ("project", "title", "sessions", "from", "to"),
        [
            (
                p.id,
                p.title,
                str(len(sessions)),
                str(min((s.start for s in sessions if s.start), default="")),
                str(max((day for s in sessions if (day := s.end or s.start)), default="")),
            )
            for p, sessions in rows
        ],
    )


@project.command()
@click.argument("project_id", metavar="ID")
@click.pass_obj
def show(archive: str | None, project_id: str) -> None:
    """Show a project: its sessions in the order of their dates, and what they hold.

    \b
    Example:
      fresque project show creche-a-vocation
    """
    from fresque.app import App

    with App.open(archive) as app:
        found = next((p for p in app.archive.catalog.projects() if p.id == project_id), None)
        if found is None:
            raise NotFound(f"no project '{project_id}'", "'fresque project list' shows them")
        sessions = app.archive.catalog.sessions(project_id)
        counts = {s.id: app.archive.catalog.counts(s.id) for s in sessions}
    click.echo(f"{found.title} ({found.id}), {len(sessions)} sessions")
    table(
        ("session", "title", "kind", "start", "photos", "boards"),
        [
            (s.id, s.title, s.kind, str(s.start or ""), str(sum(c.photos.values())), str(sum(c.boards.values())))
            for s in sessions
            for c in (counts[s.id],)
        ],
    )
