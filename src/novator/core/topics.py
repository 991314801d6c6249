"""Every step of the loop: the topics of city life by which problems and practices are sorted."""

from __future__ import annotations

from dataclasses import dataclass

from novator.core.languages import reads_russian


@dataclass(frozen=True)
class Topic:
    """One topic of city life; `code` is what is stored and what addresses carry."""

    code: str
    name_ru: str
    name_en: str

    @property
    def name(self) -> str:
        """Name in the language of the current reader."""
        return self.name_ru if reads_russian() else self.name_en

    def __str__(self) -> str:
        return self.name


TOPICS: tuple[Topic, ...] = (
    Topic("roads", "Дороги и улицы", "Roads and streets"),
    Topic("transport", "Общественный транспорт", "Public transport"),
    Topic("lighting", "Уличное освещение", "Street lighting"),
    Topic("waste", "Отходы", "Waste"),
    Topic("housing", "Жильё и дома", "Housing"),
    Topic("heat", "Тепло", "Heat"),
    Topic("water", "Вода и стоки", "Water and sewerage"),
    Topic("improvement", "Благоустройство", "Public spaces"),
    Topic("greenery", "Озеленение", "Greenery"),
    Topic("ecology", "Экология", "Environment"),
    Topic("animals", "Животные в городе", "Animals in the city"),
    Topic("safety", "Безопасность", "Safety"),
    Topic("education", "Дети и образование", "Children and education"),
    Topic("social", "Забота о людях", "Social care"),
    Topic("culture_tourism", "Культура и туризм", "Culture and tourism"),
    Topic("economy", "Экономика и торговля", "Economy and trade"),
    Topic("participation", "Участие жителей", "Participation of citizens"),
    Topic("governance", "Управление и бюджет", "Administration and budget"),
)

TOPIC_BY_CODE: dict[str, Topic] = {topic.code: topic for topic in TOPICS}


def topic_choices() -> list[tuple[str, str]]:
    """Codes and names for a form or a column; a callable, so that a new topic is no migration."""
    return [(topic.code, topic.name) for topic in TOPICS]


def topic_name(code: str, language: str) -> str:
    """
    Name of a topic in a given language ("ru" or "en").

    :raises KeyError: no such topic
    """
    topic = TOPIC_BY_CODE[code]
    return topic.name_ru if language.startswith("ru") else topic.name_en
