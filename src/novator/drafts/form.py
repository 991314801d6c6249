"""Solutions written: every question of the form with help and example, by its steps (rule E1)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from novator.core.topics import topic_choices
from novator.drafts.content import NOT_MEASURED
from novator.drafts.fields import Field, Step, Words
from novator.practices.models import (
    CHANGE_KINDS,
    COPYING,
    COST_BASES,
    EFFECT_EVIDENCE,
    FUNDING_SOURCES,
    HELP_OFFERS,
)

_RU = "ru"
_EN = "en"


def _of(names: dict[str, Words]) -> Sequence[tuple[str, Words]]:
    return list(names.items())


def _unknown_costs() -> Sequence[tuple[str, Words]]:
    return [
        ("one_off_cost", _("The one-off cost is not known")),
        ("yearly_cost", _("The yearly cost is not known")),
    ]


def _unknown_result() -> Sequence[tuple[str, Words]]:
    return [("result", _("The result was not measured in figures"))]


def _evidence() -> Sequence[tuple[str, Words]]:
    return _of(dict(EFFECT_EVIDENCE))


PROBLEM = Step(
    "problem",
    _("The problem"),
    _("Begin with what hurt, in the words in which people complained of it."),
    (
        Field(
            "problem_ru",
            "text",
            _("The problem in one sentence"),
            _("Who suffered, from what, where and when. Leave the solution out here."),
            _("In winter people fall on the steep paths between the blocks and the polyclinic."),
            code="problem",
            language=_RU,
            lines=3,
        ),
        Field(
            "title_ru",
            "line",
            _("Title of the card"),
            _("What was done, in at most ten words, without the name of a programme."),
            _("Sand boxes on steep paths that residents use themselves"),
            code="title",
            language=_RU,
        ),
        Field(
            "topic",
            "choice",
            _("Topic"),
            _("The one under which a colleague of another city would look for it."),
            code="topic",
            choices=topic_choices,
        ),
    ),
)
BEFORE = Step(
    "before",
    _("Before"),
    _("At least one figure of the time before the work began, with its source."),
    (
        Field(
            "baseline",
            "rows",
            _("The situation before, in figures"),
            _("All five cells of at least one figure are needed."),
            code="before",
            row_name=_("Figure"),
            cells=(
                Field(
                    "indicator_ru",
                    "line",
                    _("Indicator"),
                    "",
                    _("Injuries from falls in the street"),
                    language=_RU,
                ),
                Field("value", "number", _("Value"), "", "31"),
                Field("unit", "line", _("Unit"), "", _("per winter"), language=_RU),
                Field("date", "date", _("When"), "", "12.2024"),
                Field(
                    "source",
                    "line",
                    _("Where the figure is from"),
                    "",
                    _("first-aid station of Zarechny"),
                    language=_RU,
                ),
            ),
        ),
    ),
)
DONE = Step(
    "done",
    _("What was done"),
    _("So that a colleague could begin tomorrow with nothing but this page."),
    (
        Field(
            "solution_ru",
            "text",
            _("What was done"),
            _("In order and in plain words; what exactly stands, works or runs now."),
            _(
                "Forty boxes with sand and a shovel were put on steep paths. They are not locked: "
                "caretakers and residents spread the sand themselves, and a lorry refills the "
                "boxes once a week."
            ),
            code="solution",
            language=_RU,
            lines=8,
        ),
        Field(
            "core_idea_ru",
            "text",
            _("Core idea: what must not be changed when it is copied"),
            _("What works here is this; without it only the shell is left."),
            _("The box is open to everybody and stands where people fall, not where it is handy."),
            code="idea",
            language=_RU,
            lines=3,
        ),
        Field(
            "steps",
            "rows",
            _("Steps"),
            _("Each with how long it took and who did it."),
            code="steps",
            row_name=_("Step"),
            cells=(
                Field(
                    "what_ru",
                    "line",
                    _("What"),
                    "",
                    _("Choose the places by the calls of ambulances"),
                    language=_RU,
                ),
                Field("duration", "line", _("How long"), "", _("2 weeks"), language=_RU),
                Field("role", "line", _("Who"), "", _("housing department"), language=_RU),
            ),
        ),
        Field("year_start", "number", _("Year it began"), "", "2024"),
        Field(
            "year_end",
            "number",
            _("Year it ended"),
            _("Leave it empty if the work goes on."),
            "2025",
        ),
    ),
)
PEOPLE = Step(
    "people",
    _("Who and how many"),
    _("Who took part and how many people it reaches."),
    (
        Field(
            "participants_ru",
            "text",
            _("Who took part"),
            _("Departments, companies, residents; what each did."),
            _("Housing department (boxes), house elders (places), pupils (painted the boxes)."),
            code="participants",
            language=_RU,
        ),
        Field(
            "residents_reached",
            "number",
            _("Residents reached"),
            _("How many people live better by it; an honest estimate is enough."),
            _("12,000"),
            code="reached",
        ),
        Field(
            "contact_org",
            "line",
            _("Who answers for it"),
            _("An office, not a person: people change."),
            _("Housing department of Zarechny"),
            language=_RU,
        ),
        Field(
            "population",
            "number",
            _("Population of the municipality"),
            _("The cost per inhabitant is reckoned by it."),
            _("60,000"),
        ),
        Field(
            "population_source",
            "line",
            _("Where the population is from"),
            "",
            _("census of 2020–2021"),
            language=_RU,
        ),
    ),
)
MONEY = Step(
    "money",
    _("Money"),
    _("No council decides without the cost. “Not known” is allowed, if you say why."),
    (
        Field(
            "cost_amount",
            "money",
            _("One-off cost"),
            _("Everything it took to begin, whoever paid."),
            _("320,000"),
            code="one_off_cost",
        ),
        Field("cost_currency", "line", _("Currency"), _("Three letters."), "RUB"),
        Field(
            "cost_basis",
            "choice",
            _("What the sum covers"),
            choices=lambda: _of(dict(COST_BASES)),
        ),
        Field("price_year", "number", _("Prices of the year"), "", "2024"),
        Field(
            "yearly_cost_amount",
            "money",
            _("Yearly running cost"),
            _("0 if it costs nothing to run."),
            _("90,000"),
            code="yearly_cost",
        ),
        Field(
            "yearly_cost_currency",
            "line",
            _("Currency of the yearly cost"),
            _("Three letters."),
            "RUB",
        ),
        Field(
            NOT_MEASURED + "_cost",
            "choices",
            _("If it is not known"),
            _("Then say below why."),
            choices=_unknown_costs,
        ),
        Field(
            "cost_note",
            "text",
            _("What the sums cover, or why they are not known"),
            "",
            _("Boxes and sand of the first winter; the lorry was there before and is not counted."),
            language=_RU,
            lines=3,
        ),
        Field(
            "off_budget_share",
            "percent",
            _("Share of off-budget money, percent"),
            _("Money of companies, residents, grants. 0 if there was none."),
            "10",
            code="off_budget_share",
        ),
        Field(
            "funding",
            "choices",
            _("Paid from"),
            choices=lambda: _of(dict(FUNDING_SOURCES)),
        ),
    ),
)
RESULT = Step(
    "result",
    _("Result"),
    _("What changed, in figures, and how you know."),
    (
        Field(
            "effects",
            "rows",
            _("What changed"),
            _("A figure after, or the change, is needed in at least one row."),
            code="result",
            row_name=_("Indicator"),
            cells=(
                Field(
                    "indicator_ru",
                    "line",
                    _("Indicator"),
                    "",
                    _("Injuries from falls in the street"),
                    language=_RU,
                ),
                Field("unit", "line", _("Unit"), "", _("per winter"), language=_RU),
                Field("before", "number", _("Before"), "", "31"),
                Field("after", "number", _("After"), "", "12"),
                Field("change", "number", _("Change"), "", "−61"),
                Field(
                    "change_kind",
                    "choice",
                    _("The change is"),
                    choices=lambda: _of(dict(CHANGE_KINDS)),
                ),
                Field("period", "line", _("Period"), "", _("winter of 2024/25"), language=_RU),
                Field("evidence", "choice", _("How it is known"), choices=_evidence),
            ),
        ),
        Field(
            NOT_MEASURED + "_result",
            "choices",
            _("If there is no figure"),
            _("Then say below why."),
            choices=_unknown_result,
        ),
        Field(
            "how_measured_ru",
            "text",
            _("How the result was measured"),
            _("Who counted what, when, and what else could have changed the figure."),
            _(
                "Calls of the first-aid station from December to March of two winters; the second "
                "winter had six days of ice fewer."
            ),
            code="how_measured",
            language=_RU,
        ),
    ),
)
LESSONS = Step(
    "lessons",
    _("What failed"),
    _("The most valuable page for a colleague. A card without it is an advertisement."),
    (
        Field(
            "what_failed_ru",
            "text",
            _("Side effects, opposition and what failed"),
            _("What went wrong, who was against it and why, what got worse."),
            _(
                "The first boxes were locked, and nobody used them. Two shopkeepers asked to take "
                "theirs away. Sand has to be swept up in spring."
            ),
            code="side_effects",
            language=_RU,
            lines=5,
        ),
        Field(
            "lessons_ru",
            "text",
            _("Lessons"),
            _("What you would do otherwise today."),
            _("Begin with ten places, not forty. Give each box a number to call when it is empty."),
            code="lessons",
            language=_RU,
        ),
    ),
)
COPYING_STEP = Step(
    "copying",
    _("Copying"),
    _("What another city needs, and how you can help it."),
    (
        Field(
            "conditions_ru",
            "text",
            _("Conditions without which it does not work"),
            "",
            _("Somebody has to refill the boxes once a week, every week."),
            code="conditions",
            language=_RU,
            lines=3,
        ),
        Field(
            "legal_basis",
            "text",
            _("Legal acts adopted"),
            _("Kind, number, date. “No act was needed” is an answer too."),
            _("Order of the administration of Zarechny of 1 October 2024, No. 101"),
            code="legal_acts",
            language=_RU,
            lines=3,
        ),
        Field(
            "copying",
            "choice",
            _("How far it can be copied"),
            code="copying",
            choices=lambda: _of(dict(COPYING)),
        ),
        Field(
            "help_offered",
            "choices",
            _("Help you offer"),
            _("At least one."),
            code="help",
            choices=lambda: _of(dict(HELP_OFFERS)),
        ),
        Field(
            "replicated_in",
            "lines",
            _("Repeated in"),
            _("Cities that have copied it, one a line."),
            _("Stary Bor"),
            language=_RU,
            lines=3,
        ),
    ),
)
FILES = Step(
    "files",
    _("Documents and photos"),
    _("The order, a drawing, the contract, two or three photos: what a colleague would ask for."),
)
WORDS = Step(
    "words",
    _("Sources and words"),
    _("So that the card is believed, and found by those who put the problem in other words."),
    (
        Field(
            "sources",
            "rows",
            _("Sources on the web"),
            _("A news item, a report, a video: whatever others can check."),
            row_name=_("Source"),
            cells=(
                Field("url", "address", _("Address"), "", "https://zarechny.example/news/101"),
                Field("title", "line", _("Title"), "", _("Sand boxes on 40 paths"), language=_RU),
                Field("date", "date", _("Date"), "", "12.2024"),
            ),
        ),
        Field(
            "tags_ru",
            "lines",
            _("Keywords"),
            _("One a line."),
            _("ice"),
            language=_RU,
            lines=3,
        ),
        Field(
            "asked_as_ru",
            "lines",
            _("How people put the problem, in Russian"),
            _("As in complaints, one a line. The search learns from it; it is not shown as fact."),
            _("my mother broke her arm on the way to the polyclinic"),
            language=_RU,
        ),
        Field(
            "asked_as_en",
            "lines",
            _("How people put the problem, in English"),
            _("One a line; may be left empty."),
            _("icy footpath, people keep slipping"),
            language=_EN,
            lines=2,
        ),
    ),
)


def _english(name: str, label: Words, lines: int = 3) -> Field:
    return Field(name, "text" if lines > 1 else "line", label, language=_EN, lines=lines)


ENGLISH = Step(
    "english",
    _("In English"),
    _("May be left empty. A title alone already lets foreign colleagues find the card."),
    (
        _english("title_en", _("Title of the card"), 1),
        _english("problem_en", _("The problem in one sentence")),
        _english("solution_en", _("What was done"), 6),
        _english("core_idea_en", _("Core idea: what must not be changed when it is copied")),
        _english("participants_en", _("Who took part")),
        _english("conditions_en", _("Conditions without which it does not work")),
        _english("how_measured_en", _("How the result was measured")),
        _english("what_failed_en", _("Side effects, opposition and what failed")),
        _english("lessons_en", _("Lessons")),
    ),
)
CHECK = Step(
    "check",
    _("Check and send"),
    _("What is still missing, what is like your card, and who lets it out."),
)
STEPS = (
    *(PROBLEM, BEFORE, DONE, PEOPLE, MONEY, RESULT, LESSONS, COPYING_STEP, FILES, WORDS),
    *(ENGLISH, CHECK),
)
STEP_BY_CODE = {step.code: step for step in STEPS}
ALL_FIELDS = tuple(field for step in STEPS for field in step.fields)
