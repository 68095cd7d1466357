"""Migrations of the catalogue, run by ``archive.schema``; no alembic.ini is needed."""
