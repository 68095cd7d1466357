"""Models that turn texts into vectors: the bundled table by default, any sentence-transformers model by name or folder.

Adding a kind of model is one class with these three attributes and two methods, and a line in ``open_model``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from archive.errors import MissingDependency
from index import static
from index.build_model import default_model, taught_model
from index.lexicon import Concept
from index.vectors import Matrix, unit

PROBED_BYTES = 1 << 16


class Embedder(Protocol):
    """``revision`` changes whenever the same text would give another vector."""

    @property
    def name(self) -> str: ...
    @property
    def revision(self) -> str: ...
    @property
    def dimension(self) -> int: ...
    def __hash__(self) -> int: ...
    def passages(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors of texts to be found, N×D float32."""
        ...

    def query(self, text: str) -> Matrix:
        """Unit vector of a query, D float32."""
        ...


def open_model(name: str | None = None, taught: Sequence[Concept] = (), folder: Path | None = None) -> Embedder:
    """The default model (``None``), or any of sentence-transformers by hub name or folder.

    ``taught``: what an archive adds to the lexicon of the default model, which is then kept in the ``folder``. Raises
    MissingDependency when that model, or sentence-transformers, is not to be had.
    """
    if name is None or name == static.DEFAULT:
        return static.load(taught_model(folder, taught) if taught and folder else default_model())
    return TransformerModel(name)


class TransformerModel:
    """A SentenceTransformer; its ``query`` and ``passage`` (or ``document``) prompts are used where it has them."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._model = _load(name)
        self.revision = _digest(self._model)
        self.dimension = len(self.query("fresque"))

    def _prompt(self, *names: str) -> str | None:
        return next((name for name in names if self._model.prompts.get(name)), None)

    def passages(self, texts: Sequence[str]) -> Matrix:
        return self._encode(texts, self._prompt("passage", "document", "corpus"))

    def query(self, text: str) -> Matrix:
        vector: Matrix = self._encode([text], self._prompt("query"))[0]
        return vector

    def _encode(self, texts: Sequence[str], prompt: str | None) -> Matrix:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        rows = self._model.encode(list(texts), prompt_name=prompt, convert_to_numpy=True, show_progress_bar=False)
        return unit(np.asarray(rows, dtype=np.float32))


def _load(name: str) -> Any:
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise MissingDependency("sentence-transformers is not installed") from error
    try:
        return SentenceTransformer(name, device="cpu", local_files_only=True)
    except Exception:
        return _download(name)


def _download(name: str) -> Any:
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(name, device="cpu")
    except Exception as error:
        raise MissingDependency(
            f"the model {name!r} is neither on this machine nor to be had from the hub",
            "give the folder of a model, connect to the network, or keep the default, which needs neither",
        ) from error


def _digest(model: Any) -> str:
    """SHA-256 (16 hex digits) over the names, shapes and first bytes of a model's weights."""
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(f"{name}{tuple(tensor.shape)}".encode())
        flat = tensor.detach().reshape(-1)[: PROBED_BYTES // 4].float()
        digest.update(flat.cpu().numpy().tobytes())
    return digest.hexdigest()[:16]
