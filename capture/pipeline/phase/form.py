"""The form of what is written: names with dates, options side by side, complaints in the first person.

Half of real boards hold none of the method's words; how they are written still tells the phases apart. A cue is a
pattern looked for in each line; what it weighs is learned, so a cue belongs to no phase here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from capture.pipeline.phase.words import Word, fold

_DAY = r"(?:lun|mar|mer|jeu|ven|vendr|sam|dim)(?:di|credi|edi|anche)?\.?|mon|tue|wed|thu|fri|sat|sun|(?:mon|tues|wednes|thurs|fri)day"
_MONTH = (
    r"janv?(?:ier|uary)?|fev(?:r|rier)?|feb(?:ruary)?|mars|march|avr(?:il)?|apr(?:il)?|mai|may|juin|june?|juil(?:let)?|july?"
    r"|aou?t|aug(?:ust)?|sept?(?:embre|ember)?|oct(?:obre|ober)?|nov(?:embre|ember)?|dec(?:embre|ember)?"
)
_ON = rf"\d{{1,2}}\s?/\s?(?:0\d|1[0-2])\b|\d{{1,2}}(?:er|e)? (?:{_MONTH})\b|(?:{_MONTH})\.? \d{{1,2}}\b"
_WHEN = rf"(?:{_ON}|\d{{1,2}}/\d{{1,2}}\b|\d{{1,2}}(?:er|e)?\b(?! ?(?:h|%|min|€))|fin (?:{_MONTH})|(?:{_MONTH})\b|(?:{_DAY})\b|semaine|sem|noel|rentree|ce soir|demain)"
_UNTIL = (
    r"\b(?:avant|avt|av\.?|d'ici|des|pour le|pr le|a partir du|au plus tard|from|by|until|due|before|en|le|au|from)"
)
_PEOPLE = (
    r"pers|personnes|usagers|usageres|patients|participants|users|meres|peres|familles|agents|clients|customers|people|jeunes"
    r"|eleves|pupils|pilotes|foyers|recruteurs|vis|visiteurs|femmes|hommes|enfants|homes|testeurs|apprentis|patrons|binomes"
)
_LABEL = r"^\W{0,3}(?:[a-e1-4]\s?[/).:–=-]|[a-d](?=\s[a-z+-])|(?:option|scenario|scen|version|variante|model|modele|plan|concept|piste|choix|hyp|hypothese|ecran|[svrh])\s?°?(?:[1-5a-d])\b)"


@dataclass(frozen=True, slots=True)
class Cue:
    """``evidence`` names the cue to a person; cues without it are too small to show."""

    name: str
    pattern: re.Pattern[str]
    evidence: str = ""
    folded: bool = True  # looked for in the folded line, else in the line as it is


def _cue(name: str, pattern: str, evidence: str = "", folded: bool = True) -> Cue:
    return Cue(name, re.compile(pattern), evidence, folded)


CUES = (
    _cue("date", _ON, "date"),
    _cue("deadline", rf"{_UNTIL} {_WHEN}", "échéance"),
    _cue("month", rf"\b(?:{_MONTH})\b"),
    _cue("weekday", rf"\b(?:{_DAY})\b"),
    _cue("calendar", r"\b(?:[jmst]\s?[+-]\s?\d+|s(?:em)?\.? ?(?:[1-9]\d)|t[1-4]|q[1-4]|sem\. \d+|trimestre|(?:debut|mi|fin)[ -](?:20\d\d|annee|"
         + _MONTH + r"))\b", "calendrier"),
    _cue("clock", r"\b\d{1,2} ?(?:h|:) ?\d{2}\b|\b\d{1,2} ?[ap]m\b|\b\d{1,2} h\b(?!/)"),
    _cue("clock_first", r"^\W{0,3}(?:[01]?\d|2[0-4]) ?[h:.] ?(?:[0-5]\d)?\b", "déroulé à l'heure"),
    _cue("hours", r"\d ?h?(?:\d\d)? ?[-–] ?\d{1,2} ?h", "horaires"),
    _cue("money", r"\d ?(?:k|m|md|mds)? ?(?:€|£|\$|euros?\b)|[€£$] ?\d|\b\d+ ?k\b", "montant"),
    _cue("percent", r"\d ?%", "pourcentage"),
    _cue("one_in", r"\b(?:1|un|une|one) (?:sur|in|pour|for) \d|\b1 ?/ ?\d\b|\b\d+ (?:sur|pour|out of) \d+", "chiffres du terrain"),
    _cue("ratio", r"\b\d+ ?/ ?\d+\b"),
    _cue("people", rf"\b\d+ (?:{_PEOPLE})\b"),
    _cue("scores", r"\d\s*[/|-]\s*\d[\d,.]*\s*[/|-]\s*\d|(?:\b\d[\d,.]*\s+){2}\d", "notes côte à côte"),
    _cue("before_after", r"\d ?(?:%|h|j|min|km|k)?\s*(?:→|->|>|=>)\s*\d|\bavant \d|\bavt \d|\bold \d|\bwas \d|\(avant|\bau lieu de", "avant → après"),
    _cue("choice_label", _LABEL, "options côte à côte"),
    _cue("three_sides", r"[^/|]{2,}(?: / |\|| - )[^/|]{2,}(?: / |\|| - )[^/|]{2,}", "options côte à côte"),
    _cue("versus", r"\bvs\b|\bversus\b| ou | or |\bplutot\b|\brather\b", "alternative"),
    _cue("marks", r"\+\+|(?:^|\s)-{2,}(?:\s|$)|[●★☆♥✓✔✗✘☑•]{2,}|\b[il]{3,}\b|\bx{2,}\b|gommette|\bdots?\b|\bvo(?:te|ix)s?\b", "votes ou marques"),
    _cue("plus_minus", r"^\s*\+ ?\w|^\s*[-–] ?\w.*\s\+ ?\w|[+][^+]* / ?-|\bpour :|\bcontre :|\bpros?\b|\bcons\b", "pour et contre"),
    _cue("dashes", r"^\s*[-–*•] ?\w"),
    _cue("numbered", r"^\s*\d\s?[).–-]\s", ""),
    _cue("arrow", r"→|->|=>|>(?!=)", ""),
    _cue("equals", r" = |≠|!="),
    _cue("question", r"\?", "question"),
    _cue("many_questions", r"\?{2,}|\?!"),
    _cue("why", r"\b(?:pourquoi|why)\b", "pourquoi"),
    _cue("what_if", r"\b(?:et si|what if|hmw|how might|comment pourr\w+)\b", "« et si »"),
    _cue("condition", r"^\W{0,3}(?:si|if) |\bsi (?!possible)\w+.*(?:→|->|=>|:|,)|\b(?:sinon|alors|otherwise|then|until|sauf|except)\b", "hypothèse si / alors"),
    _cue("problem_lever", r"\w[^→>=]*(?:→|->|=>| > ).*\w.*|frein|levier|\blifts?\b", ""),
    _cue("quote", r"[«»“”]|\"[^\"]+\"", "paroles rapportées", folded=False),
    _cue("first_person", r"\b(?:je|j'|j |moi|mon|ma|mes|on m[e'])\b|\bj'|\bi(?:'m)? (?=[a-z])|\bmy\b|\bme\b", "plainte à la première personne"),
    _cue("we", r"\b(?:nous|notre|nos|we|our|us|ensemble|together)\b", "« nous »"),
    _cue("we_do", r"^\W{0,3}(?:on|we) (?!m[e'] |sait|ne |nous |dit)\w+", "décision au présent"),
    _cue("negative", r"\b(?:pas|jamais|rien|personne|aucune?|sans|plus de|ne|ni|no|not|never|nobody|nothing|n't|can't|don't)\b|\bn'", ""),
    _cue("yes_no", r"^\W{0,3}(?:oui|non|ok|yes|no|stop|go|valide|refuse|retenu|vote|acte|agreed)\b|: ?(?:oui|non|ok|yes|no|go)\b", "oui / non"),
    _cue("future", r"\b\w{3,}(?:era|eront|erons|iront|ira|dra|dront)\b|\bwill\b", "futur"),
    _cue("infinitive", r"^\W{0,4}[a-z]{2,}(?:er|ir|oir|dre)\b", ""),
    _cue("superlative", r"\b(?:trop|tres|tjrs|toujours|too|always|again|encore)\b|!!", ""),
    _cue("exclaim", r"!"),
    _cue("year", r"\b(?:1[5-9]\d\d|20[0-4]\d)\b", "années"),
    _cue("era", r"\b(?:19[0-9]\d|18\d\d|20[01]\d)\b|\b(?:siecle|ans|years) (?:apres|avant|ago)|\bxixe\b|\bannees \d0", "retour sur le passé"),
    _cue("age", r"\b\d{1,2} ?(?:ans|a\.|years|yo)\b|^\W*\w+, \d\d\b", "âge d'une personne"),
    _cue("duration", r"\b\d+ ?(?:min|mn|h|j|jours?|sem|semaines?|mois|days?|weeks?|months?|sec|ans?)\b"),
    _cue("rate", r"\b(?:/|par|per) ?(?:an|mois|sem|jour|j|h|week|month|year)\b|\bchaque |\btous les |\bts les |\bevery ", "rythme"),
    _cue("times", r"\bx ?\d+|\b\d+ ?(?:fois|x)\b"),
    _cue("label", r"^\W{0,3}[\w' ]{2,22} ?: ?\S", "rubrique : contenu"),
    _cue("comma_list", r"\w+, [^,]+, \w+"),
    _cue("parenthesis", r"\("),
    _cue("civility", r"\b(?:M|MM|Mr|Mme|Mlle|Dr|Me|Pr|Mrs|Ms)\b\.? [A-Z]", "personne nommée", folded=False),
    _cue("shout", r"^[^a-zà-ÿ]*[A-ZÀ-Ý]{3,}[^a-zà-ÿ]*$", "", folded=False),
    _cue("capital_first", r"^\W{0,3}[A-ZÀ-Ý]", "", folded=False),
    _cue("not_equal_words", r"^\W{0,3}\w+(?: ?[/=≠,] ?\w+){2,}$", "mots rapprochés"),
    _cue("ellipsis", r"\.\.\.|…"),
)  # fmt: skip

NAME_CUES = {
    "name": "personne nommée",
    "name_first": "qui fait quoi",
    "name_after": "qui fait quoi",
    "name_when": "nom et échéance",
    "short": "liste d'idées",
    "bare": "",
    "names_many": "",
}
NAMES = tuple(c.name for c in CUES) + tuple(NAME_CUES)
EVIDENCE = {c.name: c.evidence for c in CUES} | NAME_CUES

_AFTER = re.compile(r"(?:→|->|=>|>|:|=|\(|-|–|,|\bresp\.?|\bavec|\bpar|\bwith)\s*(?:M\.|Mme|Dr)?\s*$")


def seen(lines: Sequence[str], words: Sequence[Sequence[Word]]) -> tuple[frozenset[str], ...]:
    """The names of the cues in each line; ``words`` are those of the lines, in the same order."""
    return tuple(_in_line(line, w) for line, w in zip(lines, words, strict=True))


def _in_line(line: str, words: Sequence[Word]) -> frozenset[str]:
    folded = fold(line)
    found = {c.name for c in CUES if c.pattern.search(folded if c.folded else line)}
    found |= _people(line, words, found)
    letters = [w for w in words if not w.folded.isdigit()]
    if len(words) <= 5 and len(letters) == len(words) and words:
        found.add("short")
    if not found - {"short", "capital_first", "dashes"}:
        found.add("bare")
    return frozenset(found)


def _people(line: str, words: Sequence[Word], found: set[str]) -> set[str]:
    named = [i for i, w in enumerate(words) if w.text[:1].isupper() and w.folded in first_names()]
    if not named and "civility" not in found:
        return set()
    cues = {"name"}
    if named and named[0] == 0 and len(words) > 1:
        cues.add("name_first")
    if any(_AFTER.search(line[: line.find(words[i].text)]) for i in named if i > 0):
        cues.add("name_after")
    if found & {"date", "deadline", "weekday", "month", "calendar"}:
        cues.add("name_when")
    if len(named) > 1:
        cues.add("names_many")
    return cues


@cache
def first_names() -> frozenset[str]:
    return frozenset((resources.files(__package__) / "data" / "first_names.txt").read_text(encoding="utf-8").split())
