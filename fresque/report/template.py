"""A lab's template: one small TOML file with its name, logo, colours and the sections it wants, in their order."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from archive.errors import UsageError

SECTIONS = ("cover", "timeline", "boards", "notes", "decisions", "actions", "questions", "people", "more")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class Colours:
    """#rrggbb; text in them stands on white, so each keeps a contrast of 4.5 : 1 by default."""

    accent: str = "#3b3a8f"
    scan: str = "#1f5d9e"
    focus: str = "#8a5a00"
    act: str = "#1f7a3d"
    other: str = "#5c5c66"

    def of_phase(self, phase: str) -> str:
        return {"SCAN": self.scan, "FOCUS": self.focus, "ACT": self.act}.get(phase, self.other)


@dataclass(frozen=True)
class Template:
    name: str = ""
    logo: Path | None = None
    footer: str = ""
    purpose: str = ""
    colours: Colours = field(default_factory=Colours)
    sections: tuple[str, ...] = SECTIONS


def load(file: Path) -> Template:
    """Raises UsageError that says which line of the file cannot be used, and what could stand there."""
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{file}: {error}", "the documentation of reports shows a whole template") from error
    known = {f.name for f in fields(Template)}
    for name in values:
        if name not in known:
            raise UsageError(f"{file}: no setting '{name}'", f"known are {', '.join(sorted(known))}")
    name, footer, purpose = (str(values.get(key, "")) for key in ("name", "footer", "purpose"))
    template = Template(name=name, footer=footer, purpose=purpose)
    if "logo" in values:
        logo = file.parent / str(values["logo"])
        if not logo.is_file():
            raise UsageError(f"{file}: the logo {logo} is not there", "its path is relative to the template")
        template = replace(template, logo=logo)
    return replace(template, colours=_colours(file, values), sections=_sections(file, values))


def _colours(file: Path, values: dict[str, object]) -> Colours:
    given = values.get("colours", {})
    known = {f.name for f in fields(Colours)}
    if not isinstance(given, dict) or not set(given) <= known:
        raise UsageError(f"{file}: colours may be {', '.join(sorted(known))}", 'such as accent = "#3b3a8f"')
    for name, value in given.items():
        if not _COLOUR.fullmatch(str(value)):
            raise UsageError(f"{file}: the colour {name} is '{value}'", "write it as #rrggbb")
    return replace(Colours(), **given)


def _sections(file: Path, values: dict[str, object]) -> tuple[str, ...]:
    given = values.get("sections", list(SECTIONS))
    if not isinstance(given, list) or not set(given) <= set(SECTIONS):
        raise UsageError(f"{file}: sections may be {', '.join(SECTIONS)}", "in the order in which you want them")
    return tuple(given)
