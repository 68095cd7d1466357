"""The archive's themes: added, renamed, merged and removed by people; boards carry their ids, so all follow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import sqlalchemy as sa

from archive import audit, boards, changes, theme_names
from archive.columns import now, storable
from archive.errors import NotFound, UsageError
from archive.ids import new_id
from archive.model import CorrectionField, Theme
from archive.records import Records
from archive.tables import corrections
from archive.tables_method import settled, themes


class ThemeRecords(Records):
    def themes(self) -> list[Theme]:
        """Those that stand for themselves, by name."""
        with self.database.read() as connection:
            return sorted(theme_names.standing(connection), key=lambda theme: theme.name.casefold())

    def theme(self, named: str) -> Theme:
        """By id, name or one of its words, whatever the case. Raises NotFound."""
        with self.database.read() as connection:
            return _one(connection, named)

    def add_theme(self, name: str, words: Iterable[str] = (), author: str = "") -> Theme:
        """Raises UsageError when there is one of that name or word."""
        with self.database.write() as connection:
            made = Theme(new_id(), _name(name), _words((name, *words)))
            _refuse_taken(connection, made)
            connection.execute(sa.insert(themes).values(id=made.id, name=made.name, words=list(made.words)))
            audit.log(connection, audit.Act("add", "theme", made.id, author, {"name": made.name}))
        return made

    def rename_theme(self, named: str, name: str, author: str = "") -> Theme:
        """The old name stays among its words. Raises NotFound, UsageError."""
        with self.database.write() as connection:
            old = _one(connection, named)
            made = replace(old, name=_name(name), words=_words((name, *old.words)))
            _refuse_taken(connection, made)
            _write(connection, made, audit.Act("rename", "theme", old.id, author, {"name": made.name, "was": old.name}))
        return made

    def say_theme(self, named: str, words: Iterable[str], author: str = "") -> Theme:
        """Replace the expressions that speak for a theme. Raises NotFound, UsageError."""
        with self.database.write() as connection:
            old = _one(connection, named)
            made = replace(old, words=_words((old.name, *words)))
            _refuse_taken(connection, made)
            _write(connection, made, audit.Act("say", "theme", old.id, author, {"words": list(made.words)}))
        return made

    def merge_themes(self, named: str, into: str, author: str = "") -> Theme:
        """The first becomes the second, on every board; its words go over. Raises NotFound, UsageError."""
        with self.database.write() as connection:
            old, kept = _one(connection, named), _one(connection, into)
            if old.id == kept.id:
                raise UsageError(f"'{named}' and '{into}' are one theme already")
            made = replace(kept, words=_words((*kept.words, *old.words)))
            connection.execute(sa.update(themes).where(themes.c.id == old.id).values(merged_into=kept.id))
            _write(connection, made, audit.Act("merge", "theme", kept.id, author, {"merged": old.name}))
        return made

    def remove_theme(self, named: str, author: str = "") -> None:
        """It leaves every board. Raises NotFound."""
        with self.database.write() as connection:
            old = _one(connection, named)
            _touch(connection, old.id)  # while the boards still carry it
            connection.execute(sa.update(themes).where(themes.c.id == old.id).values(removed_at=now()))
            audit.log(connection, audit.Act("remove", "theme", old.id, author, {"name": old.name}))


# --- inside a transaction ------------------------------------------------------------------------------------


def _one(connection: sa.Connection, named: str) -> Theme:
    found = theme_names.standing(connection)
    key = named.strip().casefold()
    for theme in found:
        if named == theme.id or theme.name.casefold() == key:
            return theme
    for theme in found:
        if key in (word.casefold() for word in theme.words):
            return theme
    known = ", ".join(sorted(theme.name for theme in found)[:8])
    raise NotFound(f"no theme '{named}'", f"there are: {known}" if known else "add it: fresque theme add NAME")


def _refuse_taken(connection: sa.Connection, made: Theme) -> None:
    mine = {word.casefold() for word in (made.name, *made.words)}
    for theme in theme_names.standing(connection):
        if theme.id != made.id and (both := mine & {word.casefold() for word in (theme.name, *theme.words)}):
            said = ", ".join(sorted(both))
            raise UsageError(f"'{said}' belongs to the theme '{theme.name}' already", "merge the two, or say another")


def _write(connection: sa.Connection, made: Theme, act: audit.Act) -> None:
    values = {"name": made.name, "words": list(made.words)}
    connection.execute(sa.update(themes).where(themes.c.id == made.id).values(**values))
    _touch(connection, made.id)
    audit.log(connection, act)


def _touch(connection: sa.Connection, theme_id: str) -> None:
    """The boards that carry a theme are found by it: they are to be indexed again."""
    written = f'%"{theme_id}"%'
    named = [
        sa.select(settled.c.board_id).where(sa.cast(settled.c.themes, sa.Text).like(written)),
        sa.select(corrections.c.board_id).where(
            corrections.c.field == CorrectionField.THEMES.value, sa.cast(corrections.c.value, sa.Text).like(written)
        ),
    ]
    bearing = {key for query in named for key in connection.execute(query).scalars() if key}
    changes.record(connection, boards.refresh(connection, sorted(bearing))[1])


def _name(text: str) -> str:
    name = " ".join(storable(text).split())
    if not name:
        raise UsageError("a theme needs a name")
    return name


def _words(texts: Iterable[str]) -> tuple[str, ...]:
    """Each once, whatever its case."""
    kept: dict[str, str] = {}
    for text in texts:
        word = " ".join(storable(text).split())
        if word:
            kept.setdefault(word.casefold(), word)
    return tuple(kept.values())
