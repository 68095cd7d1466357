"""Unit costs, for docs/scale.md: bytes a photo and a board of an archive that was really processed, and how many photos
a second PostgreSQL takes in through its one writers' lock.

    python -m bench.units ARCHIVE
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import sqlalchemy as sa

from archive import rows
from archive import tables as t
from archive.store import Archive
from tests.archive.making import LEFT, box, line, scan, surface
from tests.servers import running

COMMITS = 200
LINES = 12  # on a board


def sizes(archive: Archive) -> dict[str, float]:
    """Bytes: of an original, of the images made of a board, of a board's records as JSON, of its share of the index."""
    boards = len(archive.catalog.board_ids())
    with archive.catalog.database.read() as connection:
        originals = set(connection.execute(sa.select(t.photos.c.blob)).scalars())
        every = set(connection.execute(sa.select(t.blobs.c.digest)).scalars())
        records = sum(len(rows.as_lines(found)) for _, found in rows.dump(connection))
    index = sum(f.stat().st_size for f in archive.index_path.rglob("*") if f.is_file())
    return {
        "original": sum(archive.blobs.size(d) for d in originals) / len(originals),
        "images of a board": sum(archive.blobs.size(d) for d in every - originals) / boards,
        "records of a board": records / boards,
        "index of a board": index / boards,
    }


def commits() -> tuple[float, float]:
    """Photos of one board of twelve lines, leased and committed one after another: how many a second by the clock, and
    seconds of this process's processor for one."""
    surfaces = [surface(LEFT, *(line("un guichet près de la gare", box(60, 60 * n, 300, 40)) for n in range(LINES)))]
    with (
        running() as servers,
        servers.own() as places,
        tempfile.TemporaryDirectory() as scratch,
        Archive.open(servers.folder(Path(scratch) / "archive"), places) as archive,
    ):
        for number in range(COMMITS):
            archive.catalog.add_photo("s1", archive.blobs.put(f"photo {number}".encode()), f"{number}.jpg")
        begun, used = time.perf_counter(), time.process_time()
        while (lease := archive.jobs.lease("w", 60)) is not None:
            archive.catalog.commit_scan(lease.photo_id, scan(surfaces), lease=lease)
        return COMMITS / (time.perf_counter() - begun), (time.process_time() - used) / COMMITS


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("archive", type=Path)
    with Archive.open(parser.parse_args().archive) as archive:
        for name, size in sizes(archive).items():
            print(f"| {name} | {size / 1000:.1f} kB |")
    rate, used = commits()
    print(f"| photos committed one after another (PostgreSQL, fsync off) | {rate:.0f} a second by the clock |")
    print(f"| … of this process's processor | {1000 * used:.0f} ms a photo |")


if __name__ == "__main__":
    main()
