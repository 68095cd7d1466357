"""The command line from outside: a process, an archive on disk, photos that are drawn here, faults of every kind."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.capture.test_load import bomb, saved, two_tone


def fresque(*arguments: str | Path, archive: Path | None = None, **more: Any) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k != "FRESQUE_ARCHIVE"}
    if archive is not None:
        environment["FRESQUE_ARCHIVE"] = str(archive)
    command = [sys.executable, "-m", "fresque", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=300, **more)


def board_photo(lines: list[str], size: tuple[int, int] = (1200, 900)) -> bytes:
    """A white board on a dark wall, with lines of print."""
    image = Image.new("RGB", size, (92, 98, 110))
    draw = ImageDraw.Draw(image)
    draw.polygon([(120, 90), (1090, 120), (1070, 800), (140, 780)], fill=(246, 246, 242))
    font = ImageFont.load_default(size=56)
    for row, text in enumerate(lines):
        draw.text((200, 170 + 110 * row), text, fill=(30, 40, 120), font=font)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("photos")
    (folder / "decider.jpg").write_bytes(
        board_photo(["Plan d'action", "Karim : salle, avant le 15/03", "Budget 1 400 euros"])
    )
    (folder / "explorer.jpg").write_bytes(board_photo(["Constats", "file au guichet le mercredi", "besoin de silence"]))
    return folder


@pytest.fixture(scope="module")
def filled(photos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    archive = tmp_path_factory.mktemp("archives") / "a"
    assert fresque("init", archive).returncode == 0
    assert (
        fresque("session", "add", "s1", "--title", "Bibliothèque", "--lab", "Nantes", archive=archive).returncode == 0
    )
    done = fresque("ingest", photos, "--session", "s1", "--json", archive=archive)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"added": 2, "texts": 0, "known": 0, "refused": 0, "failed": 0}
    return archive


def test_what_was_read_is_found_with_its_place(filled: Path) -> None:
    answer = json.loads(fresque("search", "guichet", "--json", archive=filled).stdout)
    first = answer["hits"][0]
    assert set(answer) == {"query", "took_ms", "total", "hits"}
    assert "guichet" in first["snippet"]
    assert first["why"]["text"] > 0
    xs = [x for x, _ in first["boxes"][0]]
    ys = [y for _, y in first["boxes"][0]]
    # drawn at (200, 280), 56 pixels high
    assert 150 < min(xs) < 250
    assert 250 < min(ys) < 300
    assert 320 < max(ys) < 380


def test_many_queries_in_one_process(filled: Path, tmp_path: Path) -> None:
    queries = tmp_path / "q.jsonl"
    queries.write_text(
        '{"id": "a", "query": "budget"}\n{"id": "b", "query": "phase:"}\n{"id": "c", "query": "silence"}\n'
    )
    lines = [json.loads(line) for line in fresque("search", "--queries", queries, archive=filled).stdout.splitlines()]
    assert [line["id"] for line in lines] == ["a", "b", "c"]
    assert "Budget" in lines[0]["hits"][0]["snippet"]
    assert "silence" in lines[2]["hits"][0]["snippet"]


def test_the_same_photos_again_add_nothing_and_say_so(filled: Path, photos: Path) -> None:
    done = fresque("ingest", photos, "--session", "s1", archive=filled)
    assert done.returncode == 0
    assert "0 photos taken in, 2 were there already" in done.stdout


def test_a_tag_by_hand_outlives_reprocessing(filled: Path) -> None:
    board = json.loads(fresque("search", "guichet", "--json", archive=filled).stdout)["hits"][0]["id"]
    assert fresque("tag", board, "FOCUS", archive=filled).returncode == 0
    assert json.loads(fresque("reprocess", "--all", "--dry-run", "--json", archive=filled).stdout)["photos"] == 2
    assert fresque("reprocess", "--all", archive=filled).returncode == 0
    shown = json.loads(fresque("show", board, "--json", archive=filled).stdout)
    assert shown["phase"]["label"] == "FOCUS"
    assert shown["phase"]["source"] == "human"
    found = json.loads(fresque("search", "guichet phase:focus", "--json", archive=filled).stdout)
    assert [hit["id"] for hit in found["hits"]] == [board]


def test_nothing_is_older_than_the_recipe_of_today(filled: Path) -> None:
    answer = fresque("reprocess", "--older-than-recipe", "--dry-run", "--json", archive=filled)
    assert json.loads(answer.stdout)["photos"] == 0


def test_status_and_sessions_for_programs(filled: Path) -> None:
    status = json.loads(fresque("status", "--json", archive=filled).stdout)
    assert (status["sessions"], status["photos"], status["boards"], status["waiting"]) == (1, 2, 2, 0)
    assert json.loads(fresque("session", "list", "--json", archive=filled).stdout)["title"] == "Bibliothèque"
    assert len(json.loads(fresque("session", "show", "s1", "--json", archive=filled).stdout)["boards"]) == 2


def test_imported_texts_are_found_and_updated(filled: Path, tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl"
    session = {"session_id": "s9", "title": "Mobilité", "type": "codesign", "date": "2023-05-02", "sponsor": "CAF"}
    file.write_text(
        json.dumps({"id": "m1", "text": "La navette part à sept heures", "phase": None, "session": session})
    )
    assert fresque("import", file, archive=filled).returncode == 0
    file.write_text(
        json.dumps({"id": "m1", "text": "Le covoiturage remplace la navette", "phase": "act", "session": session})
    )
    assert fresque("import", file, archive=filled).returncode == 0
    hits = json.loads(fresque("search", "covoiturage", "--json", archive=filled).stdout)["hits"]
    assert (hits[0]["id"], hits[0]["kind"], hits[0]["session"], hits[0]["phase"]) == ("m1", "material", "s9", "ACT")
    hits = json.loads(fresque("search", '"sept heures"', "--mode", "text", "--json", archive=filled).stdout)["hits"]
    assert not hits


@pytest.fixture
def faulty(tmp_path: Path, photos: Path) -> Path:
    folder = tmp_path / "faulty"
    folder.mkdir()
    good = (photos / "decider.jpg").read_bytes()
    (folder / "good.jpg").write_bytes(good)
    (folder / "texte.jpg").write_text("Compte rendu")
    (folder / "vide.jpg").write_bytes(b"")
    (folder / "tronquee.jpg").write_bytes(good[: len(good) // 2])
    (folder / "bombe.png").write_bytes(bomb(40_000, 40_000))
    (folder / "zero.png").write_bytes(bomb(0, 0))
    (folder / "cmyk.jpg").write_bytes(saved(two_tone("CMYK", (320, 240)), "JPEG"))
    (folder / "anime.gif").write_bytes(
        saved(two_tone(size=(320, 240)), "GIF", save_all=True, append_images=[two_tone("L")])
    )
    (folder / "dossier.jpg").mkdir()
    (folder / "lien.jpg").symlink_to(folder / "nulle-part.jpg")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xe9t\xe9.jpg")).write_bytes(board_photo(["Un nom d'avant"]))
    return folder


REFUSED = {"texte.jpg", "vide.jpg", "bombe.png", "zero.png", "lien.jpg", "dossier.jpg"}


def test_faulty_files_are_named_and_the_rest_is_done(faulty: Path, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    fresque("init", archive)
    fresque("session", "add", "s", "--title", "Défauts", archive=archive)
    done = fresque("ingest", *sorted(faulty.iterdir()), "--session", "s", archive=archive)
    assert done.returncode == 7
    assert "Traceback" not in done.stderr
    told = {line.split(":")[0] for line in done.stderr.splitlines() if ": " in line}
    assert REFUSED | {"tronquee.jpg", "\\xe9t\\xe9.jpg"} <= told
    status = json.loads(fresque("status", "--json", archive=archive).stdout)
    assert {f["photo"] for f in status["failures"]} == REFUSED | {"tronquee.jpg"}
    assert all(f["reason"] for f in status["failures"])
    assert status["waiting"] == 0
    assert status["boards"] >= 4


def test_scan_gives_one_object_for_each_photo_and_goes_on(faulty: Path) -> None:
    done = fresque("scan", *sorted(faulty.iterdir()), "--json")
    assert done.returncode == 7
    objects = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(objects) == len(list(faulty.iterdir()))
    failed = {o["photo"] for o in objects if o["error"]}
    assert failed == REFUSED | {"tronquee.jpg"}
    good = next(o for o in objects if o["photo"] == "good.jpg")
    assert "Karim" in good["boards"][0]["text"]
    assert {"find", "read", "phase"} <= set(good["seconds"])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_right_to_read(photos: Path, tmp_path: Path) -> None:
    file = tmp_path / "secret.jpg"
    file.write_bytes((photos / "decider.jpg").read_bytes())
    file.chmod(0)
    assert "may not be read" in fresque("scan", file).stderr


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("search", "x"), 3, "fresque init"),
        (("--archive", "/nulle/part", "search", "x"), 3, "fresque init"),
        (("ingest",), 2, "Usage"),
        (("fouiller",), 2, "No such command"),
    ],
)
def test_wrong_commands_say_what_to_do(arguments: tuple[str, ...], code: int, told: str) -> None:
    done = fresque(*arguments)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False)
    assert told in done.stderr


def test_unknown_names_are_told(filled: Path, photos: Path) -> None:
    assert fresque("ingest", photos, "--session", "s0", archive=filled).returncode == 5
    assert fresque("show", "nope", archive=filled).returncode == 5
    assert fresque("init", filled).returncode == 3


def test_killed_at_any_moment_every_photo_is_there_once(tmp_path: Path) -> None:
    """`kill -9` ten times in a row during `ingest`, later each time; then `process`."""
    folder, archive = tmp_path / "photos", tmp_path / "archive"
    folder.mkdir()
    names = [f"{number:02}.jpg" for number in range(12)]
    for number, name in enumerate(names):
        (folder / name).write_bytes(board_photo([f"Panneau {number}", "Constats"], (1200, 900)))
    fresque("init", archive)
    fresque("session", "add", "s", "--title", "Coupures", archive=archive)
    for attempt in range(10):
        command = [sys.executable, "-m", "fresque", "--archive", str(archive), "ingest", str(folder), "--session", "s"]
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.25 + 0.45 * attempt)
        running.send_signal(signal.SIGKILL)
        running.wait()
    fresque("ingest", folder, "--session", "s", "--no-process", archive=archive)
    assert fresque("process", archive=archive).returncode == 0
    status = json.loads(fresque("status", "--json", archive=archive).stdout)
    assert (status["photos"], status["waiting"], status["failed"]) == (12, 0, 0)
    boards = json.loads(fresque("session", "show", "s", "--json", archive=archive).stdout)["boards"]
    numbers = sorted(int(b["text"].split("Panneau")[1].split()[0]) for b in boards)
    assert numbers == list(range(12))
    assert not [half for half in (archive / "blobs" / "tmp").iterdir() if half.stat().st_size]
