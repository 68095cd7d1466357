"""The command line: parse, one call, print. Commands are imported when they are named, so that help is quick."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

from archive.errors import FresqueError

# name → module:attribute
COMMANDS = {
    "init": "fresque.commands.keep:init",
    "session": "fresque.commands.session:session",
    "project": "fresque.commands.project:project",
    "status": "fresque.commands.keep:status",
    "ingest": "fresque.commands.take:ingest",
    "watch": "fresque.commands.watch:watch",
    "process": "fresque.commands.take:process",
    "cards": "fresque.commands.cards:cards",
    "walls": "fresque.commands.walls:walls",
    "reprocess": "fresque.commands.take:reprocess",
    "failures": "fresque.commands.queue:failures",
    "retry": "fresque.commands.queue:retry",
    "readings": "fresque.commands.readings:readings",
    "diff": "fresque.commands.readings:diff",
    "undo": "fresque.commands.readings:undo",
    "prune": "fresque.commands.readings:prune",
    "verify": "fresque.commands.guard:verify",
    "backup": "fresque.commands.guard:backup",
    "restore": "fresque.commands.guard:restore",
    "rehearse": "fresque.commands.guard:rehearse",
    "merge": "fresque.commands.guard:merge",
    "signer": "fresque.commands.grow:signer",
    "relocate": "fresque.commands.grow:relocate",
    "move": "fresque.commands.mend:move",
    "board": "fresque.commands.mend:board",
    "trash": "fresque.commands.mend:trash",
    "originals": "fresque.commands.mend:originals",
    "retention": "fresque.commands.rights:retention",
    "personal": "fresque.commands.rights:personal",
    "forget": "fresque.commands.rights:forget",
    "audit": "fresque.commands.rights:audit",
    "import": "fresque.commands.take:import_",
    "scan": "fresque.commands.scan:scan",
    "search": "fresque.commands.find:search",
    "similar": "fresque.commands.find:similar",
    "show": "fresque.commands.find:show",
    "tag": "fresque.commands.find:tag",
    "actions": "fresque.commands.actions:actions",
    "phase": "fresque.commands.phase:phase",
    "theme": "fresque.commands.theme:theme",
    "index": "fresque.commands.find:index",
    "export": "fresque.commands.export:export",
    "mcp": "fresque.commands.export:mcp",
    "vocabulary": "fresque.commands.vocabulary:vocabulary",
    "corrections": "fresque.commands.corrections:corrections",
    "doctor": "fresque.commands.doctor:doctor",
    "serve": "fresque.commands.serve:serve",
    "account": "fresque.commands.serve:account",
}


class LazyGroup(click.Group):
    """A group whose commands are modules, loaded one at a time (click's own recipe for lazy loading)."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="fresque", message="fresque %(version)s")
@click.option("--archive", metavar="DIR", help="The archive to work on (default: FRESQUE_ARCHIVE).")
@click.pass_context
def cli(ctx: click.Context, archive: str | None) -> None:
    """Photos of a session's walls in; boards straightened, read, tagged and found again out.

    \b
    Example, a working day:
      fresque init ~/archive && export FRESQUE_ARCHIVE=~/archive
      fresque session add conge-parental --title "Le congé parental"
      fresque ingest ~/photos --session conge-parental
      fresque search "perdus devant l'ordinateur"
    """
    ctx.obj = archive


def main(arguments: list[str] | None = None) -> Any:
    """Entry point: every error of ours becomes one line, its hint, and its exit code."""
    for stream in (sys.stdout, sys.stderr):  # names that are not UTF-8 must not stop a message about them
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        return cli.main(args=arguments, prog_name="fresque", standalone_mode=True)
    except FresqueError as error:
        click.echo(f"fresque: {error.message}", err=True)
        if error.hint:
            click.echo(f"  → {error.hint}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the reader of our output has gone (| head)
        sys.stderr.close()
        sys.exit(0)


if __name__ == "__main__":
    main()
