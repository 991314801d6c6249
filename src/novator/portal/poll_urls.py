"""The association: addresses of votes of members."""

from __future__ import annotations

from django.urls import URLPattern, path

from novator.portal import poll_office, poll_voting, polls

_POLL = "association/polls/<uuid:public_id>/"

urlpatterns: list[URLPattern] = [
    path("association/polls/", polls.polls, name="polls"),
    path("association/polls/polls.csv", polls.polls_csv, name="polls_csv"),
    path("association/polls/new/", poll_office.poll_new, name="poll_new"),
    path("feeds/polls.atom", polls.polls_feed, name="polls_feed"),
    path(_POLL, polls.poll, name="poll"),
    path(_POLL + "ballots/", polls.poll_ballots, name="poll_ballots"),
    path(_POLL + "ballots.csv", polls.poll_ballots_csv, name="poll_ballots_csv"),
    path(_POLL + "protocol.<slug:kind>", polls.poll_protocol, name="poll_protocol"),
    path(_POLL + "vote/", poll_voting.poll_vote, name="poll_vote"),
    path(_POLL + "right/", poll_voting.poll_right, name="poll_right"),
    path(_POLL + "cast/", poll_voting.poll_cast, name="poll_cast"),
    path(_POLL + "edit/", poll_office.poll_edit, name="poll_edit"),
    path(_POLL + "open/", poll_office.poll_open, name="poll_open"),
    path(_POLL + "extend/", poll_office.poll_extend, name="poll_extend"),
    path(_POLL + "cancel/", poll_office.poll_cancel, name="poll_cancel"),
]
