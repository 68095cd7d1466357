"""Markdown (CommonMark) with its pictures beside it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from capture.pipeline.lists import Mark
from fresque.report import pictures, view
from fresque.report.job import Job

_BOXES = {Mark.BOX: "[ ]", Mark.TICK: "[x]"}  # task lists, as GitHub writes them
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~])")


def write(job: Job, folder: Path) -> None:
    """``report.md`` and ``images/``."""
    images = folder / "images"
    images.mkdir(parents=True, exist_ok=True)
    lines = [f"# {escape(job.report.title)}", "", escape(job.report.subtitle), ""]
    for phase, sheets in job.report.by_phase():
        lines += [f"## {escape(job.say.phase(phase))}", ""]
        for sheet in sheets:
            shown = view.sheet(sheet, job.say, job.template)
            (images / shown["image"]).write_bytes(pictures.clean_jpeg(job.archive, sheet.board))
            lines += [f"### {escape(shown['title'])}", "", f"![{escape(shown['title'])}](images/{shown['image']})", ""]
            lines += [f"*{escape(' · '.join(x for x in (shown['meta'], shown['rights']) if x))}*", ""]
            lines += [_row(row) for row in shown["rows"]] + [""]
            job.advance()
    for title, rows in (("decisions", job.report.decisions), ("questions", job.report.questions)):
        if rows:
            lines += [f"## {job.say[title]}", "", *(f"- {escape(row.text)}" for row in rows), ""]
    if job.report.actions:
        lines += [f"## {job.say['actions']}", "", f"| {job.say['owner']} | {job.say['action']} | {job.say['due']} |"]
        lines += ["| --- | --- | --- |"]
        lines += [f"| {escape(a.owner)} | {escape(a.text)} | {escape(a.due)} |" for a in job.report.actions] + [""]
    (folder / "report.md").write_text("\n".join(lines), encoding="utf-8")


def escape(text: str) -> str:
    """Text that means itself in CommonMark, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _row(row: dict[str, Any]) -> str:
    text = " ".join(f"{escape(p['text'])} *(?)*" if p["doubtful"] else escape(p["text"]) for p in row["parts"])
    if row["note"] or row["mark"]:
        return f"- {_BOXES.get(row['mark']) or escape(row['sign'])} {text}" if _said(row) else f"- {text}"
    return f"{text}  "


def _said(row: dict[str, Any]) -> bool:
    """Whether Markdown's own bullet leaves something to be said of the sign."""
    return row["mark"] not in (None, Mark.BULLET)
