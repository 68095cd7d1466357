"""What an ACT board decided: actions with owner and date, decisions, open questions."""

from capture.pipeline.actions.extract import VERSION, decided, decided_in_texts, items

__all__ = ["VERSION", "decided", "decided_in_texts", "items"]
