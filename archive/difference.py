"""What two readings of a photo differ in: words gained and lost, board by board. Pure."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from archive.model import Phase, Surface
from archive.readings import KeptReading


@dataclass(frozen=True)
class BoardDifference:
    """``before`` or ``after`` is None where a reading did not find the board. ``gained`` and ``lost``: words as they
    are written, compared without case and accents, each as often as it counts."""

    board_id: str
    before: str | None
    after: str | None
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    phase_before: Phase | None
    phase_after: Phase | None

    @property
    def same(self) -> bool:
        return self.before == self.after and self.phase_before == self.phase_after


def difference(before: KeptReading, after: KeptReading) -> list[BoardDifference]:
    """Of one photo's readings; boards in the order of the later one, then those it lost."""
    old = dict(zip(before.board_ids, before.scan.surfaces, strict=True))
    new = dict(zip(after.board_ids, after.scan.surfaces, strict=True))
    return [_of_board(board_id, old.get(board_id), new.get(board_id)) for board_id in dict.fromkeys([*new, *old])]


def _of_board(board_id: str, old: Surface | None, new: Surface | None) -> BoardDifference:
    before, after = (surface.text if surface else None for surface in (old, new))
    gained, lost = words_apart(before or "", after or "")
    return BoardDifference(
        board_id, before, after, gained, lost, old.phase.label if old else None, new.phase.label if new else None
    )


def words_apart(before: str, after: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Words gained and lost from one text to another."""
    old, new = before.split(), after.split()
    more, less = Counter(map(_plain, new)), Counter(map(_plain, old))
    return _surplus(new, more - less), _surplus(old, less - more)


def _surplus(words: Sequence[str], counts: Counter[str]) -> tuple[str, ...]:
    found, left = [], Counter(counts)
    for word in words:
        if left[_plain(word)] > 0 and _plain(word):
            left[_plain(word)] -= 1
            found.append(word)
    return tuple(found)


def _plain(word: str) -> str:
    folded = unicodedata.normalize("NFKD", word.casefold())
    return "".join(character for character in folded if character.isalnum())
