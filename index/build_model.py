"""``python -m index.build_model``: make the default embedding anew from the lexicon, in seconds."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from index import lexicon, static


def build(source: Path, target: Path) -> static.StaticModel:
    """Train on the concepts of ``source`` and write the model to ``target``."""
    model = static.compose(lexicon.factor(lexicon.read_concepts(source)))
    static.save(model, target)
    return model


def main() -> None:
    began = time.perf_counter()
    target = static.model_file()
    model = build(lexicon.lexicon_file(), target)
    size = target.stat().st_size / 1e6
    seconds = time.perf_counter() - began
    sys.stdout.write(
        f"{target}: {len(model.names)} rows of {model.dimension}, {size:.1f} MB, "
        f"revision {model.revision}, {seconds:.1f} s\n"
    )


if __name__ == "__main__":
    main()
