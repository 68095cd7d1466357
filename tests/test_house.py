"""The plan of the house, held by a test: imports go one way, and packages are listed."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("archive", "index", "capture", "fresque")

# What a module of a place may import, of our own. The longest matching place counts.
MAY_SEE = {
    "archive": {"archive"},
    "index": {"index", "archive.model", "archive.errors"},
    "capture": {"capture", "archive"},
    "capture.pipeline": {"capture.pipeline", "archive.model", "archive.errors"},
    "fresque": {"fresque", "capture", "index", "archive"},
}


def module_name(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(source: str, module: str, is_package: bool = False) -> set[str]:
    """Absolute dotted names that the source imports, each ``from a import b`` as ``a.b``."""
    names = set()
    base = module.split(".") if is_package else module.split(".")[:-1]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = base[: len(base) - node.level + 1] if node.level else []
            start = ".".join([*above, *([node.module] if node.module else [])])
            names |= {f"{start}.{alias.name}" for alias in node.names}
    return names


def within(name: str, place: str) -> bool:
    return name == place or name.startswith(place + ".")


def wrong_imports(source: str, module: str, is_package: bool = False) -> set[str]:
    place = max((p for p in MAY_SEE if within(module, p)), key=len)
    ours = {
        n for n in imports_of(source, module, is_package) if n.split(".")[0] in (*ROOMS, "bench", "samples", "tests")
    }
    return {n for n in ours if not any(within(n, allowed) for allowed in MAY_SEE[place])}


FILES = [file for room in ROOMS for file in sorted((ROOT / room).rglob("*.py"))]


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(ROOT)))
def test_imports_go_one_way(file: Path) -> None:
    assert not wrong_imports(file.read_text(encoding="utf-8"), module_name(file), file.name == "__init__.py")


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("index.engine", "from archive.catalog import Catalog"),
        ("index.engine", "import capture.intake"),
        ("capture.intake", "from index import engine"),
        ("capture.pipeline.find", "from archive import catalog"),
        ("capture.pipeline.find", "from ..intake import take"),
        ("archive.store", "from fresque import settings"),
        ("fresque.app", "import tests.helpers"),
    ],
)
def test_a_wrong_way_is_seen(module: str, source: str) -> None:
    assert wrong_imports(source, module)


def test_every_package_is_listed() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"]
    there = {module_name(file) for file in FILES if file.name == "__init__.py"}
    assert set(listed) == there


def test_model_and_errors_need_the_standard_library_only() -> None:
    import sys

    for name in ("model", "errors"):
        source = (ROOT / "archive" / f"{name}.py").read_text(encoding="utf-8")
        roots = {n.split(".")[0] for n in imports_of(source, f"archive.{name}")}
        assert roots <= sys.stdlib_module_names | {"__future__"}
