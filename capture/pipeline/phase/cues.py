"""The cues of form, as a table: a name, what it is called as evidence, and the pattern looked for in each line.

What a cue weighs is learned, so a cue belongs to no phase here. Patterns are for folded text (no case, no accents)
except those of CASED, which are for the line as it is written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cue:
    """``evidence`` names the cue to a person; cues without it say too little to be shown."""

    name: str
    evidence: str
    pattern: re.Pattern[str]


def _cue(name: str, evidence: str, *alternatives: str) -> Cue:
    return Cue(name, evidence, re.compile("|".join(alternatives)))


_START = r"^\W{0,3}"
_DAY = (
    r"(?:(?:lun|mar|jeu|ven|vendr|sam|dim|mer)(?:di|credi|edi|anche)?\.?|mon|tue|wed|thu|fri|sat|sun"
    r"|(?:mon|tues|wednes|thurs|fri)day)"
)
_MONTH = (
    r"(?:janv?(?:ier|uary)?|fev(?:r|rier)?|feb(?:ruary)?|mars|march|avr(?:il)?|apr(?:il)?|mai|may|juin|june?"
    r"|juil(?:let)?|july?|aou?t|aug(?:ust)?|sept?(?:embre|ember)?|oct(?:obre|ober)?|nov(?:embre|ember)?"
    r"|dec(?:embre|ember)?)"
)
_DATE = (r"\d{1,2}\s?/\s?(?:0\d|1[0-2])\b", rf"\d{{1,2}}(?:er|e)? {_MONTH}\b", rf"{_MONTH}\.? \d{{1,2}}\b")
_WHEN = "|".join(
    (
        *_DATE,
        r"\d{1,2}/\d{1,2}\b",
        rf"(?:fin )?{_MONTH}\b",
        rf"{_DAY}\b",
        "semaine|sem|noel|rentree|ce soir|demain",
    )
)
_UNTIL = r"(?:avant|avt|av\.?|d'ici|des|pour le|pr le|a partir du|au plus tard|from|by|until|due|before|le|au)"
_PEOPLE = (
    r"(?:pers|personnes|usagers|usageres|patients|participants|users|meres|peres|familles|agents|clients|customers"
    r"|people|jeunes|eleves|pupils|pilotes|foyers|recruteurs|visiteurs|femmes|hommes|enfants|homes|testeurs"
    r"|apprentis|patrons|binomes)"
)
_OPTION = r"(?:option|scenario|scen|version|variante|model|modele|plan|concept|piste|choix|hyp|hypothese|ecran|[svrh])"
_TIME_UNIT = r"(?:min|mn|h|j|jours?|sem|semaines?|mois|days?|weeks?|months?|sec|ans?)"
_PERIOD = r"(?:an|mois|sem|jour|j|h|week|month|year)"

TIME = (
    _cue("date", "date", *_DATE),
    _cue(
        "deadline",
        "échéance",
        rf"\b{_UNTIL} (?:{_WHEN})",
        r"\b(?:avant|avt|av\.?|d'ici|des|pour|pr) (?:le |the )?\d{1,2}(?:er|e)?\b(?! ?(?:h|%|min|€|ans|m|k))",
    ),
    _cue("month", "", rf"\b{_MONTH}\b"),
    _cue("weekday", "", rf"\b{_DAY}\b"),
    _cue(
        "calendar",
        "calendrier",
        r"\b[jmst]\s?[+-]\s?\d",
        r"\bs(?:em)?\.? ?[1-9]\d\b",
        r"\b[tq][1-4]\b",
        r"\btrimestre\b",
        rf"\b(?:debut|mi|fin)[ -](?:20\d\d|annee|{_MONTH})\b",
    ),
    _cue("clock", "", r"\b\d{1,2} ?[h:] ?\d{2}\b", r"\b\d{1,2} ?[ap]m\b", r"\b\d{1,2} h\b(?!/)"),
    _cue("clock_first", "heure par heure", _START + r"(?:[01]?\d|2[0-4]) ?[h:.] ?(?:[0-5]\d)?\b"),
    _cue("hours", "horaires", r"\d ?h?(?:\d\d)? ?[-–] ?\d{1,2} ?h"),
    _cue("duration", "", rf"\b\d+ ?{_TIME_UNIT}\b"),
    _cue("rate", "rythme", rf"(?:/|\bpar|\bper) ?{_PERIOD}\b", r"\bchaque |\btous les |\bts les |\bevery "),
    _cue("year", "années", r"\b(?:1[5-9]\d\d|20[0-4]\d)\b"),
    _cue("era", "retour sur le passé", r"\b(?:19\d\d|18\d\d|20[01]\d)\b", r"\bannees \d0", r"\b(?:siecle|ago)\b"),
)

FIGURES = (
    _cue("money", "montant", r"\d ?(?:k|m|md|mds)? ?(?:€|£|\$|euros?\b)", r"[€£$] ?\d", r"\b\d+ ?k\b"),
    _cue("percent", "pourcentage", r"\d ?%"),
    _cue(
        "one_in",
        "chiffres du terrain",
        r"\b(?:1|un|une|one) (?:sur|in|pour|for) \d",
        r"\b1 ?/ ?\d\b",
        r"\b\d+ (?:sur|pour|out of) \d",
    ),
    _cue("ratio", "", r"\b\d+ ?/ ?\d+\b"),
    _cue("people", "essai compté en personnes", rf"\b\d+ {_PEOPLE}\b"),
    _cue("age", "âge d'une personne", r"\b\d{1,2} ?(?:ans|a\.|years|yo)\b", r"^\W*\w+, \d\d\b"),
    _cue("times", "", r"\bx ?\d+", r"\b\d+ ?(?:fois|x)\b"),
    _cue("scores", "notes côte à côte", r"\d\s*[/|-]\s*\d[\d,.]*\s*[/|-]\s*\d", r"(?:\b\d[\d,.]*\s+){2}\d"),
    _cue(
        "before_after",
        "avant → après",
        r"\d ?(?:%|h|j|min|km|k)?\s*(?:→|->|>|=>)\s*\d",
        r"\b(?:avant|avt|old|was) \d",
        r"\(avant",
        r"\bau lieu de",
    ),
)

OPTIONS = (
    _cue(
        "choice_label",
        "options côte à côte",
        _START + r"[a-e1-4]\s?[/).:–=-]",
        _START + r"[a-d](?=\s[a-z+-])",
        _START + _OPTION + r"\s?°?[1-5a-d]\b",
    ),
    _cue("three_sides", "options côte à côte", r"[^/|]{2,}(?: / |\|| - )[^/|]{2,}(?: / |\|| - )[^/|]{2,}"),
    _cue("versus", "alternative", r"\b(?:vs|versus|plutot|rather)\b", " ou | or "),
    _cue(
        "marks",
        "votes ou marques",
        r"\+\+",
        r"(?:^|\s)-{2,}(?:\s|$)",
        r"[●★☆♥✓✔✗✘☑•]{2,}",
        r"\b[il]{3,}\b|\bx{2,}\b",
        r"gommette|\bdots?\b|\bvo(?:te|ix)s?\b",
    ),
    _cue(
        "plus_minus",
        "pour et contre",
        r"^\s*\+ ?\w",
        r"^\s*[-–] ?\w.*\s\+ ?\w",
        r"\+[^+]* / ?-",
        r"\b(?:pour|contre) :",
        r"\b(?:pros?|cons)\b",
    ),
    _cue(
        "condition",
        "hypothèse si / alors",
        _START + r"(?:si|if) ",
        r"\bsi (?!possible)\w+.*(?:→|->|=>|:|,)",
        r"\b(?:sinon|alors|otherwise|then|until|sauf|except)\b",
    ),
    _cue("lever", "frein ou flèche", r"\w[^→>=]*(?:→|->|=>| > ).*\w", r"frein|levier|\blifts?\b"),
)

VOICE = (
    _cue("question", "question", r"\?"),
    _cue("many_questions", "", r"\?{2,}|\?!"),
    _cue("why", "pourquoi", r"\b(?:pourquoi|why)\b"),
    _cue("what_if", "« et si »", r"\b(?:et si|what if|hmw|how might|comment pourr\w+)\b"),
    _cue("quote", "paroles rapportées", r"[«»“”]", r"\"[^\"]+\""),
    _cue(
        "first_person",
        "première personne",
        r"\b(?:je|moi|mon|ma|mes|my|me)\b",
        r"\b(?:j|m)'",
        r"\bj ",
        r"\bi(?:'m)? (?=[a-z])",
    ),
    _cue("we", "« nous »", r"\b(?:nous|notre|nos|we|our|us|ensemble|together)\b"),
    _cue("we_do", "décision au présent", _START + r"(?:on|we) (?!m[e'] |sait|ne |nous |dit)\w+"),
    _cue(
        "negative",
        "",
        r"\b(?:pas|jamais|rien|personne|aucune?|sans|plus de|ne|ni|no|not|never|nobody|nothing)\b",
        r"\bn'|n't\b",
    ),
    _cue(
        "yes_no",
        "oui / non",
        _START + r"(?:oui|non|ok|yes|no|stop|go|valide|refuse|retenu|vote|acte|agreed)\b",
        r": ?(?:oui|non|ok|yes|no|go)\b",
    ),
    _cue("future", "futur", r"\b\w{3,}(?:era|ira|dra)\b", r"\b\w+[eid]r(?:ons|ont)\b", r"\bwill\b"),
    _cue("infinitive", "", r"^\W{0,4}[a-z]{2,}(?:er|ir|oir|dre)\b"),
    _cue("excess", "", r"\b(?:trop|tres|tjrs|toujours|too|always|again|encore)\b|!!"),
    _cue("exclaim", "", "!"),
    _cue("ellipsis", "", r"\.\.\.|…"),
)

LAYOUT = (
    _cue("dashes", "", r"^\s*[-–*•] ?\w"),
    _cue("numbered", "", r"^\s*\d\s?[).–-]\s"),
    _cue("arrow", "", "→|->|=>|>(?!=)"),
    _cue("equals", "", " = |≠|!="),
    _cue("label", "rubrique : contenu", _START + r"[\w' ]{2,22} ?: ?\S"),
    _cue("comma_list", "", r"\w+, [^,]+, \w+"),
    _cue("row_of_words", "mots rapprochés", _START + r"\w+(?: ?[/=≠,] ?\w+){2,}$"),
    _cue("parenthesis", "", r"\("),
)

CASED = (
    _cue("civility", "personne nommée", r"\b(?:M|MM|Mr|Mme|Mlle|Dr|Me|Pr|Mrs|Ms)\b\.? [A-Z]"),
    _cue("proper", "", r"[a-zà-ÿ0-9,;)] [A-ZÀ-Ý][a-zà-ÿ]{2,}"),
    _cue("shout", "", "^[^a-zà-ÿ]*[A-ZÀ-Ý]{3,}[^a-zà-ÿ]*$"),
    _cue("capital_first", "", _START + "[A-ZÀ-Ý]"),
)

FOLDED = (*TIME, *FIGURES, *OPTIONS, *VOICE, *LAYOUT)
