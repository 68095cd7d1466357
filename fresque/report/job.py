"""What every format is given: what to show, where its pictures are, and how the lab wants it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from archive.store import Archive
from fresque.report.model import Report
from fresque.report.template import Template
from fresque.report.words import Words, words


@dataclass(frozen=True)
class Job:
    """``advance`` is called once for each board."""

    report: Report
    archive: Archive
    template: Template = field(default_factory=Template)
    advance: Callable[[], None] = lambda: None

    @cached_property
    def say(self) -> Words:
        return words(self.report.language)
