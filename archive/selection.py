"""Which photos to read again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import sqlalchemy as sa

from archive.errors import UsageError
from archive.model import PhotoState, Recipe
from archive.records import Records, one
from archive.tables import boards, photos, recipe_stages, sessions, views


@dataclass(frozen=True)
class Selection:
    """All conditions that are given must hold; none at all means every photo that has been read.

    ``older_than``: read by another recipe than this one. ``stage``: by another version or digest of that stage than
    ``stage_of`` has. ``since``: taken on that day or later (added, where the camera gave no time), UTC. ``below``: a
    board whose text, weighted by length, has a lower confidence.
    """

    older_than: Recipe | None = None
    stage: str | None = None
    stage_of: Recipe | None = None
    session_id: str | None = None
    since: date | None = None
    below: float | None = None


class SelectionRecords(Records):
    def photo_ids_for_reprocess(self, selection: Selection) -> list[str]:
        """In the order in which they were added. Raises NotFound (session), UsageError (stage)."""
        query = (
            sa.select(photos.c.id)
            .where(photos.c.state == PhotoState.DONE.value, photos.c.trashed_at.is_(None))
            .order_by(photos.c.added_at, photos.c.id)
        )
        with self.database.read() as connection:
            if selection.session_id is not None:
                one(connection, sessions, selection.session_id)
            return list(connection.execute(query.where(*_conditions(selection))).scalars())


def _conditions(selection: Selection) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if selection.older_than is not None:
        found.append(photos.c.recipe != selection.older_than.digest)
    if selection.stage is not None:
        found.append(_stage_changed(selection.stage, selection.stage_of))
    if selection.session_id is not None:
        found.append(photos.c.session_id == selection.session_id)
    if selection.since is not None:
        moment = datetime.combine(selection.since, time(), UTC)
        found.append(sa.func.coalesce(photos.c.taken_at, photos.c.added_at, type_=photos.c.taken_at.type) >= moment)
    if selection.below is not None:
        found.append(_below(selection.below))
    return found


def _stage_changed(name: str, recipe: Recipe | None) -> sa.ColumnElement[bool]:
    now = [stage for stage in recipe.stages if stage.name == name] if recipe else []
    if not now:
        names = ", ".join(stage.name for stage in recipe.stages) if recipe else "none"
        raise UsageError(f"there is no stage '{name}'", f"the stages are {names}")
    same = sa.select(recipe_stages.c.recipe).where(
        recipe_stages.c.name == name,
        recipe_stages.c.version == now[0].version,
        recipe_stages.c.digest == now[0].digest,
    )
    return photos.c.recipe.not_in(same)


def _below(confidence: float) -> sa.ColumnElement[bool]:
    seen = (views.c.board_id == boards.c.id) & (views.c.number == boards.c.current)
    weak = (
        sa.select(views.c.photo_id)
        .join(boards, seen)
        .where(boards.c.retired.is_(None), boards.c.confidence < confidence)
    )
    return photos.c.id.in_(weak)
