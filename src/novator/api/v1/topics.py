"""Problem and practice alike: the topics of city life."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.utils.translation import gettext_noop
from ninja import Field, Query, Router, Schema

from novator.api.v1.parameters import Reader
from novator.core.topics import TOPICS
from novator.practices.models import Practice

router = Router(tags=["topics"])


class TopicAnswer(Schema):
    """One topic of city life."""

    code: str = Field(description=gettext_noop("What other addresses take as topic."))
    name: str = Field(description=gettext_noop("Name in the reader's language."))
    name_ru: str
    name_en: str
    practices: int = Field(description=gettext_noop("How many practices are about it."))


class TopicsAnswer(Schema):
    """All topics, in their order."""

    results: list[TopicAnswer]


@router.get(
    "/topics",
    response=TopicsAnswer,
    operation_id="list_topics",
    summary=gettext_noop("Topics"),
    description=gettext_noop("All topics in their order, each with the number of its practices."),
)
def topics(request: HttpRequest, asked: Query[Reader]) -> dict[str, Any]:
    """List the topics. One query."""
    counts = dict(
        Practice.objects.published().order_by("topic").values_list("topic").annotate(Count("pk"))
    )
    return {
        "results": [
            {
                "code": topic.code,
                "name": topic.name,
                "name_ru": topic.name_ru,
                "name_en": topic.name_en,
                "practices": counts.get(topic.code, 0),
            }
            for topic in TOPICS
        ]
    }
