"""Sentences as they stand in the code, for tests that hold every one of them to have its other language."""

from __future__ import annotations

import ast


def form_of(node: ast.expr) -> str | None:
    """A text as it is looked up, what is filled in as ``{}``; None for what is no text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values)
    return None
