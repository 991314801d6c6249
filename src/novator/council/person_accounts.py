"""Who decides: a person of public office is linked to an account here, asked by a letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pghistory
from allauth.account.models import EmailAddress
from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from novator.accounts.attempts import seconds_to_wait
from novator.accounts.models import User
from novator.cities.models import Municipality
from novator.core.holding import hold
from novator.council.composition import may_last_on
from novator.council.models import Mandate, Person
from novator.council.offices import offices_in
from novator.council.person_letters import (
    forget_letters_about,
    write_question,
    write_that_it_ended,
)
from novator.council.refusals import must_say
from novator.mail.operations import address_digest

HOLDS_FOR = timedelta(days=7)
ASKED_AGAIN_AFTER = timedelta(minutes=10)
"""The same address asked again sooner gets no further letter: a form sent twice."""
MOST_TO_ONE_ADDRESS = 5
"""Such letters to one address within an hour, whoever asks."""
_SALT = "novator.council.person_accounts"


class CannotLink(Exception):
    """This person and this account are not linked; the message is fit to show."""


class LinkIsVoid(CannotLink):
    """The link of the letter leads nowhere any more, or never did."""


@dataclass(frozen=True)
class Question:
    """What the link of a letter asks: is the owner of this address that person of that city?"""

    person: Person
    municipality: Municipality
    digest: str
    asked_at: datetime


@transaction.atomic
def ask_for_account(
    *,
    person: Person,
    municipality: Municipality,
    email: str,
    now: datetime,
    on: date,
    language: str,
) -> Person:
    """
    Write to an address with the question whether its owner is this person.

    A letter that was sent before is void from then on. Whether there is an account with that
    address makes no difference to who asks. `language` is the first of a letter to a stranger.

    :raises CannotLink: the person has an account, or nothing to do in this city; too many letters
    """
    held = hold(Person.objects.all(), person.pk)
    _refuse_person(held, municipality, on=on)
    digest = _digest(held.public_id, email)
    if held.account_asked == digest and _is_fresh(held, now):
        return held
    key = f"person-account:{address_digest(email)[:32]}"
    if seconds_to_wait(key=key, most=MOST_TO_ONE_ADDRESS, now=now):
        raise CannotLink(
            _("Enough letters were sent to this address within the hour. Try again later.")
        )
    forget_letters_about(held)
    held.account_asked = digest
    held.account_asked_at = now.replace(microsecond=0)
    held.save(update_fields=["account_asked", "account_asked_at"])
    write_question(
        held,
        email=email.strip(),
        municipality=municipality,
        token=_token(held, municipality),
        on=on,
        first=language,
    )
    return held


@transaction.atomic
def take_question_back(*, person: Person) -> None:
    """Let the link of the letter lead nowhere; a letter that waits is not sent."""
    held = hold(Person.objects.all(), person.pk)
    _forget_question(held)


def question_of(token: str, user: User) -> Question:
    """
    Read the link of a letter for the person who opened it. Three queries.

    :raises LinkIsVoid: it was changed, is too old, was used or replaced by a newer one
    :raises CannotLink: the letter went to an address that is not confirmed by this account
    """
    question = _question(token)
    if not _owns_address(user, question):
        raise CannotLink(
            _(
                "This letter was written to an address that your account has not confirmed. Sign "
                "in with the account of that address, or confirm the address on “My account”."
            )
        )
    if not _still_asked(question.person, question):
        raise LinkIsVoid(_("This link was used already, or a newer letter has taken its place."))
    return question


@transaction.atomic
def link_account(*, token: str, user: User, on: date) -> Person:
    """
    Link the account to the person, once: its owner says that he is that person.

    :raises CannotLink: the link is void, or one of the two is linked already
    """
    account = hold(User.objects.all(), user.pk)
    question = question_of(token, account)
    held = hold(Person.objects.all(), question.person.pk)
    if not _still_asked(held, question):
        raise LinkIsVoid(_("This link was used already, or a newer letter has taken its place."))
    _refuse_person(held, question.municipality, on=on)
    _refuse_account(account)
    _forget_question(held)
    held.user = account
    with pghistory.context(reason=_("The owner of the account confirmed that he is this person")):
        held.save(update_fields=["user"])
    return held


@transaction.atomic
def deny_question(*, token: str, user: User) -> None:
    """
    The owner of the address says that he is somebody else: the link is void.

    :raises CannotLink: the link is void already, or went to another address
    """
    question = question_of(token, user)
    held = hold(Person.objects.all(), question.person.pk)
    if _still_asked(held, question):
        _forget_question(held)


@transaction.atomic
def end_link(*, person: Person, why: str, now: datetime) -> None:
    """
    End the link by whoever keeps the council; the trail keeps the reason, the owner gets a letter.

    :raises CannotRecord: no reason
    :raises CannotLink: no account is linked
    """
    reason = must_say(why, most=300, what=_("The reason of the correction"))
    held = hold(Person.objects.select_related("user"), person.pk)
    if held.user is None:
        raise CannotLink(_("No account is linked to this person any more."))
    account, held.user = held.user, None
    with pghistory.context(reason=reason):
        held.save(update_fields=["user"])
    write_that_it_ended(held, account, reason=reason, now=now)


@transaction.atomic
def leave_person(*, user: User) -> bool:
    """End the link of one's own account; False where there is none."""
    found = person_of(user)
    if found is None:
        return False
    held = hold(Person.objects.all(), found.pk)
    if held.user_id != user.pk:
        return False
    held.user = None
    with pghistory.context(reason=_("The owner of the account ended the link")):
        held.save(update_fields=["user"])
    return True


def person_of(user: User) -> Person | None:
    """The person to whom this account is linked. One query."""
    return Person.objects.filter(user=user).first()


def letter_holds_until(person: Person) -> datetime | None:
    """Until when the link of the last letter can be used; None: none was sent."""
    if not person.account_asked or person.account_asked_at is None:
        return None
    return person.account_asked_at + HOLDS_FOR


def _refuse_person(person: Person, municipality: Municipality, *, on: date) -> None:
    if person.user_id is not None:
        raise CannotLink(_("An account is linked to this person already."))
    if elsewhere := _mandate_elsewhere(person, municipality, on):
        raise CannotLink(
            _(
                "This person acts for another city, %(city)s. There an account is tied to the "
                "mandate itself, on the page of the member."
            )
            % {"city": elsewhere.municipality.name}
        )
    is_named = Mandate.objects.filter(holder=person, municipality=municipality).exists()
    if not is_named and not offices_in(person, municipality, on=on):
        raise CannotLink(
            _("This person holds no office in your city on this day. Record the office first.")
        )


def _mandate_elsewhere(person: Person, municipality: Municipality, on: date) -> Mandate | None:
    """A mandate of another city: whoever keeps this council must not say who acts for that one."""
    posts = "holder_post__memberships__"
    held = Q(may_last_on(on, of=posts), **{f"{posts}person": person})
    rows = Mandate.objects.exclude(municipality=municipality).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=on),
        Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=on),
        Q(holder=person) | held,
    )
    return rows.select_related("municipality").first()


def _refuse_account(account: User) -> None:
    if not account.is_active or account.erased_at is not None:
        raise CannotLink(_("This account is closed."))
    other = person_of(account)
    if other is not None:
        raise CannotLink(
            _("Your account is linked to %(name)s already. End that link on “My account” first.")
            % {"name": other}
        )


def _is_fresh(person: Person, now: datetime) -> bool:
    asked = person.account_asked_at
    return asked is not None and asked > now - ASKED_AGAIN_AFTER


def _forget_question(held: Person) -> None:
    """Empty what was asked; the address goes out of the letter too."""
    held.account_asked, held.account_asked_at = "", None
    held.save(update_fields=["account_asked", "account_asked_at"])
    forget_letters_about(held)


def _digest(public_id: UUID, email: str) -> str:
    """What stands for the address: told apart from no other without the key of the site."""
    said = f"{public_id.hex}:{email.strip().lower()}"
    return salted_hmac(_SALT, said, algorithm="sha256").hexdigest()[:24]


def _token(person: Person, municipality: Municipality) -> str:
    assert person.account_asked_at is not None
    asked = int(person.account_asked_at.timestamp())
    facts = [person.public_id.hex, municipality.pk, person.account_asked, asked]
    return signing.dumps(facts, salt=_SALT)


def _question(token: str) -> Question:
    try:
        public_id, place, digest, asked = signing.loads(token[:400], salt=_SALT, max_age=HOLDS_FOR)
    except signing.SignatureExpired as fault:
        raise LinkIsVoid(
            _("This link held for seven days. Ask the secretary of the council for a new letter.")
        ) from fault
    except signing.BadSignature as fault:
        raise LinkIsVoid(
            _("This link is not whole. Open it from the letter, or copy all of it.")
        ) from fault
    person = Person.objects.filter(public_id=UUID(public_id)).first()
    municipality = Municipality.objects.filter(pk=place).first()
    if person is None or municipality is None:
        raise LinkIsVoid(_("This link was used already, or a newer letter has taken its place."))
    return Question(person, municipality, digest, datetime.fromtimestamp(asked, UTC))


def _still_asked(person: Person, question: Question) -> bool:
    is_same = constant_time_compare(person.account_asked, question.digest)
    return is_same and person.account_asked_at == question.asked_at


def _owns_address(user: User, question: Question) -> bool:
    own = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    known = [_digest(question.person.public_id, email) for email in own]
    return any(constant_time_compare(one, question.digest) for one in known)
