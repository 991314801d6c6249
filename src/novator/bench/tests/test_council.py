"""The bench of the councils, small: what it builds can be shown and taken, and nothing is wrong."""

from __future__ import annotations

import pytest

from novator.bench.council import run_council_bench, run_council_import_bench
from novator.bench.synthetic_councils import popolo_of_votes
from novator.council.models import Vote
from novator.council.popolo.taking import take_document


@pytest.mark.django_db
def test_pages_among_a_few_councils_are_shown():
    told = run_council_bench(councils=2, people=12, ballots=40, requests=2)

    assert (told["councils"], told["people"], told["ballots"]) == (2, 12, 48)
    assert {"council", "person", "council_session", "council_vote"} <= set(told["pages"])
    assert [name for name, page in told["pages"].items() if not page["is_ok"]] == []


@pytest.mark.django_db
def test_a_file_of_votes_is_taken_whole_and_once():
    told = run_council_import_bench(ballots=70)

    assert (told["faults"], told["votes"], told["changed_again"]) == (0, 70, 0)


@pytest.mark.django_db
def test_a_file_with_one_wrong_vote_takes_nothing():
    document = popolo_of_votes(ballots=70)
    document["vote_events"][1]["result"] = "fail"

    report = take_document(document)

    assert [(fault.pointer, fault.rule) for fault in report.faults] == [
        ("/vote_events/1", "K3.result")
    ]
    assert not Vote.objects.exists()
