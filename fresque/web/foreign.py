"""What the other rooms say to people in English, in French: by ``data/fr.po``, whose texts have ``{}`` for what is
filled in. Kept photos hold such sentences as they were said, so they are recognised by their form."""

from __future__ import annotations

import importlib.resources
import io
import re
from functools import cache, lru_cache

from babel.messages.pofile import read_po

_WITH_HINT = re.compile(r"(?P<said>.*\S) \((?P<hint>[^()]*(?:\([^()]*\)[^()]*)*)\)\Z", re.DOTALL)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Those with the most fixed letters first: «{} is damaged» would take what «the picture is damaged» says."""
    source = importlib.resources.files("fresque.web").joinpath("data", "fr.po").read_bytes()
    texts = [(str(m.id), str(m.string)) for m in read_po(io.BytesIO(source), locale="fr") if m.id]
    texts.sort(key=lambda pair: -len(pair[0].replace("{}", "")))
    return tuple((re.compile(r"(.+?)".join(map(re.escape, text.split("{}"))), re.DOTALL), to) for text, to in texts)


@lru_cache(maxsize=1000)
def in_french(text: str) -> str:
    """The text itself where it is not known: it is French already, or nothing we say."""
    both = _WITH_HINT.match(text)
    if both and (hint := _known(both["hint"])) is not None:
        return f"{_known(both['said']) or both['said']} ({hint})"
    return _known(text) or text


def _known(text: str) -> str | None:
    for pattern, french in _patterns():
        if found := pattern.fullmatch(text):
            return french.replace("{", "{{").replace("}", "}}").replace("{{}}", "{}").format(*found.groups())
    return None
