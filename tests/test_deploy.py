"""The files of ``deploy/``: every command, flag, setting and route that they name exists."""

from __future__ import annotations

import importlib.util
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from fresque.cli import COMMANDS, cli

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service")) + sorted((DEPLOY / "systemd").glob("*.timer"))
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose" / "compose.yaml").read_text())
KUBERNETES: dict[str, Any] = yaml.safe_load((DEPLOY / "kubernetes" / "cluster.yaml").read_text())


def known_settings() -> set[str]:
    """What the code reads."""
    code = "\n".join(
        p.read_text() for room in ("archive", "capture", "fresque", "index") for p in (ROOT / room).rglob("*.py")
    )
    names = set(re.findall(r"\bFRESQUE_[A-Z_]*[A-Z]\b", code))
    return names | {f"FRESQUE_OIDC_{part}" for part in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET", "NAME")}


def every_file() -> list[Path]:
    return [p for p in DEPLOY.rglob("*") if p.is_file() and "__pycache__" not in p.parts]


def check_command(words: list[str]) -> None:
    """Parsed by the command line itself, or by Dask's; nothing is run."""
    if words[0].endswith("fresque"):
        name, *rest = words[1:]
        command = cli.get_command(click.Context(cli), name)
        assert command is not None, f"no command {name}"
        while isinstance(command, click.Group):
            command, rest = command.commands[rest[0]], rest[1:]
        command.make_context(name, list(rest), resilient_parsing=False)
    elif words[0].endswith("dask"):
        from distributed.cli import dask_scheduler, dask_worker

        made = {"scheduler": dask_scheduler.main, "worker": dask_worker.main}[words[1]]
        made.make_context(words[1], list(words[2:]))
    else:
        assert words[0] in ("python", "sh"), words


def test_no_file_is_left_out() -> None:
    assert {p.parent.name for p in every_file()} == {"systemd", "compose", "kubernetes", "slurm", "deploy"}
    assert len(UNITS) >= 7


@pytest.mark.parametrize("file", every_file(), ids=lambda p: p.name)
def test_every_setting_is_read_by_the_code(file: Path) -> None:
    named = set(re.findall(r"\bFRESQUE_[A-Z_]*[A-Z]\b", file.read_text()))
    assert named <= known_settings()


@pytest.mark.parametrize("unit", [u for u in UNITS if u.suffix == ".service"], ids=lambda p: p.name)
def test_a_unit_runs_a_command_that_exists_and_is_fenced_in(unit: Path) -> None:
    text = unit.read_text()
    (line,) = re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)
    check_command(shlex.split(line))
    for rule in ("NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=\n", "User=fresque"):
        assert rule in text


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not here")
def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    for unit in UNITS:
        text = unit.read_text().replace("/opt/fresque/bin/", "/bin/true --")  # what is installed there is not here
        (tmp_path / unit.name).write_text(re.sub(r"/bin/true --\w+", "/bin/true", text))
    command = ["systemd-analyze", "verify", *(str(tmp_path / unit.name) for unit in UNITS if "@" not in unit.name)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    told = [line for line in ended.stderr.splitlines() if "fresque" in line]
    assert (ended.returncode, told) == (0, [])
    for unit in UNITS:
        if unit.suffix == ".service" and "@" not in unit.name:
            rated = ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(unit)]
            assert subprocess.run(rated, capture_output=True, check=False).returncode == 0, unit.name


def test_a_timer_has_its_service() -> None:
    for unit in UNITS:
        if unit.suffix == ".timer":
            assert unit.with_suffix(".service").exists()
            if shutil.which("systemd-analyze"):
                (when,) = re.findall(r"^OnCalendar=(.*)$", unit.read_text(), re.MULTILINE)
                assert (
                    subprocess.run(["systemd-analyze", "calendar", when], capture_output=True, check=False).returncode
                    == 0
                )


def test_compose_names_what_exists() -> None:
    services = COMPOSE["services"]
    for name, service in services.items():
        assert service.get("image"), name
        for other, rule in service.get("depends_on", {}).items():
            condition = rule["condition"]
            assert condition != "service_healthy" or "test" in services[other]["healthcheck"]
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source.startswith("./") or source in COMPOSE["volumes"]
        if service["image"].startswith("fresque") and isinstance(service["command"], list):
            check_command([str(word) for word in service["command"]])
    assert {"db", "s3", "web", "worker"} <= services.keys()
    variables = set(re.findall(r"\$\{([A-Z_0-9]+)", (DEPLOY / "compose" / "compose.yaml").read_text()))
    given = set(re.findall(r"^([A-Z_0-9]+)=", (DEPLOY / "compose" / "example.env").read_text(), re.MULTILINE))
    assert variables == given


def test_probes_ask_for_routes_that_exist() -> None:
    server = (ROOT / "fresque" / "web" / "server.py").read_text()
    for file in (DEPLOY / "Dockerfile", DEPLOY / "compose" / "compose.yaml"):
        for route in re.findall(r"127\.0\.0\.1:8000(/\w+)", file.read_text()):
            assert f'"{route}"' in server


def test_the_image_takes_what_the_package_needs() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    project = (ROOT / "pyproject.toml").read_text()
    assert set(re.findall(r"^COPY (\w+) \1$", text, re.MULTILINE)) == {"archive", "capture", "fresque", "index"}
    assert re.findall(r"torch==[\d.]+", text) == re.findall(r"torch==[\d.]+", project)[:1]
    for package in ("tesseract-ocr-fra", "tesseract-ocr-eng"):
        assert package in text


def test_kubernetes_runs_commands_that_exist() -> None:
    assert (KUBERNETES["apiVersion"], KUBERNETES["kind"]) == ("kubernetes.dask.org/v1", "DaskCluster")
    for part in ("worker", "scheduler"):
        (container,) = KUBERNETES["spec"][part]["spec"]["containers"]
        check_command([word for word in container["args"] if word not in ("--name", "$(DASK_WORKER_NAME)")])
        ports = {port["name"] for port in container["ports"]}
        assert "http-dashboard" in ports
    assert {p["targetPort"] for p in KUBERNETES["spec"]["scheduler"]["service"]["ports"]} == {
        "tcp-comm",
        "http-dashboard",
    }


def test_the_script_for_slurm_is_what_dask_makes_of_it() -> None:
    script = DEPLOY / "slurm" / "cluster.py"
    assert importlib.util.find_spec("dask_jobqueue")
    shown = subprocess.run([sys.executable, str(script), "--show"], capture_output=True, text=True, check=False)
    assert shown.returncode == 0, shown.stderr
    assert "#SBATCH --cpus-per-task=4" in shown.stdout
    assert "export OMP_NUM_THREADS=1" in shown.stdout
    (line,) = [line for line in shown.stdout.splitlines() if "dask_worker" in line]
    words = shlex.split(line.split("dask_worker", 1)[1])
    check_command(["dask", "worker", *words])


def test_commands_are_checked_at_all() -> None:
    with pytest.raises(click.UsageError):
        check_command(["fresque", "process", "--no-such-flag"])
    assert "process" in COMMANDS
