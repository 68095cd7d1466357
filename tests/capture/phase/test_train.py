"""Training is reproducible, and what it makes is what is shipped."""

from __future__ import annotations

import numpy as np
import pytest

from capture.pipeline.phase import examples, model
from capture.pipeline.phase.features import CLASSES, PHASE_OF, STEPS, features, see, texts
from capture.pipeline.phase.misread import misread
from capture.pipeline.phase.train import Settings, temperature, train

QUICK = Settings(copies=(0.2,), halves=False, folds=3)


def test_the_same_boards_make_the_same_bytes() -> None:
    boards = examples.shipped()[::4]
    assert train(boards, QUICK).to_bytes() == train(boards, QUICK).to_bytes()


@pytest.mark.slow
def test_the_shipped_model_is_what_training_makes() -> None:
    """Near to the bit: another processor sums in another order."""
    boards = examples.shipped()
    made, shipped = model.from_bytes(train(boards).to_bytes()), model.shipped()
    for board in boards[::5]:
        found = features(see(texts(board.lines)))
        chances = [model.softmax(m.phases.logits(found)) for m in (made, shipped)]
        assert np.allclose(chances[0], chances[1], atol=0.02)


def test_a_model_survives_its_file() -> None:
    shipped = model.shipped()
    again = model.from_bytes(shipped.to_bytes())
    assert np.array_equal(again.phases.weights, shipped.phases.weights)
    assert again.steps.temperature == shipped.steps.temperature


def test_a_model_of_other_features_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = model.shipped_bytes()
    monkeypatch.setattr(model, "_META", {"classes": []})
    with pytest.raises(ValueError, match="other features"):
        model.from_bytes(data)


def test_temperature_softens_the_overconfident() -> None:
    labels = np.array([0, 0, 0, 1] * 25)
    logits = np.tile(np.array([6.0, 0.0]), (100, 1))
    t = temperature(logits, labels)
    assert model.softmax(logits[0] / t)[0] == pytest.approx(0.75, abs=0.02)


def test_every_example_is_of_a_known_label_and_step() -> None:
    for board in examples.shipped():
        assert board.label in CLASSES
        assert board.step is None or PHASE_OF[board.step] == board.label
        assert board.lines
    assert {b.step for b in examples.shipped()} >= set(STEPS)


def test_misreading_is_of_the_asked_rate_and_repeatable() -> None:
    line = "le plan d'action est prêt " * 40
    (once,), (again,) = misread([line], 0.2, 7), misread([line], 0.2, 7)
    assert once == again
    assert misread([line], 0.0, 7) == (line,)
    lost = 1 - len(once) / len(line)
    assert 0.005 < lost < 0.04  # one in ten of one in five, of what is visible
