"""Hosts apart: scheduler, workers, database with store, and the one who asks, each in a network of its own; all links
are cut for half a minute in the middle of a run. The store is moto's emulator."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import BotoCoreError

from tests.fresque.cluster.test_cluster import check, done, fill
from tests.hosts import hosts, postgres, refused

PHOTOS = 40
CUT = 30.0


@pytest.mark.soak
@pytest.mark.timeout(1500)
@pytest.mark.skipif(bool(refused()), reason=refused())
def test_a_link_that_is_cut_for_half_a_minute_costs_no_photo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with hosts("desk", "scheduler", "worker1", "worker2", "data") as there, postgres(there, "data") as database:
        data = there.address["data"]
        for name, value in {
            "FRESQUE_DATABASE": database,
            "FRESQUE_BLOBS": "s3://fresque/apart",
            "AWS_ENDPOINT_URL": f"http://{data}:5000",
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": "us-east-1",
            "DASK_DISTRIBUTED__COMM__TIMEOUTS__TCP": "120s",
            "OMP_NUM_THREADS": "1",
            "PYTHONPATH": str(Path(__file__).parents[3]),
        }.items():
            monkeypatch.setenv(name, value)
        there.python("data", "-m", "moto.server", "-H", data, "-p", "5000")
        make_bucket()
        scheduler = there.address["scheduler"]
        there.python("scheduler", "-m", "dask", "scheduler", "--host", scheduler, "--port", "8786")
        place = fill(tmp_path / "archive", PHOTOS)
        for worker in ("worker1", "worker2"):
            there.python(
                worker, "-m", "dask", "worker", f"tcp://{scheduler}:8786", "--nthreads", "1", "--host",
                there.address[worker], "--local-directory", str(tmp_path / worker), hidden=place,
            )  # fmt: skip
        asked = there.python(
            "desk", "-m", "fresque", "--archive", str(place), "process", "--json", "--on", f"dask://{scheduler}:8786",
            out=subprocess.PIPE,
        )  # fmt: skip
        while done(place) < PHOTOS // 5:
            assert asked.poll() is None
            time.sleep(0.5)
        there.cut(CUT)
        during = done(place)
        assert during < PHOTOS, "the run was in its middle"
        told, _ = asked.communicate(timeout=900)
        assert asked.returncode == 0
        assert json.loads(told) == {"processed": PHOTOS, "failed": 0}
        check(place, PHOTOS)


def make_bucket() -> None:
    for _ in range(100):
        try:
            boto3.client("s3").create_bucket(Bucket="fresque")
            return
        except BotoCoreError:
            time.sleep(0.3)
    raise AssertionError("the store does not answer")
