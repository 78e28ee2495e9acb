"""One's own sessions, the last log-in, a new browser, and proving once more who one is."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest

from portal.people.passwords import STEP
from records import clock
from records.store import Store
from records.tables.messages import OutboxRow
from records.tables.people import PersonRow, SessionRow
from records.tables.upkeep import AuditRow
from tests.conftest import rows_of
from tests.portal.conftest import CLERK, PASSWORD, Browser, Portal

COORDINATOR = "coordinator-1"


def log_in(portal: Portal, person_id: str, browser: Browser | None = None) -> Browser:
    """By the page, at a browser of their own or at one that they know."""
    browser = browser or portal.visitor()
    browser.headers["User-Agent"] = "Firefox/140"
    browser.look("/login")
    browser.fill_in("/login", {"name": person_id, "password": PASSWORD})
    return browser


def long_ago(store: Store) -> None:
    """Password and code were given an hour ago, in sessions that are still in use."""
    with store.writing() as session:
        for row in session.query(SessionRow):
            row.proved_at = clock.host_now() - timedelta(hours=1)


def messages(portal: Portal) -> list[str]:
    return [
        one.facts["what"] for one in rows_of(portal.store, OutboxRow) if one.template == "account_secured"
    ]


def test_account_page_shows_every_session_and_the_last_log_in(portal: Portal) -> None:
    first = portal.as_(CLERK)
    assert "这是首次登录" in first.look("/account")

    second = log_in(portal, CLERK)

    text = second.look("/account")
    assert ("上次登录" in text, text.count("Firefox"), text.count('action="/account/sessions"')) == (
        True,
        1,
        1,
    )


def test_session_that_is_ended_elsewhere_opens_nothing_any_more(portal: Portal) -> None:
    first, second = portal.as_(CLERK), log_in(portal, CLERK)
    with portal.store.reading() as session:
        other = next(row for row in session.query(SessionRow) if row.browser != "Firefox/140")
    second.look("/account")

    done = second.fill_in("/account/sessions", {"session": other.token_hash[:16]})

    assert "这次登录已结束" in done.text
    assert first.look("/account").count("密码") > 0
    assert "/login" in str(first.page.url)
    assert "/account" in str(second.get("/account").url)


@pytest.mark.parametrize("named", ["", "0" * 16, "head"])
def test_session_of_somebody_else_is_not_ended(portal: Portal, named: str) -> None:
    other = portal.as_("head-331181100")
    with portal.store.reading() as session:
        theirs = next(row for row in session.query(SessionRow))
    browser = portal.as_(CLERK)
    browser.look("/account")

    done = browser.fill_in(
        "/account/sessions", {"session": theirs.token_hash[:16] if named == "head" else named}
    )

    assert (done.status_code, "这次登录已经结束" in done.text) == (422, True)
    assert "head-331181100" in other.look("/account")


def test_log_in_at_a_new_browser_is_told_and_at_a_known_one_is_not(portal: Portal) -> None:
    portal.as_(CLERK)
    before = len(messages(portal))

    browser = log_in(portal, CLERK)
    told = len(messages(portal))
    browser.look("/account")
    browser.fill_in("/logout")
    log_in(portal, CLERK, browser)

    assert (told - before, len(messages(portal)) - told) == (1, 0)
    assert "新的浏览器" in messages(portal)[-1]


def test_change_of_an_account_asks_for_the_code_again_and_keeps_what_was_typed(portal: Portal) -> None:
    browser = portal.as_(COORDINATOR)
    browser.look(f"/people/{CLERK}")
    long_ago(portal.store)
    form = {
        "name": "改名", "email": "clerk.anew@example.invalid", "roles": "town_clerk",
        "town_code": "331181100", "deputy": "",
    }  # fmt: skip

    asked = browser.fill_in(f"/people/{CLERK}/changes", form)
    with portal.store.reading() as session:
        assert session.get_one(PersonRow, CLERK).name != "改名"
    wrong = browser.fill_in(f"/people/{CLERK}/changes", {**form, "proof_code": "000000"})
    code = pyotp.TOTP(portal.secrets[COORDINATOR]).at(clock.host_now() + timedelta(seconds=STEP))
    browser.fill_in(f"/people/{CLERK}/changes", {**form, "proof_code": code})

    assert ("再次确认身份" in asked.text, "clerk.anew@example.invalid" in asked.text) == (True, True)
    assert (wrong.status_code, "动态口令不正确" in wrong.text) == (422, True)
    with portal.store.reading() as session:
        assert session.get_one(PersonRow, CLERK).name == "改名"


def test_language_is_changed_on_the_page_that_asks_again_and_keeps_what_was_typed(portal: Portal) -> None:
    browser = portal.as_(COORDINATOR)
    browser.look(f"/people/{CLERK}")
    long_ago(portal.store)
    asked = browser.fill_in(f"/people/{CLERK}/stand-down", {"reason": "调离"})
    [form] = re.findall(
        r'<form method="post" action="([^"]*)" class="language">(.*?)</form>', asked.text, re.DOTALL
    )
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[1]))

    english = browser.fill_in(form[0], fields)
    elsewhere = browser.look("/account")

    assert (english.status_code, '<html lang="en">' in english.text) == (200, True)
    assert 'name="reason" value="调离"' in english.text
    assert '<html lang="en">' in elsewhere
    with portal.store.reading() as session:
        assert session.get_one(PersonRow, CLERK).active


def test_wrong_password_before_a_change_stands_in_the_log_and_so_does_its_pause(portal: Portal) -> None:
    browser = portal.as_(CLERK)
    browser.look("/account")
    form = {"old": "guessed", "password": "溪水绕山 2021 春", "again": "溪水绕山 2021 春"}

    for _ in range(7):
        browser.fill_in("/account/password", form)

    noted = [row for row in rows_of(portal.store, AuditRow) if row.act == "password_refused"]
    assert {row.actor for row in noted} == {CLERK}
    assert ["15分钟" in row.facts for row in noted] == [*[False] * 5, True]


def test_whoever_proved_it_a_moment_ago_is_not_asked_again(portal: Portal) -> None:
    browser = portal.as_(COORDINATOR)
    browser.look(f"/people/{CLERK}")

    done = browser.fill_in(f"/people/{CLERK}/unlocking")

    assert "再次确认身份" not in done.text


def test_town_adds_a_telephone_and_is_asked_for_its_code_from_then_on(portal: Portal) -> None:
    browser = portal.as_(CLERK)
    browser.look("/account")
    page = browser.fill_in("/account/telephone")
    assert "扫描下面的二维码" in page.text
    assert "/login/code" in str(browser.get("/").url)
    secret = page.text.partition("<code>")[2].partition("</code>")[0].replace(" ", "")

    done = browser.fill_in("/login/code", {"code": pyotp.TOTP(secret).now()})

    assert done.status_code == 200
    assert "已添加" in browser.look("/account")
    assert "6位动态口令" in log_in(portal, CLERK).page.text


def test_installation_that_demands_it_asks_towns_too(portal: Portal) -> None:
    portal.as_(CLERK)
    object.__setattr__(portal.app.state.house.settings, "second_factor_for_all", True)

    assert "扫描下面的二维码" in log_in(portal, CLERK).page.text
