"""The words of a report, French and English; dates as each language writes them (Babel)."""

from __future__ import annotations

from datetime import date

from archive.model import Colour, Phase

_WORDS = {
    "fr": {
        "report": "Compte rendu visuel",
        "purpose": "L’intention",
        "timeline": "Le fil des jours",
        "boards": "Panneaux",
        "SCAN": "SCAN – explorer",
        "FOCUS": "FOCUS – concevoir",
        "ACT": "ACT – décider",
        "unsure": "Phase à vérifier",
        "none": "Hors phase",
        "notes": "Notes repositionnables",
        "cluster": "Groupe {n}",
        "alone": "Isolées",
        "actions": "Qui fait quoi",
        "decisions": "Décisions",
        "questions": "Questions ouvertes",
        "owner": "Porteur",
        "due": "Échéance",
        "action": "Action",
        "done": "fait",
        "people": "Participants",
        "more": "Retrouver tout cela",
        "more_text": "Tout est dans l’archive Fresque : {how}",
        "nothing_read": "(rien de lu)",
        "doubtful": "lecture incertaine",
        "doubtful_key": "Les mots soulignés de points sont d’une lecture incertaine : à vérifier sur l’image.",
        "board_alt": "Panneau redressé : {title}. Texte lu : {text}",
        "board_count": "{n} panneaux",
        "note_count": "{n} notes",
        "n_sessions": "{n} sessions",
        "day": "Jour {n}",
        "photo": "Photo",
        "for": "pour",
        "read": "Texte lu",
        "empty": "Aucun panneau à montrer.",
        "page": "page",
    },
    "en": {
        "report": "Visual report",
        "purpose": "Purpose",
        "timeline": "How the days went",
        "boards": "Boards",
        "SCAN": "SCAN – explore",
        "FOCUS": "FOCUS – design",
        "ACT": "ACT – decide",
        "unsure": "Phase to be checked",
        "none": "Outside the phases",
        "notes": "Sticky notes",
        "cluster": "Cluster {n}",
        "alone": "On their own",
        "actions": "Who does what",
        "decisions": "Decisions",
        "questions": "Open questions",
        "owner": "Owner",
        "due": "Due",
        "action": "Action",
        "done": "done",
        "people": "Participants",
        "more": "Find it all again",
        "more_text": "Everything is in the Fresque archive: {how}",
        "nothing_read": "(nothing read)",
        "doubtful": "doubtful reading",
        "doubtful_key": "Dotted words were read with doubt: check them on the picture.",
        "board_alt": "Straightened board: {title}. Text read: {text}",
        "board_count": "{n} boards",
        "note_count": "{n} notes",
        "n_sessions": "{n} sessions",
        "day": "Day {n}",
        "photo": "Photo",
        "for": "for",
        "read": "Text read",
        "empty": "No board to show.",
        "page": "page",
    },
}

_COLOURS = {
    "fr": ("jaune", "orange", "rose", "rouge", "violet", "bleu", "vert", "blanc", "gris", "marron"),
    "en": tuple(colour.value for colour in Colour),
}


class Words(dict[str, str]):
    """``words["key"]``, and dates of the language."""

    def __init__(self, language: str) -> None:
        super().__init__(_WORDS[language])
        self.language = language

    def phase(self, phase: Phase) -> str:
        return self[phase.value]

    def colour(self, colour: Colour | None) -> str:
        return _COLOURS[self.language][list(Colour).index(colour)] if colour else ""

    def day(self, day: date) -> str:
        from babel.dates import format_date

        return str(format_date(day, "long", locale=self.language))

    def weekday(self, day: date) -> str:
        from babel.dates import format_date

        return str(format_date(day, "full", locale=self.language))

    def dates(self, start: date | None, end: date | None) -> str:
        if start is None:
            return ""
        if end is None or end == start:
            return self.day(start)
        from babel.dates import format_interval

        return str(format_interval(start, end, "yMMMMd", locale=self.language))


def words(language: str) -> Words:
    return Words(language)
