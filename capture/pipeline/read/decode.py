"""From symbol probabilities to text: a prefix beam search that prefers words people write.

Prefix beam search over CTC: Graves 2012, Hannun et al. 2014. A prefix's score is its probability in the pixels plus a
weighted log-probability of its finished words.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from capture.pipeline.read import alphabet
from capture.pipeline.read.recognise import Emission
from capture.pipeline.read.words import Words

NEVER = -math.inf


@dataclass(frozen=True)
class DecodeParams:
    weight: float = 0.6  # of the language against the pixels
    beam: int = 12
    symbols: int = 8  # likeliest symbols tried at each step
    sure: float = 0.99  # a step whose likeliest symbol has this probability tries no other


@dataclass(frozen=True)
class Hypothesis:
    text: str
    pixels: float  # natural log-probability in the emission
    language: float  # natural log, unweighted


class _Node:
    """A prefix. ``language`` counts its finished words, ``word`` is the one being written."""

    __slots__ = ("children", "language", "symbol", "text", "word")

    def __init__(self, text: str, symbol: int, word: str, language: float) -> None:
        self.text, self.symbol, self.word, self.language = text, symbol, word, language
        self.children: dict[int, _Node] = {}


def greedy(emission: Emission) -> tuple[str, float]:
    """The likeliest symbol at every step, and the mean probability of those kept (0 for no text)."""
    best = emission.logs.argmax(axis=1)
    kept = np.flatnonzero((best != 0) & (best != np.concatenate([[0], best[:-1]])))
    symbols = alphabet.allowed()
    text = "".join(symbols[best[i] - 1] for i in kept)
    sure = float(np.exp(emission.logs[kept, best[kept]]).mean()) if len(kept) else 0.0
    return text, sure


def beam_search(emission: Emission, words: Words, params: DecodeParams) -> list[Hypothesis]:
    """Texts by falling pixels + weight × language; never empty."""
    root = _Node("", 0, "", 0.0)
    beam: dict[_Node, tuple[float, float]] = {root: (0.0, NEVER)}
    floor = math.log(params.sure)
    for row in emission.logs:
        top = int(row.argmax())
        if row[top] >= floor:
            tried = [top]
        else:
            tried = [int(k) for k in np.argpartition(row, -params.symbols)[-params.symbols :]]
        beam = _step(beam, row, tried, words, params)
    finished = [
        Hypothesis(node.text.strip(), _add(*ends), node.language + _word(node.word, words))
        for node, ends in beam.items()
    ]
    return sorted(finished, key=lambda h: -(h.pixels + params.weight * h.language))


def _step(
    beam: dict[_Node, tuple[float, float]], row: np.ndarray, tried: list[int], words: Words, params: DecodeParams
) -> dict[_Node, tuple[float, float]]:
    grown: dict[_Node, tuple[float, float]] = {}
    for node, (blank, symbol) in beam.items():
        both = _add(blank, symbol)
        for k in tried:
            log = float(row[k])
            if k == 0:
                _gain(grown, node, both + log, NEVER)
                continue
            if k == node.symbol:
                _gain(grown, node, NEVER, symbol + log)
                ahead = blank + log
            else:
                ahead = both + log
            if ahead > NEVER:
                _gain(grown, _child(node, k, words), NEVER, ahead)
        if node.symbol and node.symbol not in tried:
            _gain(grown, node, NEVER, symbol + float(row[node.symbol]))
        if 0 not in tried:
            _gain(grown, node, both + float(row[0]), NEVER)
    if len(grown) <= params.beam:
        return grown
    ranked = sorted(grown.items(), key=lambda item: -(_add(*item[1]) + params.weight * item[0].language))
    return dict(ranked[: params.beam])


def _gain(grown: dict[_Node, tuple[float, float]], node: _Node, blank: float, symbol: float) -> None:
    had = grown.get(node)
    grown[node] = (blank, symbol) if had is None else (_add(had[0], blank), _add(had[1], symbol))


def _child(node: _Node, k: int, words: Words) -> _Node:
    child = node.children.get(k)
    if child is None:
        symbol = alphabet.allowed()[k - 1]
        if symbol.isalnum() or (symbol in "'’" and node.word):
            child = _Node(node.text + symbol, k, node.word + symbol, node.language)
        else:
            sign = 0.0 if symbol == " " else words.params.sign
            child = _Node(node.text + symbol, k, "", node.language + _word(node.word, words) + sign)
        node.children[k] = child
    return child


def _word(word: str, words: Words) -> float:
    return words.log(word) if word else 0.0


def _add(a: float, b: float) -> float:
    if a < b:
        a, b = b, a
    return a if b == NEVER else a + math.log1p(math.exp(b - a))
