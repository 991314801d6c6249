"""Who decides, told to other systems: votes and decisions, which OParl lacks, as an extension."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from novator.core.partial_dates import write_partial
from novator.council.disclosure import PUBLISHED
from novator.council.models import Decision, VoteEvent

if TYPE_CHECKING:
    from novator.api.oparl.objects import Teller

_COUNTS = ("yes", "no", "abstain", "not_voting", "recused")


def vote_of(event: VoteEvent, teller: Teller, *, is_public: bool) -> dict[str, Any]:
    """
    One vote: motion, method, counts, result, and where names are recorded each voice.

    Counts that are not recorded are left out. Of a closed question only counts and result.
    """
    counts = {name: getattr(event, name) for name in _COUNTS if getattr(event, name) is not None}
    found: dict[str, Any] = {
        "method": event.method,
        "result": event.result,
        "isResultStated": event.is_result_stated,
        "counts": counts or None,
        "present": event.present,
        "majority": event.majority,
    }
    if is_public:
        found |= {
            "motion": event.motion.text,
            "web": teller.web("council_vote", event.pk),
            "voice": teller.voices_of(event),
            "byFaction": [
                {name: getattr(row, name) for name in _COUNTS[:4]}
                | {
                    "organization": teller.url("organization", row.faction.public_id)
                    if row.faction
                    else None
                }
                for row in event.by_faction.all()
            ],
        }
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def decision_of(row: Decision, teller: Teller, *, is_public: bool) -> dict[str, Any]:
    """A decision's number, date and state; text and initiator only where they may be read."""
    found: dict[str, Any] = {
        "title": row.title,
        "number": row.number,
        "isNumberUnstated": row.is_number_unstated or None,
        "date": write_partial(row.adopted_from, row.adopted_to),
        "state": row.state,
        "web": teller.web("council_decision", row.pk),
        "effect": [
            {"kind": effect.kind, "key": effect.key, "text": effect.text}
            for effect in row.effects.all()
        ],
    }
    if is_public:
        by = row.initiated_by
        found["initiator"] = teller.url("person", by.public_id) if by else None
        found["initiatedAs"] = row.initiated_as
    if is_public or row.state in PUBLISHED:
        found["text"] = row.text
    return {name: value for name, value in found.items() if value not in (None, "", [])}
