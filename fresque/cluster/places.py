"""Which cluster: a scheduler by its address, or one of processes on this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from archive.errors import ClusterLost, MissingDependency, UsageError

if TYPE_CHECKING:
    from distributed import Client

LOCAL = ("local", "dask")
SCHEMES = {"dask": "tcp", "tcp": "tcp", "tls": "tls"}
"""``dask://`` is what people type; ``tls://`` takes its certificates from Dask's own configuration."""

CONNECT_SECONDS = 10
PATIENCE = "120s"
"""How long a silent connection is kept: a link that is cut for half a minute costs nothing then."""


@contextmanager
def client(on: str, workers: int) -> Iterator[Client]:
    """A client of the cluster ``on`` names. Raises UsageError, MissingDependency, ClusterLost."""
    address = _address(on)
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise MissingDependency("Dask is not installed", "pip install 'fresque[scale]'") from error
    # a worker's process may have children of its own; silent connections are kept for a while
    with dask.config.set({"distributed.worker.daemon": False, "distributed.comm.timeouts.tcp": PATIENCE}):
        if address is None:
            threads = max(1, (os.cpu_count() or 1) // workers)
            with (
                LocalCluster(
                    n_workers=workers, threads_per_worker=threads, host="127.0.0.1", dashboard_address="127.0.0.1:0"
                ) as cluster,
                Client(cluster) as found,
            ):
                yield found
            return
        try:
            found = Client(address, timeout=CONNECT_SECONDS, name="fresque")
        except (OSError, TimeoutError) as error:
            raise ClusterLost(f"no Dask scheduler answers at {address}") from error
        with found:
            yield found


def _address(on: str) -> str | None:
    """None: on this machine."""
    if on in LOCAL:
        return None
    scheme, separator, rest = on.partition("://")
    if not separator or scheme not in SCHEMES or not rest:
        raise UsageError(f"'{on}' names no cluster", "dask://HOST:8786, tls://HOST:8786, or local")
    return f"{SCHEMES[scheme]}://{rest}"
