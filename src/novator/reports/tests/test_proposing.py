"""The category of a city's report is proposed, and a sure one sorts the report."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from novator.reports import proposing
from novator.reports.classifying.training import LabelledText, train_model
from novator.reports.models import Category, CategoryModel, Channel, ReportUpdate
from novator.reports.proposing import category_texts, propose_categories, sort_by_machine
from novator.reports.testing import NOW, category_of, make_channel, make_report
from novator.text.testing import WordEncoder

pytestmark = pytest.mark.django_db

PLACES = ("на Ленина", "во дворе", "у школы", "возле дома", "за магазином", "у парка", "в центре")
COMPLAINTS = {
    "road-potholes": ("глубокая яма", "разбит асфальт", "провал и колея", "выбоины на дороге"),
    "street-lighting": ("не горит фонарь", "темно вечером", "лампа мигает", "погасли фонари"),
    "stray-animals": ("стая собак", "бродячие собаки", "собака укусила", "лают бездомные собаки"),
}


def complaints() -> list[LabelledText]:
    return [
        LabelledText(f"{words} {place}", code)
        for place in PLACES
        for code, said in COMPLAINTS.items()
        for words in said
    ]


def small_channel() -> Channel:
    """Zarechny takes reports of six kinds, so that a start takes no time."""
    channel = make_channel()
    kept = {*COMPLAINTS, "trees", "parking", "manhole"}
    Category.objects.filter(municipality=channel.municipality).exclude(code__in=kept).delete()
    return channel


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Nothing opened before; the encoder of tests."""
    encoder = WordEncoder()
    proposing._opened.clear()
    monkeypatch.setattr(proposing, "encoders_of_proposals", lambda: (encoder,))
    monkeypatch.setattr("novator.reports.retraining.encoders_of_proposals", lambda: (encoder,))
    return encoder


def take_into_use(channel, rows=None) -> CategoryModel:
    known = category_texts(channel.municipality)
    model = train_model(complaints() if rows is None else rows, known, [WordEncoder()])
    CategoryModel.objects.filter(municipality=channel.municipality).update(is_used=False)
    return CategoryModel.objects.create(
        municipality=channel.municipality,
        blob=model.to_bytes(),
        rows=84,
        is_used=True,
        made_at=timezone.now(),
    )


def test_the_start_knows_the_city_s_own_words_and_is_never_sure():
    channel = small_channel()

    proposals = propose_categories("Не горит фонарь, темно", channel.municipality)

    assert proposals[0].code == "street-lighting"
    assert sum(each.probability for each in proposals) == pytest.approx(1)
    assert not proposals.is_sure


def test_a_city_without_categories_gets_no_proposals():
    channel = small_channel()
    Category.objects.filter(municipality=channel.municipality).update(is_active=False)

    assert len(propose_categories("яма", channel.municipality)) == 0


def test_a_model_taken_into_use_is_opened_without_a_restart():
    channel = small_channel()
    propose_categories("лают", channel.municipality)

    swapped = [LabelledText(row.text, "trees") for row in complaints()]
    take_into_use(channel, swapped)

    assert propose_categories("стая собак у школы", channel.municipality)[0].code == "trees"


def test_a_changed_category_changes_the_start():
    channel = small_channel()
    propose_categories("гаражи", channel.municipality)

    category = category_of(channel, "parking")
    category.keywords_ru = ["гараж", "ракушка"]
    category.save()

    assert propose_categories("железный гараж ракушка", channel.municipality)[0].code == "parking"


def test_a_category_given_up_is_not_proposed():
    channel = small_channel()
    take_into_use(channel)
    Category.objects.filter(code="stray-animals").update(is_active=False)

    proposals = propose_categories("стая собак у школы", channel.municipality)

    assert "stray-animals" not in {each.code for each in proposals}
    assert not proposals.is_sure
    assert sum(each.probability for each in proposals) < 1


def test_a_damaged_model_gives_way_to_the_start(caplog):
    channel = small_channel()
    CategoryModel.objects.create(
        municipality=channel.municipality, blob=b"?", rows=9, is_used=True, made_at=timezone.now()
    )

    assert propose_categories("темно, фонарь", channel.municipality)[0].code == "street-lighting"
    assert "cannot be used" in caplog.text


def test_a_proposal_costs_two_queries_and_few_milliseconds(django_assert_num_queries):
    channel = small_channel()
    take_into_use(channel)
    text = "Здравствуйте! Третью неделю не горит фонарь во дворе, дети ходят в темноте. " * 4
    propose_categories(text, channel.municipality)

    with django_assert_num_queries(2):
        propose_categories(text, channel.municipality)
    began = time.process_time()
    for _ in range(10):
        propose_categories(text, channel.municipality)
    assert (time.process_time() - began) / 10 < 0.04


def test_a_sure_category_is_given_with_body_and_days():
    channel = small_channel()
    report = make_report(channel, category="", text="Стая собак у школы, собака укусила")
    take_into_use(channel)
    proposing._opened.clear()
    model = proposing._model_of(channel.municipality, category_texts(channel.municipality))
    proposing._opened[channel.municipality.pk] = (
        proposing._opened[channel.municipality.pk][0],
        replace(model, sure_at=0.5),
    )

    assert sort_by_machine(report=report, now=NOW + timedelta(minutes=1))

    report.refresh_from_db()
    assert report.category == category_of(channel, "stray-animals")
    assert report.category_by == "machine"
    assert (report.category_probability or 0) >= 0.5
    assert ReportUpdate.objects.filter(report=report, kind="category").count() == 1
    assert not sort_by_machine(report=report, now=NOW)


def test_an_unsure_one_and_what_a_person_chose_stay_as_they_are():
    channel = small_channel()
    unsure = make_report(channel, category="", text="Стая собак")
    chosen = make_report(channel, text="Стая собак")

    assert not sort_by_machine(report=unsure, now=NOW)
    assert not sort_by_machine(report=chosen, now=NOW)

    unsure.refresh_from_db()
    assert unsure.category is None
    assert chosen.category_by == "citizen"
