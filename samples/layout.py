"""Where the words go: lines flowed into boxes of a canvas."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np

from samples.canvas import Canvas, Line, Points
from samples.fonts import Hand
from samples.lettering import Nib, Pen, advance, write
from samples.rng import Rng

Box = tuple[float, float, float, float]
"""x, y, width, height in millimetres."""


@dataclass(frozen=True)
class Script:
    """Who writes and with what. ``cap``: height of the capitals in mm, at most and at least."""

    hand: Hand
    title_hand: Hand
    pens: tuple[Pen, ...]
    cap: tuple[float, float]
    wobble: float = 1.0
    leading: float = 2.1  # base line to base line, in cap heights


def _words(text: str) -> list[str]:
    """Words with the marks that French sets apart: "deux ?" and "« oui »" stay whole."""
    bound = re.sub(r" ([?!:;»%€]+)(?= |$)", "\u00a0\\1", text).replace("« ", "«\u00a0")
    return [word.replace("\u00a0", " ") for word in bound.split(" ") if word]


def wrap(text: str, width: float, hand: Hand, cap: float) -> list[str]:
    """Greedy lines no longer than ``width`` (a single long word may be); a line break in the text stays one."""
    out: list[str] = []
    for part in text.split("\n"):
        begun = len(out)
        for word in _words(part):
            if len(out) > begun and advance(f"{out[-1]} {word}", hand, cap) <= width:
                out[-1] += f" {word}"
            else:
                out.append(word)
    return out


def put(
    canvas: Canvas, text: str, script: Script, at: tuple[float, float], cap: float, rng: Rng, **how: object
) -> Line:
    """Writes one line with its base line starting at ``at`` (mm).

    ``how``: ``pen`` (default the script's first), ``kind`` (default "text"), ``angle`` in degrees, clockwise.
    """
    pen = how.get("pen", script.pens[0])
    angle = how.get("angle", 0.0)
    assert isinstance(pen, Pen)
    assert isinstance(angle, float)
    kind = str(how.get("kind", "text"))
    hand = script.title_hand if kind == "title" else script.hand
    nib = Nib(min(pen.width, (0.24 if kind == "title" else 0.15) * cap) * canvas.scale, pen.chisel, script.wobble)
    done = write(text, hand, cap * canvas.scale, nib, rng)
    ys, xs = np.nonzero(done.mask > 96)
    box = np.array([[xs.min(), ys.min()], [xs.max(), ys.min()], [xs.max(), ys.max()], [xs.min(), ys.max()]], float)
    origin = canvas.px(np.array([at]))[0]
    turn = np.deg2rad(angle)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    corners = (box - (done.left, done.base)) @ rotation.T + origin
    mask, left, top = done.mask, round(origin[0] - done.left), round(origin[1] - done.base)
    if angle:
        full = np.array([[0, 0], [mask.shape[1], 0], [mask.shape[1], mask.shape[0]], [0, mask.shape[0]]], float)
        spread = (full - (done.left, done.base)) @ rotation.T + origin
        left, top = (int(v) for v in np.floor(spread.min(0)))
        size = np.ceil(spread.max(0) - (left, top)).astype(int) + 1
        move = np.hstack([rotation, (origin - (left, top) - rotation @ (done.left, done.base))[:, None]])
        mask = np.asarray(cv2.warpAffine(mask, move, (int(size[0]), int(size[1]))), dtype=np.uint8)
    else:
        corners += np.array([left, top]) - (origin - (done.left, done.base))
    canvas.stamp(mask, left, top, pen, rng)
    canvas.hand = script.hand.file
    line = Line(text, kind, canvas.mm(corners))
    canvas.lines.append(line)
    reserve(canvas, line.poly, 0.3 * cap)
    return line


def reserve(canvas: Canvas, poly: Points, margin: float) -> None:
    low, high = poly.min(0) - margin, poly.max(0) + margin
    canvas.taken.append((float(low[0]), float(low[1]), float(high[0]), float(high[1])))


def needed(texts: list[str], width: float, script: Script, cap: float) -> float:
    """Height that the lines take when wrapped."""
    rows = sum(len(wrap(t, width, script.hand, cap)) for t in texts)
    return (rows + 0.45 * len(texts)) * script.leading * cap * 0.9


def fit(texts: list[str], box: Box, script: Script) -> float:
    """The largest cap height within the script's bounds with which the lines fill the box without leaving it."""
    cap = script.cap[0]
    while cap > script.cap[1] and (
        needed(texts, box[2], script, cap) > box[3]
        or max(advance(w, script.hand, cap) for t in texts for w in _words(t)) > box[2]
    ):
        cap *= 0.95
    return cap


def column(canvas: Canvas, texts: list[str], box: Box, script: Script, rng: Rng) -> float:
    """Flows the lines down the box, each idea in one pen; returns where the next could start (mm)."""
    cap = fit(texts, box, script)
    y = box[1] + 1.2 * cap
    slope = float(rng.normal(0, 0.5))
    for text in texts:
        pen = script.pens[0] if rng.random() < 0.7 else script.pens[int(rng.integers(len(script.pens)))]
        start = float(rng.normal(0, 0.1 * cap))
        for row, part in enumerate(wrap(text, box[2], script.hand, cap)):
            x = box[0] + start + (0.7 * cap if row else 0)
            put(canvas, part, script, (x, y), cap, rng, pen=pen, angle=_tidy(slope + float(rng.normal(0, 0.25))))
            y += script.leading * cap * 0.9
        y += 0.4 * script.leading * cap
    return y


def _tidy(angle: float) -> float:
    return 0.0 if abs(angle) < 0.15 else angle


def title(canvas: Canvas, text: str, box: Box, script: Script, rng: Rng) -> float:
    """The title, larger, underlined, boxed or bare; returns the height it took."""
    if not text:
        return 0.0
    pen = replace(script.pens[int(rng.integers(len(script.pens)))], dry=0.0)
    pen = replace(pen, width=pen.width * 1.6)
    cap = script.cap[0] * float(rng.uniform(1.25, 1.7))
    while advance(text, script.title_hand, cap) > box[2] * 0.94:
        cap *= 0.95
    centred = rng.random() < 0.4
    x = box[0] + (box[2] - advance(text, script.title_hand, cap)) * (0.5 if centred else 0.02)
    line = put(canvas, text, script, (x, box[1] + 1.5 * cap), cap, rng, pen=pen, kind="title")
    _ornament(canvas, line.poly, cap, script, rng)
    return 2.7 * cap


def _ornament(canvas: Canvas, poly: Points, cap: float, script: Script, rng: Rng) -> None:
    pen = script.pens[int(rng.integers(len(script.pens)))]
    (x0, y0), (x1, y1) = poly.min(0), poly.max(0)
    way = rng.random()
    if way < 0.55:
        y = y1 + 0.28 * cap
        rules = [wavy((x0, y), (x1 + 0.3 * cap, y + float(rng.normal(0, 0.1 * cap))), 0.04 * cap, rng)]
        if way < 0.15:
            rules.append(rules[0] + (0.1 * cap, 0.2 * cap))
        canvas.stroke(rules, pen, rng)
    elif way < 0.8:
        g = 0.4 * cap
        canvas.stroke([frame((x0 - g, y0 - g, x1 - x0 + 2 * g, y1 - y0 + 2 * g), 0.05 * cap, rng)], pen, rng)
    reserve(canvas, poly, 0.7 * cap)


def wavy(a: tuple[float, float], b: tuple[float, float], wave: float, rng: Rng) -> Points:
    """A line drawn by hand from ``a`` to ``b``, off by about ``wave`` mm."""
    t = np.linspace(0, 1, 24)[:, None]
    path = np.array(a) + t * (np.array(b) - np.array(a))
    knots = rng.normal(0, wave, (5, 2))
    knots[0] = knots[-1] = 0
    bend = np.stack([np.interp(t[:, 0], np.linspace(0, 1, 5), knots[:, i]) for i in (0, 1)], axis=1)
    kernel = np.ones(5) / 5
    smooth = np.stack([np.convolve(np.pad(bend[:, i], 2, mode="edge"), kernel, "valid") for i in (0, 1)], axis=1)
    return np.asarray(path + smooth)


def frame(box: Box, wave: float, rng: Rng) -> Points:
    """A rectangle drawn in one go, its end a little past its start."""
    x, y, w, h = box
    corners = np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h], [x + 0.02 * w, y]])
    corners += rng.normal(0, wave, corners.shape)
    sides = [wavy((float(p[0]), float(p[1])), (float(q[0]), float(q[1])), wave, rng) for p, q in pairwise(corners)]
    return np.vstack(sides)
