"""Every step, told to a program: what all answers are made of."""

from __future__ import annotations

from typing import Any

from ninja import Schema
from pydantic import ModelWrapValidatorHandler, model_validator


class Answer(Schema):
    """
    An answer that is put together as plain data, so that nothing of it is fetched from a model.

    Ninja looks at each value as if it might be a relation of a model: a third of the time of a long
    list. Values are still checked against the types that the description promises.
    """

    @model_validator(mode="wrap")
    @classmethod
    def _run_root_validator(cls, values: Any, handler: ModelWrapValidatorHandler[Any]) -> Any:
        return handler(values)
