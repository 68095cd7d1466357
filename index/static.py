"""The default embedding: a table of words and concepts, no network and no torch on the way.

It is a plain StaticEmbedding (rows of a table, their mean over a text), so that ``as_sentence_transformer`` gives a
real SentenceTransformer of the same vectors. What a tokenizer cannot do comes before it, in ``spell``: a text is
rewritten into the names of rows, each as often as it counts. Words count by ``index.spelling``; what the text speaks of
as a whole counts by ``index.expressions``, in rows of concepts, as much as all its words together. IDF is in the rows'
length.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from archive.errors import IndexFault
from index import analysis, expressions
from index.associations import Associations
from index.expressions import Expressions
from index.language import Language
from index.lexicon import SCENE, Concept
from index.spelling import WHOLE, Speller, Spelt
from index.train import DIMENSIONS, ENGLISH, FRENCH, SURFACE, Factors
from index.vectors import Matrix, quantise, unit

DEFAULT = "fresque-lexicon"
FORMAT = 5
PARTS = ("table", "norms", "idf", "concepts", "scales", "scenes")
CONCEPT = "@"
"""What the name of a concept's row begins with."""
STEMS_A_WORD = 3
CHUNK = 4096
"""Bags whose expressions are looked for at once: bounds the memory."""

Words = tuple[str, ...]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Text:
    """Folded words that carry meaning, and the ``bags`` of them that stand close enough to make up expressions."""

    words: Words
    bags: tuple[Words, ...]


def text_of(plain: str) -> Text:
    """A text whose bags are each two neighbouring lines."""
    lines = [tuple(analysis.words(line)) for line in plain.split("\n")]
    bags = [(*one, *other) for one, other in pairwise(lines)] or lines
    return Text(tuple(word for line in lines for word in line), tuple(bags))


@dataclass(frozen=True, eq=False)
class StaticModel:
    """``names[i]`` is the word, French stem («~») or English stem («=») of row ``i``.

    Row ``i`` of ``table`` (int8) holds the singular directions; its three truncations, each divided by its length in
    ``norms``, lie side by side in the row's vector, which is ``idf[i]`` long. ``concepts`` (int8) are unit vectors, to
    be multiplied by ``scales``. ``held`` says which concepts each row belongs to, ``scenes`` which of them are scenes:
    what is asked in French passes them by. Its words stand in many narrow concepts, and the whole subject only blurs
    what they say; English ones stand in few, and reach the boards' words by the subject.
    """

    names: tuple[str, ...]
    table: NDArray[np.int8]
    norms: Matrix
    idf: Matrix
    concepts: NDArray[np.int8]
    scales: Matrix
    expressions: Expressions
    held: Associations
    scenes: NDArray[np.bool_]
    revision: str

    name = DEFAULT

    @property
    def dimension(self) -> int:
        return int(self.concepts.shape[1])

    @cached_property
    def speller(self) -> Speller:
        return Speller(self.names)

    @cached_property
    def _senses(self) -> Matrix:
        return np.asarray(self.concepts * self.scales[:, None], dtype=np.float32)

    def knows(self, word: str) -> bool:
        """Whether a folded word, its stem or a form of it is in the table."""
        return self.speller.knows(word)

    def rows(self, numbers: Ints) -> Matrix:
        """Vectors of rows of the table, N×D float32."""
        return _side_by_side(self.table[numbers].astype(np.float32), self.norms[numbers], self.idf[numbers])

    def word_vectors(self, spelt: Sequence[Spelt]) -> Matrix:
        """Vectors of words as they are spelt, N×D; a whole word is WHOLE times its IDF long."""
        counts = self.spelling(spelt)
        used, column = np.unique(counts.indices, return_inverse=True)
        counts = type(counts)((counts.data, column, counts.indptr), shape=(len(spelt), len(used)))
        return np.asarray(counts @ self.rows(used), dtype=np.float32)

    def spelling(self, spelt: Sequence[Spelt]) -> Any:
        """Words × rows of the table: the parts."""
        from scipy.sparse import csr_array

        pairs = np.array([pair for parts in spelt for pair in parts], np.int64).reshape(-1, 2)
        starts = np.cumsum([0, *(len(parts) for parts in spelt)])
        shape = (len(spelt), len(self.names))
        return csr_array((pairs[:, 1].astype(np.float32), pairs[:, 0], starts), shape=shape)

    def passages(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors of texts, N×D; zeros for a text of which no word is known."""
        return self.vectors_of([text_of(text) for text in texts])

    def query(self, text: str) -> Matrix:
        """Unit vector of a query, D, in the language in which it is asked."""
        words, active = self._parts([text_of(text)], self.speller.language_of(text), asked=True)
        vector: Matrix = unit(np.asarray(words + active @ self._senses, dtype=np.float32))[0]
        return vector

    def vectors_of(self, texts: Sequence[Text]) -> Matrix:
        """``passages`` for texts that are in words already."""
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        words, active = self._parts(texts, "fr")
        return unit(np.asarray(words + active @ self._senses, dtype=np.float32))

    def asked(self, spelt: Sequence[Spelt], spoken: Language) -> Any:
        """Words of a query × concepts, each of unit length."""
        passed = np.flatnonzero(self.scenes) if spoken == "fr" else ()
        return self.held.of(self.spelling(spelt), passed)

    def _parts(self, texts: Sequence[Text], spoken: Language, asked: bool = False) -> tuple[Matrix, Any]:
        """Sums of the words' vectors, N×D, and how often each concept counts, N×C sparse, whole numbers."""
        every = dict.fromkeys(word for text in texts for word in text.words)
        number = {word: i for i, word in enumerate(every)}
        spelt = self.speller.spell_all(number, spoken)
        spelling = [spelt[word] for word in number]
        words = _counts([text.words for text in texts], number) @ self.word_vectors(spelling)
        active = self._active(texts, number, self.spelling(spelling))
        if asked and spoken == "fr":
            active.data[self.scenes[active.indices]] = 0
        lengths = np.linalg.norm(active @ self._senses, axis=1)
        share = np.linalg.norm(words, axis=1) / np.where(lengths > 0, lengths, 1)
        active.data = np.rint(active.data * np.repeat(share, np.diff(active.indptr)))
        return np.asarray(words, dtype=np.float32), active

    def _active(self, texts: Sequence[Text], number: dict[str, int], spelling: Any) -> Any:
        """Texts × concepts, by the best of each text's bags."""
        from scipy.sparse import vstack

        spelling.data = spelling.data * (STEMS_A_WORD / WHOLE)
        bags = {bag: i for i, bag in enumerate(dict.fromkeys(bag for text in texts for bag in text.bags))}
        different = [tuple(set(bag)) for bag in bags]
        parts = []
        for start in range(0, max(1, len(bags)), CHUNK):
            held = _counts(different[start : start + CHUNK], number) @ spelling
            held.data = np.minimum(held.data, 1)
            parts.append(self.expressions.active(held))
        return _best_of(vstack(parts).tocsr(), [[bags[bag] for bag in text.bags] for text in texts])

    def spell(self, text: str, spoken: Language = "fr", asked: bool = False) -> str:
        """A text in the names of rows, separated by spaces: what the tokenizer of the model takes."""
        found = text_of(text)
        spelt = self.speller.spell_all(found.words, spoken)
        written = [self.names[row] for word in found.words for row, part in spelt[word] for _ in range(part)]
        _, active = self._parts([found], spoken, asked)
        for concept, count in zip(active.indices, active.data, strict=True):
            written += [f"{CONCEPT}{concept}"] * int(count)
        return " ".join(written)

    def as_sentence_transformer(self) -> Any:
        """The same model in sentence-transformers; feed it ``spell(text)``. Imports torch."""
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding

        nothing = np.zeros((1, self.dimension), np.float32)
        weights = np.concatenate([self.rows(np.arange(len(self.names))), self._senses, nothing])
        names = [*self.names, *(f"{CONCEPT}{number}" for number in range(len(self.concepts)))]
        embedding = StaticEmbedding(_tokenizer(names), embedding_weights=weights)
        return SentenceTransformer(modules=[embedding, Normalize()], device="cpu")


def _counts(texts: Sequence[Words], number: dict[str, int]) -> Any:
    """Texts × words: how often each is there."""
    from scipy.sparse import csr_array

    places = np.fromiter((number[word] for text in texts for word in text), np.int64)
    starts = np.cumsum([0, *(len(text) for text in texts)])
    return csr_array((np.ones(len(places), np.float32), places, starts), shape=(len(texts), len(number)))


def _sizes(short: Matrix) -> list[int]:
    return [min(size, short.shape[1]) for size in DIMENSIONS]


def _side_by_side(short: Matrix, norms: Matrix, idf: Matrix) -> Matrix:
    parts = [short[:, :size] / norms[:, block, None] for block, size in enumerate(_sizes(short))]
    return np.asarray(np.concatenate(parts, axis=1) * idf[:, None], dtype=np.float32)


def _best_of(scores: Any, groups: Sequence[Sequence[int]]) -> Any:
    """Rows of a sparse matrix put together by groups, the highest of each column."""
    from scipy.sparse import csr_array

    numbers = np.array([row for group in groups for row in group], np.int64)
    owner = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    cells = scores[numbers].tocoo()
    group, column, data = owner[cells.row], cells.col, cells.data
    order = np.lexsort((data, column, group))
    group, column, data = group[order], column[order], data[order]
    last = np.flatnonzero(np.r_[(group[1:] != group[:-1]) | (column[1:] != column[:-1]), True][: len(group)])
    return csr_array((data[last], (group[last], column[last])), shape=(len(groups), scores.shape[1]))


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


def compose(factors: Factors, concepts: Sequence[Concept]) -> StaticModel:
    """The model of a trained lexicon: a concept's vector is the sum of its expressions'."""
    table, _ = quantise(factors.left)  # only directions count
    short = table.astype(np.float32)
    lengths = [np.linalg.norm(short[:, :size], axis=1) for size in _sizes(short)]
    norms = np.stack([np.where(length > 0, length, 1) for length in lengths], axis=1) * np.sqrt(len(DIMENSIONS))
    number = {name: i for i, name in enumerate(factors.names)}
    rows = _side_by_side(short, norms.astype(np.float32), factors.idf)
    senses, sense_scales = quantise(unit(_sums(concepts, number) @ rows))
    said = expressions.collect(concepts, number, factors.idf)
    names = tuple(factors.names)
    return StaticModel(
        names,
        table,
        norms.astype(np.float32),
        factors.idf,
        senses,
        sense_scales,
        said,
        factors.held,
        np.array([concept.name.startswith(SCENE) for concept in concepts]),
        _revision(names, table, senses),
    )


def _sums(concepts: Sequence[Concept], number: dict[str, int]) -> Any:
    """Concepts × rows: an expression of n words gives each 1/√n, shared by the word and its stems."""
    from scipy.sparse import csr_array

    cells = []
    for owner, concept in enumerate(concepts):
        for expression in (concept.name, *concept.fr, *concept.en):
            words = analysis.words(expression)
            for word in words:
                names = {SURFACE + word, FRENCH + analysis.stem(word), ENGLISH + analysis.stem_english(word)}
                rows = [number[name] for name in sorted(names) if name in number]
                cells += [(owner, row, len(words) ** -0.5 / len(rows)) for row in rows]
    owners, columns, weights = (np.array(part) for part in zip(*cells, strict=True))
    return csr_array((weights.astype(np.float32), (owners, columns)), shape=(len(concepts), len(number)))


def _revision(names: tuple[str, ...], *tables: NDArray[np.int8]) -> str:
    digest = hashlib.sha256("\n".join(names).encode())
    for table in tables:
        digest.update(np.ascontiguousarray(table).tobytes())
    return f"{FORMAT}-{digest.hexdigest()[:16]}"


def save(model: StaticModel, path: Path) -> None:
    """Write the model; the same model gives the same bytes."""
    arrays: dict[str, NDArray[Any]] = {
        "names": np.frombuffer("\n".join(model.names).encode(), np.uint8),
        "revision": np.frombuffer(model.revision.encode(), np.uint8),
        **{key: getattr(model, key) for key in PARTS},
        **{f"said_{key}": getattr(model.expressions, key) for key in ("starts", "rows", "concepts")},
        **{f"held_{key}": getattr(model.held, key) for key in ("starts", "concepts", "weights")},
    }
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)  # quicker to open; a wheel is compressed anyway


def load(path: Path) -> StaticModel:
    """Raises IndexFault when the file is missing or damaged."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            names = tuple(arrays["names"].tobytes().decode().split("\n"))
            idf = arrays["idf"]
            said = Expressions(arrays["said_starts"], arrays["said_rows"], arrays["said_concepts"], idf)
            held = Associations(arrays["held_starts"], arrays["held_concepts"], arrays["held_weights"])
            parts = {key: arrays[key] for key in PARTS}
            return StaticModel(
                names, **parts, expressions=said, held=held, revision=arrays["revision"].tobytes().decode()
            )
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise IndexFault(f"the embedding {path} cannot be read: {error}", "install Fresque again") from error
