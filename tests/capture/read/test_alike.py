"""Letters and digits that look alike: the words around say which was meant, and nothing else does."""

from __future__ import annotations

import numpy as np
import pytest

from capture.pipeline.read import alphabet
from capture.pipeline.read.alike import may_be_number, shared
from capture.pipeline.read.decide import DecideParams, decide, is_plain, look
from capture.pipeline.read.decode import Decoder
from capture.pipeline.read.language import Spoken, spoken
from capture.pipeline.read.recognise import Emission
from capture.pipeline.read.words import WordParams, Words


@pytest.fixture(scope="module")
def decoder() -> Decoder:
    return Decoder(Words(WordParams()))


def seen(text: str, sure: float = 0.995) -> Emission:
    """A recogniser that sees ``text``, one symbol a step, a blank after each."""
    place = {symbol: k for k, symbol in enumerate(alphabet.allowed(), start=1)}
    rows = np.full((2 * len(text), len(place) + 1), 1e-9, np.float32)
    rows[:, 0] = 1 - sure
    for k, symbol in enumerate(text):
        rows[2 * k, place[symbol]] = sure
        rows[2 * k + 1, 0] = sure
    return Emission(np.log(np.maximum(shared(rows), 1e-10)))


@pytest.fixture(scope="module")
def french(decoder: Decoder) -> Spoken:
    texts = ["nous avons gratuit le mois prochain", "réunion des habitants du quartier", "une page par famille"]
    return spoken(texts, decoder.words, DecideParams().language)


def read(text: str, decoder: Decoder, known: Spoken) -> str:
    emission = seen(text)
    if is_plain(emission, decoder, DecideParams()):
        return text
    return decide((look(emission, decoder, DecideParams()),), decoder, known, DecideParams()).text


@pytest.mark.parametrize(
    ("looks", "meant"),
    [
        ("gratuit le ler mois", "gratuit le 1er mois"),
        ("la lre réunion du mois", "la 1re réunion du mois"),
        ("il faut relire le dossier", "il faut relire le dossier"),
        ("les os du sol", "les os du sol"),
        ("LES HABITANTS DU SOL", "LES HABITANTS DU SOL"),
        ("BILAN SOCIAL", "BILAN SOCIAL"),
        ("le 12 juin à 18h30", "le 12 juin à 18h30"),
    ],
)
def test_the_words_around_say_which_was_meant(looks: str, meant: str, decoder: Decoder, french: Spoken) -> None:
    assert read(looks, decoder, french).lower() == meant.lower()


@pytest.mark.parametrize(
    "text", ["I think it is so", "Is it sold or lost ?", "All is well in Ohio", "I see", "SO I SAID"]
)
def test_english_keeps_its_letters(text: str, decoder: Decoder) -> None:
    texts = ["we want to hear what people think", "how can I help you", "next steps for the team"]
    assert read(text, decoder, spoken(texts, decoder.words, DecideParams().language)).lower() == text.lower()


def test_what_may_be_a_number(decoder: Decoder) -> None:
    assert all(may_be_number(key, decoder.words) for key in ("i", "ler", "ire", "zoo"))
    assert not any(may_be_number(key, decoder.words) for key in ("12", "1er", "le", "maison", "dans", "les"))


def test_only_digits_gain_and_no_more_than_their_share() -> None:
    rows = np.zeros((1, len(alphabet.allowed()) + 1), np.float32)
    one, letter = (alphabet.allowed().index(symbol) + 1 for symbol in "1I")
    rows[0, letter] = 0.9
    after = shared(rows.copy())
    assert 0 < after[0, one] < 0.5 * after[0, letter]
    assert after[0, letter] == rows[0, letter]
    assert np.count_nonzero(after) == 2
