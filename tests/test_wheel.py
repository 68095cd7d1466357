"""The package as a stranger gets it: a wheel, installed elsewhere, run from an empty folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fresque.test_cli import board_photo

ROOT = Path(__file__).resolve().parents[1]


def run(*command: str | Path, cwd: Path, path: Path | None = None) -> str:
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "FRESQUE_ARCHIVE")}
    if path is not None:
        environment["PYTHONPATH"] = str(path)
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    scratch = tmp_path_factory.mktemp("wheel")
    source = scratch / "source"
    files = run("git", "ls-files", "--cached", "--others", "--exclude-standard", cwd=ROOT).splitlines()
    for name in files:  # a copy, so that no build folder is left in the checkout
        if name.startswith(("archive/", "index/", "capture/", "fresque/", "pyproject", "setup.", "README", "LICENSE")):
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", scratch, source, cwd=scratch)
    [wheel] = scratch.glob("*.whl")
    target = scratch / "site"
    run(sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", target, wheel, cwd=scratch)
    return target


def test_the_wheel_does_the_main_job_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    code = "import archive, capture, fresque, index; print(*(m.__file__ for m in (archive, capture, fresque, index)))"
    assert all(str(installed) in f for f in run(sys.executable, "-c", code, cwd=tmp_path, path=installed).split())
    (tmp_path / "a.jpg").write_bytes(board_photo(["Plan d'action", "Karim : salle avant le 15/03"]))
    command = (sys.executable, "-m", "fresque", "--archive", "kept")
    run(*command, "init", "kept", cwd=tmp_path, path=installed)
    run(*command, "session", "add", "s", "--title", "Essai", cwd=tmp_path, path=installed)
    run(*command, "ingest", "a.jpg", "--session", "s", cwd=tmp_path, path=installed)
    found = json.loads(run(*command, "search", "Karim", "--json", cwd=tmp_path, path=installed))
    assert found["total"] == 1
