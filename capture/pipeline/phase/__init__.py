"""SCAN, FOCUS or ACT, with evidence."""

from capture.pipeline.phase.tagger import VERSION, Params, models, tag, tag_texts

__all__ = ["VERSION", "Params", "models", "tag", "tag_texts"]
