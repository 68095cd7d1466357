"""The sorted word lists say what wordfreq says, from the cache or without one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import wordfreq

from capture.pipeline.read import wordlist

LANGUAGES = ("fr", "en")
WORDS = ("maison", "élégante", "aujourd'hui", "the", "whiteboard", "œuvre", "naïf", "0000")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    wordlist.load.cache_clear()
    yield tmp_path / "fresque"
    wordlist.load.cache_clear()


@pytest.mark.parametrize("word", WORDS)
def test_rarity_is_that_of_wordfreq(word: str) -> None:
    lists = wordlist.load(LANGUAGES)
    at = lists.at(word.encode())
    assert at is not None
    for language, rarity in zip(LANGUAGES, lists.rarity[at], strict=True):
        known = wordfreq.get_frequency_dict(language, "large").get(word)
        assert (known is None) == (rarity == wordlist.ABSENT)
        if known is not None:
            assert 10 ** (-rarity / 100) == pytest.approx(known, rel=0.01)


def test_a_word_that_no_list_holds_is_nowhere() -> None:
    lists = wordlist.load(LANGUAGES)
    assert lists.at(b"maisonx") is None
    assert lists.at(b"zzzzzzzzzzzz") is None
    assert lists.at(b"a" * 40) is None


def test_a_prefix_finds_all_its_words_and_no_other() -> None:
    lists = wordlist.load(LANGUAGES)
    for prefix in (b"fresq", "éco".encode(), b"whiteb"):
        found = lists.words[lists.begins(prefix)]
        everywhere = lists.words[np.strings.startswith(lists.words, prefix)]
        assert len(found) > 0
        assert (found == everywhere).all()
    assert lists.begins(b"a" * 40) == slice(0, 0)


def test_made_once_then_mapped(cache: Path) -> None:
    first = wordlist.load(LANGUAGES)
    [place] = cache.iterdir()  # no draft is left behind
    assert isinstance(first.words, np.memmap)
    wordlist.load.cache_clear()
    before = (place / "words.npy").stat().st_mtime_ns
    again = wordlist.load(LANGUAGES)
    assert (place / "words.npy").stat().st_mtime_ns == before
    assert (again.words == first.words).all()


def test_a_file_cut_short_is_done_without(cache: Path) -> None:
    wordlist.load(LANGUAGES)
    [place] = cache.iterdir()
    file = place / "words.npy"
    file.write_bytes(file.read_bytes()[:1000])
    wordlist.load.cache_clear()
    assert wordlist.load(LANGUAGES).at(b"maison") is not None


def test_where_nothing_can_be_written_it_is_made_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "fresque").write_text("a file where the folder should be")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    wordlist.load.cache_clear()
    assert wordlist.load(("fr",)).at(b"maison") is not None
    wordlist.load.cache_clear()
