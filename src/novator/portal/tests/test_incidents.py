"""Leaks of personal data: the hours that the law leaves, and who may write them down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from novator.accounts.incidents import IncidentRefused, give_result, record_incident
from novator.accounts.models import Incident
from novator.accounts.testing import make_role, signed_in
from novator.cities.testing import make_city

pytestmark = pytest.mark.django_db
FOUND = datetime(2026, 3, 1, 22, 0, tzinfo=UTC)
PAGE = "/ru/office/incidents/"


def make_incident() -> Incident:
    by = make_role("office").user
    return record_incident(
        what="Письмо ушло не туда", detected_at=FOUND, people=3, municipality=None, by=by,
        now=FOUND,
    )  # fmt: skip


def test_hours_count_from_the_discovery():
    incident = make_incident()

    assert incident.notice_due_at == datetime(2026, 3, 2, 22, 0, tzinfo=UTC)
    assert incident.result_due_at == datetime(2026, 3, 4, 22, 0, tzinfo=UTC)


def test_result_comes_after_the_notice():
    with pytest.raises(IncidentRefused):
        give_result(incident=make_incident(), words="Нашли", now=FOUND + timedelta(hours=2))

    assert Incident.objects.get().result_at is None


def test_office_records_notice_and_result():
    office = signed_in(make_role("office").user)
    found = timezone.localtime().strftime("%Y-%m-%dT%H:%M")

    office.post(PAGE, {"what": "Список адресов лежал открыто", "detected_at": found, "people": ""})
    row = Incident.objects.get()
    office.post(f"{PAGE}{row.pk}/", {"words": "Роскомнадзор, № 17"})
    office.post(f"{PAGE}{row.pk}/", {"words": "Закрыто, причина найдена"})

    row.refresh_from_db()
    assert (row.notice, row.result) == ("Роскомнадзор, № 17", "Закрыто, причина найдена")
    assert office.get(f"{PAGE}{row.pk}/").status_code == 200


def test_future_and_silence_are_refused():
    office = signed_in(make_role("office").user)

    office.post(PAGE, {"what": " ", "detected_at": "2026-03-01T10:00"})
    office.post(PAGE, {"what": "Утечка", "detected_at": "2999-03-01T10:00"})

    assert not Incident.objects.exists()


def test_strangers_are_refused():
    row = make_incident()
    head = signed_in(make_role("head", city=make_city("Stary Bor")).user)

    assert head.get(PAGE).status_code == head.get(f"{PAGE}{row.pk}/").status_code == 403
