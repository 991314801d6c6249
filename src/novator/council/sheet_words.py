"""Who decides: the words of a session's workbook, Russian and English, as people write them."""

from __future__ import annotations

from collections.abc import Mapping

from novator.council.models import FORMS, METHODS, OPTIONS, PRESENCE, RESULTS
from novator.council.voice_lists import WORDS

SHEETS = {
    "session": ("Заседание", "Session"),
    "agenda": ("Повестка", "Agenda"),
    "attendance": ("Присутствие", "Attendance"),
    "votes": ("Голоса", "Votes"),
    "factions": ("Фракции", "Factions"),
}
FACTS = {
    "city": ("Муниципалитет", "Municipality"),
    "id": ("Номер записи", "Record"),
    "number": ("Номер", "Number"),
    "name": ("Название", "Name"),
    "day": ("День", "Day"),
    "begins": ("Начало", "Begins"),
    "ends": ("Окончание", "Ends"),
    "place": ("Место", "Place"),
    "form": ("Форма", "Form"),
}
AGENDA = {
    "number": ("№", "No."),
    "title": ("Вопрос", "Question"),
    "closed": ("Закрытый", "Closed"),
    "brought": ("Инициатор", "Brought by"),
    "motion": ("Что голосовали", "Motion"),
    "method": ("Как голосовали", "Method"),
    "majority": ("Большинство", "Majority"),
    "yes": ("За", "For"),
    "no": ("Против", "Against"),
    "abstain": ("Воздержались", "Abstained"),
    "not_voting": ("Не голосовали", "Did not vote"),
    "recused": ("Конфликт интересов", "Recused"),
    "present": ("Могли голосовать", "Could vote"),
    "result": ("Результат", "Result"),
}
ATTENDANCE = {
    "place": ("№", "No."),
    "name": ("Депутат", "Deputy"),
    "faction": ("Фракция", "Faction"),
    "presence": ("Присутствие", "Attendance"),
    "note": ("Причина", "Reason"),
}
VOTES = {"place": ("№", "No."), "name": ("Депутат", "Deputy"), "faction": ("Фракция", "Faction")}
FACTIONS = {
    "number": ("№", "No."),
    "faction": ("Фракция", "Faction"),
    "yes": ("За", "For"),
    "no": ("Против", "Against"),
    "abstain": ("Воздержались", "Abstained"),
    "not_voting": ("Не голосовали", "Did not vote"),
}
METHOD_WORDS = {
    "by_name": ("поимённо", "by name"),
    "by_faction": ("по фракциям", "by faction"),
    "counts": ("только счёт", "counts only"),
    "show_of_hands": ("поднятием рук", "show of hands"),
    "secret": ("тайно", "secret"),
}
PRESENCE_WORDS = {
    "present": ("присутствует", "present", "да", "+", "п", "p"),
    "remote": ("дистанционно", "remotely", "д", "m"),
    "excused": ("отсутствует по уважительной причине", "absent with a reason", "у", "e"),
    "absent": ("отсутствует", "absent", "нет", "-", "о", "o"),
}
RESULT_WORDS = {
    "carried": ("принято", "carried"),
    "lost": ("не принято", "not carried"),
    "no_quorum": ("нет кворума", "no quorum"),
}
FORM_WORDS = {
    "in_person": ("очно", "in person"),
    "remote": ("дистанционно", "remote"),
    "mixed": ("очно и дистанционно", "in person and remote"),
    "absentee": ("заочно", "absentee"),
}
YES = frozenset({"да", "yes", "+", "x", "х", "1", "v"})
NONE_OF_A_FACTION = ("вне фракций", "of no faction")
LETTERS = {
    code: (words[0].upper(), latin)
    for (code, words), latin in zip(WORDS.items(), ("Y", "N", "A", "-", "R", "O"), strict=True)
}
"""The letter of each option, Russian and Latin."""


def plain(text: str) -> str:
    """Fold a written word so that its writings compare equal."""
    return " ".join(text.casefold().replace("ё", "е").split()).strip(" .*:")


def code_of(text: str, table: Mapping[str, tuple[str, ...]]) -> str | None:
    """Return the code for which a word stands, in either language."""
    wanted = plain(text)
    for code, words in table.items():
        if wanted == code or wanted in {plain(word) for word in words}:
            return code
    return None


def word_for(code: str, table: Mapping[str, tuple[str, ...]], language: str) -> str:
    """Return the word for a code in a language."""
    russian, english = table[code][:2]
    return russian if language.startswith("ru") else english


assert METHOD_WORDS.keys() == METHODS.keys()
assert PRESENCE_WORDS.keys() == PRESENCE.keys()
assert RESULT_WORDS.keys() == RESULTS.keys()
assert FORM_WORDS.keys() == FORMS.keys()
assert LETTERS.keys() == OPTIONS.keys()
