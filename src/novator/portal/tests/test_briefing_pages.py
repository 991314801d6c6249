"""A paper is begun, written and taken along; the page, the PDF and the Word file say the same."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import docx
import pytest
from django.test import Client
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries

from novator.accounts.models import User
from novator.accounts.testing import make_role, signed_in
from novator.briefings.models import Briefing, Collection
from novator.briefings.testing import make_collection, make_paper
from novator.cities.testing import make_city
from novator.portal.briefing_files import as_word
from novator.portal.briefing_made import made
from novator.portal.briefing_paper import Paper, Table
from novator.practices.models import Practice
from novator.practices.publishing import withdraw_card
from novator.practices.testing import make_full_practice, make_practice

pytestmark = pytest.mark.django_db
SITE = "https://novator.example"


@pytest.fixture
def owner() -> User:
    return make_role("editor", city=make_city("Zarechny")).user


def _told(paper: Paper, code: str) -> str:
    """All words of one part."""
    [section] = [one for one in paper.sections if one.code == code]
    return " ".join(_words(section))


def _words(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple):
        return [word for inner in value for word in _words(inner)]
    fields = getattr(value, "__dataclass_fields__", {})
    skipped = {"code", "kind", "language", "link"} | (
        {"name"} if isinstance(value, Table) else set()
    )
    return [word for name in fields if name not in skipped for word in _words(getattr(value, name))]


def _full_paper(owner: User, language: str = "ru") -> Briefing:
    collection = make_collection(owner, [make_full_practice(), make_practice("card-2", cost={})])
    paper = make_paper(collection, city=make_city("Zarechny"), language=language)
    paper.options.filter(practice__slug="card-2").update(changes="Нужны столбы")
    return paper


def test_a_paper_is_begun_from_a_comparison(owner: User):
    make_practice()
    make_practice("card-2")

    answer = signed_in(owner).post(
        "/ru/compare/briefing/", {"id": ["card-2", "glazov-warm-stops", "never-was"]}
    )

    paper = Briefing.objects.get()
    assert answer.headers["Location"] == f"/ru/papers/{paper.public_id}/edit/"
    assert (paper.city, paper.language) == (make_city("Zarechny"), "ru")
    slugs = list(Collection.objects.get().items.values_list("practice__slug", flat=True))
    assert slugs == ["card-2", "glazov-warm-stops"]
    assert [option.practice.slug for option in paper.options.all()] == slugs


def test_nothing_is_begun_from_nothing(owner: User):
    answer = signed_in(owner).post("/ru/compare/briefing/", {"id": "never-was"})

    assert answer.headers["Location"] == "/ru/compare/"
    assert not Collection.objects.exists()


def test_too_many_cards_are_refused_in_words(owner: User):
    cards = [make_practice(f"card-{number}") for number in range(6)]
    collection = make_collection(owner, cards)
    query = "&".join(f"id={card.slug}" for card in cards)

    page = signed_in(owner).get(f"/en/collections/{collection.public_id}/papers/?{query}")

    assert "Choose one to 5 cards of the collection." in page.content.decode()


def test_costs_are_scaled_and_say_by_which_formula(owner: User):
    paper = made(_full_paper(owner), site=SITE)

    costs = _told(paper, "costs")

    assert "≈ 600\u00a0000\u00a0₽ = 870\u00a0000\u00a0₽ : 87\u00a0000 × 60\u00a0000" in costs
    assert "≈ 82\u00a0800\u00a0₽ = 120\u00a0000\u00a0₽ : 87\u00a0000 × 60\u00a0000" in costs
    assert "60\u00a0000" in costs


def test_without_a_city_nothing_is_reckoned(owner: User):
    row = _full_paper(owner, "en")
    row.city = None

    paper = made(row, site=SITE)

    assert "so nothing is reckoned" in _told(paper, "costs")
    assert "≈" not in _told(paper, "costs")
    assert "it is not compared" in _told(paper, "changes")


def test_differences_come_from_the_data_and_words_from_the_official(owner: User):
    paper = made(_full_paper(owner, "en"), site=SITE)

    changes = _told(paper, "changes")

    assert "population differs by a factor of 1.4" in changes
    assert "Рядом есть электрическая сеть 220 В." in changes
    assert "Постановление от 12.02.2019 № 14" in changes
    assert "can be copied directly" in changes
    assert "Нужны столбы" in changes


def test_what_is_not_stated_is_said_to_be_so(owner: User):
    collection = make_collection(owner, [make_practice(cost={}, effects=[])])
    paper = made(make_paper(collection, language="en"), site=SITE)

    for part in ("costs", "effects"):
        assert "not stated" in _told(paper, part)
    assert "Not stated: 1. Glazov." in _told(paper, "failed")
    assert "No expert has scored" in _told(paper, "experts")


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_page_and_both_files_say_the_same(owner: User, language: str):
    row = _full_paper(owner, language)
    browser = signed_in(owner)
    address = f"/en/papers/{row.public_id}/"

    page = " ".join(browser.get(address).content.decode().split())
    pdf = PdfReader(io.BytesIO(browser.get(f"{address}briefing.pdf").content))
    word = docx.Document(io.BytesIO(browser.get(f"{address}briefing.docx").content))

    root: Any = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == language
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Холодные остановки"
    in_pdf = _letters("".join(sheet.extract_text() for sheet in pdf.pages))
    in_word = _letters("".join(word.element.body.itertext()))
    in_page = _letters(page)
    paper = made(row, site="http://testserver")
    for words in _words(paper.sections):
        bare = _letters(words)
        assert bare in in_word, words
        assert len(bare) > 40 or bare in in_pdf, words
        assert bare.replace("&", "&amp;").replace("'", "&#x27;") in in_page, words
    headings = [p.text for p in word.paragraphs if p.style and p.style.name == "Heading 1"]
    assert headings == [section.title for section in paper.sections]
    assert word.core_properties.title == "Холодные остановки"


def _letters(text: str) -> str:
    """Without the spaces and hyphens by which lines are broken, and without marks of a page."""
    from html import unescape
    from re import sub

    bare = unescape(sub(r"<[^>]*>", "", text))
    return "".join(c for c in bare if not c.isspace() and c not in "-\u00ad\u2010\ufffe")


def test_each_list_of_steps_begins_with_one_in_word(owner: User):
    collection = make_collection(owner, [make_full_practice(), make_full_practice("card-2")])
    page = as_word(made(make_paper(collection), site=SITE))

    word: Any = docx.Document(io.BytesIO(page))

    steps = [p for p in word.paragraphs if p.style and p.style.name == "List Number"]
    lists = [p._p.pPr.numPr.numId.val for p in steps]
    assert len(lists) == 4
    assert lists[0] == lists[1] != lists[2] == lists[3]


def test_odd_texts_do_not_break_the_files(owner: User):
    odd = 'Дорога 😀 <b>&amp;</b> #pagebreak() $x^2$ \\ "кавычки" ' + "ж" * 400 + " 漢字\u200b"
    card = make_practice(title=odd[:290], problem=odd * 5, solution=odd * 50, title_en="")
    paper = make_paper(make_collection(owner, [card], title=odd[:160]))
    browser = signed_in(owner)

    for kind, start in (("pdf", b"%PDF"), ("docx", b"PK")):
        answer = browser.get(f"/ru/papers/{paper.public_id}/briefing.{kind}")
        assert answer.status_code == 200
        assert answer.content.startswith(start)
        assert answer.headers["Content-Disposition"] == f'attachment; filename="briefing.{kind}"'
    assert "<b>" not in browser.get(f"/ru/papers/{paper.public_id}/").content.decode()
    assert browser.get(f"/ru/papers/{paper.public_id}/briefing.exe").status_code == 404


def _typed(paper: Briefing, **changed: object) -> dict[str, object]:
    return {
        "revision": paper.revision,
        "title": "К комиссии",
        "language": "ru",
        "cards": ["glazov-warm-stops", "card-2"],
        "problem": "Холодно на семи остановках",
        "city": "Заречный (Удмуртская Республика)",
        "population": "",
        "sections": ["problem", "options"],
        "proposal": "Поставить три павильона",
        "prepared_by": "Анна Петрова",
        "prepared_on": "2026-12-01",
        "changes_glazov-warm-stops": "Нужна сеть",
        "changes_card-2": "",
    } | changed


def test_what_the_official_writes_is_saved_and_shown(owner: User):
    paper = _full_paper(owner)
    browser = signed_in(owner)

    saved = browser.post(f"/ru/papers/{paper.public_id}/edit/", _typed(paper))
    page = browser.get(saved.headers["Location"]).content.decode()

    paper.refresh_from_db()
    assert (paper.revision, paper.prepared_on) == (2, date(2026, 12, 1))
    assert paper.options.get(practice__slug="glazov-warm-stops").changes == "Нужна сеть"
    assert "Холодно на семи остановках" in page
    assert "part-sources" not in page


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"title": ""}, "title", "This field is required."),
        ({"city": "Заречны-й-Новый"}, "city", "This city is not known here."),
        ({"population": "-1"}, "population", "1"),
        ({"cards": []}, "cards", "This field is required."),
        ({"cards": ["never-was"]}, "cards", "never-was"),
        ({"sections": ["nonsense"]}, "sections", "nonsense"),
        ({"prepared_on": "завтра"}, "prepared_on", "valid date"),
    ],
)
def test_a_fault_names_the_field_and_keeps_what_was_typed(
    owner: User, changed: dict[str, object], field: str, said: str
):
    paper = _full_paper(owner)

    page = (
        signed_in(owner)
        .post(f"/en/papers/{paper.public_id}/edit/", _typed(paper, **changed))
        .content.decode()
    )

    assert f"id_{field}_error" in page
    assert 'role="alert"' in page
    assert "Холодно на семи остановках" in page
    paper.refresh_from_db()
    assert paper.revision == 1


def test_the_second_of_two_savers_is_told(owner: User):
    paper = _full_paper(owner)
    browser = signed_in(owner)
    browser.post(f"/ru/papers/{paper.public_id}/edit/", _typed(paper))

    answer = browser.post(
        f"/ru/papers/{paper.public_id}/edit/", _typed(paper, problem="Совсем иначе")
    )

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Совсем иначе" in page
    assert "Холодно на семи остановках" in page
    paper.refresh_from_db()
    assert paper.problem == "Холодно на семи остановках"


def test_a_card_taken_out_of_the_catalogue_leaves_the_paper(owner: User):
    row = _full_paper(owner, "en")
    withdraw_card(practice=Practice.objects.get(slug="card-2"), because="")

    paper = made(row, site=SITE)

    assert "card-2" not in _told(paper, "sources")
    assert "1. Glazov" in _told(paper, "options")


def test_five_cards_cost_a_fixed_number_of_queries(
    owner: User, django_assert_num_queries: DjangoAssertNumQueries
):
    cards = [make_practice(f"card-{number}") for number in range(5)]
    row = make_paper(make_collection(owner, cards), city=make_city("Zarechny"))
    made(row, site=SITE)

    with django_assert_num_queries(3):
        made(row, site=SITE)


def test_files_are_given_so_often_and_no_more(owner: User, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("novator.portal.briefing.FILES_AN_HOUR", 1)
    paper = make_paper(make_collection(owner, [make_practice()]))
    browser = signed_in(owner)
    address = f"/ru/papers/{paper.public_id}/briefing.docx"

    first, second = browser.get(address), browser.get(address)

    assert (first.status_code, second.status_code) == (200, 429)
    assert int(second.headers["Retry-After"]) > 0


def test_a_form_from_elsewhere_begins_nothing(owner: User):
    make_practice()
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")

    answer = browser.post("/ru/compare/briefing/", {"id": "glazov-warm-stops"})

    assert answer.status_code == 403
    assert not Collection.objects.exists()
