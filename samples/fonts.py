"""Handwriting fonts: which are installed, which belong to which split. None is committed.

The Debian packages of ``PACKAGES`` are the default. ``samples/fetch_fonts.sh`` adds fonts of npm's @fontsource to
``.cache/fonts``; they are used only when asked for, so that a seed gives the same picture with or without them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from archive.errors import MissingDependency

ROOTS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")
CACHE = Path(__file__).resolve().parent.parent / ".cache" / "fonts"
PACKAGES = (
    "fonts-breip",
    "fonts-bwht",
    "fonts-comic-neue",
    "fonts-dancingscript",
    "fonts-dkg-handwriting",
    "fonts-humor-sans",
    "fonts-kaushanscript",
    "fonts-klee",
    "fonts-kristi",
    "fonts-leckerli-one",
    "fonts-rufscript",
    "fonts-sjfonts",
    "fonts-tomsontalks",
    "fonts-yusei-magic",
)


@dataclass(frozen=True)
class Hand:
    """One handwriting. ``slow`` hands are hard to read (cursive, scrawled); ``title`` ones serve big lettering."""

    file: str
    split: str  # "tune" or "measure"
    use: str  # "text", "slow" or "title"
    extra: bool = False  # from @fontsource

    @property
    def path(self) -> Path:
        return installed()[self.file]


HANDS = (
    Hand("SteveHand.ttf", "tune", "slow"),
    Hand("KleeOne-SemiBold.ttf", "measure", "text"),
    Hand("BecauseWeConnect-Regular.otf", "tune", "slow"),
    Hand("BecauseWeCreate-Regular.otf", "tune", "slow"),
    Hand("BecauseWeMentor-Regular.otf", "tune", "slow"),
    Hand("ComicNeue-Italic.otf", "tune", "text"),
    Hand("Breip.ttf", "tune", "text"),
    Hand("dkg.ttf", "tune", "slow"),
    Hand("Humor-Sans.ttf", "tune", "text"),
    Hand("TomsonTalks.ttf", "tune", "text"),
    Hand("KaushanScript-Regular.otf", "tune", "title"),
    Hand("YuseiMagic-Regular.ttf", "measure", "text"),
    Hand("BecauseWeOrganize-Regular.otf", "measure", "slow"),
    Hand("BecauseWeBuild-Regular.otf", "measure", "slow"),
    Hand("Rufscript010.ttf", "measure", "slow"),
    Hand("DancingScript-Bold.otf", "measure", "text"),
    Hand("Delphine.ttf", "measure", "slow"),
    Hand("Kristi.ttf", "measure", "slow"),
    Hand("BecauseWeLearn-Regular.otf", "measure", "title"),
    Hand("LeckerliOne-Regular.ttf", "measure", "title"),
    Hand("caveat.ttf", "tune", "text", extra=True),
    Hand("patrick-hand.ttf", "tune", "text", extra=True),
    Hand("indie-flower.ttf", "tune", "text", extra=True),
    Hand("covered-by-your-grace.ttf", "tune", "text", extra=True),
    Hand("gloria-hallelujah.ttf", "tune", "text", extra=True),
    Hand("kalam.ttf", "measure", "text", extra=True),
    Hand("architects-daughter.ttf", "measure", "text", extra=True),
    Hand("handlee.ttf", "measure", "text", extra=True),
    Hand("shadows-into-light.ttf", "measure", "text", extra=True),
    Hand("reenie-beanie.ttf", "measure", "slow", extra=True),
    Hand("permanent-marker.ttf", "measure", "title", extra=True),
)


@lru_cache(maxsize=1)
def installed() -> dict[str, Path]:
    """Every known font file that is on this machine, by file name."""
    known = {hand.file for hand in HANDS}
    found: dict[str, Path] = {}
    for root in (*ROOTS, CACHE):
        for path in sorted(root.rglob("*")) if root.is_dir() else ():
            if path.name in known:
                found.setdefault(path.name, path)
    return found


def hands(split: str, use: str, extra: bool = False) -> tuple[Hand, ...]:
    """The installed hands of a split for a use, in a fixed order.

    Raises MissingDependency when none is installed.
    """
    there = tuple(
        h for h in HANDS if h.split == split and h.use == use and (extra or not h.extra) and h.file in installed()
    )
    if not there:
        raise MissingDependency(
            f"no handwriting font for '{use}' in the split '{split}'", hint="apt-get install " + " ".join(PACKAGES)
        )
    return there
