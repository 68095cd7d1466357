"""Which phase of the method a board belongs to, from its words and their form, with evidence in words."""

from capture.pipeline.phase.tagger import VERSION, Params, models, tag, tag_texts

__all__ = ["VERSION", "Params", "models", "tag", "tag_texts"]
