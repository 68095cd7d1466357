"""The default embedding: a table of words, no network and no torch on the way.

It is a plain StaticEmbedding (a word's row, the mean over a text), so that ``as_sentence_transformer`` gives a real
SentenceTransformer of the same vectors. What a tokenizer cannot do comes before it, in ``spell``: a text is rewritten
into the table's own names. A word that the table lacks goes by its French or English stem, and failing that by the
known words that look most like it, so that a misread word still means something. IDF is in the rows' length.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from archive.errors import IndexFault
from index import analysis, ngrams
from index.train import ENGLISH, FRENCH, SURFACE, Factors
from index.vectors import Matrix, quantise, unit

DEFAULT = "fresque-lexicon"
FORMAT = 1
LOOKALIKE = 0.42
LOOKALIKE_SIZES = (2, 3, 4)
SURE = 2
"""A word of the table is written twice and a look-alike once, which is half its weight in the mean."""


@dataclass(frozen=True, eq=False)
class StaticModel:
    """``names[i]`` is the word, French stem («~») or English stem («=») of row ``i`` of ``table`` times ``scales``.

    ``looks`` are the n-grams of the surface words; its row ``j`` is row ``surfaces[j]`` of the table.
    """

    names: tuple[str, ...]
    table: NDArray[np.int8]
    scales: Matrix
    surfaces: NDArray[np.int32]
    looks: ngrams.Grams
    revision: str

    name = DEFAULT

    @property
    def dimension(self) -> int:
        return int(self.table.shape[1])

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self.names)}

    @cached_property
    def _spelt(self) -> dict[str, tuple[int, ...]]:
        return {}

    def rows_of(self, word: str) -> tuple[int, ...]:
        """Rows that stand for a folded word, repeated as often as they count; none for a word like no other."""
        rows = self._spelt.get(word)
        if rows is None:
            if len(self._spelt) > 1 << 18:
                self._spelt.clear()
            rows = self._spelt[word] = self._find(word)
        return rows

    def knows(self, word: str) -> bool:
        """Whether a folded word or its stem is in the table itself."""
        return len(self.rows_of(word)) == SURE

    def _find(self, word: str) -> tuple[int, ...]:
        numbers = self._numbers
        for name in (SURFACE + word, FRENCH + analysis.stem(word), ENGLISH + analysis.stem_english(word)):
            if name in numbers:
                return (numbers[name],) * SURE
        return self._look_alike(word) if len(word) > 3 and word.isalpha() else ()

    def _look_alike(self, word: str) -> tuple[int, ...]:
        keys, weights = ngrams.query_weights({word: 1.0}, [self.looks], LOOKALIKE_SIZES)
        scores = self.looks.scores(*self.looks.ranges(keys), weights)
        best = int(scores.argmax())
        return (int(self.surfaces[best]),) if scores[best] >= LOOKALIKE else ()

    def spell(self, text: str) -> str:
        """A text in the table's own names, separated by spaces: what the tokenizer of the model takes."""
        return " ".join(self.names[row] for word in analysis.words(text) for row in self.rows_of(word))

    def rows(self, numbers: NDArray[np.int64]) -> Matrix:
        """Rows of the table as float32."""
        return np.asarray(self.table[numbers].astype(np.float32) * self.scales[numbers, None], dtype=np.float32)

    def passages(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors of texts, N×D; zeros for a text of which no word is known."""
        return self.vectors_of([analysis.words(text) for text in texts])

    def vectors_of(self, texts: Sequence[Sequence[str]]) -> Matrix:
        """``passages`` for texts given as the folded words that carry meaning."""
        from scipy.sparse import csr_array

        per_text = [[row for word in words for row in self.rows_of(word)] for words in texts]
        starts = np.cumsum([0, *(len(rows) for rows in per_text)])
        numbers = np.array([row for rows in per_text for row in rows], np.int64)
        used, column = np.unique(numbers, return_inverse=True)
        counts = csr_array((np.ones(len(numbers), np.float32), column, starts), shape=(len(texts), len(used)))
        return unit(np.asarray(counts @ self.rows(used), dtype=np.float32))

    def query(self, text: str) -> Matrix:
        """Unit vector of a query, D."""
        rows = [row for word in analysis.words(text) for row in self.rows_of(word)]
        total: Matrix = unit(self.rows(np.array(rows, np.int64)).sum(axis=0, keepdims=True))[0]
        return total

    @cached_property
    def _lengths(self) -> Matrix:
        return np.zeros(len(self.names), np.float32)

    def cosines(self, numbers: NDArray[np.int64], vectors: Matrix) -> Matrix:
        """Cosines of rows of the table with M vectors, N×M."""
        picked = self.table[numbers].astype(np.float32)
        unknown = self._lengths[numbers] == 0
        if unknown.any():
            self._lengths[numbers[unknown]] = np.linalg.norm(picked[unknown], axis=1)
        return np.asarray(picked @ unit(vectors).T / self._lengths[numbers, None], dtype=np.float32)

    def as_sentence_transformer(self) -> Any:
        """The same model in sentence-transformers; feed it ``spell(text)``. Imports torch."""
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding

        weights = np.concatenate([self.rows(np.arange(len(self.names))), np.zeros((1, self.dimension), np.float32)])
        return SentenceTransformer(
            modules=[StaticEmbedding(_tokenizer(self.names), embedding_weights=weights), Normalize()], device="cpu"
        )


def _tokenizer(names: Sequence[str]) -> Any:
    """Splits at white space, knows the names, folds as the analysis does, so that plain text works nearly as well."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    vocabulary = {name: number for number, name in enumerate(names)}
    tokenizer = Tokenizer(models.WordLevel({**vocabulary, "[unk]": len(vocabulary)}, unk_token="[unk]"))
    folding = [normalizers.NFKD(), normalizers.StripAccents(), normalizers.Lowercase()]
    ligatures = [normalizers.Replace("œ", "oe"), normalizers.Replace("æ", "ae")]
    tokenizer.normalizer = normalizers.Sequence([*folding, *ligatures])
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return tokenizer


def compose(factors: Factors) -> StaticModel:
    """The model of a trained lexicon: a surface word's row is the mean of its own and its stems' rows."""
    number = {name: i for i, name in enumerate(factors.names)}
    weighted = factors.rows * factors.idf[:, None]
    rows = weighted.copy()
    surfaces = [i for i, name in enumerate(factors.names) if name[0] not in (FRENCH, ENGLISH)]
    for i in surfaces:
        word = factors.names[i]
        stems = (FRENCH + analysis.stem(word), ENGLISH + analysis.stem_english(word))
        rows[i] = weighted[[i, *(number[s] for s in stems if s in number)]].mean(axis=0)
    table, scales = quantise(rows)
    looks = ngrams.build([{factors.names[i]: 1.0} for i in surfaces], LOOKALIKE_SIZES)
    names = tuple(factors.names)
    return StaticModel(names, table, scales, np.array(surfaces, np.int32), looks, _revision(names, table))


def _revision(names: tuple[str, ...], table: NDArray[np.int8]) -> str:
    digest = hashlib.sha256("\n".join(names).encode())
    digest.update(np.ascontiguousarray(table).tobytes())
    return f"{FORMAT}-{digest.hexdigest()[:16]}"


def save(model: StaticModel, path: Path) -> None:
    """Write the model; the same model gives the same bytes."""
    arrays: dict[str, NDArray[Any]] = {
        "names": np.frombuffer("\n".join(model.names).encode(), np.uint8),
        "table": model.table,
        "scales": model.scales,
        "surfaces": model.surfaces,
        "revision": np.frombuffer(model.revision.encode(), np.uint8),
        "keys": model.looks.keys,
        "starts": model.looks.starts.astype(np.int32),
        "rows": model.looks.rows.astype(np.uint16),
        "weights": model.looks.weights,
        "look_scales": model.looks.scales,
    }
    with path.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)


def load(path: Path) -> StaticModel:
    """Raises IndexFault when the file is missing or damaged."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            looks = ngrams.Grams(
                arrays["keys"],
                arrays["starts"].astype(np.int64),
                arrays["rows"].astype(np.uint32),
                arrays["weights"],
                arrays["look_scales"],
            )
            names = tuple(arrays["names"].tobytes().decode().split("\n"))
            revision = arrays["revision"].tobytes().decode()
            return StaticModel(names, arrays["table"], arrays["scales"], arrays["surfaces"], looks, revision)
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise IndexFault(f"the embedding {path} cannot be read: {error}", "install Fresque again") from error
