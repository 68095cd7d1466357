"""Which boards of a session are one surface: photographed again (states), or piece by piece (parts of a fresco)?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from capture.pipeline.frame import Matrix
from capture.pipeline.session.likeness import Likeness, Shot, compare
from capture.pipeline.session.likeness import Params as LikenessParams
from capture.pipeline.threads import side_by_side

VERSION = 2


@dataclass(frozen=True)
class Params:
    likeness: LikenessParams = field(default_factory=LikenessParams)
    state: float = 0.6  # intersection over union of two surfaces from which on they are one, photographed twice
    inside: float = 0.85  # share of the smaller board that the other shows from which on it is a detail of it
    copied: float = 1.6  # pixels of the small picture that features are off where a board was written anew
    many: int = 120  # features that agree, from which on it is the same one however its paper is bent
    part: float = 0.06  # least overlap of two pieces
    seam: float = 2.5  # pixels of the small picture that the features along a seam may be off
    seam_agreement: float = 0.6  # of the ink along it
    window: int = 60  # boards before, in time, that each is compared with


@dataclass(frozen=True, eq=False)
class Wall:
    """``members`` are numbers of boards, the one to be shown first (the sharpest state; the first part, from left to
    right) ahead; ``ways`` lead from each member's pixels to those of the first. ``parts``: they are to be joined."""

    members: tuple[int, ...]
    ways: tuple[Matrix, ...]
    parts: bool


def find_walls(
    shots: Sequence[Shot],
    apart: Callable[[int, int], bool] = lambda a, b: False,
    params: Params | None = None,
    threads: int = 1,
) -> tuple[Wall, ...]:
    """The walls of two boards and more; ``shots`` in the order in which they were taken. ``apart`` tells boards that
    cannot be one: two of one photo, or what a person parted. A board is in one wall of states at most, and the first
    of such a wall, or a board that has none, in one wall of parts."""
    params = params or Params()
    pairs = [(a, b) for b in range(len(shots)) for a in range(max(0, b - params.window), b) if not apart(a, b)]
    found = side_by_side(lambda pair: compare(shots[pair[0]], shots[pair[1]], params.likeness), pairs, threads)
    links = {pair: link for pair, link in zip(pairs, found, strict=True) if link and not _copied(link, params)}
    same = {pair: link for pair, link in links.items() if link.iou >= params.state or link.overlap >= params.inside}
    states = [_states(group, same, shots) for group in _groups(len(shots), same)]
    later = {m for wall in states for m in wall.members[1:]}
    seams = {
        pair: link
        for pair, link in links.items()
        if pair not in same
        and not later & set(pair)
        and link.overlap >= params.part
        and link.error <= params.seam
        and link.agreement >= params.seam_agreement
    }
    return (*states, *(_parts(group, seams) for group in _groups(len(shots), seams)))


def _copied(link: Likeness, params: Params) -> bool:
    """Whether one board is the other written anew: its words stand where they stood, but not to the pixel."""
    whole = link.iou >= params.state or link.overlap >= params.inside
    return whole and link.error > params.copied and link.inliers < params.many


def _groups(count: int, links: dict[tuple[int, int], Likeness]) -> list[list[int]]:
    """What chains of links connect, two and more."""
    heads = list(range(count))

    def head(n: int) -> int:
        while heads[n] != n:
            n = heads[n]
        return n

    for a, b in links:
        heads[max(head(a), head(b))] = min(head(a), head(b))
    members = [[n for n in range(count) if head(n) == h] for h in range(count)]
    return [group for group in members if len(group) > 1]


def _states(group: list[int], links: dict[tuple[int, int], Likeness], shots: Sequence[Shot]) -> Wall:
    """The sharpest that shows the whole comes first; a close-up, however sharp, shows a part only."""
    first = _ways(group[0], group, links)
    shown = {n: abs(np.linalg.det(first[n][:2, :2])) * shots[n].size[0] * shots[n].size[1] for n in group}
    whole = [n for n in group if shown[n] >= 0.6 * max(shown.values())]
    lead = max(whole, key=lambda n: shots[n].sharpness)
    rest = sorted((n for n in group if n != lead), key=lambda n: -shots[n].sharpness)
    ways = _ways(lead, group, links)
    return Wall((lead, *rest), tuple(ways[n] for n in (lead, *rest)), parts=False)


def _parts(group: list[int], links: dict[tuple[int, int], Likeness]) -> Wall:
    """From left to right, seen from the member with the strongest seams."""
    strength = {n: sum(link.inliers for pair, link in links.items() if n in pair) for n in group}
    lead = max(group, key=lambda n: strength[n])
    ways = _ways(lead, group, links)
    order = sorted(group, key=lambda n: float(ways[n][0, 2]))
    first = np.linalg.inv(ways[order[0]])
    return Wall(tuple(order), tuple(_normed(first @ ways[n]) for n in order), parts=True)


def _ways(lead: int, group: list[int], links: dict[tuple[int, int], Likeness]) -> dict[int, Matrix]:
    """Along the strongest links (a maximum spanning tree, grown from the lead)."""
    ways: dict[int, Matrix] = {lead: np.eye(3)}
    while len(ways) < len(group):
        edge = [(pair, link) for pair, link in links.items() if (pair[0] in ways) != (pair[1] in ways)]
        (a, b), strongest = max(edge, key=lambda item: item[1].inliers)
        if b in ways:
            ways[a] = _normed(ways[b] @ strongest.way)
        else:
            ways[b] = _normed(ways[a] @ np.linalg.inv(strongest.way))
    return ways


def _normed(way: Matrix) -> Matrix:
    return np.asarray(way / way[2, 2], np.float64)
