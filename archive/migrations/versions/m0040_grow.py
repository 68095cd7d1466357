"""Who may feed an archive; the log by month on PostgreSQL; the latest readings found quickly."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0035"


def upgrade() -> None:
    op.create_table(
        "signers",
        sa.Column("key", sa.String(60), primary_key=True),
        sa.Column("lab", sa.Text, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_readings_made_at", "readings", ["made_at"])
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        divide(connection)


def divide(connection: sa.Connection) -> None:
    """One table becomes one of partitions, with what it holds."""
    for sentence in (
        "ALTER TABLE audit RENAME TO audit_whole",
        "ALTER TABLE audit_whole RENAME CONSTRAINT pk_audit TO pk_audit_whole",
        "CREATE TABLE audit (LIKE audit_whole INCLUDING DEFAULTS) PARTITION BY RANGE (at)",
        "ALTER TABLE audit ADD CONSTRAINT pk_audit PRIMARY KEY (number, at)",
        "CREATE INDEX ix_audit_object_id ON audit (object_id)",
        "ALTER SEQUENCE audit_number_seq OWNED BY audit.number",
        "CREATE TABLE audit_rest PARTITION OF audit DEFAULT",
    ):
        connection.exec_driver_sql(sentence)
    month = "date_trunc('month', at AT TIME ZONE 'UTC')"
    ends = f"{month} + interval '1 month'"
    held = connection.exec_driver_sql(
        f"SELECT DISTINCT to_char({month}, 'YYYY-MM'), to_char({ends}, 'YYYY-MM') FROM audit_whole"
    )
    for begins, end in held.all():
        connection.exec_driver_sql(
            f"CREATE TABLE audit_{begins.replace('-', '_')} PARTITION OF audit "
            f"FOR VALUES FROM ('{begins}-01 00:00+00') TO ('{end}-01 00:00+00')"
        )
    connection.exec_driver_sql("INSERT INTO audit SELECT * FROM audit_whole")
    connection.exec_driver_sql("DROP TABLE audit_whole")
    connection.exec_driver_sql(  # it went with the whole table; what is attached later has it too
        "CREATE TRIGGER audit_closed BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_closed()"
    )
