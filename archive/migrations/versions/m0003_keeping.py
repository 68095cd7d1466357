"""Pages of documents, look-alikes, every reading, material from files, trash, tombstones, backups; the log
of acts closed against change."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0010"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("sessions", sa.Column("legal_basis", sa.Text(), nullable=False, server_default=sa.text("''")))
    _photos()
    op.add_column("boards", sa.Column("personal", sa.JSON(), nullable=False, server_default="[]"))
    _materials()
    _readings()
    _new_tables()
    _close_the_log()


def _photos() -> None:
    with op.batch_alter_table("photos") as photos:
        photos.add_column(sa.Column("page", sa.Integer(), nullable=False, server_default="0"))
        photos.add_column(sa.Column("format", sa.String(length=20), nullable=False, server_default=sa.text("''")))
        photos.add_column(sa.Column("fingerprint", sa.String(length=16), nullable=True))
        photos.add_column(sa.Column("reading", sa.Integer(), nullable=True))
        photos.add_column(sa.Column("trashed_at", MOMENT, nullable=True))
        photos.drop_constraint("uq_photos_session_id_blob", type_="unique")
        photos.create_unique_constraint("uq_photos_session_id_blob_page", ["session_id", "blob", "page"])


def _materials() -> None:
    with op.batch_alter_table("materials") as materials:
        materials.add_column(sa.Column("blob", sa.String(length=128), nullable=True))
        materials.add_column(sa.Column("file_name", sa.Text(), nullable=False, server_default=sa.text("''")))
        materials.add_column(sa.Column("format", sa.String(length=20), nullable=False, server_default=sa.text("''")))
        materials.add_column(sa.Column("trashed_at", MOMENT, nullable=True))
        materials.create_foreign_key(op.f("fk_materials_blob"), "blobs", ["blob"], ["digest"])
        materials.create_index(op.f("ix_materials_blob"), ["blob"])


def _readings() -> None:
    op.create_table(
        "readings",
        sa.Column("photo_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("recipe", sa.String(length=64), nullable=False),
        sa.Column("boards", sa.JSON(), nullable=False, comment="[board id, results.number] of each, in order"),
        sa.Column("content", sa.String(length=20), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("seconds", sa.JSON(), nullable=False, comment="by stage, of those that ran"),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name=op.f("fk_readings_photo_id")),
        sa.ForeignKeyConstraint(["recipe"], ["recipes.digest"], name=op.f("fk_readings_recipe")),
        sa.PrimaryKeyConstraint("photo_id", "number", name=op.f("pk_readings")),
    )
    _readings_of_before()


def _readings_of_before() -> None:
    """What was read before readings were kept becomes each photo's first."""
    connection = op.get_bind()
    made = sa.table(
        "readings",
        *(sa.column(n) for n in ("photo_id", "number", "recipe", "content", "width", "height", "made_at")),
        *(sa.column(n, sa.JSON) for n in ("boards", "warnings", "seconds")),
    )
    photos = sa.table("photos", *(sa.column(n) for n in ("id", "reading")))
    read = connection.execute(
        sa.text(
            "SELECT id, recipe, content_read, width, height, warnings, added_at FROM photos WHERE recipe IS NOT NULL"
        )
    ).all()
    for photo in read:
        boards = connection.execute(
            sa.text(
                "SELECT b.id, b.current FROM boards b JOIN views v ON v.board_id = b.id AND v.number = b.current"
                " WHERE v.photo_id = :photo AND b.retired IS NULL ORDER BY b.id"
            ),
            {"photo": photo.id},
        ).all()
        warnings = photo.warnings
        row = {
            "photo_id": photo.id, "number": 1, "recipe": photo.recipe, "content": photo.content_read,
            "width": photo.width, "height": photo.height, "made_at": photo.added_at,
            "boards": [[b.id, b.current] for b in boards], "seconds": {},
            "warnings": json.loads(warnings) if isinstance(warnings, str) else warnings,
        }  # fmt: skip
        connection.execute(sa.insert(made).values(**row))
        connection.execute(sa.update(photos).where(photos.c.id == photo.id).values(reading=1))


def _new_tables() -> None:
    op.create_table(
        "tombstones",
        sa.Column("digest", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_tombstones")),
    )
    op.create_table(
        "doomed",
        sa.Column("digest", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_doomed")),
    )
    op.create_table(
        "backups",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("session_id", sa.String(length=200), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backups")),
    )


def _close_the_log() -> None:
    """The database itself refuses to change or to remove what the log of acts says."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_no_{act.lower()} BEFORE {act} ON audit"
                " BEGIN SELECT RAISE(ABORT, 'the log of acts is never changed'); END"
            )
    elif op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION audit_closed() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'the log of acts is never changed'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_closed BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_closed()"
        )
