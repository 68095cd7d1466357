"""Whether a word is what one does, told by its ending and by how often its infinitive is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from wordfreq import zipf_frequency

from capture.pipeline.phase.words import fold

_THIRD = frozenset([
    "fait", "va", "doit", "met", "voit", "ecrit", "peut", "tient", "vient", "lit", "suit", "dit", "remet",
    "ont", "sont", "font", "vont", "peuvent", "tiennent", "prennent", "viennent",
])  # fmt: skip
PRONOUNS = frozenset(["en", "y", "les", "le", "la", "l'", "leur", "lui", "se"])
_ENGLISH = frozenset(["the", "a", "an", "to", "for", "with", "our", "all", "two", "three", "by", "up", "out"])
OBJECTS = frozenset(
    ["le", "la", "les", "un", "une", "des", "son", "sa", "ses", "leur", "leurs", "du", "the", "a", "an"]
)
"""What a verb is followed by that does something to something."""
WILL = frozenset([
    "to", "will", "must", "can", "should", "sends", "calls", "writes", "books", "checks", "leads", "takes",
    "asks", "keeps", "makes", "runs",
])  # fmt: skip


def acts(rest: Sequence[str]) -> bool:
    """Whether what follows a name is what it does; an English verb ends in s before an English word."""
    if not rest:
        return False
    return does(rest[0]) or (rest[0].endswith("s") and len(rest) > 1 and rest[1] in _ENGLISH)


@lru_cache(maxsize=4096)
def does(word: str) -> bool:
    """Whether a word is what one does: a verb in the third person, or an English «to», «will»."""
    w = fold(word.strip(".,;:"))
    if re.search("é(?:e?s?)$", word):  # «trouvé» is done
        return False
    if w in _THIRD or w in WILL or (w.startswith(("s'", "l'")) and len(w) > 4 and does(w[2:])):
        return True
    ends = []
    if w.endswith("ent"):
        ends = [w[:-3] + "er", w[:-3] + "ir", w[:-3] + "re"] + ([w[:-4] + "ir", w[:-5] + "enir"] if len(w) > 6 else [])
    elif w.endswith("ie"):
        ends = [w + "r", w[:-2] + "yer"]
    elif w.endswith("e"):
        ends = [w + "r", w[:-1] + "ir"]
    elif w.endswith(("d", "t")):
        ends = [w + "re", w + "tre", w[:-1] + "re", w[:-1] + "ir"]  # rend, transmet, lit
    return any(len(v) > 4 and zipf_frequency(v, "fr") >= 3.0 for v in ends)
