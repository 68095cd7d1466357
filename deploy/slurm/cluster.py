"""A Dask cluster on SLURM for Fresque: run it on a login node and leave it running.

    pip install 'fresque[server,scale]' dask-jobqueue
    export FRESQUE_DATABASE=… FRESQUE_BLOBS=…       # what the workers inherit; see docs/scale.md
    python deploy/slurm/cluster.py --jobs 20
    fresque process --on dask://LOGIN_NODE:8786     # elsewhere, as often as one likes

Each job holds four workers of one thread: measured, a worker takes some 0.8 GB (docs/scale.md). ``--show`` prints the
script that sbatch is given and starts nothing.
"""

from __future__ import annotations

import argparse
import os
import time

from dask_jobqueue import SLURMCluster

SETTINGS = ("FRESQUE_DATABASE", "FRESQUE_BLOBS", "FRESQUE_MAX_PIXELS", "AWS_PROFILE", "AWS_ENDPOINT_URL")
ALWAYS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "DASK_DISTRIBUTED__COMM__TIMEOUTS__TCP": "120s"}


def cluster(port: int) -> SLURMCluster:
    """Settings go to the jobs through their environment; passwords belong in ~/.pgpass and in AWS's own files."""
    names = ",".join(name for name in SETTINGS if name in os.environ)
    return SLURMCluster(
        cores=4,
        processes=4,
        memory="8GB",
        walltime="08:00:00",
        job_extra_directives=[f"--export=HOME,PATH,{names}" if names else "--export=HOME,PATH"],
        job_script_prologue=[f"export {name}={value}" for name, value in ALWAYS.items()],
        worker_extra_args=["--lifetime", "7h55m", "--lifetime-stagger", "5m"],  # ends before SLURM ends it
        scheduler_options={"port": port, "dashboard_address": "127.0.0.1:8787"},
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=10, help="at most so many jobs of four workers")
    parser.add_argument("--port", type=int, default=8786)
    parser.add_argument("--show", action="store_true", help="print the job's script and start nothing")
    given = parser.parse_args()
    with cluster(given.port) as made:
        if given.show:
            print(made.job_script())
            return
        made.adapt(minimum_jobs=0, maximum_jobs=given.jobs)  # jobs come and go with the work
        print(f"fresque process --on {made.scheduler_address}", flush=True)
        while True:
            time.sleep(60)


if __name__ == "__main__":
    main()
