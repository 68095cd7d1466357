"""The check of the lexicon finds what is wrong with a lexicon."""

from __future__ import annotations

from bench import lexicon
from index.lexicon import Concept, lexicon_folder, read_concepts

NOUNOU = Concept(
    "garde d'enfants", "vie", ("nounou", "crèche", "faire garder", "assistante maternelle"), ("childcare",)
)
CHILD = Concept("mode de garde", "vie", ("la nounou", "les crèches", "baby-sitter"), ("nursery",))
BUS = Concept("transport", "vie", ("bus", "car", "train"), ("bus",))


def test_two_names_for_one_thing_are_seen() -> None:
    [(share, *names)] = lexicon.doublets([NOUNOU, CHILD, BUS])
    assert share >= lexicon.SHARED
    assert set(names) == {NOUNOU.name, CHILD.name}
    assert lexicon.doublets([BUS, BUS])[0][0] == 1.0


def test_words_that_no_concept_holds_are_seen() -> None:
    missing = dict(lexicon.uncovered([NOUNOU, BUS], iter(["les bus et les nounous", "fenêtre, fenêtre", "trains"])))
    assert missing == {"fenetre": 2}


def test_thin_concepts_are_seen() -> None:
    assert len(lexicon.thin([NOUNOU, BUS])) == 2


def test_no_concept_of_ours_stands_twice() -> None:
    concepts = read_concepts(lexicon_folder())
    names = [concept.name for concept in concepts]
    assert len(set(names)) == len(names)
    assert all(concept.fr and concept.en and concept.area for concept in concepts)
