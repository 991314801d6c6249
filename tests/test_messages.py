"""Every string exists in Russian and in English."""

from __future__ import annotations

from tools.messages import Message, faults, messages_in_python, messages_in_template


def test_every_message_is_translated_and_none_is_stale():
    assert faults() == []


def test_finds_messages_in_python():
    text = 'a = _("One"); b = ngettext("%(n)s city", "%(n)s cities", 2); c = pgettext("sea", "Bay")'

    assert set(messages_in_python(text)) == {
        Message("One"),
        Message("%(n)s city", plural="%(n)s cities"),
        Message("Bay", context="sea"),
    }


def test_finds_messages_in_templates():
    text = (
        '{% load i18n %}{% translate "It\'s here" %}'
        "{% blocktranslate count n=n %}{{ n }} city{% plural %}"
        "{{ n }} cities{% endblocktranslate %}"
    )

    assert set(messages_in_template(text)) == {
        Message("It's here"),
        Message("%(n)s city", plural="%(n)s cities"),
    }
