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


def short_questions() -> list[str]:
    """Return sixty different questions of a few words."""
    return [f"{thing}, {complaint}" for thing, complaint in product(_THINGS, _COMPLAINTS)]


def long_questions() -> list[str]:
    """Return different questions of 400 characters each."""
    short = short_questions()
    whole = [". ".join(short[start:] + short[:start]) for start in range(len(short))]
    return [text[:LONG] for text in whole]
