"""The index follows every change, and a job with nothing to do costs nothing."""

from __future__ import annotations

from datetime import date

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from novator.accounts.testing import make_role
from novator.drafts.operations import publish_draft, release
from novator.drafts.testing import FULL, make_draft
from novator.matching import operations, tasks
from novator.matching.cards import cards_for_index
from novator.matching.fields import SearchCard, passages
from novator.practices.operations import ask_for_fresh_index, ask_for_whole_index
from novator.practices.testing import make_practice

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    rebuilt: list[int] = []
    monkeypatch.setattr(operations, "rebuild_index", lambda: rebuilt.append(1))
    monkeypatch.setattr(tasks, "_built", None)
    return rebuilt


def test_every_change_has_a_job_and_a_damaged_index_only_one() -> None:
    for _ in range(2):
        ask_for_fresh_index()
        ask_for_whole_index()

    jobs = ProcrastinateJob.objects.filter(task_name="novator.matching.refresh_index")
    assert jobs.filter(queueing_lock=None).count() == 2
    assert jobs.filter(queueing_lock="refresh_index").count() == 1
    assert set(jobs.values_list("queue_name", flat=True)) == {"index"}


def test_many_jobs_after_one_change_make_one_index(made: list[int]) -> None:
    make_practice()

    tasks.refresh_index()
    tasks.refresh_index()
    assert len(made) == 1

    make_practice("another")
    tasks.refresh_index()
    assert len(made) == 2


def test_a_damaged_index_is_made_anew_though_no_card_has_changed(made: list[int]) -> None:
    tasks.refresh_index()
    tasks.refresh_index(is_damaged=True)

    assert len(made) == 2


def test_vectors_of_a_card_are_made_while_it_waits_for_its_moderator(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    foreseen: list[SearchCard] = []
    monkeypatch.setattr(operations, "keep_vectors", foreseen.append)
    told = {"title_en": "Sand at slopes", "tags_ru": ["зима"], "asked_as_ru": ["Скользко!"]}
    draft = make_draft(content=FULL | told)
    head = make_role("head", city=draft.municipality).user
    release(draft=draft, by=head, on=date(2026, 11, 2), consents=True)
    job = ProcrastinateJob.objects.get(task_name="novator.matching.keep_vectors_of_draft")

    assert tasks.keep_vectors_of_draft(**job.args)

    publish_draft(draft=draft, moderator=head, on=date(2026, 11, 9))
    [published] = cards_for_index()
    assert [set(passages(card)) for card in foreseen] == [set(passages(published))]
    assert not tasks.keep_vectors_of_draft(**job.args)
