"""Every search: Russian words in Latin letters, and which of them an English word may be."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from novator.text.words import CYRILLIC, LATIN, STOP_WORDS, WORD, fold, stem

_LATIN = "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya"
_LETTERS = dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", _LATIN.split(), strict=True))
_LETTERS |= {"ъ": "", "ь": ""}
_ENDINGS = re.compile(r"[иы]й\b")
_ALIKE = (
    *(("shch", "sh"), ("sch", "sh"), ("tch", "ch"), ("dzh", "j"), ("zh", "j"), ("ck", "k")),
    *(("ph", "f"), ("kh", "h"), ("th", "t"), ("wh", "v"), ("w", "v"), ("qu", "kv")),
    *(("x", "ks"), ("ts", "c"), ("yo", "o"), ("ye", "e"), ("ya", "a"), ("yu", "u"), ("y", "i")),
)
_SOFT_C = re.compile(r"c(?=[eiy])")
_HARD_C = re.compile(r"c(?!h)")
_DOUBLED = re.compile(r"(.)\1+")
_VOWELS = re.compile(r"[aeiou]")

SHORTEST = 3
FEWEST_CONSONANTS = 2
LEAST_LIKENESS = 0.8
LEAST_LIKENESS_OF_NAMES = 0.7
WORTH_OF_PLAIN_WORDS = 0.7


def romanised(text: str) -> str:
    """Write Russian text in Latin letters as English maps do; adjectives end in y."""
    simple = _ENDINGS.sub("ы", text.lower())
    letters = []
    for position, letter in enumerate(simple):
        if letter == "е" and (position == 0 or simple[position - 1] in "аеёиоуыэюяъь -"):
            letters.append("ye")
        else:
            letters.append(_LETTERS.get(letter, letter))
    return "".join(letters)


@lru_cache(maxsize=1 << 14)
def sounding(word: str) -> str:
    """A folded word of either script as it roughly sounds: «бронкос» and "broncos" give one."""
    sound = romanised(word) if CYRILLIC.search(word) else word
    for written, heard in _ALIKE:
        sound = sound.replace(written, heard)
    sound = _HARD_C.sub("k", _SOFT_C.sub("s", sound)).replace("z", "s")
    return _DOUBLED.sub(r"\1", sound)


def consonants(sound: str) -> str:
    """The consonants of a sounding word, by which likely spellings of one name meet."""
    return _VOWELS.sub("", sound)


def sounds_of(words: Iterable[str]) -> list[tuple[str, str]]:
    """
    Pairs of a sounding word and the stem it stands for, of all Russian words; sorted, each once.

    A word sounds as it is written and as its stem does, for endings are not heard in a name.
    """
    pairs = set()
    for word in words:
        if len(word) >= SHORTEST and word not in STOP_WORDS and CYRILLIC.search(word):
            meant = stem(word)
            pairs |= {(sounding(form), meant) for form in (word, meant)}
    return sorted(pair for pair in pairs if len(consonants(pair[0])) >= FEWEST_CONSONANTS)


class SoundingWords:
    """Stems of an index by the consonants that are heard; immutable, safe for threads."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Take what `sounds_of` gave."""
        self._by_consonants: dict[str, list[tuple[str, str]]] = {}
        for sound, meant in pairs:
            self._by_consonants.setdefault(consonants(sound), []).append((sound, meant))

    def meant_by(self, text: str) -> dict[str, float]:
        """
        Russian stems that the Latin words of a text may be, with how surely (0 to 1), and numbers.

        Names and words borrowed by one language from the other sound alike in both. A capital
        within the text tells a name, which may sound less alike than a plain word must.
        """
        found: dict[str, float] = {}
        for place, word in enumerate(WORD.findall(text)):
            folded = fold(word)
            if folded.isdigit():
                found[folded] = 1.0
            elif len(folded) >= SHORTEST and LATIN.search(folded) and folded not in STOP_WORDS:
                is_name = place > 0 and word[:1].isupper()
                for known, surely in self._alike(folded, is_name=is_name):
                    found[known] = max(found.get(known, 0.0), surely)
        return found

    def _alike(self, word: str, *, is_name: bool) -> Iterable[tuple[str, float]]:
        least = LEAST_LIKENESS_OF_NAMES if is_name else LEAST_LIKENESS
        for sound in {sounding(word), sounding(stem(word))}:
            key = consonants(sound)
            must = 1.0 if len(key) <= FEWEST_CONSONANTS else least
            for other, meant in self._by_consonants.get(key, ()):
                likeness = Levenshtein.normalized_similarity(sound, other)
                if likeness >= must:
                    yield meant, likeness * (1.0 if is_name else WORTH_OF_PLAIN_WORDS)
