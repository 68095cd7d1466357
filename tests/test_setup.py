"""The set-up says what the code needs."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

from samples import fonts

ROOT = Path(__file__).resolve().parents[1]


def test_every_dependency_is_pinned_with_hashes_but_torch() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = {
        name.lower(): version for name, version in re.findall(r"^([\w.-]+)==(\S+) \\\n +--hash=sha256:", lock, re.M)
    }
    for requirement in map(Requirement, asked):
        if requirement.name == "torch":
            assert str(requirement.specifier) == "==2.13.0"
            assert "torch" not in pinned
        else:
            assert requirement.specifier.contains(pinned[requirement.name.lower()]), requirement.name


def test_every_font_package_is_installed_by_the_script() -> None:
    script = (ROOT / "run").read_text(encoding="utf-8")
    assert set(fonts.PACKAGES) <= set(script.split('fonts="')[1].split('"')[0].split())


def test_run_has_a_line_of_help_for_each_word() -> None:
    script = (ROOT / "run").read_text(encoding="utf-8")
    words = set(re.findall(r"^([a-z]+)\) ", script, re.M))
    told = subprocess.run([ROOT / "run", "help"], check=True, capture_output=True, text=True).stdout
    assert words == {line.split()[0] for line in told.splitlines() if line.startswith("  ")}


def test_ci_runs_the_tests_and_nothing_of_its_own() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert [line for line in script.splitlines() if line and not line.startswith("#")] == ["exec ./run test"]
