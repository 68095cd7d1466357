"""The tables. Portable types only; what changes here needs a migration in ``archive/migrations/versions``."""

from __future__ import annotations

import sqlalchemy as sa

from archive.columns import Moment, Words

# Named constraints: later migrations must be able to drop them on every database.
metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# --- sessions ------------------------------------------------------------------------------------------------

projects = sa.Table(
    "projects",
    metadata,
    sa.Column("id", sa.String(200), primary_key=True),
    sa.Column("title", Words, nullable=False),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("id", sa.String(200), primary_key=True),
    sa.Column("title", Words, nullable=False),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("method", sa.String(40), nullable=False),
    sa.Column("lab", Words, nullable=False),
    sa.Column("project_id", sa.ForeignKey("projects.id"), index=True),
    sa.Column("requesters", sa.JSON, nullable=False),
    sa.Column("partners", sa.JSON, nullable=False),
    sa.Column("begins", sa.Date),
    sa.Column("ends", sa.Date),
    sa.Column("themes", sa.JSON, nullable=False),
    sa.Column("people", sa.JSON, nullable=False),
    sa.Column("agenda", sa.JSON, nullable=False),
    sa.Column("languages", sa.JSON, nullable=False),
    sa.Column("visibility", sa.String(40), nullable=False),
    sa.Column("retention_until", sa.Date),
    sa.Column("legal_basis", Words, nullable=False, server_default=sa.text("''")),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("added_at", Moment, nullable=False),
)

# --- photos --------------------------------------------------------------------------------------------------

blobs = sa.Table(
    "blobs",
    metadata,
    sa.Column("digest", sa.String(128), primary_key=True),
    sa.Column("algorithm", sa.String(20), nullable=False),
    sa.Column("size", sa.BigInteger, comment="bytes; null for renditions, which can be made again"),
    sa.Column("added_at", Moment, nullable=False),
)

photos = sa.Table(
    "photos",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("session_id", sa.ForeignKey("sessions.id"), nullable=False, comment="where it is now"),
    sa.Column("taken_into", sa.ForeignKey("sessions.id"), nullable=False, comment="where intake put it"),
    sa.Column("blob", sa.ForeignKey("blobs.digest"), nullable=False, index=True),
    sa.Column("page", sa.Integer, nullable=False, server_default="0", comment="of a document, from 1; 0: no document"),
    sa.Column(
        "format", sa.String(20), nullable=False, server_default=sa.text("''"), comment="by content: JPEG, HEIF, PDF …"
    ),
    sa.Column("fingerprint", sa.String(16), comment="64 bits in hex that look-alikes share most of"),
    sa.Column("file_name", Words, nullable=False),
    sa.Column("uploader", Words, nullable=False),
    sa.Column("taken_at", Moment),
    sa.Column("added_at", Moment, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("content", sa.String(20), nullable=False, comment="as corrected"),
    sa.Column("content_read", sa.String(20), nullable=False, comment="as the pipeline saw it"),
    sa.Column("width", sa.Integer),
    sa.Column("height", sa.Integer),
    sa.Column("warnings", sa.JSON, nullable=False),
    sa.Column("error", Words),
    sa.Column("recipe", sa.ForeignKey("recipes.digest"), index=True),
    sa.Column("reading", sa.Integer, comment="readings.number of the one that counts"),
    sa.Column("clock_shift", sa.Integer, nullable=False, server_default="0", comment="seconds to add to taken_at"),
    sa.Column("utc_offset", sa.Integer, nullable=False, server_default="0", comment="seconds ahead of UTC, by EXIF"),
    sa.Column("trashed_at", Moment),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.UniqueConstraint("session_id", "blob", "page"),
    sa.Index("ix_photos_state", "state", "session_id"),
)

refusals = sa.Table(
    "refusals",
    metadata,
    sa.Column("session_id", sa.ForeignKey("sessions.id"), primary_key=True),
    sa.Column("file_name", Words, primary_key=True),
    sa.Column("reason", Words, nullable=False),
    sa.Column("refused_at", Moment, nullable=False),
)

# --- recipes -------------------------------------------------------------------------------------------------

recipes = sa.Table(
    "recipes",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("first_used_at", Moment, nullable=False),
)

recipe_stages = sa.Table(
    "recipe_stages",
    metadata,
    sa.Column("recipe", sa.ForeignKey("recipes.digest"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("digest", sa.String(128), nullable=False),
    sa.Index("ix_recipe_stages_name", "name", "version", "digest"),
)

# --- boards --------------------------------------------------------------------------------------------------
# A board is small and outlives its results. Each reading of it is a row of ``results``, never changed; the board
# says which one is current. A list of boards loads no text unless it is asked for.

boards = sa.Table(
    "boards",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("session_id", sa.ForeignKey("sessions.id"), nullable=False),
    sa.Column("current", sa.Integer, nullable=False, comment="results.number"),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("phase", sa.String(20), nullable=False, comment="as corrected"),
    sa.Column("confidence", sa.Float, comment="of the text, weighted by length; null where nothing was read"),
    sa.Column("quad_confidence", sa.Float, nullable=False),
    sa.Column("whole_photo", sa.Boolean, nullable=False),
    sa.Column("retired", sa.String(20), comment="null while live; else why: vanished, merged, joined, trashed"),
    sa.Column("replaced_by", sa.ForeignKey("boards.id")),
    sa.Column("author", Words, nullable=False),
    sa.Column("credit", Words, nullable=False),
    sa.Column("permitted_uses", Words, nullable=False),
    sa.Column("caption", Words, nullable=False),
    sa.Column("personal", sa.JSON, nullable=False, server_default="[]", comment="kinds of personal data in its text"),
    sa.Column("added_at", Moment, nullable=False),
    sa.Index("ix_boards_session", "session_id", "retired", "phase"),
)

results = sa.Table(
    "results",
    metadata,
    sa.Column("board_id", sa.ForeignKey("boards.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("recipe", sa.ForeignKey("recipes.digest"), nullable=False, index=True),
    sa.Column("width", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("regions", sa.JSON, nullable=False),
    sa.Column("phase", sa.JSON, nullable=False),
    sa.Column("made_at", Moment, nullable=False),
)

_RESULT = (["board_id", "number"], ["results.board_id", "results.number"])

views = sa.Table(
    "views",
    metadata,
    sa.Column("board_id", sa.String(40), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("photo_id", sa.ForeignKey("photos.id"), primary_key=True, index=True),
    sa.Column("quad", sa.JSON, nullable=False),
    sa.Column("quad_confidence", sa.Float, nullable=False),
    sa.Column("whole_photo", sa.Boolean, nullable=False),
    sa.Column("homography", sa.JSON, nullable=False),
    sa.Column("rotation", sa.Integer, nullable=False),
    sa.ForeignKeyConstraint(*_RESULT),
)

renditions = sa.Table(
    "renditions",
    metadata,
    sa.Column("board_id", sa.String(40), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("blob", sa.ForeignKey("blobs.digest"), nullable=False, index=True),
    sa.ForeignKeyConstraint(*_RESULT),
)

readings = sa.Table(
    "readings",
    metadata,
    sa.Column("photo_id", sa.ForeignKey("photos.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("recipe", sa.ForeignKey("recipes.digest"), nullable=False),
    sa.Column("boards", sa.JSON, nullable=False, comment="[board id, results.number] of each, in order"),
    sa.Column("content", sa.String(20), nullable=False),
    sa.Column("width", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("warnings", sa.JSON, nullable=False),
    sa.Column("seconds", sa.JSON, nullable=False, comment="by stage, of those that ran"),
    sa.Column("made_at", Moment, nullable=False, index=True),
)

# --- what people say -----------------------------------------------------------------------------------------

corrections = sa.Table(
    "corrections",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, comment="the later of two wins"),
    sa.Column("id", sa.String(40), nullable=False, unique=True),
    sa.Column("photo_id", sa.ForeignKey("photos.id"), nullable=False, index=True),
    sa.Column("board_id", sa.ForeignKey("boards.id"), index=True),
    sa.Column("field", sa.String(20), nullable=False),
    sa.Column("value", sa.JSON, nullable=False),
    sa.Column("anchor", sa.JSON, nullable=False),
    sa.Column("added", sa.Boolean, nullable=False, comment="text where the reader had found none"),
    sa.Column("author", Words, nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("orphaned", sa.Boolean, nullable=False),
    sa.Column("withdrawn_at", Moment),
    sqlite_autoincrement=True,
)

materials = sa.Table(
    "materials",
    metadata,
    sa.Column("id", sa.String(200), primary_key=True),
    sa.Column("session_id", sa.ForeignKey("sessions.id"), index=True),
    sa.Column("title", Words, nullable=False),
    sa.Column("text", Words, nullable=False),
    sa.Column("phase", sa.String(20)),
    sa.Column("blob", sa.ForeignKey("blobs.digest"), index=True, comment="the file it was read from"),
    sa.Column("file_name", Words, nullable=False, server_default=sa.text("''")),
    sa.Column("format", sa.String(20), nullable=False, server_default=sa.text("''")),
    sa.Column("trashed_at", Moment),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("added_at", Moment, nullable=False),
)

# --- what must not come back, and where copies are -----------------------------------------------------------

tombstones = sa.Table(
    "tombstones",
    metadata,
    sa.Column("digest", sa.String(128), primary_key=True, comment="of bytes that were destroyed, or a record's id"),
    sa.Column("kind", sa.String(20), nullable=False, comment="blob, photo, board, session, material"),
    sa.Column("at", Moment, nullable=False),
    sa.Column("reason", Words, nullable=False),
)

doomed = sa.Table(
    "doomed",
    metadata,
    sa.Column("digest", sa.String(128), primary_key=True, comment="bytes still to be deleted after a commit"),
)

backups = sa.Table(
    "backups",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("path", Words, nullable=False),
    sa.Column("session_id", sa.String(200), comment="null: the whole archive"),
    sa.Column("made_at", Moment, nullable=False),
)

# --- the feed, the queue, the log ----------------------------------------------------------------------------

feed = sa.Table(
    "feed",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("last", sa.BigInteger, nullable=False),
)

changes = sa.Table(
    "changes",
    metadata,
    sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("object_id", sa.String(200), nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("deleted", sa.Boolean, nullable=False),
)

jobs = sa.Table(
    "jobs",
    metadata,
    sa.Column("photo_id", sa.ForeignKey("photos.id"), primary_key=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("deaths", sa.Integer, nullable=False, server_default="0", comment="of workers that held it"),
    sa.Column("due", Moment, nullable=False, comment="not before; of a lease: when it ends"),
    sa.Column("token", sa.String(40)),
    sa.Column("worker", Words),
    sa.Column("reason", Words),
    sa.Column("changed_at", Moment, nullable=False),
    sa.Index("ix_jobs_due", "state", "due"),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("actor", Words, nullable=False),
    sa.Column("action", sa.String(40), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("object_id", sa.String(200), nullable=False),
    sa.Column("detail", sa.JSON, nullable=False),
    sqlite_autoincrement=True,
)
