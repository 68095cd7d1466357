"""Help: every command has an example, the reference is true, and it comes at once."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import click
import pytest

from fresque.cli import cli
from fresque.reference import walk

COMMANDS = walk(cli, ("fresque",))
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("path", "command"), COMMANDS, ids=[" ".join(p) for p, _ in COMMANDS])
def test_every_command_shows_an_example(path: tuple[str, ...], command: click.Command) -> None:
    assert command.help
    assert "Example" in command.help
    assert "fresque " in command.help


def test_the_reference_is_what_the_code_says() -> None:
    """In a process of its own: click keeps a command's help option as it was first asked for."""
    code = "import sys; from fresque.reference import reference; sys.stdout.write(reference())"
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert (ROOT / "docs" / "commands.md").read_text(encoding="utf-8") == made, "run ./run docs"


@pytest.mark.parametrize(("path", "command"), COMMANDS, ids=[" ".join(p) for p, _ in COMMANDS])
def test_help_imports_nothing_heavy(path: tuple[str, ...], command: click.Command) -> None:
    heavy = {"torch", "cv2", "numpy", "onnxruntime", "sqlalchemy", "whoosh", "rich", "PIL", "scipy", "jinja2"}
    code = f"""
import sys
from fresque.cli import main
try:
    main({[*path[1:], "--help"]!r})
except SystemExit as end:
    assert not end.code, end.code
print(sorted({heavy!r} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_help_comes_within_a_third_of_a_second() -> None:
    """Seconds of processor, not of the wall: what the machine does beside must not decide."""
    seconds = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "fresque", "ingest", "--help"], check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(seconds) < 0.3
