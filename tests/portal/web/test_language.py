"""The portal in two languages: Chinese unless somebody asks for English."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from portal.translations import untranslated
from portal.web.language import COOKIE, language
from portal.web.rendering import FOLDER
from rules.refusals import Refused
from tests.portal.conftest import CLERK, Portal

HAN = re.compile(r"[\u4e00-\u9fff]")
SAID = re.compile(r'_\((?:"[^"]*"|\'[^\']*\')|\{#.*?#\}', re.DOTALL)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize("page", sorted((FOLDER / "templates").rglob("*.html")), ids=lambda page: page.stem)
def test_page_has_no_chinese_that_the_catalogue_cannot_reach(page: pytest.Item) -> None:
    text = SAID.sub("", page.read_text(encoding="utf-8"))  # type: ignore[attr-defined]

    assert HAN.findall(text) == []


def test_english_catalogue_says_everything_that_the_pages_say() -> None:
    assert untranslated("en") == []


@pytest.mark.parametrize(
    ("asks", "gets"),
    [
        ("", "zh-CN"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("en-US,en;q=0.9,zh-CN;q=0.8", "zh-CN"),
        ("en-GB,en;q=0.9", "en"),
        ("fr,de;q=0.5", "zh-CN"),
    ],
)
def test_browser_gets_the_language_it_asks_for_and_chinese_where_it_lists_it(
    portal: Portal, asks: str, gets: str
) -> None:
    page = portal.visitor().get("/login", headers={"Accept-Language": asks}).text

    assert f'<html lang="{gets}">' in page


def test_language_chosen_on_a_page_stays_and_is_chosen_back(portal: Portal) -> None:
    browser = portal.as_(CLERK)
    browser.look("/account")

    english = browser.fill_in("/language", {"language": "en", "next": "/account"}).text
    chinese = browser.fill_in("/language", {"language": "zh", "next": "/account"}).text

    assert '<html lang="en">' in english
    assert "My account" in english
    assert "我的账号" in chinese


def test_language_that_there_is_not_changes_nothing(portal: Portal) -> None:
    browser = portal.visitor()
    browser.look("/login")

    browser.fill_in("/language", {"language": "../../etc", "next": "//example.invalid/"})

    assert browser.cookies.get(COOKIE) is None
    assert '<html lang="zh-CN">' in browser.look("/login")


def test_english_says_moments_states_roles_and_refusals_in_its_own_words() -> None:
    english, at = language("en"), datetime(2020, 11, 15, 23, 59, tzinfo=SHANGHAI)

    assert (
        english.moment(at, SHANGHAI),
        english.state("returned", "village"),
        english.role("reviewer"),
        english.refusal(Refused("no_file", "请先选择要上传的文件(.xlsx)。")),
    ) == ("Sun 15 Nov 23:59", "Returned for correction", "Reviewer", "Choose the file (.xlsx) first.")


def test_refusal_without_an_english_sentence_is_told_as_it_is() -> None:
    assert language("en").refusal(Refused("never_heard_of", "不行。")) == "不行。"
