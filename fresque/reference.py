"""`./run docs`: the command reference, made from the code, so that it cannot go stale."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from fresque.cli import cli

PAGE = Path("docs/commands.md")


def reference() -> str:
    """Markdown: the help of every command, as the terminal shows it."""
    parts = ["# Commands\n\nMade by `./run docs` from the code; a test holds them equal.\n"]
    parts += [
        f"## {' '.join(path)}\n\n```text\n{_help(path, command)}\n```\n" for path, command in walk(cli, ("fresque",))
    ]
    return "\n".join(parts)


def walk(command: click.Command, path: tuple[str, ...]) -> list[tuple[tuple[str, ...], click.Command]]:
    """Every command under ``command`` with its path, itself first."""
    found = [(path, command)]
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            found += walk(child, (*path, name))
    return found


def _help(path: tuple[str, ...], command: click.Command) -> str:
    context = click.Context(command, info_name=" ".join(path), max_content_width=100, terminal_width=100)
    return "\n".join(line.rstrip() for line in command.get_help(context).splitlines())


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(reference(), encoding="utf-8")
    sys.stdout.write(f"{PAGE} written\n")
