"""Every step, told to a program: what may be asked, and how strictly it is read."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_noop
from ninja import Field, Schema
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from novator.api.v1.codes import SizeClass, TopicCode

MOST_AT_ONCE = 100
FURTHEST = 1_000_000
LONGEST_QUESTION = 10_000

_INTEGER = re.compile(r"-?[0-9]{1,18}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)


def _whole(value: Any) -> Any:
    if isinstance(value, str) and not _INTEGER.fullmatch(value):
        raise PydanticCustomError("not_an_integer", "not a whole number")
    return value


def _yes_or_no(value: Any) -> Any:
    if isinstance(value, str) and value not in {"true", "false"}:
        raise PydanticCustomError("not_a_boolean", "not true or false")
    return value


def _moment(value: Any) -> Any:
    if isinstance(value, str) and not _MOMENT.fullmatch(value):
        raise PydanticCustomError("not_a_moment", "not a moment")
    return value


Whole = Annotated[int, BeforeValidator(_whole)]
YesOrNo = Annotated[bool, BeforeValidator(_yes_or_no)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
Slug = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[-a-zA-Z0-9_]+$")]
RegionCode = Annotated[str, Field(pattern=r"^[A-Z]{2}-[A-Z0-9]{1,8}$")]
Year = Annotated[int, Field(ge=1800, le=2100), BeforeValidator(_whole)]
Band = Annotated[int, Field(ge=1, le=5), BeforeValidator(_whole)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


class Reader(Schema):
    """Who reads the answer."""

    lang: Literal["ru", "en"] | None = Field(
        None,
        description=gettext_noop("Language of texts and messages; else Accept-Language decides."),
    )


class Page(Schema):
    """Which part of a long list."""

    limit: Whole = Field(
        20, ge=1, le=MOST_AT_ONCE, description=gettext_noop("How many entries at once.")
    )
    offset: Whole = Field(
        0, ge=0, le=FURTHEST, description=gettext_noop("How many entries to pass over.")
    )


class Filters(Schema):
    """Which practices; what is left out means any."""

    topic: TopicCode | None = Field(None, description=gettext_noop("Code of a topic."))
    region: RegionCode | None = Field(None, description=gettext_noop("Code of a region."))
    country: Country | None = Field(None, description=gettext_noop("Two letters of ISO 3166-1."))
    size_class: SizeClass | None = Field(
        None, description=gettext_noop("Class of the city by its number of inhabitants.")
    )
    cost_band: Band | None = Field(
        None,
        description=gettext_noop("Fifth of the catalogue by cost per inhabitant; 1 is the least."),
    )
    has_numbers: YesOrNo | None = Field(
        None, description=gettext_noop("Whether any stated effect has a figure.")
    )
    year_from: Year | None = Field(None, description=gettext_noop("Not before this year."))
    year_to: Year | None = Field(None, description=gettext_noop("Not after this year."))
