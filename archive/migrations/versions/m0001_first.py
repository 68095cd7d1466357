"""The first tables: sessions, photos, boards, corrections, feed, queue and log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("object_id", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "blobs",
        sa.Column("digest", sa.String(length=128), nullable=False),
        sa.Column("algorithm", sa.String(length=20), nullable=False),
        sa.Column(
            "size", sa.BigInteger(), nullable=True, comment="bytes; null for renditions, which can be made again"
        ),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_blobs")),
    )
    op.create_table(
        "changes",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("object_id", sa.String(length=200), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_changes")),
    )
    op.create_table(
        "feed",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
    )
    op.create_table(
        "projects",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
    )
    op.create_table(
        "recipes",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_recipes")),
    )
    op.create_table(
        "recipe_stages",
        sa.Column("recipe", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(["recipe"], ["recipes.digest"], name=op.f("fk_recipe_stages_recipe")),
        sa.PrimaryKeyConstraint("recipe", "position", name=op.f("pk_recipe_stages")),
    )
    op.create_index("ix_recipe_stages_name", "recipe_stages", ["name", "version", "digest"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("lab", sa.Text(), nullable=False),
        sa.Column("project_id", sa.String(length=200), nullable=True),
        sa.Column("requesters", sa.JSON(), nullable=False),
        sa.Column("partners", sa.JSON(), nullable=False),
        sa.Column("begins", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("agenda", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("visibility", sa.String(length=40), nullable=False),
        sa.Column("retention_until", sa.Date(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_sessions_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_project_id"), "sessions", ["project_id"], unique=False)
    op.create_table(
        "boards",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("session_id", sa.String(length=200), nullable=False),
        sa.Column("current", sa.Integer(), nullable=False, comment="results.number"),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(length=20), nullable=False, comment="as corrected"),
        sa.Column(
            "confidence",
            sa.Float(),
            nullable=True,
            comment="of the text, weighted by length; null where nothing was read",
        ),
        sa.Column("quad_confidence", sa.Float(), nullable=False),
        sa.Column("whole_photo", sa.Boolean(), nullable=False),
        sa.Column(
            "retired",
            sa.String(length=20),
            nullable=True,
            comment="null while live; 'vanished' when a new reading did not find it",
        ),
        sa.Column("replaced_by", sa.String(length=40), nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("credit", sa.Text(), nullable=False),
        sa.Column("permitted_uses", sa.Text(), nullable=False),
        sa.Column("caption", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["replaced_by"], ["boards.id"], name=op.f("fk_boards_replaced_by")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_boards_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_boards")),
    )
    op.create_index("ix_boards_session", "boards", ["session_id", "retired", "phase"], unique=False)
    op.create_table(
        "materials",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("session_id", sa.String(length=200), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("phase", sa.String(length=20), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_materials_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_materials")),
    )
    op.create_index(op.f("ix_materials_session_id"), "materials", ["session_id"], unique=False)
    op.create_table(
        "photos",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("session_id", sa.String(length=200), nullable=False, comment="where it is now"),
        sa.Column("taken_into", sa.String(length=200), nullable=False, comment="where intake put it"),
        sa.Column("blob", sa.String(length=128), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("uploader", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("content", sa.String(length=20), nullable=False, comment="as corrected"),
        sa.Column("content_read", sa.String(length=20), nullable=False, comment="as the pipeline saw it"),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("recipe", sa.String(length=64), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["blob"], ["blobs.digest"], name=op.f("fk_photos_blob")),
        sa.ForeignKeyConstraint(["recipe"], ["recipes.digest"], name=op.f("fk_photos_recipe")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_photos_session_id")),
        sa.ForeignKeyConstraint(["taken_into"], ["sessions.id"], name=op.f("fk_photos_taken_into")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photos")),
        sa.UniqueConstraint("session_id", "blob", name=op.f("uq_photos_session_id_blob")),
    )
    op.create_index(op.f("ix_photos_blob"), "photos", ["blob"], unique=False)
    op.create_index(op.f("ix_photos_recipe"), "photos", ["recipe"], unique=False)
    op.create_index("ix_photos_state", "photos", ["state", "session_id"], unique=False)
    op.create_table(
        "refusals",
        sa.Column("session_id", sa.String(length=200), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_refusals_session_id")),
        sa.PrimaryKeyConstraint("session_id", "file_name", name=op.f("pk_refusals")),
    )
    op.create_table(
        "corrections",
        sa.Column("number", sa.Integer(), nullable=False, comment="the later of two wins"),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("photo_id", sa.String(length=40), nullable=False),
        sa.Column("board_id", sa.String(length=40), nullable=True),
        sa.Column("field", sa.String(length=20), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("anchor", sa.JSON(), nullable=False),
        sa.Column("added", sa.Boolean(), nullable=False, comment="text where the reader had found none"),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("orphaned", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_corrections_board_id")),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name=op.f("fk_corrections_photo_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_corrections")),
        sa.UniqueConstraint("id", name=op.f("uq_corrections_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_corrections_board_id"), "corrections", ["board_id"], unique=False)
    op.create_index(op.f("ix_corrections_photo_id"), "corrections", ["photo_id"], unique=False)
    op.create_table(
        "jobs",
        sa.Column("photo_id", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False, comment="not before; of a lease: when it ends"),
        sa.Column("token", sa.String(length=40), nullable=True),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name=op.f("fk_jobs_photo_id")),
        sa.PrimaryKeyConstraint("photo_id", name=op.f("pk_jobs")),
    )
    op.create_index("ix_jobs_due", "jobs", ["state", "due"], unique=False)
    op.create_table(
        "results",
        sa.Column("board_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("recipe", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("regions", sa.JSON(), nullable=False),
        sa.Column("phase", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_results_board_id")),
        sa.ForeignKeyConstraint(["recipe"], ["recipes.digest"], name=op.f("fk_results_recipe")),
        sa.PrimaryKeyConstraint("board_id", "number", name=op.f("pk_results")),
    )
    op.create_index(op.f("ix_results_recipe"), "results", ["recipe"], unique=False)
    op.create_table(
        "renditions",
        sa.Column("board_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("blob", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(["blob"], ["blobs.digest"], name=op.f("fk_renditions_blob")),
        sa.ForeignKeyConstraint(
            ["board_id", "number"], ["results.board_id", "results.number"], name=op.f("fk_renditions_board_id")
        ),
        sa.PrimaryKeyConstraint("board_id", "number", "name", name=op.f("pk_renditions")),
    )
    op.create_index(op.f("ix_renditions_blob"), "renditions", ["blob"], unique=False)
    op.create_table(
        "views",
        sa.Column("board_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("photo_id", sa.String(length=40), nullable=False),
        sa.Column("quad", sa.JSON(), nullable=False),
        sa.Column("quad_confidence", sa.Float(), nullable=False),
        sa.Column("whole_photo", sa.Boolean(), nullable=False),
        sa.Column("homography", sa.JSON(), nullable=False),
        sa.Column("rotation", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["board_id", "number"], ["results.board_id", "results.number"], name=op.f("fk_views_board_id")
        ),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name=op.f("fk_views_photo_id")),
        sa.PrimaryKeyConstraint("board_id", "number", "photo_id", name=op.f("pk_views")),
    )
    op.create_index(op.f("ix_views_photo_id"), "views", ["photo_id"], unique=False)
    feed = sa.table("feed", sa.column("id", sa.Integer), sa.column("last", sa.BigInteger))
    op.bulk_insert(feed, [{"id": 1, "last": 0}])
