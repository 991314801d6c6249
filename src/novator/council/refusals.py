"""Who decides: a record that the rules do not allow, with the rule's name and what to mend."""

from __future__ import annotations

from django.utils.translation import gettext as _


class CannotRecord(Exception):
    """
    The record breaks a rule; the message is fit to show.

    `rule` is the rule's name as programs and imports know it, `message` what is wrong, `mend`
    what to do about it.
    """

    def __init__(self, rule: str, message: str, mend: str = "") -> None:
        super().__init__(f"{message} {mend}".strip())
        self.rule = rule
        self.message = message
        self.mend = mend


def must_say(text: str, *, most: int, what: str) -> str:
    """
    The text in one line without needless spaces.

    :raises CannotRecord: there is none, or it is longer than that
    """
    plain = " ".join(text.split())
    if not plain:
        raise CannotRecord("missing", _("%(what)s is missing.") % {"what": what})
    if len(plain) > most:
        words = _("%(what)s is longer than %(most)s characters.")
        raise CannotRecord("too_long", words % {"what": what, "most": most})
    return plain
