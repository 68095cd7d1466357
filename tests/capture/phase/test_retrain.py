"""Learning from what people confirmed: better models are kept, others are not, and they belong to the archive."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.errors import UsageError
from archive.model import CorrectionField, Line, Phase, PhaseTag, Region, RegionKind, Session, Surface
from archive.store import Archive
from bench import phase as bench
from capture import learn, settle
from capture.pipeline import stages
from capture.pipeline.phase import examples, tag_texts
from capture.pipeline.phase.examples import Example
from capture.pipeline.phase.retrain import retrain
from capture.pipeline.phase.train import Settings
from tests.archive.making import SIZE, scan
from tests.fresque.test_method import DAY, FRAME, IDENTITY, place, run

QUICK = Settings(copies=(), halves=False, folds=3)

# A lab with words of its own: nothing in the shipped examples says what they mean.
OWN = {
    Phase.SCAN: ["zorbe {n}", "flim du quartier", "tazou {n}"],
    Phase.ACT: ["krinol {n}", "vust du bureau", "pelmo {n}"],
}


def own(count: int, sessions: int = 6) -> list[Example]:
    return [
        Example(f"b{n}", f"session {n % sessions}", label.value, None, tuple(line.format(n=n) for line in lines))
        for n in range(count)
        for label, lines in OWN.items()
    ]


def test_words_of_the_lab_are_learned() -> None:
    report, model = retrain(examples.shipped()[::3], own(12), settings=QUICK)
    assert report.boards == 24
    assert report.sessions == 6
    assert report.better
    assert report.new.accuracy > report.now.accuracy + 0.3
    assert set(report.by_label) == {"SCAN", "ACT"}
    assert model.phases.weights.shape[1] == 4


def test_labels_that_contradict_one_another_are_not_better() -> None:
    """The same text under two labels, in every session: nothing can be learned from it."""
    lines = examples.shipped()[0].lines
    labels = ("SCAN", "FOCUS", "ACT")
    boards = [Example(f"c{n}", f"session {n % 5}", labels[(n // 5 + n) % 3], None, lines) for n in range(30)]
    report, _ = retrain(examples.shipped()[::3], boards, settings=QUICK)
    assert report.new.accuracy <= report.now.accuracy + 0.1


def test_the_model_in_use_has_no_advantage_from_what_it_has_seen() -> None:
    boards = own(12)
    report, _ = retrain(examples.shipped()[::3], boards, [b.id for b in boards], QUICK)
    assert report.now == report.new
    assert not report.better


def test_too_few_boards_say_nothing() -> None:
    with pytest.raises(ValueError, match="4 boards"):
        retrain(examples.shipped()[::3], own(2), settings=QUICK)


# --- in an archive ---


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive in which people confirmed the phases of twenty-four boards in six sessions."""
    path = tmp_path_factory.mktemp("taught") / "archive"
    with Archive.create(path) as archive:
        for n in range(6):
            archive.catalog.add_session(Session(f"s{n}", f"Session {n}"))
        for number, board in enumerate(own(12)):
            blob = archive.blobs.put(f"photo {number}".encode())
            session = board.theme.replace("session ", "s")
            photo, _ = archive.catalog.add_photo(session, blob, f"{number}.jpg", taken_at=DAY)
            lines = tuple(Line(text, place(i), 0.9, "ppocr") for i, text in enumerate(board.lines))
            region = Region(RegionKind.TEXT, FRAME, lines)
            seen = Surface(FRAME, 0.9, False, *SIZE, 0, IDENTITY, (region,), PhaseTag(Phase.UNSURE))
            (made,) = archive.catalog.commit_scan(photo.id, scan([seen]))
            archive.catalog.correct(photo.id, made.id, CorrectionField.PHASE, board.label)
    return path


@pytest.mark.slow
def test_an_archive_keeps_the_better_model_and_names_it_in_its_recipes(taught: Path) -> None:
    done = json.loads(run(taught, "phase", "train", "--json").output)
    assert done["kept"]
    with Archive.open(taught) as archive:
        data = settle.phase_model(archive)
        kept = archive.catalog.trained(settle.PHASE)
    assert data is not None
    assert kept is not None
    assert len(kept.learned) == 24
    shipped, own_ = stages.recipe(stages.Options()), stages.recipe(stages.Options(phase_model=data))
    assert [a.name for a, b in zip(shipped.stages, own_.stages, strict=True) if a != b] == ["phase"]
    assert run(taught, "phase", "reset").exit_code == 0
    with Archive.open(taught) as archive:
        assert settle.phase_model(archive) is None


def test_nothing_confirmed_is_told(tmp_path: Path) -> None:
    with Archive.create(tmp_path / "a") as archive, pytest.raises(UsageError) as caught:
        learn.train_phases(archive)
    assert "fresque tag" in caught.value.hint


def test_the_shipped_model_is_left_as_it_is() -> None:
    """Training an archive's model changes nothing for others: the judged boards are tagged as before."""
    case = bench.cases(bench.JUDGED)[0]
    before = tag_texts(case.lines)
    retrain(examples.shipped()[::3], own(12), settings=QUICK)
    assert tag_texts(case.lines) == before
