"""
Every figure of reports: a stream of invented reports, as dense in place and time as real ones.

A city of a million has about 0.1 reports a head and year (Boston 2015: 0.18). Places lie along
streets of unequal liveliness; every tenth report repeats one of the last weeks near by, in other
words. The same seed gives the same stream.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

STREETS = 400
YEARS = 10
REPEATED = 0.1
LAST_WEEKS = 2_000
"""A repeat follows one of so many reports before it in the same batch."""
STATES = ("accepted", "in_progress", "answered", "solved", "refused")
_SHARES = (0.05, 0.1, 0.2, 0.55, 0.1)
_DAY = 86_400.0

TEXTS = {
    "road-potholes": (
        "Яма на дороге, машины объезжают по встречной полосе.",
        "Разбит асфальт у дома, лужа не высыхает, пробила колесо.",
        "Провал на проезжей части, уже неделю никто не ограждает.",
    ),
    "street-lighting": (
        "Не горит фонарь у школы, дети идут в темноте.",
        "Второй день нет света на улице, темно и страшно.",
        "Фонарь мигает всю ночь, потом гаснет совсем.",
    ),
    "waste-containers": (
        "Не вывозят мусор вторую неделю, контейнеры переполнены, запах и крысы.",
        "Мусорка переполнена, пакеты разносит ветром по двору.",
        "Контейнеры не опустошали с пятницы, хватит это терпеть.",
    ),
    "snow-ice": (
        "Тротуар как каток, песка нет, упала бабушка.",
        "Снег с дороги сгребли на переход, пройти нельзя.",
        "Наледь у остановки, убрать просили ещё в понедельник.",
    ),
}


@dataclass(frozen=True)
class Town:
    """A city of the stream: its key, its middle, its share of all reports, keys of categories."""

    key: int
    latitude: float
    longitude: float
    share: float
    categories: tuple[int, ...]


@dataclass(frozen=True)
class Batch:
    """Reports in the order of their arrival, column by column; `closed` is nan while open."""

    first: int
    town: NDArray[np.int64]
    category: NDArray[np.int64]
    kind: NDArray[np.int64]
    words: NDArray[np.int64]
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    street: NDArray[np.int64]
    house: NDArray[np.int64]
    at: NDArray[np.float64]
    closed: NDArray[np.float64]
    state: NDArray[np.int64]


def stream(
    towns: Sequence[Town], *, count: int, until: datetime, seed: int = 7, size: int = 200_000
) -> Iterator[Batch]:
    """Yield so many reports of ten years in batches; the last one came at `until`."""
    random = np.random.default_rng(seed)
    begin = until.timestamp() - YEARS * 365.25 * _DAY
    step = (until.timestamp() - begin) / count
    for first in range(0, count, size):
        batch = _drawn(random, towns, first, min(size, count - first), begin, step)
        yield _with_repeats(random, batch)


def _drawn(
    random: np.random.Generator,
    towns: Sequence[Town],
    first: int,
    count: int,
    begin: float,
    step: float,
) -> Batch:
    shares = np.array([town.share for town in towns])
    town = random.choice(len(towns), count, p=shares / shares.sum())
    street = np.minimum(random.exponential(STREETS / 4, count), STREETS - 1).astype(np.int64)
    house = random.integers(1, 120, count)
    spread = 0.03 + 0.09 * np.sqrt(shares / shares.max())[town]
    angle = (street * 2.399963 + town) % (2 * np.pi)  # the golden angle parts the streets evenly
    away = spread * np.sqrt((street + 1) / STREETS)
    latitude = _of(towns, "latitude")[town] + away * np.sin(angle) + house * 0.00012
    longitude = _of(towns, "longitude")[town] + 1.8 * away * np.cos(angle)
    at = begin + step * (first + np.arange(count, dtype=np.float64))
    state = random.choice(len(STATES), count, p=_SHARES)
    closed = at + random.exponential(9 * _DAY, count)
    kinds = random.choice(len(TEXTS), count, p=(0.35, 0.2, 0.3, 0.15))
    categories = np.array([town.categories for town in towns])
    return Batch(
        first=first,
        town=town,
        category=categories[town, kinds],
        kind=kinds,
        words=random.integers(0, 3, count),
        latitude=np.round(latitude + random.normal(0, 0.00005, count), 6),
        longitude=np.round(longitude + random.normal(0, 0.00008, count), 6),
        street=street,
        house=house,
        at=at,
        closed=np.where(state < 2, np.nan, np.minimum(closed, begin + step * 1e12)),
        state=state,
    )


def _of(towns: Sequence[Town], name: str) -> NDArray[np.float64]:
    return np.array([getattr(town, name) for town in towns], dtype=np.float64)


def _with_repeats(random: np.random.Generator, batch: Batch) -> Batch:
    """Every tenth tells again of a place and kind of a short while before, a few metres away."""
    count = len(batch.at)
    again = np.nonzero(random.random(count) < REPEATED)[0]
    again = again[again > LAST_WEEKS]
    of = again - random.integers(1, LAST_WEEKS, len(again))
    for name in ("town", "category", "kind", "street", "house", "latitude", "longitude"):
        column = getattr(batch, name)
        column[again] = column[of]
    batch.latitude[again] += random.normal(0, 0.0001, len(again))
    batch.longitude[again] += random.normal(0, 0.00015, len(again))
    return batch


def text_of(batch: Batch, place: int) -> str:
    """Return the words of one report."""
    return _WORDS[int(batch.kind[place])][int(batch.words[place])]


def address_of(batch: Batch, place: int) -> str:
    """Return the address of one report."""
    return f"улица {batch.street[place] + 1}-я, {batch.house[place]}"


_WORDS: tuple[tuple[str, ...], ...] = tuple(TEXTS.values())
_NULL = "\\N"

COLUMNS = """
    municipality_id, category_id, category_by, text, shown_text, is_text_shown, may_publish,
    language, latitude, longitude, placed_by, address, asset_number, answers, status, is_danger,
    is_hidden, source, origin, external_id, requested_at, arrived_at, changed_at, closed_at,
    supports, times_reopened, times_refuted, is_confirmed"""


def copy_lines(towns: Sequence[Town], batch: Batch) -> str:
    """Return a batch as lines of COPY for COLUMNS of the table of reports."""
    at = _moments(batch.at)
    closed = _moments(np.nan_to_num(batch.closed, nan=0.0))
    is_open = np.isnan(batch.closed)
    rows = zip(
        (towns[number].key for number in batch.town),
        batch.category.tolist(),
        batch.kind.tolist(),
        batch.words.tolist(),
        batch.latitude.tolist(),
        batch.longitude.tolist(),
        batch.street.tolist(),
        batch.house.tolist(),
        batch.state.tolist(),
        at,
        closed,
        is_open.tolist(),
        range(batch.first, batch.first + len(at)),
        strict=True,
    )
    return "".join(_line(*row) for row in rows)


def _line(
    city: int,
    category: int,
    kind: int,
    words: int,
    latitude: float,
    longitude: float,
    street: int,
    house: int,
    state: int,
    at: str,
    closed: str,
    is_open: bool,
    number: int,
) -> str:
    address = f"улица {street + 1}-я, {house}"
    closed = _NULL if is_open else closed
    return (
        f"{city}\t{category}\tsource\t{_WORDS[kind][words]}\t\tf\tf\tru\t{latitude:.6f}\t"
        f"{longitude:.6f}\tsource\t{address}\t\t{{}}\t{STATES[state]}\tf\tf\timport\tsynthetic\t"
        f"{number}\t{at}\t{at}\t{at}\t{closed}\t0\t0\t0\tf\n"
    )


def _moments(seconds: NDArray[np.float64]) -> list[str]:
    whole = np.datetime_as_string(seconds.astype("datetime64[s]"))
    return [f"{moment}Z" for moment in whole]


def make_towns(count: int, *, on: datetime) -> list[Town]:
    """Make cities that take reports, a degree apart; the first is the largest (Zipf)."""
    from novator.cities.models import Municipality
    from novator.reports.models import Category
    from novator.reports.opening import open_channel

    towns = []
    for rank in range(1, count + 1):
        city = Municipality.objects.create(
            slug=f"synthetic-{rank}",
            name_ru=f"Городок {rank}",
            short_name_ru=f"Городок {rank}",
            kind="urban_okrug",
            latitude=54.0 + rank % 6,
            longitude=40.0 + 2 * rank,
        )
        open_channel(municipality=city, on=on.date() - timedelta(days=1))
        known = dict(
            Category.objects.filter(municipality=city, code__in=TEXTS).values_list("code", "pk")
        )
        keys = tuple(known[code] for code in TEXTS)
        towns.append(Town(city.pk, 54.0 + rank % 6, 40.0 + 2 * rank, rank**-0.7, keys))
    return towns


def fill_reports(
    towns: Sequence[Town], *, count: int, until: datetime, progress: Any = None
) -> None:
    """Fill the table of a scratch database by COPY; its indexes are built afterwards."""
    from django.db import connection

    with connection.cursor() as cursor:
        indexes = _drop_indexes(cursor)
        cursor.execute("SET session_replication_role = replica")
        statement = f"COPY reports_report ({COLUMNS}) FROM STDIN"
        for batch in stream(towns, count=count, until=until):
            with cursor.copy(statement) as copy:
                copy.write(copy_lines(towns, batch))
            if progress:
                progress(batch.first + len(batch.at), count)
        cursor.execute("SET session_replication_role = DEFAULT")
        for definition in indexes:
            cursor.execute(definition)
        cursor.execute("VACUUM (ANALYZE) reports_report")


def _drop_indexes(cursor: Any) -> list[str]:
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'reports_report' AND NOT"
        " EXISTS (SELECT FROM pg_constraint WHERE conname = indexname)"
    )
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f'DROP INDEX "{name}"')
    return [definition for _name, definition in found]
