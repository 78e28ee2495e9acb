"""Word papers: strangers' text stays text, rare signs too, and the same facts are the same bytes."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import docx2txt
import pytest
from docx import Document
from docx.shared import Mm

from rules.refusals import Refused
from workbooks.papers import official
from workbooks.papers.charts import bar_chart
from workbooks.papers.paper_templates import TEMPLATES, shipped
from workbooks.papers.word import Picture, fill_word

NASTY = '=1+1 {{ 7*7 }} {% raw %} <w:br/> & "甲" \x07\ud800𬒗𠮷䃅'


def template(*texts: str) -> bytes:
    paper = official.blank()
    official.body(paper, *texts)
    return official.saved(paper)


def filled(words: str, **facts: Any) -> bytes:
    data = fill_word(template(words), {"trace": "", **facts})
    assert isinstance(data, bytes), data
    return data


def test_text_of_a_stranger_stays_text_with_rare_signs_and_without_control_signs() -> None:
    text = docx2txt.process(BytesIO(filled("村名：{{ name }}", name=NASTY)))

    assert '村名：=1+1 {{ 7*7 }} {% raw %} <w:br/> & "甲" 𬒗𠮷䃅' in text


def test_paper_holds_no_field_but_the_number_of_the_page() -> None:
    with ZipFile(BytesIO(filled("{{ name }}", name="=HYPERLINK('http://example.invalid')"))) as parts:
        body = parts.read("word/document.xml").decode()

    assert ("instrText" in body, "w:fldSimple" in body) == (False, False)


def test_same_facts_give_the_same_bytes() -> None:
    assert filled("{{ name }}", name="第一村") == filled("{{ name }}", name="第一村")


@pytest.mark.parametrize(
    "words", ["{{ nobody }}", "{% if %}", "{{ name.__class__.__mro__[1].__subclasses__() }}"]
)
def test_template_that_cannot_be_filled_in_is_refused_and_reaches_for_nothing(words: str) -> None:
    refused = fill_word(template(words), {"trace": "", "name": "第一村"})

    assert isinstance(refused, Refused)
    assert refused.code == "template_broken"


@pytest.mark.parametrize("kind", TEMPLATES)
def test_template_that_ships_has_the_page_of_the_standard_and_is_always_the_same(kind: str) -> None:
    data = shipped(kind)

    section = Document(BytesIO(data)).sections[0]
    width = section.page_width - section.left_margin - section.right_margin if section.page_width else 0
    assert shipped(kind) == data
    assert round(width / Mm(1)) in (156, 245)
    for table in Document(BytesIO(data)).tables:
        assert round(sum(column.width or 0 for column in table.columns) / Mm(1)) <= 250


def test_chart_is_a_picture_in_the_paper() -> None:
    png = bar_chart([("八都镇", 2), ("石达石街道", 0)])
    assert png is not None

    data = filled("{{ chart }}", chart=Picture(png))

    with ZipFile(BytesIO(data)) as parts:
        assert [parts.read(name)[:4] for name in parts.namelist() if name.endswith(".png")] == [b"\x89PNG"]


def test_chart_of_nothing_is_none() -> None:
    assert bar_chart([]) is None
