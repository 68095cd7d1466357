"""What the recogniser may say: Latin letters, digits, French punctuation, currency, ticks and arrows.

The model knows 18,708 symbols, most of them Chinese; look-alikes from other blocks are folded onto the symbol that a
European hand means, the rest is left out.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

LETTERS = "abcdefghijklmnopqrstuvwxyzàâäçèéêëîïôöùûüÿœæßñáíóúìòåøãõ"
CAPITALS = "".join(c.upper() for c in LETTERS if len(c.upper()) == 1)
DIGITS = "0123456789"
SIGNS = " !\"#$%&'()*+,-./:;<=>?@[\\]_{|}~«»°€£²³½×÷·•…–—’“”→←↑↓↔⇒⇔✓✔✗✘☐☑★☆±≤≥≠≈"

FOLDED = {
    "！": "!", "（": "(", "）": ")", "，": ",", "：": ":", "；": ";", "？": "?", "。": ".", "＋": "+",
    "－": "-", "＝": "=", "／": "/", "％": "%", "＆": "&", "＞": ">", "＜": "<", "＠": "@", "＃": "#",
    "＊": "*", "～": "~", "【": "[", "】": "]", "、": ",", "‘": "’", "′": "'", "″": "\"", "´": "'",
    "`": "'", "―": "—", "−": "-", "∙": "•", "●": "•", "√": "✓", "☒": "✗", "✕": "×", "✖": "×",
    "➔": "→", "➜": "→", "➞": "→", "➝": "→", "⟶": "→", "➡": "→", "⇨": "→", "➤": "→", "‹": "<",
    "□": "☐", "口": "☐", "ロ": "☐", "■": "•", "▪": "•", "▶": "→", "➢": "→",  # drawn boxes are read as kana
    "›": ">", "¨": "\"", "ı": "i", "Α": "A", "Β": "B", "Ε": "E", "Ζ": "Z", "Η": "H", "Ι": "I",
    "Κ": "K", "Μ": "M", "Ν": "N", "Ο": "O", "Ρ": "P", "Τ": "T", "Υ": "Y", "Χ": "X", "ο": "o",
}  # fmt: skip


@cache
def allowed() -> str:
    """Every symbol that a reading may hold, in a fixed order."""
    return LETTERS + CAPITALS + DIGITS + SIGNS


@cache
def columns(symbols: tuple[str, ...]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Which model columns count and where they go: ``source[starts[k] : starts[k + 1]]`` are the model columns whose
    sum is place k; place 0 is the blank, place k the symbol ``allowed()[k - 1]``. Folded symbols share a place."""
    place = {symbol: k + 1 for k, symbol in enumerate(allowed())}
    pairs = [(0, 0)]
    for column, symbol in enumerate(symbols[1:], start=1):
        k = place.get(FOLDED.get(symbol, symbol))
        if k is not None:
            pairs.append((k, column))
    pairs.sort()
    places, source = (np.array(side) for side in zip(*pairs, strict=True))
    present, starts = np.unique(places, return_index=True)
    if len(present) != len(allowed()) + 1:
        missing = set(range(1, len(allowed()) + 1)) - set(present.tolist())
        raise ValueError(f"the model knows nothing of {[allowed()[k - 1] for k in sorted(missing)]}")
    return source, starts
