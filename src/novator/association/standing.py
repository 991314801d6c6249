"""The association: where a member stood on a day, read from its steps."""

from __future__ import annotations

from datetime import date

from novator.association.models import Member, MemberStep


def steps_in_order(member: Member) -> list[MemberStep]:
    """All changes of its standing by their day; those whose day is not known come first."""
    return sorted(member.steps.all(), key=lambda step: (step.on or date.min, step.pk))


def standing_on(member: Member, day: date) -> str | None:
    """
    What the association had decided of it by that day; None: it was no member yet.

    No query where `steps` are prefetched.
    """
    past = [step for step in steps_in_order(member) if step.on is None or step.on <= day]
    return past[-1].standing if past else None


def last_step(member: Member, day: date) -> MemberStep | None:
    """The step by which it stands as it does on that day."""
    past = [step for step in steps_in_order(member) if step.on is None or step.on <= day]
    return past[-1] if past else None
