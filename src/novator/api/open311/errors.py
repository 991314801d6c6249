"""A citizen's report, told to other systems: the one shape in which Open311 refuses."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: a number as of HTTP, and words for the end user."""

    code: int
    description: str


class Refusal(Exception):
    """
    The request is refused for one or several reasons; the first decides on the status.

    `retry_after`: seconds until asking again makes sense. `allowed`: methods, where it is one.
    """

    def __init__(self, *faults: Fault, retry_after: int = 0, allowed: tuple[str, ...] = ()) -> None:
        super().__init__("; ".join(fault.description for fault in faults))
        self.faults = faults
        self.retry_after = retry_after
        self.allowed = allowed

    @property
    def status(self) -> int:
        """The status of the answer."""
        return self.faults[0].code


def bad(words: str) -> Refusal:
    """Refuse what was sent."""
    return Refusal(Fault(400, words))


def unknown(words: str) -> Refusal:
    """Refuse, because there is no such thing."""
    return Refusal(Fault(404, words))


def forbidden(words: str) -> Refusal:
    """Refuse, because the key is missing or wrong."""
    return Refusal(Fault(403, words))


def too_often(seconds: int) -> Refusal:
    """Refuse, because too much was sent within the hour."""
    words = _("Too many requests. Send again in %(minutes)s min.")
    minutes = max(1, -(-seconds // 60))
    return Refusal(Fault(429, words % {"minutes": minutes}), retry_after=seconds)


def not_here(method: str, allowed: tuple[str, ...]) -> Refusal:
    """Refuse a method that this address does not know."""
    words = _("%(method)s is not possible here; possible are %(allowed)s.")
    named = {"method": method[:20], "allowed": ", ".join(allowed)}
    return Refusal(Fault(405, words % named), allowed=allowed)


def nothing_here() -> Refusal:
    """Refuse an address at which there is nothing."""
    return unknown(_("There is nothing at this address."))


def unreadable() -> Refusal:
    """Refuse what cannot be read at all."""
    return bad(_("The request cannot be read."))


def unavailable() -> Refusal:
    """Say that we cannot answer now."""
    words = _("The service is not available at the moment. Try again shortly.")
    return Refusal(Fault(503, words), retry_after=10)


def broken() -> Refusal:
    """Say that something broke here."""
    words = _("Something broke on our side. The error has been recorded.")
    return Refusal(Fault(500, words))


def form_wanted() -> str:
    """Say in which form a report is sent."""
    return _("Send a form: application/x-www-form-urlencoded or multipart/form-data.")
