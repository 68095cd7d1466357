"""Tesseract: strong on print and typed headings, weak on handwriting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import cv2
import numpy as np

from archive.errors import MissingDependency
from capture.pipeline.frame import Frame, Pixels
from capture.pipeline.read.boxes import Box
from capture.pipeline.read.line import ReadLine

NAME = "tesseract"
CODES = {"fr": "fra", "en": "eng", "de": "deu", "es": "spa", "it": "ita", "nl": "nld", "pt": "por"}
SPARSE = "--psm 11"  # text in no particular order


def find_lines(frame: Frame, languages: Sequence[str], least_confidence: float) -> list[ReadLine]:
    """Every line Tesseract finds. Raises MissingDependency when it is not installed."""
    table = _table(frame.pixels, _codes(tuple(languages)), SPARSE)
    grouped: dict[tuple[int, int, int], list[int]] = {}
    for i, text in enumerate(table["text"]):
        if text.strip() and float(table["conf"][i]) >= 0:
            grouped.setdefault((table["block_num"][i], table["par_num"][i], table["line_num"][i]), []).append(i)
    lines = [_line(table, words) for words in grouped.values()]
    return [line for line in lines if line.confidence >= least_confidence]


def _line(table: Mapping[str, Any], words: Sequence[int]) -> ReadLine:
    left = min(table["left"][i] for i in words)
    top = min(table["top"][i] for i in words)
    right = max(table["left"][i] + table["width"][i] for i in words)
    bottom = max(table["top"][i] + table["height"][i] for i in words)
    sure = float(np.clip(np.mean([float(table["conf"][i]) for i in words]) / 100, 0, 1))
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], dtype=np.float64)
    text = " ".join(table["text"][i].strip() for i in words)
    return ReadLine(Box(corners, sure), text, sure, NAME)


@cache
def _codes(languages: tuple[str, ...]) -> str:
    """What of the session's languages is installed, as Tesseract wants it: ``fra+eng``."""
    import pytesseract

    try:
        installed = set(pytesseract.get_languages())
    except pytesseract.TesseractNotFoundError as error:
        raise MissingDependency("Tesseract is not installed") from error
    wanted = [CODES[language] for language in languages if CODES.get(language) in installed]
    return "+".join(wanted) or "eng"


def _table(pixels: Pixels, codes: str, config: str) -> Mapping[str, Any]:
    import pytesseract

    rgb = cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)
    read: Mapping[str, Any] = pytesseract.image_to_data(
        rgb, lang=codes, config=config, output_type=pytesseract.Output.DICT
    )
    return read
