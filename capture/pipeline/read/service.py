"""A handwriting service of the organisation's own, asked by URL: off unless one is named.

It is asked in the OpenAI-compatible chat form, which the usual servers of vision models speak: one picture of a line,
one answer. PP-OCR finds the lines and reads them first; the service is asked about those that are unsure, the least
sure first, until the budget is spent. What the service does not answer in time stays as PP-OCR read it.
"""

from __future__ import annotations

import base64
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np

from archive.errors import UsageError
from archive.model import Reading
from capture.pipeline.frame import Frame, Pixels
from capture.pipeline.read import crops
from capture.pipeline.read.line import ReadLine

NAME = "service"
ASK = (
    "The picture shows one line of handwriting from a whiteboard, in {languages}. Answer with its text exactly as "
    "it is written, on one line and nothing else. Answer with an empty line where there is no text."
)
LONGEST = 300  # letters: an answer beyond that is no line of a board


@dataclass(frozen=True)
class ServiceParams:
    """``url`` of the chat endpoint (…/v1/chat/completions); empty: no service is asked. The key, which is no part of a
    recipe, comes from the environment (``FRESQUE_READER_KEY``)."""

    url: str = ""
    model: str = ""
    below: float = 0.8  # lines read with less confidence are asked about
    timeout: float = 20.0  # seconds for one answer
    retries: int = 2  # after a failure that may pass: no connection, 429, 5xx
    budget: int = 40  # questions a board
    seconds: float = 120.0  # for all questions of a board
    trusted: float = 0.9  # confidence of an answer


class Unanswered(Exception):
    """The service gave no usable answer."""


def ask_again(
    frame: Frame, lines: list[ReadLine], params: ServiceParams, key: str, languages: tuple[str, ...]
) -> tuple[list[ReadLine], tuple[str, ...]]:
    """The lines, those that were unsure as the service reads them, and warnings. The former reading is kept among the
    others. Raises UsageError where no service is named."""
    if urllib.parse.urlsplit(params.url).scheme not in ("http", "https"):
        raise UsageError(
            "no reading service is named", "set FRESQUE_READER_URL to its chat endpoint, …/v1/chat/completions"
        )
    unsure = [i for i, line in enumerate(lines) if line.confidence < params.below]
    unsure.sort(key=lambda i: lines[i].confidence)
    until = time.monotonic() + params.seconds
    found = list(lines)
    for i in unsure[: params.budget]:
        if time.monotonic() >= until:
            break
        try:
            answer = ask(crops.native(frame.pixels, lines[i].box), params, key, languages)
        except Unanswered as error:  # the retries are spent: it would fail for the next line too
            return found, (f"{error}: unsure lines stay as they were read",)
        if answer and answer != lines[i].text:
            found[i] = _replaced(lines[i], answer, params.trusted)
    return found, ()


def ask(picture: Pixels, params: ServiceParams, key: str, languages: tuple[str, ...]) -> str:
    """The text of one line picture. Raises Unanswered."""
    question = json.dumps(_question(picture, params, languages)).encode()
    request = urllib.request.Request(params.url, question, _headers(key))
    for attempt in range(params.retries + 1):
        try:
            with urllib.request.urlopen(request, timeout=params.timeout) as answer:
                return _text_of(answer.read(1_000_000))
        except urllib.error.HTTPError as error:
            error.close()
            if error.code != 429 and error.code < 500:
                raise Unanswered(f"the reading service answers {error.code}") from error
        except (OSError, ValueError) as error:
            if attempt == params.retries:
                raise Unanswered(f"the reading service does not answer: {error}") from error
        time.sleep(min(2.0, 0.25 * 2**attempt))
    raise Unanswered("the reading service is overloaded")


def _question(picture: Pixels, params: ServiceParams, languages: tuple[str, ...]) -> dict[str, Any]:
    _, png = cv2.imencode(".png", picture)
    image = "data:image/png;base64," + base64.b64encode(np.asarray(png).tobytes()).decode()
    content = [
        {"type": "text", "text": ASK.format(languages=", ".join(languages))},
        {"type": "image_url", "image_url": {"url": image}},
    ]
    return {"model": params.model, "temperature": 0, "messages": [{"role": "user", "content": content}]}


def _headers(key: str) -> dict[str, str]:
    return {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})


def _text_of(answer: bytes) -> str:
    """Raises ValueError for an answer in another form."""
    try:
        text = json.loads(answer)["choices"][0]["message"]["content"]
    except (KeyError, IndexError, TypeError) as error:
        raise ValueError("its answer has another form") from error
    line = " ".join(str(text or "").split())
    return line if len(line) <= LONGEST else ""


def _replaced(line: ReadLine, answer: str, sure: float) -> ReadLine:
    others = (Reading(line.text, line.confidence), *line.others)
    return replace(line, text=answer, confidence=sure, reader=NAME, others=others, words=())
