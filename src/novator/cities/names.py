"""Where the loop happens: what a stated name of a municipality says, without any database."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FULL_KINDS = (
    (r"город федерального значения", "federal_city"),
    (r"муниципальн\w+ район\w*", "municipal_district"),
    (r"муниципальн\w+ округ\w*", "municipal_okrug"),
    (r"городск\w+ округ\w*", "urban_okrug"),
    (r"городск\w+ поселени\w+", "urban_settlement"),
    (r"сельск\w+ поселени\w+|сельсовет\w*", "rural_settlement"),
    (r"рабоч\w+ пос[её]л\w+|пгт|пос[её]л\w+ городского типа", "settlement"),
    (r"поселени\w+", "settlement"),
    (r"район\w*", "municipal_district"),
)
_FORMAL = re.compile(
    r"^(?:муниципальное образование|город федерального значения|муниципальный округ|"
    r"муниципальный район|городской округ|городское поселение|сельское поселение|сельсовет|"
    r"рабочий пос[её]лок|пос[её]лок городского типа|пос[её]лок|поселение|станица|деревня|"
    r"село|аул|ЗАТО|округ|район|город-герой|город-курорт|город|коммуна|"
    r"м\.\s?о\.|г\.\s?о\.|г\.|пгт\.?|пос\.|п\.|с\.|д\.|гор\.|—|-|–|\s|«|\"|„)+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s+(?:муниципальный округ|муниципальный район|городской округ|городское поселение|"
    r"сельское поселение|поселение|сельсовет|район|округ)$",
    re.IGNORECASE,
)
_ADJECTIVE = re.compile(r"(?:ск|цк|ов|ев|ин|н|л|р)(?:ий|ый|ой|ое|ая)$|(?:ий|ый|ое|ая)$")
FEDERAL_CITIES = frozenset({"москва", "санкт-петербург", "севастополь"})


@dataclass(frozen=True)
class StatedName:
    """
    A municipality's name taken apart.

    `core` is the proper part ("Казань", "Лискинский"); `is_adjective` tells that it only derives
    from the centre's name; `within` is what stands in brackets (a district, or the centre itself).
    """

    kind: str
    core: str
    is_adjective: bool
    within: str
    short: str


def read_stated_name(text: str, *, country: str = "RU") -> StatedName:
    """Take a name apart as a source states it."""
    whole = " ".join(text.split())
    found = re.search(r"\(([^)]*)\)\s*$", whole)
    within = found[1] if found else ""
    bare = whole[: found.start()].strip() if found else whole
    if country != "RU":
        return StatedName("foreign_city", without_kind(bare), False, within, without_kind(bare))
    kind = _kind_of(bare)
    core = without_kind(bare)
    is_adjective = _TAIL.search(bare) is not None and _ADJECTIVE.search(core) is not None
    return StatedName(kind, core, is_adjective, within, _short(bare, core, kind, is_adjective))


def without_kind(text: str) -> str:
    """Leave the proper name: «городской округ «Город Калуга»» becomes «Калуга»."""
    bare = _FORMAL.sub("", text.strip())
    bare = _TAIL.sub("", bare.strip('«»"„“ '))
    return _FORMAL.sub("", bare).strip('«»"„“ ') or text.strip()


def folded_name(text: str) -> str:
    """Level case, ё, quotes, dashes and spaces, so that two spellings of one name are equal."""
    simple = text.lower().replace("ё", "е")
    simple = re.sub(r"[—–−]", "-", simple)
    simple = re.sub(r"[«»\"„“’'ʼ`.,()]", " ", simple)
    return " ".join(simple.split())


def is_derived(adjective: str, place: str) -> bool:
    """Tell whether an adjective such as «Лискинский» can come from a place such as «Лиски»."""
    word, name = folded_name(adjective), folded_name(place)
    if _one_adjective(word, name):
        return True
    stem = re.sub(r"(?:ий|ый|ой|ое|ая)$", "", word)
    base = re.sub(r"(?:ск|цк|еск)$", "", stem)
    if re.search(r"(?:ск|цк)$", name) and stem == name:
        return True
    whole_root = re.sub(r"(?:ск|цк)(?:ое|ий|ая)?$|[аеиоуыэюяьй]+$", "", name)
    roots = {whole_root, whole_root.removesuffix("к")}
    return any(
        len(root) >= 3 and base.startswith(root) and base[len(root) :] in _SUFFIXES
        for root in roots
    )


_SUFFIXES = frozenset({"", "ин", "ен", "ов", "ев", "н", "ян", "ан", "ь", "й", "е"})


def _one_adjective(word: str, name: str) -> bool:
    """Tell whether two adjectives differ only in gender: Советский, Советское."""
    ending = r"(?:ий|ый|ой|ое|ая)$"
    is_same = re.sub(ending, "", word) == re.sub(ending, "", name)
    return is_same and re.search(ending, name) is not None


def _kind_of(text: str) -> str:
    folded = folded_name(text)
    if folded in FEDERAL_CITIES or without_kind(text).lower() in FEDERAL_CITIES:
        return "federal_city"
    if re.search(r"район\w* (?:города )?(?:санкт-петербурга|москвы|севастополя)", folded):
        return "federal_city_district"
    for pattern, kind in _FULL_KINDS:
        if re.search(rf"\b(?:{pattern})\b", folded):
            return kind
    return "unknown"


def _short(bare: str, core: str, kind: str, is_adjective: bool) -> str:
    if kind == "federal_city_district":
        return bare
    if not is_adjective and kind != "municipal_district":
        return core
    if bare.lower().endswith("городской округ"):
        return f"{core} округ" if is_adjective else core
    return re.sub(r"\bмуниципальный (район|округ)\b", r"\1", bare)
