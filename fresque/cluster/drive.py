"""Hand photos out to a cluster and wait for them: never more than it can begin soon, until nothing waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from archive.columns import now
from archive.errors import ArchiveBusy, ClusterLost, Stopped
from archive.ids import new_id
from archive.store import Archive
from capture.photo import Done
from capture.pipeline import stages
from capture.process import release_dead
from fresque.cluster import places
from fresque.workers import stopping

if TYPE_CHECKING:
    from distributed import Client, Future

AHEAD = 2
"""Photos handed out for each thread of the cluster: the one it works on, and the next."""

TICK = 0.5  # seconds between two looks
LOST_SECONDS = 300.0  # for which a scheduler that has gone is waited for
WAIT_SECONDS = 30.0  # for the first worker


def process(
    archive: Archive, options: stages.Options, on: str, workers: int, tell: Callable[[str], None]
) -> Iterator[Done]:
    """Process what waits on the cluster ``on`` names; yields each photo as it is done. ``tell`` is given the address
    of the cluster's dashboard.

    On Ctrl-C and SIGTERM no further photo is begun, what is under way is finished, and Stopped is raised. Raises
    ClusterLost when the scheduler stays away.
    """
    run = new_id()
    release_dead(archive)
    with stopping() as stop:
        lost_at, reached = None, False
        while True:
            try:
                with places.client(on, workers) as client:
                    reached = True
                    tell(f"Dask: {len(client.scheduler_info()['workers'])} workers, {client.dashboard_link}")
                    for done in _Run(archive, client, run, stop).photos(options):
                        lost_at = None
                        yield done
                break
            except (ClusterLost, OSError, CancelledError, ArchiveBusy) as error:
                lost_at = lost_at or time.monotonic()
                if not reached or stop.is_set() or time.monotonic() - lost_at > LOST_SECONDS:
                    raise error if isinstance(error, (ClusterLost, ArchiveBusy)) else _lost(on, error) from error
                stop.wait(TICK * 4)
    if stop.is_set():
        raise Stopped("stopped as asked; what was under way is done")


class _Run:
    """One connection to the scheduler; what it leaves undone the next takes up."""

    def __init__(self, archive: Archive, client: Client, run: str, stop: threading.Event) -> None:
        self._archive = archive
        self._client = client
        self._run = run
        self._stop = stop
        self._out: dict[Future[Any], str] = {}
        self._sessions: set[str] = set()  # of what was done

    def photos(self, options: stages.Options) -> Iterator[Done]:
        from fresque.cluster.hands import Hands, Home, plugin_name

        self._client.wait_for_workers(1, timeout=WAIT_SECONDS)
        self._client.register_plugin(Hands(Home.of(self._archive), self._run, options, stages.recipe(options)))
        try:
            while self._hand_out() or self._out or self._wait():
                for done in self._done():
                    if done.error is None:
                        self._sessions.add(self._archive.catalog.photo(done.photo_id).session_id)
                    yield done
            self._find_walls()
        finally:
            with suppress(OSError, CancelledError):
                self._client.unregister_worker_plugin(plugin_name(self._run))

    def _hand_out(self) -> bool:
        """As many as the cluster can begin soon; False when nothing is due or a stop was asked for."""
        from fresque.cluster.hands import process_one

        if self._stop.is_set():
            return False
        room = AHEAD * max(1, sum(self._client.nthreads().values())) - len(self._out)
        if room <= 0:
            return True
        due = self._archive.handed.due(room, self._run, set(self._out.values()))
        for photo_id in due:  # not pure: the same photo may have to be done again
            future = self._client.submit(process_one, photo_id, self._run, pure=False, retries=2)
            self._out[future] = photo_id
        return bool(due)

    def _done(self) -> Iterator[Done]:
        """What has ended by now, after a moment's wait."""
        from distributed import KilledWorker, wait

        if self._stop.is_set():
            self._call_back()
        if not self._out:
            return
        with suppress(TimeoutError):
            wait(list(self._out), timeout=TICK, return_when="FIRST_COMPLETED")
        if self._client.status != "running":
            raise ClusterLost("the connection to the Dask scheduler was lost")
        for future in [future for future in self._out if future.done()]:
            self._out.pop(future)
            try:
                done = future.result()
            except KilledWorker:  # it stays in the queue with the deaths it has seen, and is tried apart next time
                continue
            if done is not None:
                yield done

    def _find_walls(self) -> None:
        """A session a task, so that a run over many does not end with one machine that compares the boards of all. One
        alone is left to the command, which compares on all its processors; so is what no worker could do."""
        from distributed import wait

        from fresque.cluster.hands import look_over_one

        if len(self._sessions) < 2:
            return
        each = [(look_over_one, session, self._run) for session in sorted(self._sessions)]
        futures = [self._client.submit(*task, pure=False, retries=2) for task in each]
        while not self._stop.is_set() and any(not future.done() for future in futures):
            with suppress(TimeoutError):
                wait(futures, timeout=TICK)
            if self._client.status != "running":
                raise ClusterLost("the connection to the Dask scheduler was lost")
        for future in futures:
            future.cancel()

    def _call_back(self) -> None:
        """Of a stop: what no worker has begun."""
        begun = {key for keys in self._client.processing().values() for key in keys}
        for future in [future for future in self._out if future.key not in begun]:
            future.cancel()
            self._out.pop(future)

    def _wait(self) -> bool:
        """Until a photo that failed may be tried again; False when there is none."""
        due = None if self._stop.is_set() else self._archive.handed.next_due(self._run)
        if due is None:
            return False
        self._stop.wait(min(5.0, max(TICK, (due - now()).total_seconds())))
        return True


def _lost(on: str, error: BaseException) -> ClusterLost:
    return ClusterLost(f"the Dask cluster {on} was lost: {str(error) or type(error).__name__}")
