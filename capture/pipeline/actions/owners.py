"""Who does it: names and roles where a board puts its owners, before a colon, after an arrow, in brackets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from capture.pipeline.actions.names import (
    ARTICLE,
    CIVILITY,
    INITIALS,
    LOWER,
    UPPER,
    WORD,
    Sure,
    frequency,
    mended,
    no_names,
    perhaps_roles,
    sure,
    without_tail,
)
from capture.pipeline.actions.verbs import OBJECTS, PRONOUNS, WILL, acts, does
from capture.pipeline.phase.form import first_names
from capture.pipeline.phase.words import fold

_PERSON = rf"(?:{CIVILITY})?{WORD}(?:[- ]{WORD}){{0,3}}(?:\s[{UPPER}]\.?(?![{LOWER}]))?"
_ACRONYM = rf"{ARTICLE}?[{UPPER}]{{2,6}}(?:\s\d)?(?![{UPPER}{LOWER}])"
_ROLE = (
    rf"{ARTICLE}?[{UPPER}{LOWER}]{{2,}}(?:-[{LOWER}]+)?"
    rf"(?:\s(?:du |des? |d['’]|de la |de l['’]|la |l['’]|of )?[{UPPER}{LOWER}]+(?:-[{UPPER}][{LOWER}]+)?\d?){{0,2}}"
)
_ALL = (
    r"(?:[Cc]haque [a-zéèêâî]+|[Ee]ach [a-z]+|[Tt]oute l['’]équipe|[Tt]ous les [a-zéè]+|[Tt]outes les [a-zéè]+"
    r"|[Tt]out le monde|[Ww]hole team)"
)
_TITLED = rf"(?:M\.|Mme|Mr|Mrs|Monsieur|Madame)\s(?:l[ea]|the)\s[{LOWER}]+"
_ONE = rf"(?:{INITIALS}|[{UPPER}]\.\s?{WORD}|{_ALL}|{_TITLED}|{_PERSON}|{_ACRONYM}|{_ROLE})"
_AND = r"(?:\s?[+&,]\s?|/|\s(?:et|and)\s)"
_MANY = rf"{_ONE}(?:{_AND}{_ONE}){{0,3}}"

_LABEL = (
    r"(?:resp(?:onsable)?s?|pilotes?|pilotage|porteurs?|porteuse|porté par|référente?s?|réf|owner|lead|qui|who|par|by"
    r"|par qui|chargée? de|assigned to|chef de file)"
)
_ARROW = r"(?:→|➔|➜|►|=+>|-+>|—>|–>|>{1,2}|~>|=(?!>))"
_START = r"^\W{0,3}(?:\d{1,2}\s?[.)]\s*)?"

_FORMS = (
    re.compile(rf"(?:^|[|(,;.\s]){_LABEL}\.?\s?[:=]\s?(?P<who>{_MANY})", re.IGNORECASE),
    re.compile(rf"{_START}(?P<who>{_MANY})\s?(?::|{_ARROW}|\||\([^)]+\)\s(?=[{LOWER}]))"),
    re.compile(rf"{_ARROW}\s?(?P<who>{_MANY})\s*(?=$|[,;.|()\-–:/]|{_ARROW})"),
    re.compile(rf"\(\s?(?P<who>{_MANY})\s*(?=[,;)\-–:|]|$)"),
    re.compile(
        rf"(?:\s[-–—/]\s?|-\s|\|\s?|,\s?|;\s|[:=]\s?|[a-zé]\.\s)(?P<who>{_MANY})\s*(?=$|[,;|)(]|\.(?:\s|$)|\s[-–—/]|-\s|:)"
    ),
    re.compile(rf"{_START}(?P<who>{_MANY})(?:\s[-–—]\s?|-\s|,\s|\s?/\s)"),
    re.compile(
        r"(?:\b(?i:par|by|chez|resp\.?|pilote|confié à|demander à|(?:voir|vu|fait|caler) avec|assigned to|côté)\s"
        rf"|@\s?)(?P<who>{_MANY})"
    ),
    re.compile(
        rf"\b[Cc]['’ ]est (?P<who>{_MANY}) qui\b"
        rf"|(?P<too>{_PERSON}(?:{_AND}{_PERSON})?) (?:s['’ ]en (?:occupe|charge)|s['’ ]y colle|en tête)"
    ),
    re.compile(rf"{_START}(?P<who>{_PERSON}(?:{_AND}{_PERSON}){{0,2}})\s(?=[{LOWER}])"),
    re.compile(rf"[:,;?.|]\s+(?P<who>{_PERSON}(?:\s?(?:\+|&|et|and)\s?{_PERSON})?)\s(?=[{LOWER}])"),
    re.compile(rf"\s(?P<who>{_PERSON})\s*(?=$|[,;|)])"),
    re.compile(rf"(?P<who>{CIVILITY}{WORD})"),
)
"""Where owners stand, the surest place first."""

_BETWEEN = 4  # the form in which signs stand on both sides
_STANDS = 8  # forms before that one name owners by their place: roles are believed there
_UNKNOWN = 6  # and names that no list has, up to that one
_SUBJECT = 8  # there names that no list has, if a verb follows
_SPLIT = re.compile(r"(?:\s?[+&,]\s?|\s?/\s?|\s(?:et|and)\s)")
NAMELY = 2.7  # Zipf frequency below which a word that a verb follows is a name rather than a thing: not «Arrosage»
_AGREES = frozenset(["ok", "d'accord", "oui", "non", "valide", "faite", "fait"])
_PARTED = (0, 1, 2, 3, 4, 5)  # forms in which a sign stands after the name
_POINTED = (0, 2, 3, 6)  # forms that point at a name: words that are roles as often as subjects are believed there
_LABELLED = (0, 2, 6, 7)  # forms that begin with a label or an arrow, which goes with the name
_HANDLES = re.compile(
    rf"(?<!\S)@(?P<one>[{UPPER}{LOWER}][\w.-]*\w)(?P<more>(?:\s?(?:[+&,]|et|and)?\s?@[{UPPER}{LOWER}][\w.-]*\w)*)"
)
_SMALL = re.compile(rf"{_START}(?P<who>[{LOWER}]{{4,}}(?:\s(?:et|and|\+|&)\s[{LOWER}]{{4,}})?)\s(?=[{LOWER}])")
_ONLY = re.compile(rf"(?:{_LABEL}\.?\s?[:=]\s?|{_LABEL}\.?\s|@\s?)", re.IGNORECASE)
_SIGNS = " .:;,|()[]-–—→>•*@"


@dataclass(frozen=True, slots=True)
class Owner:
    """``start`` and ``end`` in the text, with the label or arrow that names it; ``place``: the name's own start."""

    name: str
    start: int
    end: int
    sure: Sure = Sure.PERSON
    place: int = 0


def find(text: str, known: Sequence[str] = ()) -> Owner | None:
    """The owner that a text names, dates having been blanked out of it; ``known`` are people of the session.

    What is surely a person or a body goes before what only may be a name, whatever the place."""
    people = tuple(known)
    if plain := _handles(text) or _small(text, people):
        return plain
    found = [
        (number, owner)
        for number, form in enumerate(_FORMS)
        for match in form.finditer(text)
        if (owner := _owner(match, number, people))
    ]
    subject = _subject(text, people)
    return next((o for n, o in found if o.sure is Sure.PERSON and (n < _STANDS or _does(o, n, text))), None) or next(
        (o for _, o in found if o.sure >= Sure.ROLE), subject or next((o for _, o in found), None)
    )


def _does(owner: Owner, number: int, text: str) -> bool:
    """«Chauffeurs : Anatole en trouve 10»: whether a name after a sign is followed by what it does."""
    rest = [w for w in text[owner.end :].split()[:2] if w not in PRONOUNS]
    return number in (_SUBJECT, _SUBJECT + 1) and acts(rest)


def _owner(match: re.Match[str], number: int, people: tuple[str, ...]) -> Owner | None:
    group = "who" if match["who"] else "too"
    who, place = match[group], match.start(group)
    name, level, length = checked(who, people, whole=number in _PARTED)
    if not name and number == _BETWEEN and (joint := _SPLIT.search(who)):  # «nouveau badge, régisseur»
        who, place = who[joint.end() :], place + joint.end()
        name, level, length = checked(who, people)
    if not name:
        return None
    if number in (1, 5) and level is Sure.ROLE and name[:1].islower():
        level = Sure.PERHAPS  # «interprètes : asso Passerelle»: a list begins as often
    spoken_of = name[:1].islower() or (number in (1, 5) and fold(name.split()[0]) in perhaps_roles())
    if level is Sure.PERHAPS and spoken_of and number not in _POINTED and sure(name) is not Sure.ROLE:
        return None
    if number == 0 and level is Sure.PERHAPS:
        level = Sure.ROLE  # a label says so
    unknown = number <= _UNKNOWN or match["who"] is None
    least = Sure.PERHAPS if unknown else Sure.ROLE if number < _STANDS else Sure.PERSON
    if number == _SUBJECT and acts(match.string[match.end() :].split()) and frequency(fold(name.split()[0])) < NAMELY:
        least = Sure.PERHAPS
    if level < least or (level is Sure.PERHAPS and length < len(who.rstrip(" ."))):
        return None
    start = match.start() if number in _LABELLED else place
    return Owner(name, start, place + length, level, place)


def _handles(text: str) -> Owner | None:
    """«@sam», «@Inès et @Paul»: who is called so is meant, whatever the name."""
    match = _HANDLES.search(text)
    if not match or (match["more"] == "" and match["one"][0].isupper()):  # «@Service RH»: more than a word
        return None
    name = " ".join(re.sub(r"@\s?", "", match.group()).split())
    return Owner(name, match.start(), match.end(), Sure.PERSON, match.start() + 1)


def _small(text: str, people: tuple[str, ...]) -> Owner | None:
    """«karim appelle le sdis»: a first name in small letters, and what it does."""
    match = _SMALL.match(text)
    if not match or not acts([w for w in text[match.end() :].split()[:3] if w not in PRONOUNS]):
        return None
    names = [fold(n) for n in re.split(r"\s(?:et|and|\+|&)\s", match["who"])]
    if not all(n in first_names() or any(fold(k).split()[0] == n for k in people if k.strip()) for n in names):
        return None
    return Owner(match["who"], match.start("who"), match.end("who"), Sure.PERSON, match.start("who"))


def _subject(text: str, people: tuple[str, ...]) -> Owner | None:
    """«L'équipe numérique livre», «IT to open»: a body at the start, and what it does after it."""
    start = re.match(_START, text)
    place = end = start.end() if start else 0
    named = False
    while match := re.match(rf"(?:{_ROLE}|{_ACRONYM})(?=\s)", text[end:]):
        kept = _before_verb(without_tail(match.group()), text[end:])
        rest = text[end + len(kept) :].split()
        willed = kept.isupper() and bool(rest) and rest[0] in WILL
        all_of = bool(re.fullmatch(_ALL, kept))
        # «les écoles distribuent le flyer»: what may be a thing is someone when it does something to something
        level = sure(kept, people)
        someone = level >= Sure.ROLE or (level is Sure.PERHAPS and does((rest or [""])[0]) and _object(rest[1:]))
        if not rest or not (someone or willed or all_of):
            return None
        end += len(kept)
        named = does(rest[0])
        joint = re.match(_AND, text[end:])
        if named or not joint:
            break
        end += joint.end()
    if not named:
        return None
    names = [_bare(one) for one in _SPLIT.split(text[place:end])]
    return Owner(" et ".join(names) if len(names) > 1 else names[0], place, end, Sure.ROLE, place)


def _before_verb(kept: str, text: str) -> str:
    """«Le département finance 2 ETP», «chaque service nomme un référent»: the last word is what the body does."""
    words, rest = kept.split(), text[len(kept) :].split()
    return " ".join(words[:-1]) if len(words) > 2 and does(words[-1]) and _object(rest) else kept


def _object(rest: Sequence[str]) -> bool:
    return bool(rest) and (rest[0] in OBJECTS or rest[0][0].isdigit() or rest[0].startswith(("l'", "l’")))


def is_owner(text: str, known: Sequence[str] = ()) -> bool:
    """Whether a cell or a line holds nothing but an owner: a person that is known as one, or a role."""
    text = text.strip(_SIGNS)
    label = _ONLY.match(text)
    if label and label.end() < len(text):
        rest = text[label.end() :].strip()
        return bool(re.fullmatch(_MANY, rest)) and checked(rest, tuple(known))[2] == len(rest)
    if not re.fullmatch(_MANY, text):
        return False
    _, level, length = checked(text, tuple(known))
    return level >= Sure.ROLE and length == len(text)


def is_person(text: str, known: Sequence[str] = ()) -> bool:
    """Whether an owner is named as a person."""
    return checked(_ONLY.sub("", text.strip(_SIGNS), count=1), tuple(known))[1] is Sure.PERSON


def checked(text: str, known: tuple[str, ...] = (), whole: bool = True) -> tuple[str, Sure, int]:
    """The names of a place as one text, misread ones mended; how sure the surest is; how many letters they take.
    ``whole``: it is known to end where the text ends."""
    end, start, level = 0, 0, Sure.NO
    parts = list(_SPLIT.finditer(text + "+"))
    for part in parts:  # «Paulette + Jean, salle 2»: what follows the last name is none
        one = text[start : part.start()]
        name, how = _named(one.strip(), whole, known)
        if how is Sure.NO and part is not parts[-1] and re.fullmatch(WORD, one.strip()):
            rest, after, _ = checked(text[part.end() :], known, whole)  # «Ade and Ruth»: beside a name it is one
            how = Sure.PERHAPS if after is Sure.PERSON and rest and fold(name) not in no_names() else how
        if how is Sure.NO or (end and how is Sure.PERHAPS and not name[0].isupper()):
            break
        level = max(level, how)
        end = start + len(one) - len(one.lstrip()) + len(name)
        start = part.end()
        if len(name) < len(one.strip().rstrip(".")):
            break
    kept = text[:end]
    return _tidied(kept, known), level, end


def _named(text: str, whole: bool, known: tuple[str, ...]) -> tuple[str, Sure]:
    """The name that a text begins with: a role with the words that belong to it, «pôle relation usagers», but not
    «juriste valide»; those that only may belong to it make it less sure."""
    text = text if re.fullmatch(INITIALS, text) else text.rstrip(".")
    person = re.match(_PERSON, text)
    if person and person.end() < len(text) and sure(person.group(), known) is Sure.PERSON:
        return person.group(), Sure.PERSON
    cut = without_tail(text)
    rest = text[len(cut) :].split()
    if not rest:
        return text, sure(text, known)
    if fold(rest[0]) in _AGREES:
        return "", Sure.NO  # «DGS d'accord», «assurance OK»
    how = sure(cut, known)
    if how in (Sure.ROLE, Sure.PERHAPS) and whole and rest[0][0].islower():
        how = Sure.PERHAPS if cut[:1].islower() else how
        if len(rest) <= 2 and not any(does(w) for w in rest):
            return text, how
    return cut, how


def _bare(text: str) -> str:
    return re.sub(rf"^{ARTICLE}", "", text)


def spelt(text: str, known: tuple[str, ...]) -> str:
    """The owner that a cell or a line holds, whatever it is, without its label."""
    label = _ONLY.match(text)
    return _tidied(text[label.end() :] if label else text, known)


def _tidied(text: str, known: tuple[str, ...]) -> str:
    return _bare(mended(" ".join(text.split()), known))
