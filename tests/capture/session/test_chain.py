"""Time and neighbours: what they add, what they may not do, and the made-up sessions they are judged on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from archive.model import METHOD_PHASES, AgendaItem, Method, Phase
from bench import phase as bench
from bench.phase_sessions import KINDS, chances, compare
from capture.pipeline.phase.features import CLASSES, texts
from capture.pipeline.session import chain, generate, learn
from capture.pipeline.session.phases import SessionBoard, settle, shipped
from capture.pipeline.session.when import Programme, placed

DAY = datetime(2024, 3, 5)
VAGUE = ["un référent par école", "livret, 12 pages", "accueil le mercredi"]


def at(hour: int, minute: int = 0, day: int = 0, second: int = 0) -> datetime:
    return DAY + timedelta(days=day, hours=hour, minutes=minute, seconds=second)


AGENDA = Programme(
    date(2024, 3, 5),
    date(2024, 3, 5),
    tuple(AgendaItem(p, at(h)) for p, h in zip(METHOD_PHASES, (9, 12, 15), strict=True)),
)

# --- the generator is what it says ---


@pytest.mark.parametrize("runs", [True, False])
def test_three_boards_of_ten_are_out_of_phase(runs: bool) -> None:
    taken = [t for n in range(300) for t in generate.session(n, generate.Spec(runs=runs)).taken]
    phased = [t for t in taken if t.board is not Phase.NONE]
    assert 0.27 < sum(t.board != t.at for t in phased) / len(phased) < 0.33
    assert 0.05 < 1 - len(phased) / len(taken) < 0.2


def test_day_1_is_mostly_scan_day_3_act_and_each_day_repeats_the_cycle() -> None:
    three = [m for n in range(200) if (m := generate.session(n)).programme.end == date(2024, 3, 6)]
    for day, most in zip((4, 5, 6), METHOD_PHASES, strict=True):
        told = [t.at for m in three for t in m.taken if t.time.day == day]
        assert told.count(most) > 0.45 * len(told)
        for session in three:
            phases = [a.phase for a in session.programme.agenda if a.begins.day == day]
            assert phases == list(METHOD_PHASES)


def test_photos_come_in_the_order_of_their_times_and_repeatably() -> None:
    one, again = generate.session(7), generate.session(7)
    assert one == again
    assert [t.time for t in one.taken] == sorted(t.time for t in one.taken)


# --- what it adds, on boards of themes that neither model saw ---


@pytest.fixture(scope="module")
def judged() -> tuple[bench.Case, ...]:
    return bench.cases(bench.JUDGED)


@pytest.mark.parametrize("agenda", [True, False])
def test_time_and_neighbours_add_five_points_to_texts_as_read(judged: tuple[bench.Case, ...], agenda: bool) -> None:
    shares = compare(judged, chances(judged, KINDS[1]), 60, generate.Spec(), agenda)
    assert shares.both >= shares.text + 0.05
    assert shares.both >= shares.time + 0.05


def test_where_boards_get_out_of_phase_one_by_one_the_neighbours_do_no_harm(judged: tuple[bench.Case, ...]) -> None:
    shares = compare(judged, chances(judged, KINDS[1]), 60, generate.Spec(runs=False), agenda=True)
    assert shares.both >= shares.text


def test_the_gain_is_of_the_texts_and_times_together(judged: tuple[bench.Case, ...]) -> None:
    """Texts that say nothing leave time alone, so the comparison sees a chain that adds nothing."""
    nothing = np.full((len(judged), len(CLASSES)), 1 / len(CLASSES))
    shares = compare(judged, nothing, 20, generate.Spec(runs=False), agenda=True)
    assert abs(shares.both - shares.time) < 0.03


# --- the chain ---


def test_probabilities_sum_to_one_and_what_is_known_stays() -> None:
    when = [w for w in placed([at(9), at(9) + timedelta(seconds=20), at(16)], AGENDA) if w]
    said = np.array([[0.0, 0.0, 1.0, 0.0], [0.25] * 4, [0.25] * 4])
    found = chain.posterior(said, when, shipped())
    assert np.allclose(found.sum(axis=1), 1)
    assert found[0, 2] == pytest.approx(1)
    unknown = chain.posterior(np.full((3, 4), 0.25), when, shipped())
    assert found[1, 2] > 2 * unknown[1, 2]  # beside a board known to be ACT, against the hour


def test_forward_backward_is_the_sum_over_all_paths() -> None:
    """Against brute force on a short chain."""
    when = [w for w in placed([at(9), at(9, 2), at(13), at(16)], Programme()) if w]
    chance = np.random.default_rng(1)
    said = chance.dirichlet([1, 1, 1, 1], size=4)
    tables = replace(shipped(), follows=np.repeat(shipped().follows[:1], 2, axis=0))  # one habit
    p, s = chain.PHASES, chain.STATES
    total = np.zeros((4, s))
    for path in np.ndindex(*(p, s) * 4):
        a, b = path[::2], path[1::2]
        weight = tables.begins[a[0], b[0]]
        for n in range(4):
            told = said[n, b[n]] / tables.classes[b[n]]  # a likelihood, but for a factor
            weight *= tables.hours[when[n].bin, a[n]] * told**tables.trust
            if n:
                near = sum((when[n].at - when[n - 1].at).total_seconds() > end for end in chain.GAPS)
                weight *= tables.stays[a[n - 1], a[n]] * tables.follows[0, near, a[n], b[n - 1], b[n]]
        for n in range(4):
            total[n, b[n]] += weight
    expected = total / total.sum(axis=1, keepdims=True)
    assert np.allclose(chain.posterior(said, when, tables), expected)


def test_learning_is_repeatable() -> None:
    made = [[generate.session(n) for n in range(5)]] * 2
    shares = np.full(chain.STATES, 1 / chain.STATES)
    assert chain.to_json(learn.tables(made, shares)) == chain.to_json(learn.tables(made, shares))


# --- a session's boards ---


def board(lines: list[str], when: datetime | None = None, known: Phase | None = None) -> SessionBoard:
    return SessionBoard(texts(lines), when, known)


def test_a_vague_board_goes_by_the_agenda_and_says_so() -> None:
    early, late = settle([board(VAGUE, at(9, 30)), board(VAGUE, at(16, 40))], AGENDA)
    assert max(early.probabilities, key=lambda p: early.probabilities[p]) == "SCAN"
    assert late.label is Phase.ACT
    assert any("jour 1, 16:40 : l'agenda en est à ACT" in piece for piece in late.evidence)


def test_the_text_wins_over_the_hour_where_it_is_plain() -> None:
    plan = ["PLAN D'ACTION", "Karim : clés, avant le 20/10", "Lucie → affiches, 60 ex.", "1 400 € ok"]
    (tag,) = settle([board(plan, at(9, 30))], AGENDA)
    assert tag.label is Phase.ACT


def test_a_persons_tag_speaks_for_its_neighbours() -> None:
    near = [board(VAGUE, at(13, second=10 * n)) for n in range(3)]
    known = [near[0], replace(near[1], known=Phase.SCAN), near[2]]
    before, after = settle(near, AGENDA)[0], settle(known, AGENDA)[0]
    assert after.probabilities["SCAN"] > before.probabilities["SCAN"] + 0.1


def test_boards_without_a_time_keep_what_their_text_says() -> None:
    tags = settle([board(VAGUE), board(VAGUE, at(16, 40))], AGENDA)
    assert not any("jour" in piece for piece in tags[0].evidence)
    assert settle([], AGENDA) == ()


def test_the_order_given_does_not_matter() -> None:
    boards = [board(VAGUE, at(9)), board(["et si on fermait ?"], at(9, 1)), board(VAGUE, at(15, 30))]
    assert settle(boards, AGENDA)[::-1] == settle(boards[::-1], AGENDA)


def test_a_session_of_another_method_has_no_phases() -> None:
    (tag,) = settle([board(["plan d'action", "Karim avant le 3/4"], at(16))], AGENDA, Method.OTHER)
    assert tag.label is Phase.NONE


def test_clocks_with_and_without_a_zone_meet() -> None:
    zoned = replace(AGENDA, agenda=tuple(replace(a, begins=a.begins.replace(tzinfo=UTC)) for a in AGENDA.agenda))
    assert placed([at(16)], zoned)[0] == placed([at(16).replace(tzinfo=UTC)], AGENDA)[0]


@pytest.mark.parametrize(
    ("programme", "day", "days"),
    [(Programme(), 1, 1), (Programme(date(2024, 3, 4), date(2024, 3, 6)), 2, 3), (Programme(date(2020, 1, 1)), 1, 1)],
)
def test_days_are_the_sessions_unless_the_photos_lie_outside(programme: Programme, day: int, days: int) -> None:
    (when,) = placed([at(10)], programme)
    assert when is not None
    assert (when.day, when.days) == (day, days)
