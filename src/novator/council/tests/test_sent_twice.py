"""The same form sent twice makes one row."""

from __future__ import annotations

import pytest
from django.utils import timezone

from novator.core.partial_dates import Partial
from novator.council.deciding import add_effect, attach_file
from novator.council.saying import add_paper
from novator.council.testing import make_decision, make_item
from novator.files.operations import keep_file
from novator.files.testing import PDF, upload

pytestmark = pytest.mark.django_db


def test_an_effect_in_words_and_a_file_of_a_decision():
    decision = make_decision()
    for _time in range(2):
        add_effect(decision=decision, kind="other", text="Меняется порядок")
        file = keep_file(upload=upload(PDF, "решение.pdf"))
        attach_file(decision=decision, file=file, title="Текст")
    add_effect(decision=decision, kind="other", text="И ещё один порядок")
    attach_file(decision=decision, file=file, title="Приложение 1")

    assert (decision.effects.count(), decision.files.count()) == (2, 2)


def test_a_paper_of_a_question():
    item = make_item()
    day = timezone.localdate()
    for _time in range(2):
        add_paper(item=item, title="Записка", file=None, dated=Partial(day, day), kind="note")
        file = keep_file(upload=upload(PDF, "проект.pdf"))
        add_paper(item=item, title="Проект", file=file, kind="draft")
    add_paper(item=item, title="Записка", file=None, dated=Partial(day, day), kind="opinion")

    assert item.papers.count() == 3
