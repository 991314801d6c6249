"""A citizen's report: the encoders that answer within the time that a form has."""

from __future__ import annotations

import os

from novator.text.encoders import DEFAULT_SETTING, Encoder, encoders_from_setting

QUICK = ("use-",)
SETTING = "NOVATOR_ENCODERS"


def quick_encoders(setting: str | None = None) -> tuple[Encoder, ...]:
    """
    Of the encoders that are set (else by NOVATOR_ENCODERS), those quick enough for a proposal.

    multilingual-e5 takes 80 ms of the processor for two sentences, the Universal Sentence Encoder
    six, so that only the latter is used; with neither, words and letters remain.
    """
    wanted = os.environ.get(SETTING, DEFAULT_SETTING) if setting is None else setting
    return tuple(one for one in encoders_from_setting(wanted) if one.name.startswith(QUICK))
