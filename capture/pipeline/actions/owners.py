"""Who does it: names and roles where a board puts its owners, before a colon, after an arrow, in brackets."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Levenshtein
from wordfreq import zipf_frequency

from capture.pipeline.phase.form import calmed, first_names
from capture.pipeline.phase.words import fold

COMMON = 3.3
"""Zipf frequency from which a capitalised word is taken for a word, not for a name that no list has."""

EVERYDAY = 5.0
"""Zipf frequency from which a capitalised word inside a line is no name."""

KNOWN = 2.0
"""Zipf frequency from which a capitalised word is its own word, and no first name misread."""

_ROLES = frozenset(
    fold(
        "mairie département région préfecture direction dg dgs drh rh rssi dsi daf si com communication "
        "équipe équipes tous tout chacun chacune facilitateur facilitatrice facilitateurs service "
        "services pôle bureau secrétariat cabinet élus élue élu maire adjoint caf cpam ccas msa cnaf ars pmi "
        "ville métropole agence école collège lycée association asso partenaires prestataire stagiaire "
        "juriste juristes graphiste archi architecte comptable infirmière infirmières médecin médecins "
        "directeur directrice proviseur syndicat mission labo lab cellule bailleur rectorat police "
        "gendarmerie capitainerie installateur éditeur imprimeur centre régie vie conservatoire team everyone "
        "gardien gardienne concierge trésorier trésorière président présidente secrétaire plombier "
        "électricien menuisier jardinier cuisinier cuisinière voirie urbanisme paroisse rotary lions "
        "club pompiers notaire avocat avocate banquier formateur formatrice tuteur tutrice développeur "
        "pharmacien pharmacienne pharmacie hôpital clinique "
        "all legal finance board council comms hr it marketing support office manager designer student "
    ).split()
)
"""What an owner may be who is no person: offices, bodies, trades."""

_NO_NAME = frozenset(
    fold(
        "action actions plan qui quoi quand budget coût bilan point réunion atelier décision décisions "
        "question questions feuille route jalon jalons prochaine prochaines étapes étape ok oui non stop go "
        "test pilote suivi objectif indicateur indicateurs kpi responsable porteur échéance livrable "
        "livrables phase lot priorité urgent note nb ps attention total date lieu salle reste lancement kick- "
        "off copil cotech comité todo to do next steps who what when owner deadline decision act scan focus "
        "lundi mardi mercredi jeudi vendredi samedi dimanche janvier février mars avril mai juin juillet août "
        "septembre octobre novembre décembre monday tuesday wednesday thursday friday fin le la les un une "
        "des on nous avant après dès pour par avec sans noël rentrée relance rappel envoi devis cr pv faq cgu "
        "rgpd sms mail pdf faire demander appeler "
    ).split()
)
"""Capitalised at the start of a line, and yet nobody."""

_UPPER, _LOWER = "A-ZÀ-ÖØ-ÞŒ", "a-zà-öø-ÿœ'’"
_WORD = rf"[{_UPPER}][{_LOWER}]+(?:[{_UPPER}][{_LOWER}]+)?"
_CIVILITY = (
    r"(?:MM?|Mr|Mme|Mlle|Dr|Me|Pr|Mrs|Ms|Adj|Cne|Cdt|Lt|Cap|Sgt|Col|Maj|Prof|Papi|Papy|Mamie|Père|Sœur|Sté|Éts|Ets"
    r"|Ma[iî]tre|Docteur|Madame|Monsieur)\b\.?\s?"
)
_PART = rf"(?:de |du |d'|le |la |l')?{_WORD}"
_PERSON = rf"(?:{_CIVILITY})?{_WORD}(?:[- ]{_WORD}){{0,2}}(?:\s[{_UPPER}]\.?(?![{_LOWER}]))?"
_ACRONYM = rf"[{_UPPER}]{{2,6}}(?:\s\d)?"
_ROLE = rf"(?:(?:la|le|les|l'|the)\s?)?[{_UPPER}{_LOWER}]{{2,}}(?:\s(?:du |de |des |d'|de la )?[{_UPPER}{_LOWER}]+)?"
_ONE = rf"(?:{_PERSON}|{_ACRONYM}|{_ROLE})"
_MANY = rf"{_ONE}(?:\s?(?:\+|&|/|,|\bet\b|\band\b)\s?{_ONE}){{0,3}}"

_LABEL = r"(?:resp(?:onsable)?s?|pilotes?|pilotage|porteur|porteuse|référente?s?|owner|lead|qui|who|par|by)"
_ARROW = r"(?:→|➔|➜|►|=+>|-+>|—>|–>|>{1,2}|~>)"

_FORMS = (
    re.compile(rf"(?:^|[|(,;.\s]){_LABEL}\.?\s?[:=]\s?(?P<who>{_MANY})", re.IGNORECASE),
    re.compile(rf"^\W{{0,3}}(?P<who>{_MANY})\s?(?::|{_ARROW}|\|)"),
    re.compile(rf"{_ARROW}\s?(?P<who>{_MANY})\s*(?=$|[,;.|()\-–:]|{_ARROW})"),
    re.compile(rf"\(\s?(?P<who>{_MANY})\s*(?=[,;)\-–:|]|$)"),
    re.compile(rf"(?:\s[-–—]\s?|\|\s?|,\s|;\s|:\s?)(?P<who>{_MANY})\s*(?=$|[,;|)]|\.(?:\s|$)|\s[-–—]|:)"),
    re.compile(rf"^\W{{0,3}}(?P<who>{_MANY})(?:\s[-–—]\s?|,\s|\s?/\s)"),
    re.compile(rf"\b(?i:par|by|chez|resp\.?|pilote|confié à|demander à|voir avec|assigned to)\s(?P<who>{_MANY})"),
    re.compile(rf"^\W{{0,3}}(?P<who>{_PERSON}(?:\s?(?:\+|&|et|and)\s?{_PERSON})?)\s(?=[{_LOWER}])"),
    re.compile(rf"[:,;?.|]\s+(?P<who>{_PERSON}(?:\s?(?:\+|&|et|and)\s?{_PERSON})?)\s(?=[{_LOWER}])"),
    re.compile(rf"\s(?P<who>{_PERSON})\s*(?=$|[,;|)])"),
    re.compile(rf"(?P<who>{_CIVILITY}{_WORD})"),
)
"""Where owners stand, the surest place first."""

_STRONG = 6  # forms before that one name owners by their place: roles and unknown names are believed there
_BY = 6  # «par la mairie»: roles are believed there too
_TAKES = frozenset(fold("équipe équipes service services asso association pôle cellule centre police agence").split())
"""Roles that are named by the word after them."""
_LINKS = frozenset(("du", "de", "des", "d'", "la", "l'"))
_OF_ROLES = frozenset(
    fold(
        "pro scolaire technique techniques tech régionale social sociale municipale municipal projet interne achats"
    ).split()
)
_SPLIT = re.compile(r"\s?(?:\+|&|/|,|\bet\b|\band\b)\s?")
_LABELLED = (0, 2, 6)  # forms that begin with a label or an arrow, which goes with the name


@dataclass(frozen=True, slots=True)
class Owner:
    """``start`` and ``end`` in the text, with the label or arrow that names it."""

    name: str
    start: int
    end: int


def find(text: str, known: Sequence[str] = ()) -> Owner | None:
    """The owner that a text names, dates having been blanked out of it; ``known`` are people of the session."""
    for number, form in enumerate(_FORMS):
        for match in form.finditer(text):
            name = _checked(match["who"], number < _STRONG or number == _BY, tuple(known))
            if name:
                start = match.start() if number in _LABELLED else match.start("who")
                # mending keeps a name's length to a letter or two; what it stands on ends with its last word
                last = name.split()[-1]
                place = match["who"].find(last)
                end = match.start("who") + (place + len(last) if place >= 0 else len(match["who"].rstrip()))
                return Owner(name, start, end)
    return None


def cased(text: str, known: Sequence[str] = ()) -> str:
    """A line in capitals in small letters, and letters that were misread as capitals too; of the same length."""
    small = calmed(text, frozenset(fold(part) for name in known for part in name.split()))
    if small != text:
        return civil(small)
    people = first_names() | {fold(part) for name in known for part in name.split()}
    return re.sub(rf"(?<=\S )[{_UPPER}][{_LOWER}]+|[{_LOWER}][{_UPPER}{_LOWER}]+", lambda m: _smaller(m, people), text)


def _smaller(match: re.Match[str], people: Set[str]) -> str:
    """A capital inside a word, or on an everyday word inside a line, is a small letter misread."""
    word = match.group()
    if word.islower() or fold(word) in people or fold(word) in _ROLES:
        return word
    inside = word[0].islower()
    return word.lower() if inside or zipf_frequency(word.lower(), "fr") >= EVERYDAY else word


def civil(text: str) -> str:
    """«mme perrin» with its capitals, also where the two stand on two lines."""
    return re.sub(
        r"\b(mme|mlle|mr|dr)(\.?\s+)(\w)", lambda m: m[1].capitalize() + m[2] + m[3].upper(), text, flags=re.IGNORECASE
    )


def is_owner(text: str, known: Sequence[str] = ()) -> bool:
    """Whether a cell or a line holds nothing but an owner: a person that is known as one, or a role."""
    text = text.strip(" .:;,|()[]-–—→>•*@")
    whole = re.fullmatch(_MANY, text)
    if not whole or _checked(text, True, tuple(known)) != _mended(text, tuple(known)):
        return False
    return bool(_checked(text, False, tuple(known))) or fold(text.split()[0]) in _ROLES


def _checked(text: str, strong: bool, known: tuple[str, ...]) -> str:
    """The names of a place as one text, misread ones mended; empty when it holds none."""
    end = 0
    for part in _SPLIT.finditer(text + "+"):  # «Paulette + Jean, salle 2»: what follows the last name is none
        one = text[end : part.start()]
        name = _without_tail(one.strip(" ."))
        cut = name[:1].islower() and len(name) < len(one.strip(" ."))  # «com presse»: another word than the role
        if cut or not _is_one(name, strong, known):
            break
        end = part.end()
    kept = _SPLIT.sub(lambda m: m.group(), text[:end]).rstrip(" ,;+&/.") if end else ""
    kept = re.sub(r"\s(?:et|and)$", "", kept)
    return _mended(" ".join(_without_tail(kept).split()), known)


def _without_tail(text: str) -> str:
    """«CODIR du», «DGS signe»: a role is one word, or goes on with «de» or with a word that belongs to it."""
    words = text.split()
    last = next((n for n, w in enumerate(words) if fold(w) in _ROLES or re.fullmatch(rf"[{_UPPER}]{{2,}}", w)), None)
    if last is None or any(fold(w) in first_names() for w in words[:last]):
        return text
    while last + 1 < len(words):
        here = fold(words[last + 1])
        if here in _LINKS and last + 2 < len(words):
            last += 2
        elif (
            here in _ROLES
            or here in _OF_ROLES
            or fold(words[last]) in _TAKES
            or (words[last + 1][0].isupper() and not words[last].isupper())
        ):
            last += 1
        else:
            break
    return " ".join(words[: last + 1])


@lru_cache(maxsize=4096)
def _is_one(text: str, strong: bool, known: tuple[str, ...]) -> bool:
    words = [fold(w) for w in re.findall(r"[^\W\d_]+", text)]
    if not words or any(w in _NO_NAME for w in words):
        return False
    if re.match(_CIVILITY, text) and len(words) > 1:
        return True
    if not text[0].isupper():
        first = words[1] if words[0] in ("la", "le", "les", "l", "the") and len(words) > 1 else words[0]
        return strong and (first in _ROLES or (len(words) == 1 and first in first_names()))
    if any(fold(text) == fold(k) for k in known):
        return True
    if _name_of(text.split()[0], known):
        return len(words) <= 3 and all(w[:1].isupper() for w in text.split())
    if not strong:
        return False
    if words[0] in _ROLES:
        return True
    if text.isupper():
        return len(words) == 1 and 2 <= len(text) <= 6
    if not all(word[:1].isupper() for word in text.split()):
        return False
    frequency = max(zipf_frequency(words[0], "fr"), zipf_frequency(words[0], "en"))
    return len(words) <= 2 and len(words[0]) > 2 and frequency < COMMON


def _mended(text: str, known: tuple[str, ...]) -> str:
    """Each word that is a first name misread by a letter, as the list or the session spells it."""
    return re.sub(_WORD, lambda m: _name_of(m.group(), known) or m.group(), text)


@lru_cache(maxsize=4096)
def _name_of(word: str, known: tuple[str, ...]) -> str:
    """The first name that a capitalised word is, its own spelling when it is one; empty when it is none."""
    folded = fold(word.split("-")[0])
    if folded in _NO_NAME or folded in _ROLES:
        return ""
    people = {fold(k.split()[0]): k.split()[0] for k in known if k.split()}
    if folded in people or folded in first_names():
        return word
    if len(folded) < 4 or max(zipf_frequency(folded, "fr"), zipf_frequency(folded, "en")) >= KNOWN:
        return ""
    for choice in (people, {n: n.capitalize() for n in first_names()}):
        near = [name for name in choice if len(name) >= 4 and Levenshtein.distance(folded, name, score_cutoff=1) <= 1]
        same = [name for name in near if len(name) == len(folded)]  # a letter misread is commoner than one lost
        if len(same or near) == 1:
            return choice[(same or near)[0]]
    return ""
