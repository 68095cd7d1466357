"""The report as one folder that opens in any browser, with no network and no script."""

from __future__ import annotations

import shutil
from pathlib import Path

from fresque.report import dublin, pictures, tongue, view
from fresque.report.job import Job


def write(job: Job, folder: Path) -> None:
    """``index.html``, and the pictures in ``images/``: those of the pages, and small ones for the timeline."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    images = folder / "images"
    images.mkdir(parents=True, exist_ok=True)
    for sheet in job.report.sheets:
        (images / f"{sheet.board.id}.jpg").write_bytes(pictures.clean_jpeg(job.archive, sheet.board))
        (images / f"{sheet.board.id}.webp").write_bytes(pictures.thumb_webp(job.archive, sheet.board))
        job.advance()
    if job.template.logo:
        shutil.copy(job.template.logo, images / f"logo{job.template.logo.suffix.lower()}")
    environment = Environment(
        loader=PackageLoader("fresque.report", "data"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    page = environment.get_template("report.html.j2").render(
        **view.report(job),
        dublin_core=dublin.of_report(job.report),
        languages={sheet.board.id: tongue.of_sheet(sheet, job.report.language) for sheet in job.report.sheets},
    )
    (folder / "index.html").write_text(page, encoding="utf-8")
