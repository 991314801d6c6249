"""Every step, told to a program: the codes that parameters and answers are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from novator.cities.models import KINDS
from novator.cities.sizes import SIZE_CLASSES
from novator.core.topics import TOPICS
from novator.practices.models import COST_BASES, EFFECT_EVIDENCE, FUNDING_SOURCES

if TYPE_CHECKING:
    Basis = str
    Evidence = str
    Funding = str
    Kind = str
    SizeClass = str
    TopicCode = str
else:
    Basis = Literal[tuple(COST_BASES)]
    Evidence = Literal[tuple(EFFECT_EVIDENCE)]
    Funding = Literal[tuple(FUNDING_SOURCES)]
    Kind = Literal[tuple(KINDS)]
    SizeClass = Literal[tuple(SIZE_CLASSES)]
    TopicCode = Literal[tuple(topic.code for topic in TOPICS)]
