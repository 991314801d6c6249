"""Every search: what counts as a word of Russian or English, folded and stemmed once for all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib import resources

import pymorphy3
import Stemmer

WORD = re.compile(r"[^\W_]+")
CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
LATIN = re.compile(r"[a-z]", re.IGNORECASE)
SENTENCE_END = re.compile(r"(?<=[.!?…;])\s+|\n+")
LONGEST_WORD = 40

STOP_WORDS = frozenset(
    [
        "и",
        "в",
        "во",
        "не",
        "что",
        "он",
        "на",
        "я",
        "с",
        "со",
        "как",
        "а",
        "то",
        "все",
        "она",
        "так",
        "его",
        "но",
        "да",
        "ты",
        "к",
        "у",
        "же",
        "вы",
        "за",
        "бы",
        "по",
        "только",
        "ее",
        "мне",
        "было",
        "вот",
        "от",
        "меня",
        "еще",
        "нет",
        "о",
        "из",
        "ему",
        "теперь",
        "когда",
        "даже",
        "ну",
        "вдруг",
        "ли",
        "если",
        "уже",
        "или",
        "ни",
        "быть",
        "был",
        "него",
        "до",
        "вас",
        "нибудь",
        "опять",
        "уж",
        "вам",
        "ведь",
        "там",
        "потом",
        "себя",
        "ничего",
        "ей",
        "может",
        "они",
        "тут",
        "где",
        "есть",
        "надо",
        "ней",
        "для",
        "мы",
        "тебя",
        "их",
        "чем",
        "была",
        "сам",
        "чтоб",
        "без",
        "будто",
        "чего",
        "раз",
        "тоже",
        "себе",
        "под",
        "будет",
        "ж",
        "тогда",
        "кто",
        "этот",
        "того",
        "потому",
        "этого",
        "какой",
        "совсем",
        "ним",
        "здесь",
        "этом",
        "один",
        "почти",
        "мой",
        "тем",
        "чтобы",
        "нее",
        "сейчас",
        "были",
        "куда",
        "зачем",
        "всех",
        "никогда",
        "можно",
        "при",
        "наконец",
        "два",
        "об",
        "другой",
        "хоть",
        "после",
        "над",
        "больше",
        "тот",
        "через",
        "эти",
        "нас",
        "про",
        "всего",
        "них",
        "какая",
        "много",
        "разве",
        "три",
        "эту",
        "моя",
        "впрочем",
        "хорошо",
        "свою",
        "этой",
        "перед",
        "иногда",
        "лучше",
        "чуть",
        "том",
        "нельзя",
        "такой",
        "им",
        "более",
        "всегда",
        "конечно",
        "всю",
        "между",
        "это",
        "наш",
        "наша",
        "наши",
        "нашем",
        "нашей",
        "наших",
        "который",
        "которые",
        "которая",
        "либо",
        "также",
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "at",
        "to",
        "for",
        "and",
        "or",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "do",
        "does",
        "did",
        "how",
        "what",
        "which",
        "who",
        "when",
        "where",
        "why",
        "we",
        "our",
        "you",
        "your",
        "they",
        "their",
        "it",
        "its",
        "this",
        "that",
        "these",
        "those",
        "with",
        "from",
        "by",
        "as",
        "can",
        "could",
        "any",
        "has",
        "have",
        "had",
        "i",
        "my",
        "me",
        "not",
        "no",
        "so",
        "if",
        "but",
        "than",
        "then",
        "there",
    ]
)


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


@lru_cache(maxsize=1 << 18)
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


def ngrams(text: str, size: int = 4) -> list[str]:
    """Character n-grams of the words that carry content; a word's ends are marked."""
    found: list[str] = []
    for word in words(text):
        if word in STOP_WORDS:
            continue
        marked = f"_{word}_"
        found += [marked[i : i + size] for i in range(max(1, len(marked) - size + 1))]
    return found


def sentences(text: str) -> list[str]:
    """Sentences and lines of a text that hold at least one word."""
    return [part.strip() for part in SENTENCE_END.split(text) if part and WORD.search(part)]


def shortened(text: str, limit: int) -> str:
    """The beginning of a text, at most `limit` characters, cut between words where it can be."""
    if len(text) <= limit:
        return text
    head = text[: limit + 1].rsplit(maxsplit=1)[0]
    return head if 0 < len(head) <= limit else text[:limit]


def share_of_scripts(text: str) -> tuple[float, float]:
    """Shares of Cyrillic and of Latin letters among the letters of a text; (0, 0) without any."""
    cyrillic, latin = len(CYRILLIC.findall(text)), len(LATIN.findall(text))
    total = cyrillic + latin
    return (cyrillic / total, latin / total) if total else (0.0, 0.0)


@lru_cache(maxsize=1)
def _formal_phrases() -> re.Pattern[str]:
    text = resources.files("novator.text").joinpath("data/formal_phrases.txt").read_text("utf-8")
    phrases = {fold(line.strip()) for line in text.splitlines() if line.strip()}
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


def surface_in_common(question: str, texts: Iterable[str]) -> list[str]:
    """Words of the question, as written there, whose stems occur in any of the texts."""
    known = {item for text in texts for item in stems(text)}
    shared = (word for word in words(question) if word not in STOP_WORDS and stem(word) in known)
    return list(dict.fromkeys(shared))


def joined(parts: Sequence[str]) -> str:
    """Parts of a text as one text, each ended like a sentence."""
    kept = [part.strip() for part in parts if part.strip()]
    return " ".join(part if part[-1] in ".!?…" else f"{part}." for part in kept)
