"""What the other rooms say to people in English, in French, by ``data/fr.po``; and what this room says with something
filled in, in English, by ``data/en.po``: their texts have ``{}`` for it. Kept photos hold such sentences as they were
said, so they are recognised by their form."""

from __future__ import annotations

import importlib.resources
import io
import re
from functools import cache, lru_cache

from babel.messages.pofile import read_po

_FILLED = r"(\S(?:.*?\S)??)"  # not with the space that French puts before a colon
_WITH_HINT = re.compile(r"(?P<said>.*\S) \((?P<hint>[^()]*(?:\([^()]*\)[^()]*)*)\)\Z", re.DOTALL)


@cache
def _patterns(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Those with the most fixed letters first: «{} is damaged» would take what «the picture is damaged» says."""
    source = importlib.resources.files("fresque.web").joinpath("data", f"{language}.po").read_bytes()
    read = [(str(m.id), str(m.string)) for m in read_po(io.BytesIO(source), locale=language) if m.id]
    texts = [pair for pair in read if language == "fr" or "{}" in pair[0]]
    texts.sort(key=lambda pair: -len(pair[0].replace("{}", "")))
    return tuple((re.compile(_FILLED.join(map(re.escape, text.split("{}"))), re.DOTALL), to) for text, to in texts)


@lru_cache(maxsize=1000)
def in_french(text: str) -> str:
    """The text itself where it is not known: it is French already, or nothing we say."""
    both = _WITH_HINT.match(text)
    if both and (hint := _known(both["hint"], "fr")) is not None:
        return f"{_known(both['said'], 'fr') or both['said']} ({hint})"
    return _known(text, "fr") or text


@lru_cache(maxsize=1000)
def in_english(text: str) -> str:
    """The text itself where it is not known."""
    return _known(text, "en") or text


def _known(text: str, language: str) -> str | None:
    for pattern, other in _patterns(language):
        if found := pattern.fullmatch(text):
            return other.replace("{", "{{").replace("}", "}}").replace("{{}}", "{}").format(*found.groups())
    return None
