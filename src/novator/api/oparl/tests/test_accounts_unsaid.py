"""OParl: that an account was linked to a person is not told, not even by the moment of a change."""

from __future__ import annotations

import pytest
from django.test import Client

from novator.accounts.testing import make_user
from novator.council.models import Person
from novator.council.testing import make_membership

# Each step in a transaction of its own: within one all moments of the trail are the same.
pytestmark = pytest.mark.django_db(transaction=True)


def test_a_link_to_an_account_changes_nothing_that_is_told(client: Client) -> None:
    person = make_membership().person
    address = f"/oparl/v1/person/{person.public_id}"
    before = client.get(address)

    Person.objects.filter(pk=person.pk).update(user=make_user())
    linked = client.get(address)
    Person.objects.filter(pk=person.pk).update(name="Анна Берёзова")
    renamed = client.get(address)

    assert before.status_code == 200
    assert linked.json() == before.json()
    assert renamed.json()["modified"] > before.json()["modified"]
