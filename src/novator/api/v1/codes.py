"""Every step, told to a program: the codes that parameters and answers are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from novator.cities.models import KINDS
from novator.cities.sizes import SIZE_CLASSES
from novator.core.topics import TOPICS
from novator.practices.models import (
    COPYING,
    COST_BASES,
    EFFECT_EVIDENCE,
    FUNDING_SOURCES,
    HELP_OFFERS,
)

if TYPE_CHECKING:
    Basis = str
    Copying = str
    Evidence = str
    Funding = str
    Help = str
    Kind = str
    SizeClass = str
    TopicCode = str
else:
    Basis = Literal[tuple(COST_BASES)]
    Copying = Literal[tuple(COPYING)]
    Evidence = Literal[tuple(EFFECT_EVIDENCE)]
    Funding = Literal[tuple(FUNDING_SOURCES)]
    Help = Literal[tuple(HELP_OFFERS)]
    Kind = Literal[tuple(KINDS)]
    SizeClass = Literal[tuple(SIZE_CLASSES)]
    TopicCode = Literal[tuple(topic.code for topic in TOPICS)]
