"""From symbol probabilities to text: a prefix beam search that prefers words people write.

Prefix beam search over CTC: Graves 2012, Hannun et al. 2014. A prefix's worth is its probability in the pixels times
its language to the power ``weight``; a word being written counts as the likeliest word that begins so (look-ahead, as
in speech recognition), so that the right prefix outlives a narrow beam. Probabilities, not logarithms, rescaled at each
step: this is where reading spends its Python.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass

import numpy as np

from capture.pipeline.read import alike, alphabet
from capture.pipeline.read.recognise import Emission
from capture.pipeline.read.words import ELISIONS, NEVER, Words, fold


@dataclass(frozen=True)
class DecodeParams:
    weight: float = 0.6  # of the language against the pixels
    symbol: float = 2.0  # natural log, a symbol: what the model of the pixels already knew about language
    sign: float = -0.5  # natural log, a sign that is neither letter, digit nor space
    beam: int = 24
    width: float = 3e-5  # a prefix worth less than this share of the best is dropped
    least: float = 3e-4  # probability of a symbol worth trying
    clear: float = 0.02  # probability from which a symbol may leave the word lists
    sure: float = 0.999  # a step whose likeliest symbol has this probability tries no other


@dataclass(frozen=True)
class Hypothesis:
    text: str
    worth: float  # natural log: pixels + weight × language
    language: float  # natural log, unweighted


def joins(key: str, sign: str) -> bool:
    """Whether a sign belongs to the word being written: aujourd'hui, but l'usager; 15/03, but et/ou."""
    if sign in "'’":
        return bool(key) and key not in ELISIONS
    return sign == "/" and key[-1:].isdigit()


class Node:
    """A prefix. ``done`` is the language of its finished words, ``language`` also counts the one being written."""

    __slots__ = ("children", "done", "factor", "key", "language", "listed", "symbol", "text")

    def __init__(self, text: str, symbol: int, key: str, done: float, language: float, listed: bool) -> None:
        self.text, self.symbol, self.key = text, symbol, key
        self.done, self.language, self.listed = done, language, listed
        self.factor = 0.0
        self.children: dict[int, Node] = {}


SPACE = alphabet.allowed().index(" ") + 1

Beam = dict[Node, tuple[float, float]]
"""Prefix → its probability so far ending in a blank, ending in its last symbol."""


def greedy(emission: Emission) -> tuple[str, float]:
    """The likeliest symbol at every step, and the mean probability of those kept (0 for no text)."""
    best = emission.logs.argmax(axis=1)
    kept = np.flatnonzero((best != 0) & (best != np.concatenate([[0], best[:-1]])))
    symbols = alphabet.allowed()
    text = "".join(symbols[best[i] - 1] for i in kept)
    sure = float(np.exp(emission.logs[kept, best[kept]]).mean()) if len(kept) else 0.0
    return text, sure


class Decoder:
    def __init__(self, words: Words, params: DecodeParams = DecodeParams()) -> None:
        self.words, self.params = words, params
        # The language of a prefix grows by one symbol's worth at most, whatever follows.
        self.reach = math.exp(params.weight * params.symbol)

    def decode(self, emission: Emission) -> list[Hypothesis]:
        """Texts by falling worth; never empty, no text twice."""
        root = Node("", 0, "", 0.0, 0.0, True)
        root.factor = 1.0
        beam: Beam = {root: (1.0, 0.0)}
        scale = 0.0
        for row in np.exp(emission.logs.astype(np.float64)):
            beam = self._step(beam, row)
            top = max(blank + symbol for blank, symbol in beam.values())
            beam = {node: (blank / top, symbol / top) for node, (blank, symbol) in beam.items()}
            scale += math.log(top)
        return self._ranked(beam, scale)

    def _ranked(self, beam: Beam, scale: float) -> list[Hypothesis]:
        best: dict[str, Hypothesis] = {}
        for node, (blank, symbol) in beam.items():
            language = node.done + self._finished(node.key)
            worth = math.log(blank + symbol) + scale + self.params.weight * language
            text = node.text.strip()
            if text not in best or worth > best[text].worth:
                best[text] = Hypothesis(text, worth, language)
        return sorted(best.values(), key=lambda h: -h.worth)

    def _step(self, beam: Beam, row: np.ndarray) -> Beam:
        p = self.params
        top = int(row.argmax())
        if top == 0 and row[0] >= p.sure:
            return {n: ((b + s) * row[0], s * row[n.symbol] if n.symbol else 0.0) for n, (b, s) in beam.items()}
        alone = [top, alike.digits()[top]] if top in alike.digits() else [top]
        tried = alone if row[top] >= p.sure else np.flatnonzero(row >= p.least).tolist()
        chances = [(k, float(row[k])) for k in tried if k]
        blank_chance = float(row[0])
        floor = p.width * max([(b + s) * node.factor for node, (b, s) in beam.items()]) * float(row[top])
        grown: dict[Node, list[float]] = {}
        for node, (blank, symbol) in beam.items():
            both = blank + symbol
            stay = grown.setdefault(node, [0.0, 0.0])
            stay[0] += both * blank_chance
            if node.symbol:
                stay[1] += symbol * float(row[node.symbol])
            least = floor / (node.factor * self.reach)
            for k, chance in chances:
                if k == SPACE and node.text[-1:] in ("", " "):
                    continue  # a line begins with no space and holds no two
                ahead = (blank if k == node.symbol else both) * chance
                if ahead < least:
                    continue
                child = node.children.get(k)
                if child is None:
                    child = node.children[k] = self._child(node, k)
                if ahead * child.factor >= floor and (child.listed or chance >= p.clear):
                    had = grown.get(child)
                    if had is None:
                        grown[child] = [0.0, ahead]
                    else:
                        had[1] += ahead
        return self._pruned(grown, floor)

    def _pruned(self, grown: dict[Node, list[float]], floor: float) -> Beam:
        worth = [((b + s) * node.factor, i, node) for i, (node, (b, s)) in enumerate(grown.items())]
        best = max(worth)
        kept = heapq.nlargest(self.params.beam, [entry for entry in worth if entry[0] >= floor]) or [best]
        return {node: (grown[node][0], grown[node][1]) for _, _, node in kept}

    def _child(self, node: Node, k: int) -> Node:
        symbol = alphabet.allowed()[k - 1]
        if symbol.isalnum() or joins(node.key, symbol):
            child = self._inside(node, k, symbol)
        else:
            done = node.done + self._finished(node.key) + (0.0 if symbol in " '’" else self.params.sign)
            child = Node(node.text + symbol, k, "", done, done, symbol in " '’")
        child.factor = math.exp(self.params.weight * child.language)
        return child

    def _inside(self, node: Node, k: int, symbol: str) -> Node:
        key = node.key + fold(symbol)
        listed = self.words.begun(key) if node.listed or not node.key else NEVER
        language = node.done + max(listed, self.words.unlisted(key)) + self.params.symbol * len(key)
        return Node(node.text + symbol, k, key, node.done, language, listed > NEVER)

    def _finished(self, key: str) -> float:
        return self.words.finished(key) + self.params.symbol * (len(key) + 1) if key else 0.0
