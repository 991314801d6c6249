"""Every figure of the pages: questions to measure the time of a search with, never its quality."""

from __future__ import annotations

from itertools import product

_THINGS = (
    "яма на дороге",
    "фонари во дворе",
    "мусорные баки",
    "автобус по расписанию",
    "детская площадка",
    "протекающая крыша",
    "ржавая вода из крана",
    "стая бродячих собак",
    "очередь в детский сад",
    "пустующее здание в центре",
)
_COMPLAINTS = (
    "никто не отвечает уже второй год",
    "не хватает денег в бюджете",
    "жители жалуются каждую неделю",
    "после ремонта всё стало хуже",
    "зимой это становится опасно",
    "соседний город как-то справился",
)
LONG = 400


def short_questions(count: int, *, start: int = 1) -> list[str]:
    """
    Return different questions of a few words; other starts give others.

    Each names another house, so that no vector of an earlier question can be used again.
    """
    kinds = list(product(_THINGS, _COMPLAINTS))
    numbers = range(start, start + count)
    chosen = [(number, *kinds[number % len(kinds)]) for number in numbers]
    return [f"{thing} у дома {number}, {complaint}" for number, thing, complaint in chosen]


def long_questions(count: int, *, start: int = 1) -> list[str]:
    """Return different questions of 400 characters each."""
    numbers = range(start, start + count)
    return [". ".join(short_questions(12, start=1000 * number))[:LONG] for number in numbers]
