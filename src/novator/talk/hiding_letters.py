"""Solutions discussed: letters about words that a moderator has hidden, and about objections."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.talk.letters import Words, link, send_to
from novator.talk.models import MayBeHidden
from novator.talk.voices import moderating_people


def tell_writer(
    thing: MayBeHidden, writer: User, *, path: str, at: datetime, is_shown: bool = False
) -> None:
    """Tell who wrote it that it is hidden, why, and how to object; or that it is shown again."""
    what = type(thing)._meta.model_name

    def words(_user: User) -> Words:
        facts = {"reason": thing.hidden_because, "link": link(path)}
        if is_shown:
            said = _("Words of yours that a moderator had hidden (“%(reason)s”) are shown again.")
            return _("Shown again: what you wrote"), [said % facts]
        return _("Hidden by a moderator: what you wrote"), [
            _("A moderator of the association has hidden words of yours. The reason: %(reason)s")
            % facts,
            _("Readers see this reason instead. Your words are kept; nothing is deleted."),
            _("Read them there and object if you think that this is wrong: %(link)s") % facts,
        ]

    act = "shown" if is_shown else "hidden"
    key = f"{act}:{what}:{thing.pk}:{at:%Y%m%d%H%M%S}"
    send_to([writer], kind="hidden", key=key, words=words)


def tell_of_objection(thing: MayBeHidden, by: User, *, path: str, on: date) -> None:
    """Tell the office and the moderators, but not whoever hid it, that its writer objects."""
    people = [
        user for user in moderating_people(on=on) if user.pk not in {by.pk, thing.hidden_by_id}
    ]

    def words(_user: User) -> Words:
        facts = {"who": by, "reason": thing.hidden_because, "link": link(path)}
        return _("%(who)s objects: hidden words") % facts, [
            _("Hidden for this reason: %(reason)s") % facts,
            _("The objection: %(words)s") % {"words": thing.objection},
            _("Another moderator should read it and decide: %(link)s") % facts,
        ]

    key = f"objection:{type(thing)._meta.model_name}:{thing.pk}:{thing.hidden_at}"
    send_to(people, kind="office", key=key, words=words)
