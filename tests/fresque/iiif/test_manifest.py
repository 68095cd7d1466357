"""Manifests read by a IIIF library (iiif-prezi3), whose models hold the specification."""

from __future__ import annotations

from fresque.iiif import manifest
from fresque.report.job import Job
from tests.fresque.report.conftest import archive, job

__all__ = ["archive", "job"]

BASE = "https://fresque.example"


def test_a_iiif_library_reads_it(job: Job) -> None:
    import iiif_prezi3

    found = iiif_prezi3.Manifest(**manifest.manifest(job, BASE))
    assert len(found.items) == 3
    first = found.items[0]
    assert (first.width, first.height) == (800, 600)
    body = first.items[0].items[0].body
    assert body.id == f"{BASE}/iiif/image/{job.report.sheets[0].board.id}/full/max/0/default.jpg"
    assert first.annotations[0].items[0].body.value == "Irritants des usagers"
    assert str(first.annotations[0].items[0].target).endswith("#xywh=50,40,400,50")
    assert [r.label["fr"][0] for r in found.structures] == ["SCAN – explorer", "FOCUS – concevoir", "ACT – décider"]


def test_search_finds_lines_whatever_their_accents(job: Job) -> None:
    found = manifest.found_lines(job, BASE, "MEDIATEUR")
    assert [r["resource"]["chars"] for r in found["resources"]] == ["médiateur"]
    assert manifest.found_lines(job, BASE, "")["resources"] == []
    assert manifest.found_lines(job, BASE, "absent")["resources"] == []
