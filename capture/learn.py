"""The boards that people confirmed as examples to learn from, and the model that was learned, kept in the archive."""

from __future__ import annotations

from dataclasses import asdict

from archive.errors import UsageError
from archive.model import CorrectionField, Phase
from archive.store import Archive
from capture.pipeline.phase import examples
from capture.pipeline.phase.examples import Example
from capture.pipeline.phase.retrain import FEWEST, Report, retrain
from capture.settle import PHASE, phase_model


def confirmed(archive: Archive) -> list[Example]:
    """Live boards whose phase a person gave, with their corrected text; a session is a theme."""
    given = [c for c in archive.catalog.corrections() if c.field is CorrectionField.PHASE and c.board_id]
    boards = archive.catalog.boards_by_id(sorted({str(c.board_id) for c in given}))
    return [
        Example(board.id, f"session {board.session_id}", board.phase.label.value, None, lines)
        for board in sorted(boards.values(), key=lambda b: b.id)
        if not board.retired
        and board.phase.source == "human"
        and board.phase.label is not Phase.UNSURE
        and (lines := tuple(line.text for line in board.lines))
    ]


def train_phases(archive: Archive, keep: bool = True, author: str = "") -> tuple[Report, bool]:
    """Learn phases again with what people confirmed; the comparison, and whether the new model is in use now.

    Raises UsageError where too little is confirmed.
    """
    boards = confirmed(archive)
    now = archive.catalog.trained(PHASE)
    learned = now.learned if now and phase_model(archive) is not None else ()
    try:
        report, model = retrain(examples.shipped(), boards, learned)
    except ValueError as error:
        hint = f"confirm at least {FEWEST} boards of two phases or more: fresque tag BOARD PHASE"
        raise UsageError(str(error), hint) from error
    if not (keep and report.better):
        return report, False
    blob = archive.blobs.put(model.to_bytes())
    archive.catalog.keep_trained(PHASE, blob, [b.id for b in boards], asdict(report), author)
    return report, True
