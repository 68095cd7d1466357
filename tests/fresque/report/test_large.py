"""Three hundred boards: every form of the report in a process of its own, under 400 MB (`./run soak`)."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from archive.model import Session
from archive.store import Archive
from fresque.report.formats import FORMATS
from tests.archive.making import line, scan, surface
from tests.fresque.report.conftest import QUAD, in_photo, placed

BOARDS = 300
LIMIT = 400  # MB
CODE = """
import sys
from pathlib import Path
from fresque.cli import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    assert not end.code, end.code
# not ru_maxrss: that begins at what the process that started this one holds
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
print(int(status["VmHWM"].split()[0]) / 1024)
"""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("large") / "archive"
    generator = np.random.default_rng(1)
    with Archive.create(place) as archive:
        archive.catalog.add_session(Session("s", "Trois cents panneaux"))
        for number in range(BOARDS):
            images = {"clean": archive.blobs.put(_board(generator, (2400, 1800), "JPEG")).sha256}
            images["thumb"] = archive.blobs.put(_board(generator, (480, 360), "WEBP")).sha256
            lines = [line(f"ligne {n} du panneau {number}", in_photo(40, 30 * n, 500, 25)) for n in range(15)]
            board = placed(surface(QUAD, *lines))
            photo, _ = archive.catalog.add_photo("s", archive.blobs.put(b"%d" % number), f"IMG_{number}.jpg")
            archive.catalog.commit_scan(photo.id, scan([board]), [images])
    return place


def _board(generator: np.random.Generator, size: tuple[int, int], kind: str) -> bytes:
    """White with strokes of ink: about as large a file as a cleaned board is."""
    pixels = np.full((size[1], size[0], 3), 250, np.uint8)
    for x, y in generator.integers(0, [size[0] - 40, size[1] - 10], (600, 2)):
        pixels[y : y + 6, x : x + 30] = generator.integers(0, 255, 3)
    out = BytesIO()
    Image.fromarray(pixels).save(out, kind, quality=88)
    return out.getvalue()


@pytest.mark.soak
@pytest.mark.parametrize("name", FORMATS)
def test_three_hundred_boards_stay_small(name: str, large: Path, tmp_path: Path) -> None:
    command = ["--archive", str(large), "export", "s", "--format", name, "--out", str(tmp_path)]
    done = subprocess.run([sys.executable, "-c", CODE, *command], capture_output=True, text=True, check=True)
    megabytes = float(done.stdout.splitlines()[-1])
    print(f"{name}: {megabytes:.0f} MB")  # noqa: T201
    assert megabytes < LIMIT


@pytest.mark.soak
@pytest.mark.parametrize("ending", ["pptx", "docx"])
def test_libreoffice_opens_it(ending: str, large: Path, tmp_path: Path) -> None:
    import shutil

    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: apt-get install libreoffice-impress libreoffice-writer")
    file = tmp_path / f"s.{ending}"
    with Archive.open(large) as archive:
        from fresque.report import formats, gather
        from fresque.report.job import Job

        ids = archive.catalog.board_ids(session_id="s")[:5]
        formats.write(Job(gather.boards_report(archive, "cinq", ids, gather.Wanted()), archive), ending, file)
    command = [office, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=True)
    assert (tmp_path / "s.pdf").stat().st_size > 10_000, done.stderr
