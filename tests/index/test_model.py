"""The default embedding, and any other through sentence-transformers."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from archive.errors import IndexFault, IndexMismatch
from index import lexicon, static, train
from index.build_model import KEPT, build, default_model, prune
from index.embed import TransformerModel
from index.engine import Engine
from index.vectors import Matrix, unit
from tests.index.boards import WALL, ids

TEXTS = (
    "gens perdus devant l'ordinateur",
    "L’œuvre : illectronisme des aînés, 1 400 euros",
    "illectronirne au quichet",
    "unemployment benefit for young people",
    "",
    "xyzzy qwrtplk",
    "Mme Ferrand appelle la CAF avant le 12/05/2019",
)

SMALL = """\
{"concept": "garde d'enfants", "area": "vie", "fr": ["nounou", "crèche", "faire garder"], "en": ["childcare"]}
{"concept": "transport", "area": "vie", "fr": ["bus", "car", "covoiturage", "train"], "en": ["transport", "carpooling"]}
{"concept": "logement", "area": "vie", "fr": ["appartement", "HLM", "loyer cher"], "en": ["housing", "rent"]}
{"concept": "emploi", "area": "emploi", "fr": ["travail", "chercher un poste", "boulot"], "en": ["job", "work"]}
"""


@pytest.fixture(scope="module")
def model() -> static.StaticModel:
    return static.load(default_model())


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> static.StaticModel:
    folder = tmp_path_factory.mktemp("lexicon")
    (folder / "concepts.jsonl").write_text(SMALL, encoding="utf-8")
    return build(folder, folder / "meaning.npz")


def test_the_same_vectors_as_sentence_transformers(model: static.StaticModel) -> None:
    transformer = model.as_sentence_transformer()
    theirs = transformer.encode([model.spell(text) for text in TEXTS], convert_to_numpy=True)
    assert np.allclose(model.passages(TEXTS), theirs, atol=1e-5)
    asked = transformer.encode([model.spell(text, model.speller.language_of(text), asked=True) for text in TEXTS])
    assert np.allclose(np.stack([model.query(text) for text in TEXTS]), asked, atol=1e-5)


def test_saved_as_a_model_it_opens_by_its_folder(small: static.StaticModel, tmp_path: Path) -> None:
    small.as_sentence_transformer().save(str(tmp_path / "model"))
    opened = TransformerModel(str(tmp_path / "model"))
    assert opened.dimension == small.dimension
    assert np.allclose(opened.query("nounou crèche"), small.query("nounou crèche"), atol=1e-5)


def test_near_in_meaning_is_near(small: static.StaticModel) -> None:
    passages = small.passages(["nounou", "covoiturage", "loyer"])
    assert int((passages @ small.query("childcare")).argmax()) == 0
    assert int((passages @ small.query("un train")).argmax()) == 1
    assert int((passages @ small.query("HLM")).argmax()) == 2


def test_what_is_asked_in_french_passes_scenes_by(tmp_path: Path) -> None:
    """In English a scene leads to the words of the subject; in French only the narrow concepts are meant."""
    scene = '{"concept": "scène : marché", "area": "x", "fr": ["étal", "brocoli", "cagette"], "en": ["stall"]}'
    (tmp_path / "concepts.jsonl").write_text(f"{SMALL.rstrip()}\n{scene}\n", encoding="utf-8")
    model = build(tmp_path, tmp_path / "meaning.npz")
    mark = f"@{int(np.flatnonzero(model.scenes)[0])}"
    assert mark in model.spell("brocoli", "fr").split()
    assert mark not in model.spell("brocoli", "fr", asked=True).split()
    assert mark in model.spell("stall", "en", asked=True).split()
    words = [model.speller.spell_all(["brocoli"])["brocoli"]]
    assert model.asked(words, "en").count_nonzero()
    assert not model.asked(words, "fr").count_nonzero()


def test_a_misread_word_borrows_from_its_look_alikes(small: static.StaticModel) -> None:
    written = small.spell("covoiturago").split()
    assert {"covoiturage", "~covoiturag"} <= set(written) <= {"covoiturage", "~covoiturag", "@1"}
    assert written.count("covoiturage") < small.spell("covoiturage").split().count("covoiturage")
    assert not small.knows("covoiturago")
    assert small.spell("zzzz") == ""


def test_words_that_stand_together_single_out_their_sense(small: static.StaticModel) -> None:
    """«chercher un poste» is work; neither word alone decides that in a text that has only the other."""
    assert "@3" in small.spell("elle cherche un poste").split()
    assert "@2" not in small.spell("loyer à chercher").split()[:1]


def test_forms_of_a_verb_are_one_word(small: static.StaticModel) -> None:
    assert small.knows("gardent")
    assert small.spell("ils gardent") == small.spell("garder")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("language courses for newcomers", "en"),
        ("faire ses courses en ville", "fr"),
        ("cars and parking", "en"),
        ("cars scolaires du matin", "fr"),
        ("budget", "fr"),
        ("unemployment", "en"),
        ("", "fr"),
    ],
)
def test_a_query_is_taken_in_its_language(model: static.StaticModel, query: str, expected: str) -> None:
    assert model.speller.language_of(query) == expected


def test_a_word_of_both_languages_is_that_of_the_query(model: static.StaticModel) -> None:
    meant = model.speller.spell("courses", "en"), model.speller.spell("courses", "fr")
    names = [{model.names[row] for row, _ in spelt} for spelt in meant]
    assert "=cours" in names[0]
    assert "=cours" not in names[1]


def test_built_again_it_is_the_same(small: static.StaticModel, tmp_path: Path) -> None:
    (tmp_path / "concepts.jsonl").write_text(SMALL, encoding="utf-8")
    again = build(tmp_path, tmp_path / "one.npz")
    build(tmp_path, tmp_path / "two.npz")
    assert again.revision == small.revision
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


def test_the_default_model_is_of_the_lexicon(model: static.StaticModel) -> None:
    """Rows, not numbers: another processor may round otherwise."""
    concepts = lexicon.read_concepts(lexicon.lexicon_folder())
    assert len({concept.name for concept in concepts}) == len(concepts)
    assert train.row_names(concepts) == list(model.names)


def test_the_lexicon_serves_both_languages(model: static.StaticModel) -> None:
    passages = model.passages(["nounou, crèche, mode de garde", "file d'attente au guichet", "chaudière en panne"])
    assert int((passages @ model.query("childcare")).argmax()) == 0
    assert int((passages @ model.query("queueing at the counter")).argmax()) == 1


def test_a_damaged_model_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "m.npz").write_bytes(b"PK\x03\x04 not a model")
    with pytest.raises(IndexFault):
        static.load(tmp_path / "m.npz")


def test_models_of_earlier_lexicons_are_pruned(tmp_path: Path) -> None:
    for n in range(KEPT + 3):
        path = tmp_path / f"meaning-{n}.npz"
        path.touch()
        os.utime(path, (n, n))
    prune(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"meaning-{n}.npz" for n in range(3, KEPT + 3)]


OFFLINE = """
from archive.errors import MissingDependency
from index.embed import open_model
try:
    open_model("nobody/no-such-model")
except MissingDependency as missing:
    assert "folder" in missing.hint
else:
    raise SystemExit("a model out of nowhere")
"""


@pytest.mark.slow
def test_a_model_that_is_not_there_says_what_to_do() -> None:
    root = Path(static.__file__).parent.parent
    subprocess.run([sys.executable, "-c", OFFLINE], check=True, cwd=root, env={**os.environ, "HF_HUB_OFFLINE": "1"})


class Vowels:
    """An embedder of another kind: counts vowels."""

    name = "vowels"
    revision = "1"
    dimension = 6

    def passages(self, texts: Sequence[str]) -> Matrix:
        return unit(np.array([[text.count(v) for v in "aeiouy"] for text in texts], np.float32).reshape(-1, 6))

    def query(self, text: str) -> Matrix:
        vector: Matrix = self.passages([text])[0]
        return vector


def test_any_embedder_serves_and_is_held_to(tmp_path: Path) -> None:
    engine = Engine.open(tmp_path, Vowels())
    engine.rebuild(WALL, 1)
    assert ids(engine, "covoiturage")[0] == "bus"
    assert isinstance(Engine.open(tmp_path, static.DEFAULT).fault, IndexMismatch)
    assert Engine.open(tmp_path, Vowels()).fault is None
