"""Reports to problems: what people say, read by the encoder that also reads practices."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings

from novator.problems.meaning import alike, most_telling
from novator.problems.models import Problem
from novator.reports.models import Report
from novator.text.encoders import Encoder, encoders_from_setting
from novator.text.words import joined, shortened

if TYPE_CHECKING:
    from novator.problems.grouping import Group

_MOST_READ = 60
_BACKGROUND = 60
_LEAST_WORDS = 3
_LONGEST_QUERY = 600
_ADDRESS = re.compile(
    r"\b(?:ул(?:ица|ице|\.)|пр(?:оспект|осп\.)|пер(?:еулок|\.)|д(?:ом|\.)|кв(?:артира|\.))"
    r"\s*[\w-]+(?:\s*,?\s*\d+\w*)?",
    re.IGNORECASE,
)


@cache
def _encoder() -> Encoder:
    """The quickest of the encoders that this installation uses: the last named."""
    return encoders_from_setting(settings.ENCODERS)[-1]


def those_alike(members: list[int], group: Group) -> list[int]:
    """
    Return the reports of a group that say the same; those without words of their own stay.

    Reads sixty texts of the group and sixty others of the kind at most, of these each wording
    once: an app that always sends the same words does not show how differently people speak.
    Two queries, some milliseconds a text.
    """
    texts = _texts(members[-_MOST_READ:])
    if len(texts) < _LEAST_WORDS:
        return members
    others = Report.objects.filter(category_id=group.kind).exclude(pk__in=members)
    latest = others.order_by("-id").values_list("text", flat=True)[:200]
    wordings = dict.fromkeys(text.strip() for text in latest if _says_something(text))
    background = list(wordings)[:_BACKGROUND]
    if len(background) < 8:
        return members
    encoder = _encoder()
    vectors = encoder.encode(list(texts.values()), kind="query")
    mask = alike(vectors, encoder.encode(background, kind="query"))
    unlike = {pk for pk, is_alike in zip(texts, mask, strict=True) if not is_alike}
    return [pk for pk in members if pk not in unlike]


def words_of(problem: Problem) -> str:
    """
    Return the question to the catalogue: what the city says, and the people's own words.

    Of the reports the three whose texts are nearest to all others speak; house numbers and
    addresses are left out. At most 600 characters. For the search only: reports are not public.
    """
    reports = problem.grounds.filter(is_removed=False).order_by("-report")
    ids = list(reports.values_list("report_id", flat=True)[:_MOST_READ])
    texts = list(_texts(ids).values())
    kind = problem.category.name_ru if problem.category else problem.title
    own = [problem.statement.strip()] if problem.statement.strip() else []
    if len(texts) > 3:
        vectors = _encoder().encode(texts, kind="query")
        texts = [texts[row] for row in most_telling(vectors, 3)]
    told = [shortened(_ADDRESS.sub(" ", text), 180) for text in texts]
    return shortened(joined([kind, *own, *told]), _LONGEST_QUERY)


def _texts(ids: list[int]) -> dict[int, str]:
    rows = Report.objects.filter(pk__in=ids).order_by("id").values_list("pk", "text")
    return {pk: text for pk, text in rows if _says_something(text)}


def _says_something(text: str) -> bool:
    return len(text.split()) >= _LEAST_WORDS
