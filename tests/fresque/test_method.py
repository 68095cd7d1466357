"""The method at the command line: actions, themes, sessions, on boards committed as a reading would."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from icalendar import Calendar

from archive.model import AgendaItem, Line, Phase, PhaseTag, Polygon, Region, RegionKind, Session, Surface
from archive.store import Archive
from fresque.cli import cli
from tests.archive.making import SIZE, scan

FRAME = ((0.0, 0.0), (1000.0, 0.0), (1000.0, 800.0), (0.0, 800.0))
IDENTITY = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
DAY = datetime(2024, 3, 7, 16, 40, tzinfo=UTC)
PLAN = ["PLAN D'ACTION crèche", "Karim : clés, avant le 15/03", "Lucie → affiches, fin mars", "qui paie l'assurance ?"]
GRIPES = ["Ce qui coince", "« je savais pas que la crèche était pleine »", "file au guichet le mercredi", "pourquoi ?"]


def run(archive: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["--archive", str(archive), *arguments], catch_exceptions=False)


def place(row: int) -> Polygon:
    top = 40.0 + 100 * row
    return ((50.0, top), (800.0, top), (800.0, top + 50), (50.0, top + 50))


def board(texts: list[str]) -> Surface:
    lines = tuple(Line(text, place(n), 0.9, "ppocr") for n, text in enumerate(texts))
    region = Region(RegionKind.TEXT, FRAME, lines)
    return Surface(FRAME, 0.9, False, *SIZE, 0, IDENTITY, (region,), PhaseTag(Phase.UNSURE))


@pytest.fixture
def place_of(tmp_path: Path) -> Path:
    path = tmp_path / "archive"
    agenda = tuple(AgendaItem(p, DAY.replace(hour=h)) for p, h in ((Phase.SCAN, 9), (Phase.FOCUS, 12), (Phase.ACT, 15)))
    with Archive.create(path) as archive:
        archive.catalog.add_session(Session("s1", "Crèche", start=date(2024, 3, 7), agenda=agenda))
        for name, texts, hour in (("act.jpg", PLAN, 16), ("scan.jpg", GRIPES, 9)):
            blob = archive.blobs.put(name.encode())
            photo, _ = archive.catalog.add_photo("s1", blob, name, taken_at=DAY.replace(hour=hour))
            archive.catalog.commit_scan(photo.id, scan([board(texts)]))
    return path


def listed(archive: Path, *more: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in run(archive, "actions", "list", "s1", "--json", *more).output.splitlines()]


# --- actions ---


def test_actions_are_listed_with_owner_date_source_and_place(place_of: Path) -> None:
    keys, posters, question = listed(place_of)
    assert (keys["owner"], keys["due"], keys["text"], keys["photo"]) == ("Karim", "2024-03-15", "clés", "act.jpg")
    assert keys["source"] == PLAN[1]
    xs = [p[0] for p in keys["polygon"]]  # type: ignore[attr-defined]
    assert (min(xs), max(xs)) == (50, 800)
    assert (posters["owner"], posters["due"]) == ("Lucie", "2024-03-31")
    assert question["kind"] == "question"
    assert [a["owner"] for a in listed(place_of, "--owner", "luc")] == ["Lucie"]


def test_what_a_person_corrects_stays(place_of: Path) -> None:
    keys = listed(place_of)[0]
    assert run(place_of, "actions", "fix", str(keys["id"]), "--owner", "Karim B.", "--due", "").exit_code == 0
    fixed = next(a for a in listed(place_of) if a["text"] == "clés")
    assert (fixed["owner"], fixed["due"], fixed["said_by"]) == ("Karim B.", "", "human")
    assert run(place_of, "actions", "remove", str(keys["id"])).exit_code == 0
    assert "clés" not in [a["text"] for a in listed(place_of)]
    board_id = str(keys["board"])
    assert (
        run(place_of, "actions", "add", board_id, "clés du local", "--owner", "Ana", "--due", "2024-04-01").exit_code
        == 0
    )
    assert ("Ana", "2024-04-01") in [(a["owner"], a["due"]) for a in listed(place_of)]


def test_a_corrected_line_is_looked_at_again(place_of: Path) -> None:
    listed(place_of)
    with Archive.open(place_of) as archive:
        act = next(b for b in archive.catalog.boards() if b.decided)
        from archive.model import CorrectionField

        text = "Nadia : clés, avant le 20/03"
        archive.catalog.correct(act.views[0].photo_id, act.id, CorrectionField.TEXT, text, place(1))
    assert ("Nadia", "2024-03-20") in [(a["owner"], a["due"]) for a in listed(place_of)]


def test_csv_opens_in_a_spreadsheet(place_of: Path, tmp_path: Path) -> None:
    out = tmp_path / "actions.csv"
    assert run(place_of, "actions", "export", "s1", "--out", str(out)).exit_code == 0
    data = out.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert [(r["owner"], r["due"]) for r in rows[:2]] == [("Karim", "2024-03-15"), ("Lucie", "2024-03-31")]


def test_a_cell_is_no_formula(place_of: Path, tmp_path: Path) -> None:
    key = str(listed(place_of)[0]["id"])
    run(place_of, "actions", "fix", key, "--text", "=HYPERLINK(1)")
    out = tmp_path / "actions.csv"
    run(place_of, "actions", "export", "s1", "--out", str(out))
    assert "'=HYPERLINK" in out.read_text(encoding="utf-8-sig")


def test_a_calendar_reads_the_export(place_of: Path, tmp_path: Path) -> None:
    out = tmp_path / "actions.ics"
    assert run(place_of, "actions", "export", "s1", "--format", "ics", "--out", str(out)).exit_code == 0
    calendar = Calendar.from_ical(out.read_bytes())
    todos = {str(t["summary"]): t.decoded("due") for t in calendar.walk("VTODO")}
    assert todos == {"clés (Karim)": date(2024, 3, 15), "affiches (Lucie)": date(2024, 3, 31)}
    assert [e.decoded("dtstart") for e in calendar.walk("VEVENT")] == list(todos.values())
    assert PLAN[1] in str(calendar.walk("VTODO")[0]["description"])


def test_what_comes_again_does_so_in_the_calendar(place_of: Path, tmp_path: Path) -> None:
    lines = ["Qui fait quoi", "Nadia relance les écoles chaque lundi jusqu'au 30 juin", "Yves : bilan tous les 2 mois"]
    with Archive.open(place_of) as archive:
        blob = archive.blobs.put(b"again")
        photo, _ = archive.catalog.add_photo("s1", blob, "again.jpg", taken_at=DAY.replace(minute=50))
        archive.catalog.commit_scan(photo.id, scan([board(lines)]))
    weekly, review = (a for a in listed(place_of) if a["photo"] == "again.jpg")
    assert (weekly["repeats"], weekly["next"]) == ("chaque lundi", "2024-03-11")
    assert (review["repeats"], review["next"], review["due"]) == ("tous les 2 mois", "", "")
    assert "chaque lundi, next 2024-03-11" in run(place_of, "actions", "list", "s1").output
    out = tmp_path / "actions.ics"
    run(place_of, "actions", "export", "s1", "--format", "ics", "--out", str(out))
    again = [e for e in Calendar.from_ical(out.read_bytes()).walk() if e.name != "VCALENDAR" and "rrule" in e]
    assert [e.name for e in again] == ["VTODO", "VEVENT"]
    for made in again:
        assert made.decoded("dtstart") == date(2024, 3, 11)
        assert made["rrule"].to_ical() == b"FREQ=WEEKLY;UNTIL=20240630;BYDAY=MO"


def test_ids_that_are_none_say_so(place_of: Path) -> None:
    from archive.errors import NotFound, UsageError

    with pytest.raises(UsageError, match="no id of an action"):
        run(place_of, "actions", "fix", "nonsense")
    key = str(listed(place_of)[0]["board"])
    with pytest.raises(NotFound, match="3 actions"):
        run(place_of, "actions", "remove", f"{key}:9")


# --- phases of the session ---


def test_the_agenda_is_told_as_evidence(place_of: Path) -> None:
    listed(place_of)
    with Archive.open(place_of) as archive:
        act = next(b for b in archive.catalog.boards() if b.decided)
    assert act.phase.label is Phase.ACT
    assert any("jour 1, 16:40" in piece and "ACT" in piece for piece in act.phase.evidence)


# --- themes ---


def test_the_vocabulary_grows_and_boards_follow(place_of: Path) -> None:
    assert "crèche" in run(place_of, "theme", "suggest").output
    assert run(place_of, "theme", "add", "Petite enfance", "--word", "crèche").exit_code == 0
    (theme,) = [json.loads(line) for line in run(place_of, "theme", "list", "--json").output.splitlines()]
    assert (theme["name"], theme["boards"]) == ("Petite enfance", 2)
    assert "crèche" not in run(place_of, "theme", "suggest").output.split()
    run(place_of, "theme", "rename", "petite enfance", "Famille")
    run(place_of, "theme", "add", "Guichet")
    run(place_of, "theme", "merge", "Guichet", "Famille")
    with Archive.open(place_of) as archive:
        assert {b.themes for b in archive.catalog.boards()} == {("Famille",)}
        board_id = archive.catalog.boards()[0].id
    assert run(place_of, "theme", "set", board_id).exit_code == 0
    with Archive.open(place_of) as archive:
        assert archive.catalog.board(board_id).themes == ()


def test_a_theme_is_searched(place_of: Path) -> None:
    run(place_of, "theme", "add", "Petite enfance", "--word", "crèche")
    hits = json.loads(run(place_of, "search", 'theme:"Petite enfance"', "--json").output)["hits"]
    assert len(hits) == 2


# --- sessions, projects, clocks ---


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    path = tmp_path / "archive"
    Archive.create(path).close()
    return path


FLAGS = [
    "--title", "Crèche", "--kind", "incubation", "--method", "ase", "--lab", "Nantes", "--project", "p1",
    "--requester", "CAF=partner", "--partner", "Ville", "--start", "2024-03-05", "--end", "2024-03-07",
    "--theme", "famille",
    "--person", "Anne=facilitator", "--person", "Zéphyrine Alba", "--agenda", "2024-03-05 14:00 FOCUS",
    "--agenda", "2024-03-05 09:30 SCAN", "--language", "fr", "--visibility", "lab", "--retention-until", "2034-03-07",
    "--legal-basis", "consent",
]  # fmt: skip


def test_every_field_has_a_flag(empty: Path) -> None:
    assert run(empty, "project", "add", "p1", "--title", "La crèche à vocation").exit_code == 0
    assert run(empty, "session", "add", "s1", *FLAGS).exit_code == 0
    shown = json.loads(run(empty, "session", "show", "s1", "--json").output)
    assert shown["requesters"] == ["CAF"]
    assert shown["people"] == [
        {"name": "Anne", "role": "facilitator"},
        {"name": "Zéphyrine Alba", "role": "participant"},
    ]
    assert [a["phase"] for a in shown["agenda"]] == ["SCAN", "FOCUS"]
    plain = Session("s1", "s1")
    with Archive.open(empty) as archive:
        made = archive.catalog.session("s1")
    from dataclasses import fields

    unsaid = [f.name for f in fields(Session) if getattr(made, f.name) == getattr(plain, f.name)]
    assert unsaid == ["id", "method"]  # ASE is what a session is when nothing is said
    (listed_project,) = [json.loads(line) for line in run(empty, "project", "list", "--json").output.splitlines()]
    assert listed_project["sessions"] == ["s1"]
    assert "Crèche" in run(empty, "project", "show", "p1").output


def test_edit_changes_what_is_named_and_nothing_else(empty: Path) -> None:
    run(empty, "project", "add", "p1", "--title", "P")
    run(empty, "session", "add", "s1", *FLAGS)
    assert run(empty, "session", "edit", "s1", "--agenda", "2024-03-06 09:00 ACT", "--lab", "Lille").exit_code == 0
    with Archive.open(empty) as archive:
        made = archive.catalog.session("s1")
    assert (made.lab, made.title, [a.phase for a in made.agenda]) == ("Lille", "Crèche", [Phase.ACT])


@pytest.mark.parametrize("agenda", ["tomorrow SCAN", "2024-03-06 09:00 LUNCH", "SCAN"])
def test_a_line_that_is_no_agenda_says_so(empty: Path, agenda: str) -> None:
    from archive.errors import UsageError

    with pytest.raises(UsageError, match="no line of an agenda"):
        run(empty, "session", "add", "s1", "--title", "T", "--agenda", agenda)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two photos by a camera whose clock stands at 2000, and a session.toml."""
    from PIL import Image

    where = tmp_path / "photos"
    where.mkdir()
    for n in range(2):
        exif = Image.Exif()
        exif[0x0132] = f"2000:01:01 0{n + 1}:30:00"
        Image.new("RGB", (320, 240), (200, 200, 200 - n)).save(where / f"{n}.jpg", exif=exif)
    (where / "session.toml").write_text(
        'session_id = "creche"\ntitle = "La crèche"\nlab = "Nantes"\nstart = 2024-03-05\nend = 2024-03-05\n'
        'project = "p9"\nagenda = [{ phase = "SCAN", begins = 2024-03-05T09:30:00 }]\n',
        encoding="utf-8",
    )
    return where


def test_a_folder_says_which_session_it_is(empty: Path, folder: Path) -> None:
    done = run(empty, "ingest", str(folder), "--no-process")
    assert "2 photos taken in" in done.output
    assert "looks wrong" in done.output
    with Archive.open(empty) as archive:
        made = archive.catalog.session("creche")
        assert (made.title, made.lab, made.project_id, made.agenda[0].phase) == (
            "La crèche",
            "Nantes",
            "p9",
            Phase.SCAN,
        )
        assert {p.file_name for p in archive.catalog.photos()} == {"0.jpg", "1.jpg"}


def test_a_file_fills_what_is_empty_and_overrules_nobody(empty: Path, folder: Path) -> None:
    run(empty, "session", "add", "s1", "--title", "Titre à nous", "--lab", "Lille")
    assert run(empty, "ingest", str(folder), "--session", "s1", "--no-process").exit_code == 0
    with Archive.open(empty) as archive:
        made = archive.catalog.session("s1")
        assert len(archive.catalog.sessions()) == 1
    assert (made.title, made.lab, made.start) == ("Titre à nous", "Lille", date(2024, 3, 5))


def test_a_folder_without_a_session_says_so(empty: Path, tmp_path: Path) -> None:
    from archive.errors import UsageError

    with pytest.raises(UsageError, match="lies beside"):
        run(empty, "ingest", str(tmp_path))


def test_wrong_clocks_are_proposed_and_shifted_together(empty: Path, folder: Path) -> None:
    run(empty, "ingest", str(folder), "--no-process", "--uploader", "Anne")
    (row,) = [json.loads(line) for line in run(empty, "session", "clock", "creche", "--json").output.splitlines()]
    assert row["uploader"] == "Anne"
    assert row["proposed"] is not None
    assert run(empty, "session", "clock", "creche", "--uploader", "Anne", f"--shift={row['proposed']}").exit_code == 0
    with Archive.open(empty) as archive:
        times = [p.at for p in archive.catalog.photos() if p.at]
    assert {at.date() for at in times} == {date(2024, 3, 5)}
    assert times[1] - times[0] == timedelta(hours=1), "together"
    (row,) = [json.loads(line) for line in run(empty, "session", "clock", "creche", "--json").output.splitlines()]
    assert row["proposed"] is None


def test_of_two_cameras_of_one_person_only_the_wrong_one_is_shifted(empty: Path, tmp_path: Path) -> None:
    from PIL import Image

    where = tmp_path / "two"
    where.mkdir()
    for n in range(6):
        right = n < 4  # most photos are right: taken together their clocks would look right
        exif = Image.Exif()
        exif[0x010F], exif[0x0110] = ("Nikon", "Nikon D90") if right else ("Apple", "iPhone 12")
        exif[0x0132] = f"2024:03:05 1{n}:30:00" if right else f"2001:01:01 0{n}:30:00"
        Image.new("RGB", (320, 240), (200, 200, 200 - n)).save(where / f"{n}.jpg", exif=exif)
    run(empty, "session", "add", "s1", "--title", "T", "--start", "2024-03-05")
    told = run(empty, "ingest", str(where), "--session", "s1", "--no-process", "--uploader", "Anne").output
    assert "The clock of 2 photos looks wrong" in told
    assert "--camera 'Apple iPhone 12'" in told
    found = [json.loads(line) for line in run(empty, "session", "clock", "s1", "--json").output.splitlines()]
    by = {row["camera"]: row["proposed"] for row in found}
    assert by["Nikon D90"] is None
    assert run(empty, "session", "clock", "s1", "--camera", "Apple iPhone 12", f"--shift={by['Apple iPhone 12']}")
    with Archive.open(empty) as archive:
        photos = archive.catalog.photos()
    assert {p.at.date() for p in photos if p.at} == {date(2024, 3, 5)}
    assert sum(p.clock_shift != 0 for p in photos) == 2


def test_a_shift_may_be_given_on_the_way_in(empty: Path, folder: Path) -> None:
    run(empty, "ingest", str(folder), "--no-process", "--clock-shift", "+1h30")
    with Archive.open(empty) as archive:
        assert {p.clock_shift for p in archive.catalog.photos()} == {5400}
