"""The words, inks and note colours (BGR) of ``bench.find_scenes``."""

from __future__ import annotations

WORDS = (
    "projet",
    "usagers",
    "parcours",
    "accueil",
    "besoin",
    "vote",
    "budget",
    "idee",
    "equipe",
    "plan",
    "2026",
    "non",
)
INKS = ((40, 30, 30), (150, 60, 30), (40, 40, 190), (60, 120, 40), (130, 40, 120))
NOTES = ((90, 220, 245), (80, 150, 250), (180, 130, 240), (220, 180, 110), (130, 210, 150), (230, 230, 235))
