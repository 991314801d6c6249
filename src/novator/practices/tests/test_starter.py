"""The catalogue that comes with the package."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from novator.cities.models import Municipality
from novator.cities.operations import load_regions
from novator.cities.queries import without_point
from novator.core.package import PackageDamaged
from novator.practices import operations
from novator.practices.models import Formulation, OpenQuestion, Practice, PracticeText
from novator.practices.operations import load_starter_catalogue
from novator.practices.queries import catalogue_figures

pytestmark = pytest.mark.django_db


def test_loads_whole_and_only_once() -> None:
    report = load_starter_catalogue()

    assert report is not None
    assert (report.new, report.faults, report.unknown_columns) == (284, [], [])
    assert Formulation.objects.values("practice").distinct().count() == 284
    assert OpenQuestion.objects.count() > 300
    assert load_starter_catalogue() is None

    figures = catalogue_figures()
    assert (figures.cards, figures.with_cost, figures.with_total_cost) == (284, 125, 94)
    assert figures.with_cost_per_inhabitant == 51

    cities = Municipality.objects.filter(practices__isnull=False).distinct()
    assert cities.count() == 189
    assert cities.filter(latitude__isnull=False).count() >= 178
    assert not cities.filter(region=None).exists()
    assert {city.slug for city in without_point()} == {
        "annenkovsky-rural-settlement",
        "buyskoye-rural-settlement",
        "frunzensky-district-of-saint-petersburg",
        "haringey-london",
        "kirklees",
        "listopadovskoye-rural-settlement",
        "mezhdurechenskoye-rural-settlement",
        "palevitsy",
        "prirechenskoye-rural-settlement",
        "rozhkovsky-rural-settlement",
        "waltham-forest-london",
    }


def test_leaves_alone_what_somebody_has_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    load_starter_catalogue()
    taken_over = Practice.objects.order_by("slug")[0]
    PracticeText.objects.filter(practice=taken_over).update(title="Свой заголовок")
    Practice.objects.filter(pk=taken_over.pk).update(is_starter=False)
    other = Practice.objects.order_by("slug")[1]
    PracticeText.objects.filter(practice=other).update(title="Старый заголовок")
    monkeypatch.setattr("novator.practices.operations._STARTER_FORMAT", "a later version")

    report = load_starter_catalogue()

    assert report is not None
    assert (report.new, report.changed, report.kept, report.unchanged) == (0, 1, 1, 282)
    assert PracticeText.objects.filter(title="Свой заголовок").exists()
    assert not PracticeText.objects.filter(title="Старый заголовок").exists()


def cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-300])


def without_its_last_line(file: Path) -> None:
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:-1]))


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("practices.jsonl", cut_short),
        ("practices.jsonl", without_its_last_line),
        ("practices.jsonl", Path.unlink),
        ("formulations.jsonl", cut_short),
        ("formulations.jsonl", without_its_last_line),
        ("open_questions.jsonl", cut_short),
    ],
)
def test_a_damaged_file_of_the_package_is_named_and_nothing_is_loaded(
    name: str, damage: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    shutil.copytree(operations.DATA, data)
    damage(data / name)
    monkeypatch.setattr(operations, "DATA", data)
    monkeypatch.setattr(operations, "load_gazetteer", load_regions)

    with pytest.raises(PackageDamaged) as damaged:
        load_starter_catalogue()

    assert damaged.value.file == data / name
    assert not Practice.objects.exists()
