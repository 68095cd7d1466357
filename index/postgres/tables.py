"""The tables of one generation, its indexes, and the row that says which generation counts."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from archive.errors import MissingDependency
from index import analysis
from index.embed import Embedder
from index.postgres.server import Cursor
from index.store import Identity

SCHEMA = 1
"""Raised when tables change their meaning; indexes of another schema are rebuilt."""

HOME = "fresque_index"
NAME = "postgresql"
LINKS, BREADTH = 16, 64
"""HNSW's m and ef_construction (Malkov & Yashunin 2018), as pgvector has them by default."""
BUILD_MEMORY = "2GB"
"""Where the links of HNSW no longer fit into it, building takes many times longer: 1.3 kB a board."""

_HOME = """
    CREATE SCHEMA IF NOT EXISTS {home};
    CREATE TABLE IF NOT EXISTS {home}.generations (
        number int PRIMARY KEY, identity jsonb NOT NULL, sequence bigint NOT NULL, state text NOT NULL);
    CREATE TABLE IF NOT EXISTS {home}.chosen (engine text NOT NULL);
"""

_TABLES = """
    CREATE TABLE documents (
        serial int PRIMARY KEY, id text NOT NULL, session text NOT NULL, lot int NOT NULL,
        terms tsvector NOT NULL, fields int[] NOT NULL, vector halfvec({dimension}) NOT NULL)
        WITH (toast_tuple_target = 8160);
    CREATE TABLE details (
        serial int PRIMARY KEY, words text NOT NULL, weights bytea NOT NULL, windows bytea NOT NULL,
        scales bytea NOT NULL, length real NOT NULL, confidence real NOT NULL, payload bytea NOT NULL)
        WITH (toast_tuple_target = 8160);
    ALTER TABLE details ALTER windows SET STORAGE EXTERNAL, ALTER payload SET STORAGE EXTERNAL,
        ALTER weights SET STORAGE PLAIN, ALTER scales SET STORAGE EXTERNAL;
    CREATE TABLE sessions (session text PRIMARY KEY, centroid halfvec({dimension}) NOT NULL);
    CREATE TABLE facts (number int PRIMARY KEY, field text NOT NULL, value text NOT NULL, tokens text[] NOT NULL);
    CREATE TABLE vocabulary (
        word text PRIMARY KEY, stem text NOT NULL, held int NOT NULL, sense bytea NOT NULL, grams int[] NOT NULL);
    CREATE TABLE stems (stem text PRIMARY KEY, held int NOT NULL);
    CREATE TABLE grams (gram int PRIMARY KEY, held bigint NOT NULL, words int NOT NULL);
    CREATE TABLE totals (documents int NOT NULL, length double precision NOT NULL);
    INSERT INTO totals VALUES (0, 0);
"""

_INDEXES = (
    "CREATE UNIQUE INDEX IF NOT EXISTS documents_id ON documents (id)",
    "CREATE INDEX IF NOT EXISTS documents_session ON documents (session)",
    "CREATE INDEX IF NOT EXISTS documents_lot ON documents (lot)",
    "CREATE INDEX IF NOT EXISTS documents_terms ON documents USING gin (terms)",
    "CREATE INDEX IF NOT EXISTS documents_fields ON documents USING gin (fields)",
    "CREATE INDEX IF NOT EXISTS facts_tokens ON facts USING gin (tokens)",
    "CREATE UNIQUE INDEX IF NOT EXISTS facts_value ON facts (field, md5(value))",
    "CREATE INDEX IF NOT EXISTS vocabulary_grams ON vocabulary USING gin (grams)",
    f"CREATE INDEX IF NOT EXISTS documents_vector ON documents USING hnsw (vector halfvec_ip_ops)"
    f" WITH (m = {LINKS}, ef_construction = {BREADTH})",
)


@dataclass(frozen=True, slots=True)
class Generation:
    """``home``: the schema that lists it."""

    home: str
    number: int
    identity: Identity
    sequence: int

    @property
    def schema(self) -> str:
        return f"{self.home}_{self.number}"


def identity_of(model: Embedder) -> Identity:
    return Identity(SCHEMA, analysis.VERSION, model.name, model.revision, model.dimension)


def ensure_home(cursor: Cursor, home: str = HOME) -> None:
    """Raises MissingDependency where pgvector is not to be had."""
    cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'vector'")
    if cursor.fetchone() is None:
        _install(cursor)
    cursor.execute(_HOME.format(home=home))


def _install(cursor: Cursor) -> None:
    import psycopg

    try:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS vector")
    except psycopg.Error as error:
        raise MissingDependency(
            f"the database lacks pgvector, or its user may not put it in: {str(error).splitlines()[0]}",
            "install pgvector on the server, then as its administrator: CREATE EXTENSION vector",
        ) from error


def newest(cursor: Cursor, home: str, state: str) -> Generation | None:
    """The generation of a state («current» or «building»); None when there is none, or no index at all."""
    cursor.execute("SELECT to_regclass(%s) IS NOT NULL", (f"{home}.generations",))
    if not _one(cursor):
        return None
    cursor.execute(
        f"SELECT number, identity, sequence FROM {home}.generations WHERE state = %s ORDER BY number DESC LIMIT 1",
        (state,),
    )
    row = cursor.fetchone()
    return None if row is None else Generation(home, row[0], Identity(**row[1]), row[2])


def chosen(cursor: Cursor) -> bool:
    """Whether the archive is searched here."""
    cursor.execute("SELECT to_regclass(%s) IS NOT NULL", (f"{HOME}.chosen",))
    if not _one(cursor):
        return False
    cursor.execute(f"SELECT count(*) FROM {HOME}.chosen WHERE engine = %s", (NAME,))
    return _one(cursor) > 0


def choose(cursor: Cursor, engine: str) -> None:
    cursor.execute(f"DELETE FROM {HOME}.chosen")
    cursor.execute(f"INSERT INTO {HOME}.chosen VALUES (%s)", (engine,))


def enter(cursor: Cursor, generation: Generation) -> None:
    """Names without a schema mean this generation's, until the transaction ends."""
    cursor.execute(f"SET LOCAL search_path = {generation.schema}, public")


def create(cursor: Cursor, home: str, model: Embedder, sequence: int) -> Generation:
    """A new, empty generation under way; one that lies unfinished goes."""
    cursor.execute(f"DELETE FROM {home}.generations WHERE state = 'building' RETURNING number")
    for (old,) in cursor.fetchall():
        cursor.execute(f"DROP SCHEMA IF EXISTS {home}_{old} CASCADE")
    cursor.execute(f"SELECT coalesce(max(number), 0) + 1 FROM {home}.generations")
    made = Generation(home, _one(cursor), identity_of(model), sequence)
    cursor.execute(f"DROP SCHEMA IF EXISTS {made.schema} CASCADE")
    cursor.execute(f"CREATE SCHEMA {made.schema}")
    enter(cursor, made)
    cursor.execute(_TABLES.format(dimension=model.dimension))
    cursor.execute(
        f"INSERT INTO {home}.generations VALUES (%s, %s, %s, 'building')",
        (made.number, json.dumps(asdict(made.identity)), sequence),
    )
    return made


def build_indexes(cursor: Cursor) -> None:
    """Those that are missing; long over many documents."""
    cursor.execute(f"SET LOCAL maintenance_work_mem = '{BUILD_MEMORY}'")
    for sentence in _INDEXES:
        cursor.execute(sentence)


def reached(cursor: Cursor, generation: Generation, sequence: int) -> None:
    cursor.execute(
        f"UPDATE {generation.home}.generations SET sequence = %s WHERE number = %s", (sequence, generation.number)
    )


def make_current(cursor: Cursor, generation: Generation) -> None:
    """From its commit on this generation counts, and no other."""
    home = generation.home
    cursor.execute(f"DELETE FROM {home}.generations WHERE number <> %s", (generation.number,))
    cursor.execute(f"UPDATE {home}.generations SET state = 'current' WHERE number = %s", (generation.number,))


def leftovers(cursor: Cursor, home: str) -> list[str]:
    """Schemas of generations that no row names any more."""
    cursor.execute(
        "SELECT nspname FROM pg_namespace WHERE nspname ~ %s AND nspname NOT IN"
        f" (SELECT %s || number FROM {home}.generations)",
        (f"^{home}_[0-9]+$", f"{home}_"),
    )
    return [str(row[0]) for row in cursor.fetchall()]


def remove(cursor: Cursor, home: str) -> None:
    """The whole index with all its generations."""
    cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname ~ %s", (f"^{home}(_[0-9]+)?$",))
    for (schema,) in cursor.fetchall():
        cursor.execute(f"DROP SCHEMA {schema} CASCADE")


def drop(cursor: Cursor, schema: str) -> None:
    """Raises ArchiveBusy when somebody still reads it: nobody is made to wait."""
    cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = %s::regnamespace", (schema,))
    names = ", ".join(f"{schema}.{row[0]}" for row in cursor.fetchall())
    if names:
        cursor.execute(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE NOWAIT")
    cursor.execute(f"DROP SCHEMA {schema} CASCADE")


def _one(cursor: Cursor) -> int:
    row = cursor.fetchone()
    assert row is not None
    return int(row[0])
