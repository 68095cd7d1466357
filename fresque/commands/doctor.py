"""`fresque doctor`: every dependency, model, language and right, each with the mend."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from archive.errors import FresqueError, MissingDependency
from fresque.commands.options import with_json
from fresque.settings import Settings
from fresque.terminal import echo_json, table

PACKAGES = (
    "opencv-python-headless",
    "pillow",
    "pillow-heif",
    "rapidocr",
    "onnxruntime",
    "pytesseract",
    "whoosh-reloaded",
    "sentence-transformers",
    "torch",
    "sqlalchemy",
    "alembic",
    "fsspec",
    "wordfreq",
)
LANGUAGES = ("fra", "eng")


@dataclass(frozen=True)
class Check:
    name: str
    ok: bool
    found: str
    mend: str = ""


@click.command()
@with_json
@click.pass_obj
def doctor(archive: str | None, as_json: bool) -> None:
    """Check programs, packages, models, languages and rights; say how to mend what is missing.

    \b
    Example:
      fresque doctor
    """
    checks = [*_packages(), *_tesseract(), *_models(), *_disk(archive), *_search(archive)]
    if as_json:
        echo_json([{"name": c.name, "ok": c.ok, "found": c.found, "mend": c.mend} for c in checks])
    else:
        table(("", "what", "found", "mend"), [("✓" if c.ok else "✗", c.name, c.found, c.mend) for c in checks])
    missing = [c.name for c in checks if not c.ok]
    if missing:
        raise MissingDependency(
            f"{len(missing)} checks failed: {', '.join(missing)}", "the table says how to mend each"
        )


def _packages() -> Iterator[Check]:
    for name in PACKAGES:
        try:
            yield Check(name, True, importlib.metadata.version(name))
        except importlib.metadata.PackageNotFoundError:
            yield Check(name, False, "not installed", "./run setup")
    if _installed("opencv-python"):  # two copies of cv2 in one place overwrite each other's files
        mend = "pip uninstall opencv-python opencv-python-headless; ./run setup"
        yield Check("one OpenCV", False, "opencv-python beside opencv-python-headless", mend)


def _installed(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _tesseract() -> Iterator[Check]:
    path = shutil.which("tesseract")
    if path is None:
        yield Check("tesseract", False, "not found", "apt install tesseract-ocr tesseract-ocr-fra tesseract-ocr-eng")
        return
    import pytesseract

    yield Check("tesseract", True, str(pytesseract.get_tesseract_version()))
    known = pytesseract.get_languages()
    for language in LANGUAGES:
        ok = language in known
        yield Check(
            f"tesseract {language}", ok, "yes" if ok else "no", "" if ok else f"apt install tesseract-ocr-{language}"
        )


def _models() -> Iterator[Check]:
    from capture.pipeline import stages

    for stage in stages.stages(stages.Options()):
        try:
            for name, digest in stage.models().items():
                yield Check(f"{stage.name}: {name}", True, digest[:12])
        except (FresqueError, OSError) as error:
            yield Check(f"{stage.name} models", False, str(error), "./run setup")


def _disk(archive: str | None) -> Iterator[Check]:
    settings = Settings.from_environment(archive)
    if settings.archive is None:
        yield Check("archive", True, "none named", "fresque init DIR; export FRESQUE_ARCHIVE=DIR")
        return
    from archive.store import Archive

    folder = Path(settings.archive)
    try:
        Archive.open(folder).close()
    except FresqueError as error:
        yield Check("archive", False, error.message, error.hint)
        return
    yield Check("archive", True, str(folder))
    writable = os.access(folder, os.W_OK)
    yield Check(
        "archive may be written", writable, "yes" if writable else "no", "" if writable else f"chmod u+w {folder}"
    )
    free = shutil.disk_usage(folder).free / 1e9
    yield Check(
        "free disk", free > 2, f"{free:.0f} GB", "" if free > 2 else "make room: photos and their images need it"
    )


def _search(archive: str | None) -> Iterator[Check]:
    """Which engine answers, and whether it can."""
    if Settings.from_environment(archive).archive is None:
        return
    from fresque.app import App
    from index.engine import Engine

    try:
        with App.open(archive) as app:
            name = "embedded" if isinstance(app.engine, Engine) else "postgresql"
            fault = app.engine.fault
            found = f"{name}, {app.engine.count} boards and texts, {app.behind()} changes to come"
            yield Check("search", fault is None, fault.message if fault else found, fault.hint if fault else "")
    except FresqueError as error:
        yield Check("search", False, error.message, error.hint)
