"""Markdown of an article is safe on a page, whatever was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from novator.news.marked import Picture, as_html, blocks_of, faults_of

PICTURE = Picture("/files/yard.webp", "Двор «до» & после", "Двор", 800, 600)


def test_headings_begin_at_the_second_level_and_look_is_kept():
    html = as_html("# Итоги\n\nОбсудили **дворы** и [планы](https://example.org/).")

    assert "<h2>Итоги</h2>" in html
    assert "<strong>дворы</strong>" in html
    assert '<a href="https://example.org/" rel="nofollow noopener">планы</a>' in html


@pytest.mark.parametrize(
    "written",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[x](javascript:alert(1))",
        "![x](https://foreign.example/a.png)",
        '<a href="https://x" onclick="y">z</a>',
    ],
)
def test_no_markup_of_the_writer_and_nothing_foreign_is_shown(written):
    html = as_html(written)

    for forbidden in ("<script", "<img", 'href="javascript', 'onclick="y">', 'foreign.example"'):
        assert forbidden not in html


def test_a_link_without_scheme_is_no_surprise():
    assert 'href="https://evil.example"' in as_html("**[x](//evil.example)**")
    assert blocks_of("[x](//evil.example)")[0].runs[0].link == "https://evil.example"
    assert 'href="/news/"' in as_html("[x](/news/)")


def test_a_picture_is_one_of_the_article_with_its_words():
    html = as_html("До\n\n![](1)\n\nПосле", pictures=[PICTURE])

    assert 'alt="Двор «до» &amp; после"' in html
    assert "<figcaption>Двор</figcaption>" in html
    assert faults_of("![](1) ![](2)", pictures=1) == ["2"]
    assert faults_of("![](/etc/passwd)", pictures=1) == ["/etc/passwd"]


def test_a_table_can_be_scrolled_by_keyboard():
    html = as_html("| Город | Дворы |\n|---|---|\n| Глазов | 5 |", table_name="Таблица")

    assert 'class="scroll" tabindex="0" role="region" aria-label="Таблица"' in html
    assert '<th scope="col">Город</th>' in html


def test_blocks_for_a_document():
    found = blocks_of("# Устав\n\n1. один\n2. два\n\n> слова\n\n| А | Б |\n|---|---|\n| 1 | 2 |")

    assert [(block.kind, block.mark) for block in found] == [
        ("heading", ""),
        ("item", "1."),
        ("item", "2."),
        ("quote", ""),
        ("row", ""),
        ("row", ""),
    ]


@given(st.text(alphabet='<>&"\'()[]!*_`#|-> \nabж:/"', max_size=200))
def test_whatever_is_written_makes_no_tag_of_its_own(written):
    html = as_html(written)

    assert "<script" not in html
    assert "<img" not in html
    blocks_of(written)
