"""Every search: what counts as a word of Russian or English, folded and stemmed once for all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib import resources

import numpy as np
import numpy.typing as npt
import pymorphy3
import spellchecker
import Stemmer

WORD = re.compile(r"[^\W_]+")
CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
LATIN = re.compile(r"[a-z]", re.IGNORECASE)
SENTENCE_END = re.compile(r"(?<=[.!?…;])\s+|\n+")
LONGEST_WORD = 40


def _lines(name: str) -> list[str]:
    text = resources.files("novator.text").joinpath(f"data/{name}").read_text("utf-8")
    return [line.strip() for line in text.splitlines() if line.strip()]


STOP_WORDS = frozenset(_lines("stop_words.txt"))


def fold(text: str) -> str:
    """Lower case with ё as е, so that spellings which readers take for one are one."""
    return text.lower().replace("ё", "е")


def words(text: str) -> list[str]:
    """Folded words and numbers in the order of the text; what is absurdly long is cut."""
    return [word[:LONGEST_WORD] for word in WORD.findall(fold(text))]


@lru_cache(maxsize=1)
def _morphology() -> pymorphy3.MorphAnalyzer:
    return pymorphy3.MorphAnalyzer()


@lru_cache(maxsize=2)
def _stemmer(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(language)


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Stem of a folded word: Russian by its dictionary form first, other words by Snowball."""
    if not CYRILLIC.search(word):
        return str(_stemmer("english").stemWord(word))
    lemma = fold(_morphology().parse(word)[0].normal_form)
    return str(_stemmer("russian").stemWord(lemma))


def stems(text: str) -> list[str]:
    """Stems of the words that carry content, in the order of the text."""
    return [stem(word) for word in words(text) if word not in STOP_WORDS]


def is_in_dictionary(word: str) -> bool:
    """Whether the Russian dictionary knows this form; False for words of other scripts."""
    return bool(CYRILLIC.search(word)) and bool(_morphology().word_is_known(word))


@lru_cache(maxsize=1)
def _english_words() -> npt.NDArray[np.bytes_]:
    """In one sorted piece of memory, which is much less than the dictionary takes as it comes."""
    known = spellchecker.SpellChecker(language="en").word_frequency.words()
    return np.sort(np.array([word for word in known if word.isascii()], dtype=np.bytes_))


def is_english(word: str) -> bool:
    """Whether the English dictionary knows a folded word."""
    if not word.isascii():
        return False
    known = _english_words()
    place = int(np.searchsorted(known, np.bytes_(word)))
    return place < len(known) and bool(known[place] == np.bytes_(word))


def ngrams(text: str, size: int = 4) -> list[str]:
    """Character n-grams of the words that carry content; a word's ends are marked."""
    return [piece for word in words(text) for piece in ngrams_of(word, size)]


def ngrams_of(word: str, size: int = 4) -> list[str]:
    """Character n-grams of a folded word; none of a word without content."""
    if word in STOP_WORDS:
        return []
    marked = f"_{word}_"
    return [marked[i : i + size] for i in range(max(1, len(marked) - size + 1))]


def stems_of(word: str) -> list[str]:
    """The stem of a folded word, as a list; none of a word without content."""
    return [] if word in STOP_WORDS else [stem(word)]


def sentences(text: str) -> list[str]:
    """Sentences and lines of a text that hold at least one word."""
    return [part.strip() for part in SENTENCE_END.split(text) if part and WORD.search(part)]


def shortened(text: str, limit: int) -> str:
    """The beginning of a text, at most `limit` characters, cut between words where it can be."""
    if len(text) <= limit:
        return text
    end = text.rfind(" ", 0, limit + 1)
    return text[:end] if end > 0 else text[:limit]


def share_of_scripts(text: str) -> tuple[float, float]:
    """Shares of Cyrillic and of Latin letters among the letters of a text; (0, 0) without any."""
    return shares_of_scripts([text])


def shares_of_scripts(texts: Iterable[str]) -> tuple[float, float]:
    """The same shares among the letters of several texts."""
    cyrillic = latin = 0
    for text in texts:
        cyrillic += len(CYRILLIC.findall(text))
        latin += len(LATIN.findall(text))
    total = cyrillic + latin
    return (cyrillic / total, latin / total) if total else (0.0, 0.0)


@lru_cache(maxsize=1)
def _formal_phrases() -> re.Pattern[str]:
    phrases = {fold(line) for line in _lines("formal_phrases.txt")}
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    inner = "|".join(r"\s+".join(map(re.escape, phrase.split())) for phrase in longest_first)
    return re.compile(rf"(?<!\w)(?:{inner})(?!\w)[\s,:;—-]*", re.IGNORECASE)


def without_formal_phrases(text: str) -> str:
    """
    The text without the set phrases of letters («прошу рассмотреть возможность»).

    A text that consists of nothing else comes back as it was.
    """
    spelled = text.replace("ё", "е").replace("Ё", "Е")
    rest = _formal_phrases().sub(" ", spelled)
    return " ".join(rest.split()) if WORD.search(rest) else text


def joined(parts: Sequence[str]) -> str:
    """Parts of a text as one text, each ended like a sentence."""
    kept = [part.strip() for part in parts if part.strip()]
    return " ".join(part if part[-1] in ".!?…" else f"{part}." for part in kept)
