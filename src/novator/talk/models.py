"""Solutions discussed: questions on cards, a city's request to all, help booked and rated."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from novator.accounts.models import ROLES, User, role_choices
from novator.cities.models import Municipality
from novator.core.topics import topic_choices
from novator.practices.models import HELP_OFFERS, Practice

SIDES = {
    "asker": _("the city that asked"),
    "author": _("the author city"),
    "office": _("the office of the association"),
}
OUTCOMES = {
    "solved": _("an answer helped"),
    "own_way": _("the city found its own way"),
    "nothing": _("nothing helped yet"),
}
STATES = {
    "asked": _("waits for the author city"),
    "proposed": _("another date is proposed"),
    "accepted": _("agreed"),
    "declined": _("declined"),
    "cancelled": _("cancelled"),
    "done": _("took place"),
}
TRANSITIONS: dict[str, frozenset[str]] = {
    "asked": frozenset({"accepted", "proposed", "declined", "cancelled"}),
    "proposed": frozenset({"accepted", "proposed", "asked", "declined", "cancelled"}),
    "accepted": frozenset({"proposed", "asked", "declined", "cancelled", "done"}),
    "declined": frozenset(),
    "cancelled": frozenset(),
    "done": frozenset(),
}
OPEN_STATES = ("asked", "proposed", "accepted")
RATERS = {"received": _("the city that was helped"), "gave": _("the city that helped")}
SCORES = {1: _("very bad"), 2: _("bad"), 3: _("fair"), 4: _("good"), 5: _("very good")}


def side_choices() -> list[tuple[str, object]]:
    """Who speaks in a thread."""
    return list(SIDES.items())


def outcome_choices() -> list[tuple[str, object]]:
    """What came of a request to all cities."""
    return list(OUTCOMES.items())


def state_choices() -> list[tuple[str, object]]:
    """Where a booking is on its way."""
    return list(STATES.items())


def help_choices() -> list[tuple[str, object]]:
    """What help an author city may offer."""
    return list(HELP_OFFERS.items())


def rater_choices() -> list[tuple[str, object]]:
    """Which side of a booking rates."""
    return list(RATERS.items())


class Spoken(models.Model):
    """
    Something an official says in the name of a city (none: of the association).

    `written_as` is the role at that moment. `token` comes with the form, so that a form that is
    sent twice is kept once.
    """

    public_id = models.UUIDField(unique=True, default=uuid4, editable=False)
    token = models.UUIDField(default=uuid4, editable=False)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_for = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    written_as = models.CharField(max_length=20, choices=role_choices)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["written_by", "token"], name="%(class)s_is_kept_once")
        ]

    @property
    def place_name(self) -> str:
        """The city, or the association, in whose name this is said."""
        return self.written_for.name if self.written_for else str(_("the association"))

    @property
    def role_name(self) -> str:
        """What the person was there when it was said."""
        return str(ROLES.get(self.written_as, self.written_as))


class MayBeHidden(models.Model):
    """
    Something that a moderator may hide, saying why; the original is kept.

    Who wrote it is told and may object; the office and the moderators see the objection.
    """

    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    hidden_because = models.CharField(max_length=300, blank=True, default="")
    objection = models.CharField(max_length=1000, blank=True, default="")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=True) | ~Q(hidden_because=""),
                name="hidden_%(class)s_has_a_reason",
            )
        ]

    @property
    def is_hidden(self) -> bool:
        """Whether readers see the reason instead of the words."""
        return self.hidden_at is not None


class QuestionQuerySet(models.QuerySet["Question"]):
    """Questions, narrowed."""

    def public(self) -> QuestionQuerySet:
        """Those that everybody may read."""
        return self.filter(public_since__isnull=False, hidden_at=None)

    def waiting(self) -> QuestionQuerySet:
        """Those without an answer, of cards in the catalogue or merged into one that is."""
        is_there = Q(practice__withdrawn_at=None) | Q(practice__merged_into__withdrawn_at=None)
        is_there &= Q(practice__withdrawn_at=None) | Q(practice__merged_into__isnull=False)
        return self.filter(is_there, answered_at=None, hidden_at=None)


@pghistory.track(exclude=["text"])
class Question(Spoken, MayBeHidden):
    """
    A question of an official to the author city of a card.

    Everybody may read it from `public_since` on; without that only the two cities do. The trail
    of changes leaves the text out: it never changes, and a private one can be erased.
    """

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="questions")
    text = models.TextField()
    public_since = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta(Spoken.Meta, MayBeHidden.Meta):
        abstract = False
        ordering = ["-written_at", "-id"]
        constraints = [*Spoken.Meta.constraints, *MayBeHidden.Meta.constraints]
        indexes = [
            models.Index(fields=["practice", "-written_at"]),
            models.Index(fields=["answered_at", "written_at"]),
            models.Index(fields=["public_since"]),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    def get_absolute_url(self) -> str:
        """Page of the thread in the language of the current reader."""
        return reverse("question", args=[self.public_id])

    @property
    def is_public(self) -> bool:
        """Whether the asker lets everybody read it."""
        return self.public_since is not None


@pghistory.track(exclude=["text"])
class Reply(Spoken, MayBeHidden):
    """
    One reply in the thread of a question.

    `may_be_shown` is the writer's word; everybody reads it only if the question is public too.
    `source` says whose answer the office passes on, and how it came.
    """

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="replies")
    side = models.CharField(max_length=8, choices=side_choices)
    text = models.TextField()
    may_be_shown = models.BooleanField(default=False)
    source = models.CharField(max_length=300, blank=True, default="")

    class Meta(Spoken.Meta, MayBeHidden.Meta):
        abstract = False
        ordering = ["question", "written_at", "id"]
        verbose_name_plural = "replies"
        constraints = [
            *Spoken.Meta.constraints,
            *MayBeHidden.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(side="office") | ~Q(source=""), name="passed_on_answer_has_a_source"
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class RequestQuerySet(models.QuerySet["Request"]):
    """Requests, narrowed."""

    def shown(self) -> RequestQuerySet:
        """Those that a moderator has not hidden."""
        return self.filter(hidden_at=None)


@pghistory.track()
class Request(Spoken, MayBeHidden):
    """A city asks all others who has solved this; answers are taken until a day, inclusive."""

    title = models.CharField(max_length=200)
    text = models.TextField()
    topic = models.CharField(max_length=32, choices=topic_choices)
    open_until = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=8, blank=True, default="", choices=outcome_choices)
    outcome_words = models.TextField(blank=True, default="")

    objects = RequestQuerySet.as_manager()

    class Meta(Spoken.Meta, MayBeHidden.Meta):
        abstract = False
        ordering = ["-written_at", "-id"]
        constraints = [
            *Spoken.Meta.constraints,
            *MayBeHidden.Meta.constraints,
            models.CheckConstraint(
                condition=Q(written_for__isnull=False), name="request_is_of_a_city"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome="")
                | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="closed_request_has_an_outcome",
            ),
        ]
        indexes = [models.Index(fields=["topic", "-written_at"])]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Page of the request in the language of the current reader."""
        return reverse("request", args=[self.pk])

    @property
    def city(self) -> Municipality:
        """The city that asks; a request is always in the name of one."""
        assert self.written_for is not None
        return self.written_for

    def is_open(self, on: date) -> bool:
        """Whether answers are still taken on that day."""
        return self.closed_at is None and self.hidden_at is None and on <= self.open_until


@pghistory.track()
class RequestAnswer(Spoken, MayBeHidden):
    """What another city answers: a card, words, or both; the asking city says what helped."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="answers")
    practice = models.ForeignKey(
        Practice,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="answers_to_requests",
    )
    text = models.TextField(blank=True, default="")
    helped_at = models.DateTimeField(null=True, blank=True)
    judged_at = models.DateTimeField(null=True, blank=True)

    class Meta(Spoken.Meta, MayBeHidden.Meta):
        abstract = False
        ordering = ["request", "written_at", "id"]
        constraints = [
            *Spoken.Meta.constraints,
            *MayBeHidden.Meta.constraints,
            models.CheckConstraint(
                condition=Q(practice__isnull=False) | ~Q(text=""), name="answer_says_something"
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class Told(models.Model):
    """That a person was told of a request once, so that nobody is told twice."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="told")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    told_on = models.DateField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "user"], name="told_of_a_request_once")
        ]
        indexes = [models.Index(fields=["user", "told_on"])]

    def __str__(self) -> str:
        return f"{self.request_id} {self.told_on}"


@pghistory.track(exclude=["message", "wished", "note", "meeting_place"])
class Booking(Spoken):
    """
    A city takes up the help that the author city offers on its card.

    `meeting_*` is what is agreed, or proposed by the author city while that is the state; of
    documents it is the day by which they are sent. `note` is the last word of whoever moved it.
    The trail of changes keeps states and days, not the words.
    """

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="bookings")
    kind = models.CharField(max_length=12, choices=help_choices)
    wished_on = models.DateField(null=True, blank=True)
    wished = models.CharField(max_length=200, blank=True, default="")
    message = models.TextField(blank=True, default="")
    state = models.CharField(max_length=12, choices=state_choices, default="asked")
    meeting_on = models.DateField(null=True, blank=True)
    meeting_time = models.TimeField(null=True, blank=True)
    meeting_place = models.CharField(max_length=200, blank=True, default="")
    note = models.CharField(max_length=600, blank=True, default="")
    moved_at = models.DateTimeField(default=timezone.now)
    moved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    times_moved = models.PositiveIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta(Spoken.Meta):
        abstract = False
        ordering = ["-written_at", "-id"]
        constraints = [
            *Spoken.Meta.constraints,
            models.CheckConstraint(
                condition=Q(written_for__isnull=False), name="booking_is_of_a_city"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["proposed", "accepted", "done"])
                | Q(meeting_on__isnull=False),
                name="agreed_booking_has_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(note=""), name="declined_booking_has_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done_at__isnull=False),
                name="done_booking_has_a_moment",
            ),
        ]
        indexes = [models.Index(fields=["state", "meeting_on"])]

    def __str__(self) -> str:
        return str(self.public_id)

    def get_absolute_url(self) -> str:
        """Page of the booking in the language of the current reader."""
        return reverse("booking", args=[self.public_id])

    @property
    def city(self) -> Municipality:
        """The city that wants the help."""
        assert self.written_for is not None
        return self.written_for

    @property
    def is_open(self) -> bool:
        """Whether one of the two cities still has something to do."""
        return self.state in OPEN_STATES


@pghistory.track()
class Rating(MayBeHidden):
    """How one side found the help; seen by others when both have rated, or fourteen days later."""

    public_id = models.UUIDField(unique=True, default=uuid4, editable=False)
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="ratings")
    side = models.CharField(max_length=8, choices=rater_choices)
    score = models.PositiveSmallIntegerField()
    comment = models.TextField(blank=True, default="")
    rated_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    rated_at = models.DateTimeField(default=timezone.now)

    class Meta(MayBeHidden.Meta):
        abstract = False
        ordering = ["booking", "side"]
        constraints = [
            *MayBeHidden.Meta.constraints,
            models.UniqueConstraint(fields=["booking", "side"], name="one_rating_per_side"),
            models.CheckConstraint(condition=Q(score__range=(1, 5)), name="score_is_one_to_five"),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.score}"

    @property
    def score_words(self) -> str:
        """The score in words."""
        return str(SCORES[self.score])
