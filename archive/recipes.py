"""Recipes: each kept once, its stages as rows, so that «everything read by an older one» is one query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from archive.columns import now
from archive.model import Recipe, StageUse
from archive.records import Records
from archive.tables import photos, recipe_stages, recipes


@dataclass(frozen=True)
class RecipeUse:
    recipe: Recipe
    first_used_at: datetime
    photos: int  # whose current boards it made


class RecipeRecords(Records):
    def recipes(self) -> list[RecipeUse]:
        """Every recipe ever used, the newest first."""
        count = sa.select(sa.func.count()).where(photos.c.recipe == recipes.c.digest).scalar_subquery()
        query = sa.select(recipes, count.label("uses")).order_by(recipes.c.first_used_at.desc(), recipes.c.digest)
        with self.database.read() as connection:
            rows = connection.execute(query).all()
            known = load(connection, [row.digest for row in rows])
        return [RecipeUse(known[row.digest], row.first_used_at, row.uses) for row in rows]


def ensure(connection: sa.Connection, recipe: Recipe) -> str:
    """Keep a recipe unless it is kept; its digest."""
    digest = recipe.digest
    if connection.execute(sa.select(recipes.c.digest).where(recipes.c.digest == digest)).first():
        return digest
    connection.execute(sa.insert(recipes).values(digest=digest, first_used_at=now()))
    stages = [
        {"recipe": digest, "position": i, "name": s.name, "version": s.version, "digest": s.digest}
        for i, s in enumerate(recipe.stages)
    ]
    if stages:
        connection.execute(sa.insert(recipe_stages), stages)
    return digest


def load(connection: sa.Connection, digests: Iterable[str]) -> dict[str, Recipe]:
    wanted = set(digests)
    query = (
        sa.select(recipe_stages)
        .where(recipe_stages.c.recipe.in_(wanted))
        .order_by(recipe_stages.c.recipe, recipe_stages.c.position)
    )
    stages: dict[str, list[StageUse]] = {digest: [] for digest in wanted}
    for row in connection.execute(query):
        stages[row.recipe].append(StageUse(row.name, row.version, row.digest))
    return {digest: Recipe(tuple(used)) for digest, used in stages.items()}
