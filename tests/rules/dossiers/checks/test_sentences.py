"""What every kind of finding says of one cell, two, five and five hundred: never a sentence with a hole."""

from __future__ import annotations

import re

import pytest

from config.places import ROOT
from rules.dossiers.checks.annotation import annotation
from rules.dossiers.checks.findings import WORDS, found, grouped
from rules.dossiers.checks.kinds import FINDINGS
from rules.dossiers.checks.sentences import sentences, sentences_page
from rules.dossiers.dossier import Cell, Finding

HOLES = re.compile(r"：。|：）|“”|（）|、、|，，|。。|[：、（]$|^[，。、]|[{}]|\n|至。|  ")


def findings(code: str, many: int, *, placed: bool) -> list[Finding]:
    """So many findings of a kind, at cells below one another or at a sheet as a whole."""
    facts = {**WORDS, "rows": ""}
    return [
        found(code, Cell("附件2 花名册", f"D{n}" if placed else "", None, "text"), **facts)
        for n in range(4, 4 + many)
    ]


@pytest.mark.parametrize("many", [1, 2, 5, 500])
@pytest.mark.parametrize("code", FINDINGS)
def test_sentence_has_no_hole_however_often_it_is_told(code: str, many: int) -> None:
    for placed in (True, False):
        told = [sentence for _, sentence in grouped(findings(code, many, placed=placed))]
        listed = [
            one.wrong + one.remedy
            for one in annotation(findings(code, many, placed=placed), title="x").remarks
        ]

        assert [sentence for sentence in told + listed if HOLES.search(sentence)] == []
        assert len(told) <= 3


@pytest.mark.parametrize("value", ["一行\n两行", "字" * 500, "a\tb"])
def test_what_a_cell_holds_never_splits_or_floods_a_sentence(value: str) -> None:
    one = found("choice_unknown", Cell("表", "A1", value, "text"), title="姓名", value=value, choices="甲")

    assert ("\n" in one.message, "\t" in one.message, len(one.message) < 140) == (False, False, True)


def test_page_of_sentences_is_the_table_as_it_is_now() -> None:
    """After a change, write what ``rules.dossiers.checks.sentences.sentences_page`` returns there."""
    assert (ROOT / "docs" / "finding-sentences.md").read_text(encoding="utf-8") == sentences_page()


@pytest.mark.parametrize("code", FINDINGS)
def test_every_sentence_of_the_page_is_whole(code: str) -> None:
    assert [line for line in sentences(code) if HOLES.search(line)] == []


NARROW = re.compile("[\u4e00-\u9fff”][,;:!?][\u4e00-\u9fff“A-Z]|[\u4e00-\u9fff][0-9]{4}-[0-9]{2}-[0-9]{2}")
"""A comma of another script between Chinese signs, a day as only computers write it."""


@pytest.mark.parametrize("code", FINDINGS)
def test_sentence_has_the_signs_and_the_days_of_its_language(code: str) -> None:
    said = [line.replace("请按2020-10-20的格式填写", "") for line in sentences(code)]

    assert [line for line in said if NARROW.search(line)] == []


TWICE = re.compile("([\u4e00-\u9fff]{3,}).?\\1")
"""身份证号按身份证号, and the like."""


@pytest.mark.parametrize("code", FINDINGS)
def test_no_sentence_names_a_thing_twice_in_one_breath(code: str) -> None:
    assert [line for line in sentences(code) if TWICE.search(line)] == []


def test_age_is_told_by_the_number_without_repeating_the_column() -> None:
    one = found("age_outside", Cell("附件2 花名册", "D7", None, "text"), value="71", expected="男16至60岁")

    assert one.message.startswith(
        "“附件2 花名册”D7：按身份证号是71岁，不在劳动年龄(男16至60岁)内。请核对身份证号；"
    )


ONCE = [code for code, kind in FINDINGS.items() if "{ref}" not in kind.sentence]


@pytest.mark.parametrize("code", ONCE)
def test_page_shows_a_finding_about_a_whole_sheet_once(code: str) -> None:
    assert len(list(sentences(code))) == 1
