"""Everything is in pyproject.toml but one step: the embedding is made from the lexicon when the package is built."""

from __future__ import annotations

import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).parent


class BuildWithModel(build_py):
    """Copies the packages, then adds the model; for an editable install it goes into the checkout (git ignores it)."""

    def run(self) -> None:
        super().run()
        sys.path.insert(0, str(HERE))
        from index.build_model import install

        install(HERE / "index" / "data" if self.editable_mode else Path(self.build_lib) / "index" / "data")


setup(cmdclass={"build_py": BuildWithModel})
