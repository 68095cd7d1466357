"""Whether a few words are someone: a person by name, a body or a trade, or only perhaps a name."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import cache, lru_cache
from importlib import resources

from rapidfuzz.distance import Levenshtein
from wordfreq import zipf_frequency

from capture.pipeline.phase.form import first_names
from capture.pipeline.phase.words import fold

COMMON = 3.3
"""Zipf frequency from which a capitalised word is taken for a word, not for a name that no list has."""

KNOWN = 2.0
"""Zipf frequency from which a capitalised word is its own word, and no first name misread."""

_ALIKE = frozenset(
    [
        "mn",
        "nu",
        "li",
        "it",
        "lt",
        "ao",
        "ec",
        "rv",
        "vu",
        "hb",
        "ft",
        "gq",
        "gy",
        "ye",
        "oe",
        "ae",
        "kh",
        "cl",
        "sz",
        "jy",
        "bl",
        "rn",
        "uv",
        "ij",
    ]
)
"""Pairs of letters that hands write alike."""

UPPER, LOWER = "A-ZÀ-ÖØ-ÞŒ", "a-zà-öø-ÿœ'’"
WORD = rf"[{UPPER}][{LOWER}]+(?:[{UPPER}][{LOWER}]+)?"
CIVILITY = (
    r"(?:MM?|Mr|Mme|Mlle|Dr|Me|Pr|Mrs|Ms|Adj|Cne|Cdt|Lt|Cap|Sgt|Col|Maj|Prof|Papi|Papy|Mamie|Père|Sœur|Sté|Éts|Ets"
    r"|Ma[iî]tre|Docteur|Madame|Monsieur|[Cc]apitaine|[Ll]ieutenant|[Cc]ommandant|[Cc]olonel|[Aa]djudant|[Ss]ergent"
    r"|[Bb]rigadier|[Ss]œur|[Cc]aptain|[Ss]ergeant|[Ss]ister|[Nn]urse)\b\.?\s?"
)
INITIALS = rf"[{UPPER}]\.\s?[{UPPER}]\.?(?![{UPPER}{LOWER}])"
ARTICLE = r"(?:[Ll]es?\s|[Ll]a\s|[Ll]['’]\s?|[Tt]he\s|[Nn]otre\s|[Nn]os\s|[Aa]ux?\s|[Dd]u\s)"
LINKS = frozenset(("du", "de", "des", "d'", "la", "l'", "aux", "of"))
_TAKES = frozenset(
    fold(
        "équipe équipes service services assoc asso association pôle cellule centre police agence mission direction "
        "comité collectif bureau atelier régie conseil chargé chargée responsables chef cheffe référent référente "
        "commission club amicale lycée collège école assistante assistant agents agent conseiller conseillère "
        "parents maison"
    ).split()
)
"""Roles that are named by the word after them."""
_OF_ROLES = frozenset(
    fold(
        "pro scolaire technique techniques tech régionale social sociale sociaux municipale municipal projet interne "
        "achats locale local numérique générale adjoint adjointe juridique informatique civil civile familiale mixte "
        "team office departement desk group committee"
    ).split()
)
NOBODY = re.compile(
    r"^\W*$|\?|^(?:a (?:definir|trouver|voir|preciser|designer)|tbd|tbc|nobody|no one|personne|aucun|n/?a|asap)\b"
)
"""Folded, what stands where an owner would, and says that there is none."""
_BODY_LAST = frozenset(
    [
        "team",
        "office",
        "desk",
        "group",
        "committee",
        "department",
        "council",
        "staff",
        "board",
        "club",
        "service",
        "union",
        "shift",
    ]
)
"""English puts the body last: «Finance team»."""


class Sure(IntEnum):
    NO = 0
    PERHAPS = 1  # a capitalised word that is no everyday one, or a role that is as often a subject
    ROLE = 2  # a body, a trade
    PERSON = 3


@cache
def roles() -> frozenset[str]:
    """What an owner may be who is no person: offices, bodies, trades; folded words."""
    return _words("roles.txt")


@cache
def perhaps_roles() -> frozenset[str]:
    """Words that may as well be what is spoken of: «accueil», «finances»; folded."""
    return _words("perhaps_roles.txt")


@cache
def no_names() -> frozenset[str]:
    """Capitalised at the start of a line, and yet nobody; folded words."""
    return _words("no_names.txt")


def _words(name: str) -> frozenset[str]:
    text = (resources.files(__package__) / "data" / name).read_text(encoding="utf-8")
    return frozenset(fold(text).split())


@lru_cache(maxsize=1 << 14)
def sure(text: str, known: tuple[str, ...] = ()) -> Sure:
    """How surely a few words name one person or body; ``known`` are people of the session."""
    bare = re.sub(rf"^{ARTICLE}", "", text.strip())
    words = [fold(w) for w in re.findall(r"[^\W\d_]+", bare)]
    if not words or words[0] in no_names() or (len(words) == 1 and words[0] in LINKS):
        return Sure.NO
    if re.match(CIVILITY, bare) and len(words) > 1:
        return Sure.PERSON
    if re.fullmatch(rf"[{UPPER}]\.\s?{WORD}", bare) and words[-1] not in no_names():
        return Sure.PERSON  # «P. Roche»
    if re.fullmatch(INITIALS, bare) or any(fold(bare) == fold(k) for k in known):
        return Sure.PERSON
    if words[0] in roles() or (words[-1] in _BODY_LAST and len(words) <= 3):
        return Sure.ROLE
    if words[0] in perhaps_roles():
        return Sure.PERHAPS
    if any(w in no_names() for w in words):
        return Sure.NO
    if not bare[:1].isupper():
        return Sure.PERSON if len(words) == 1 and words[0] in first_names() and len(words[0]) > 3 else Sure.NO
    parts = bare.split()
    if name_of(parts[0], known):
        return Sure.PERSON if len(words) <= 4 and all(w[:1].isupper() for w in parts) else Sure.NO
    if bare.isupper():
        return Sure.PERHAPS if len(words) == 1 and 2 <= len(bare) <= 6 else Sure.NO
    if not all(w[:1].isupper() for w in parts) or len(words) > 2 or len(words[0]) <= 2:
        return Sure.NO
    return Sure.PERHAPS if frequency(words[0]) < COMMON else Sure.NO


def frequency(word: str) -> float:
    return max(zipf_frequency(word, "fr"), zipf_frequency(word, "en"))


def without_tail(text: str) -> str:
    """«CODIR du», «DGS signe»: a role is one word, or goes on with «de» or with a word that belongs to it."""
    words = text.split()
    last = next((n for n, w in enumerate(words) if _is_role(w) or re.fullmatch(rf"[{UPPER}]{{2,}}", w)), None)
    if last is None or any(fold(w) in first_names() for w in words[:last]):
        return text
    while last + 1 < len(words):
        here = fold(words[last + 1])
        if here in no_names() or here.startswith(("s'", "n'")):  # «la direction s'engage»
            break
        if (here in LINKS or here.startswith(("d'", "l'"))) and last + 2 < len(words) + (here[-1:] != "'"):
            last += 2 if here in LINKS else 1
        elif (
            (here in roles() and not words[last].isupper())
            or here in _OF_ROLES
            or fold(words[last]) in _TAKES
            or (words[last + 1][0].isupper() and not words[last].isupper())
        ):
            last += 1
        else:
            break
    return " ".join(words[: last + 1])


def _is_role(word: str) -> bool:
    bare = fold(re.sub(rf"^{ARTICLE}", "", word))
    return bare in roles() or bare in perhaps_roles()


def mended(text: str, known: tuple[str, ...]) -> str:
    """Each word that is a first name misread by a letter, as the list or the session spells it."""
    return re.sub(WORD, lambda m: name_of(m.group(), known) or m.group(), text)


@lru_cache(maxsize=1 << 14)
def name_of(word: str, known: tuple[str, ...] = ()) -> str:
    """The first name that a capitalised word is, its own spelling when it is one; empty when it is none."""
    folded = fold(word.split("-")[0])
    if folded in no_names() or folded in roles():
        return ""
    if len(folded) >= 5 and _sounds(folded) in _sounding():
        return word  # spelt in a way of its own: «Typhaine»
    people = {fold(k.split()[0]): k.split()[0] for k in known if k.split()}
    if folded in people or folded in first_names():
        return word
    if len(folded) < 4 or frequency(folded) >= KNOWN:
        return ""
    for choice in (people, {n: n.capitalize() for n in first_names()}):
        near = {n: c for n in choice if len(n) >= 4 and (c := _apart(folded, n)) <= 1}
        least = min(near.values(), default=2.0)
        best = [n for n, cost in near.items() if cost == least]
        same = [n for n in best if len(n) == len(folded)]  # a letter misread is commoner than one lost
        if len(same or best) == 1:
            return choice[(same or best)[0]]
    return ""


@cache
def _sounding() -> frozenset[str]:
    return frozenset(_sounds(name) for name in first_names())


def _sounds(name: str) -> str:
    """A name without what spelling may choose: y or i, ph or f, k or c, one letter or two, an h, a last e."""
    for said, plain in (("ph", "f"), ("y", "i"), ("k", "c"), ("qu", "c"), ("z", "s"), ("h", ""), ("w", "ou")):
        name = name.replace(said, plain)
    return re.sub(r"(.)\1", r"\1", name).removesuffix("e")


def _apart(read: str, meant: str) -> float:
    """How far two words are apart in letters, those that hands write alike counted half. 2.0 and more is far."""
    if Levenshtein.distance(read, meant, score_cutoff=2) > 2:
        return 9.0
    before = [float(n) for n in range(len(meant) + 1)]
    for i, a in enumerate(read, start=1):
        row = [float(i)]
        for j, b in enumerate(meant, start=1):
            change = 0.0 if a == b else 0.5 if a + b in _ALIKE or b + a in _ALIKE else 1.0
            row.append(min(before[j] + 1, row[j - 1] + 1, before[j - 1] + change))
        before = row
    return before[-1] if before[-1] == 0.5 or len(read) >= 5 or Levenshtein.distance(read, meant) == 1 else 9.0
