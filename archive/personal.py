"""Personal data in what was read: found by form, for a person to look at. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

EMAIL = "email"
PHONE = "phone"
NIR = "nir"
NAME = "name"

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\d.])(?:(?:\+|00)33[ .-]?(?:\(0\))?|0)[1-9](?:[ ./-]?\d{2}){4}(?!\d)")
_NIR = re.compile(r"(?<!\d)[12][ .]?\d{2}[ .]?\d{2}[ .]?(?:\d{2}|2[AB])[ .]?\d{3}[ .]?\d{3}[ .]?\d{2}(?!\d)", re.I)
_NAME = re.compile(r"\b[A-ZÀ-Ý][a-zà-ÿ]+(?:-[A-ZÀ-Ý][a-zà-ÿ]+)?(?:[ ][A-ZÀ-Ý][A-Za-zÀ-ÿ'’-]+)+")


@dataclass(frozen=True)
class Finding:
    """``line`` counts from 0."""

    kind: str
    text: str
    line: int


def findings(lines: Sequence[str]) -> tuple[Finding, ...]:
    """Addresses, telephone numbers, social-security numbers whose key is right, and names beside one of them: in the
    same line, or in the line before or after."""
    found = [finding for number, line in enumerate(lines) for finding in _of_line(line, number)]
    beside = {finding.line + step for finding in found for step in (-1, 0, 1)}
    for number in sorted(beside):
        if 0 <= number < len(lines):
            rest = _EMAIL.sub(" ", lines[number])
            found += [Finding(NAME, match.group(), number) for match in _NAME.finditer(rest)]
    return tuple(sorted(found, key=lambda f: (f.line, f.kind)))


def kinds(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted({finding.kind for finding in findings(lines)}))


def is_nir(text: str) -> bool:
    """Whether the two last digits are the key of the thirteen before: 97 less their remainder by 97, with 19 and 18
    for the two departments of Corsica (INSEE)."""
    plain = re.sub(r"[ .]", "", text).upper()
    department = {"2A": "19", "2B": "18"}.get(plain[5:7], plain[5:7])
    body, key = plain[:5] + department + plain[7:13], plain[13:]
    return len(plain) == 15 and body.isdigit() and key.isdigit() and int(key) == 97 - int(body) % 97


def _of_line(line: str, number: int) -> list[Finding]:
    found = [Finding(EMAIL, match.group(), number) for match in _EMAIL.finditer(line)]
    nirs = [match for match in _NIR.finditer(line) if is_nir(match.group())]
    found += [Finding(NIR, match.group(), number) for match in nirs]
    inside = [match.span() for match in nirs]
    for match in _PHONE.finditer(line):
        if not any(start <= match.start() < end for start, end in inside):
            found.append(Finding(PHONE, match.group(), number))
    return found
