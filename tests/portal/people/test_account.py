"""From an invitation to a session and out again, as a browser sees it."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pyotp
import pytest

from actions.people.refused_access import MOST_NOTED
from portal.web.rendering import SAID
from records.tables.messages import OutboxRow
from records.tables.people import CredentialRow, PersonRow, SessionRow
from records.tables.upkeep import AuditRow
from tests.actions.conftest import CAMPAIGN_ID
from tests.conftest import rows_of
from tests.notifications.test_robots import Vendor, vendor
from tests.portal.conftest import CLERK, HERE, HOST, PASSWORD, Browser, Portal

__all__ = ["vendor"]


def accept(browser: Browser, path: str, password: str = PASSWORD, again: str = PASSWORD) -> str:
    browser.look(path)
    return browser.fill_in(path, {"password": password, "again": again}).text


def test_clerk_who_becomes_a_coordinator_sees_nothing_before_the_code(portal: Portal) -> None:
    browser = portal.as_(CLERK)
    with portal.store.writing() as session:
        session.get_one(PersonRow, CLERK).roles = ["town_clerk", "coordinator"]

    page = browser.get(f"/campaigns/{CAMPAIGN_ID}/board")
    posted = browser.post("/account/absences", headers={"Origin": HERE})

    assert [one.url.path for one in (page, posted)] == ["/login/code", "/login/code"]


def test_clerk_invited_sets_a_password_and_is_in(portal: Portal) -> None:
    browser = portal.visitor()

    accept(browser, portal.invite(CLERK))

    assert "季文静" in browser.look("/account")
    assert [row.person_id for row in rows_of(portal.store, SessionRow)] == [CLERK]


def test_invitation_used_once_says_so_the_second_time(portal: Portal) -> None:
    path = portal.invite(CLERK)
    accept(portal.visitor(), path)

    assert "已经使用过" in portal.visitor().look(path, status=422)


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("short", "short", "10至128个字符"),
        (PASSWORD, PASSWORD + "x", "不一致"),
        ("12345678901", "12345678901", "过于简单"),
        ("季文静季文静的密码好长", "季文静季文静的密码好长", "不能包含您的姓名"),
        ("Longquan@2020", "Longquan@2020", "太容易被猜到"),
        ("八都镇就业 2021!", "八都镇就业 2021!", "太容易被猜到"),
    ],
)
def test_password_that_is_no_good_is_refused_with_a_sentence(
    portal: Portal, password: str, again: str, said: str
) -> None:
    assert said in accept(portal.visitor(), portal.invite(CLERK), password, again)
    assert rows_of(portal.store, CredentialRow) == []


def test_log_in_leads_where_the_visitor_wanted_to_go(portal: Portal) -> None:
    portal.as_(CLERK)
    browser = portal.visitor()

    assert "<h1>登录</h1>" in browser.look("/account")
    page = browser.fill_in("/login", {"name": CLERK, "password": PASSWORD, "next": "/account"})

    assert page.url.path == "/account"


@pytest.mark.parametrize("target", ["//evil.example.invalid/", "https://evil.example.invalid", "/\\evil"])
def test_log_in_never_leads_to_another_host(portal: Portal, target: str) -> None:
    portal.as_(CLERK)
    browser = portal.visitor()
    browser.look("/login")
    browser.follow_redirects = False

    answer = browser.fill_in("/login", {"name": CLERK, "password": PASSWORD, "next": target})

    assert answer.headers["location"] == "/"


def test_log_in_with_a_wrong_password_keeps_the_name_and_not_the_password(portal: Portal) -> None:
    browser = portal.visitor()
    browser.look("/login")

    page = browser.fill_in("/login", {"name": CLERK, "password": "an-unusual-guess", "next": "/"})

    assert page.status_code == 422
    assert "账号或密码不正确" in page.text
    assert f'value="{CLERK}"' in page.text
    assert "an-unusual-guess" not in page.text


def test_coordinator_needs_a_one_time_password_at_each_log_in(portal: Portal) -> None:
    browser = portal.visitor()
    page = accept(browser, portal.invite("coordinator-1"))
    secret = re.search(r"<code>([A-Z2-7 ]{30,})</code>", page)
    assert secret is not None
    clock = pyotp.TOTP(secret[1].replace(" ", ""))

    assert "动态口令" in browser.look("/account")
    assert browser.fill_in("/login/code", {"code": "000000"}).status_code == 422
    code = clock.now()
    browser.fill_in("/login/code", {"code": code})
    assert "苏敏之" in browser.look("/account")

    again = portal.visitor()
    again.look("/login")
    page = again.fill_in("/login", {"name": "coordinator-1", "password": PASSWORD}).text
    assert secret[1] not in page
    assert "已使用过" in again.fill_in("/login/code", {"code": code}).text


def test_session_gets_a_fresh_cookie_that_scripts_and_other_sites_cannot_use(portal: Portal) -> None:
    portal.as_(CLERK)
    browser = portal.visitor()
    browser.look("/login")
    before = browser.cookies["__Host-hqe"]
    browser.follow_redirects = False

    answer = browser.fill_in("/login", {"name": CLERK, "password": PASSWORD})
    cookie = answer.headers.get_list("set-cookie")[0]

    assert before not in cookie
    assert cookie.startswith("__Host-hqe=")
    assert {part.strip().lower() for part in cookie.split(";")[1:]} == {
        "httponly", "path=/", "samesite=lax", "secure",
    }  # fmt: skip


def test_log_out_ends_the_session_for_good(portal: Portal) -> None:
    browser = portal.as_(CLERK)
    browser.look("/account")

    assert SAID["logged_out"] in browser.fill_in("/logout").text
    assert "<h1>登录</h1>" in portal.as_(CLERK).look("/account")


def test_log_out_everywhere_ends_other_browsers_too(portal: Portal) -> None:
    browser, elsewhere = portal.as_(CLERK), portal.visitor()
    elsewhere.look("/login")
    elsewhere.fill_in("/login", {"name": CLERK, "password": PASSWORD})
    browser.look("/account")

    browser.fill_in("/logout-everywhere")

    assert "<h1>登录</h1>" in elsewhere.look("/account")


def test_password_changed_by_who_knows_the_old_one(portal: Portal) -> None:
    browser, new = portal.as_(CLERK), "另一句更好记的话 7"
    browser.look("/account")

    wrong = browser.fill_in("/account/password", {"old": "wrong", "password": new, "again": new})
    right = browser.fill_in("/account/password", {"old": PASSWORD, "password": new, "again": new})

    assert "现用密码不正确" in wrong.text
    assert SAID["password_changed"] in right.text


@pytest.mark.parametrize(
    ("form", "kept"),
    [
        ({"choice": "own", "begin": "22:00", "end": "06:30"}, "22:00-06:30"),
        ({"choice": "off", "begin": "", "end": ""}, "off"),
        ({"choice": "", "begin": "22:00", "end": "06:30"}, ""),
    ],
)
def test_quiet_hours_of_ones_own_are_kept_and_shown(portal: Portal, form: dict[str, str], kept: str) -> None:
    browser = portal.as_(CLERK)
    browser.look("/account")

    bad = browser.fill_in("/account/quiet-hours", {"choice": "own", "begin": "22:00", "end": "22:00"})
    done = browser.fill_in("/account/quiet-hours", form)

    assert "两者不能相同" in bad.text
    assert SAID["quiet_hours_set"] in done.text
    [person] = [one for one in rows_of(portal.store, PersonRow) if one.id == CLERK]
    assert person.quiet_hours == kept


def test_telephone_of_ones_own_is_kept_and_shown(portal: Portal) -> None:
    browser = portal.as_(CLERK)
    browser.look("/account")

    bad = browser.fill_in("/account/called-at", {"telephone": "打给老王"})
    done = browser.fill_in("/account/called-at", {"telephone": "0578-7212345"})

    assert "电话只写数字" in bad.text
    assert SAID["telephone_kept"] in done.text
    assert 'value="0578-7212345"' in done.text


def test_channel_of_ones_own_is_chosen_tried_and_told_when_it_refuses(portal: Portal, vendor: Vendor) -> None:
    house = portal.app.state.house
    urls = (("工作群", vendor.url()), ("别处", vendor.url(token="0000")))
    portal.app.state.house = replace(house, settings=replace(house.settings, channels=urls))
    browser = portal.as_(CLERK)
    page = browser.look("/account")

    unknown = browser.fill_in("/account/channel", {"channel": "没有"})
    chosen = browser.fill_in("/account/channel", {"channel": "工作群"})
    tried = browser.fill_in("/account/channel-trial")
    browser.fill_in("/account/channel", {"channel": "别处"})
    refused = browser.fill_in("/account/channel-trial")

    assert "工作群" in page
    assert vendor.url() not in page
    assert "没有这个渠道" in unknown.text
    assert SAID["channel_chosen"] in chosen.text
    assert SAID["channel_tried"] in tried.text
    assert "没有收下" in refused.text
    assert len(vendor.told) == 2
    for _ in range(4):
        browser.fill_in("/account/channel-trial")
    assert len(vendor.told) == 5
    assert "最多试发5次" in browser.fill_in("/account/channel-trial").text


def test_browser_at_which_somebody_was_in_lets_them_in_while_others_have_to_wait(portal: Portal) -> None:
    portal.as_(CLERK)
    mine, stranger = portal.visitor(), portal.visitor()
    mine.look("/login")
    mine.fill_in("/login", {"name": CLERK, "password": PASSWORD})
    mine.fill_in("/logout")
    stranger.look("/login")

    for _ in range(12):
        page = stranger.fill_in("/login", {"name": CLERK, "password": "wrong"}).text
    mine.look("/login")
    mine.fill_in("/login", {"name": CLERK, "password": PASSWORD})

    assert ("尝试次数过多" in page, "季文静" in mine.look("/account")) == (True, True)


def test_new_password_by_invitation_keeps_the_telephone_and_asks_for_its_code(portal: Portal) -> None:
    portal.as_("leader-1")
    browser = portal.visitor()

    page = accept(browser, portal.invite("leader-1"), "山高水长 2021 冬夜", "山高水长 2021 冬夜")

    with portal.store.reading() as session:
        assert session.get_one(CredentialRow, "leader-1").totp_confirmed
    assert re.search(r"<code>([A-Z2-7 ]{30,})</code>", page) is None
    assert browser.look("/account").count("动态口令") > 0


def told(portal: Portal, person_id: str) -> list[str]:
    rows = [row for row in rows_of(portal.store, OutboxRow) if row.template == "account_secured"]
    return [row.facts["what"] for row in rows if row.person_id == person_id]


def test_person_is_told_of_invitation_telephone_and_password(portal: Portal) -> None:
    browser = portal.as_("leader-1")
    browser.look("/account")
    fresh = "山高水长 2021 冬夜"

    browser.fill_in("/account/password", {"old": PASSWORD, "password": fresh, "again": fresh})

    assert sorted(told(portal, "leader-1")) == [
        "已在新的手机上添加动态口令", "已通过邀请链接设置登录密码", "登录密码已修改",
    ]  # fmt: skip


def test_token_from_before_the_code_and_from_before_a_new_password_opens_nothing(portal: Portal) -> None:
    browser = portal.visitor()
    page = accept(browser, portal.invite("leader-1"))
    secret = re.search(r"<code>([A-Z2-7 ]{30,})</code>", page)
    assert secret is not None
    tokens, fresh = [browser.cookies["__Host-hqe"]], "山高水长 2021 冬夜"

    browser.fill_in("/login/code", {"code": pyotp.TOTP(secret[1].replace(" ", "")).now()})
    tokens.append(browser.cookies["__Host-hqe"])
    browser.look("/account")
    browser.fill_in("/account/password", {"old": PASSWORD, "password": fresh, "again": fresh})

    assert "汪致明" in browser.look("/account")
    assert len({*tokens, browser.cookies["__Host-hqe"]}) == 3
    for token in tokens:
        old = portal.visitor()
        old.cookies.set("__Host-hqe", token, domain=HOST, path="/")
        assert old.get("/account").url.path == "/login"


def test_whoever_signs_out_leaves_nothing_of_the_session_in_the_browser(portal: Portal) -> None:
    browser = portal.as_(CLERK)
    browser.look("/account")
    browser.follow_redirects = False

    answer = browser.fill_in("/logout")

    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert answer.headers["set-cookie"].startswith('__Host-hqe=""; expires=')
    assert "__Host-hqe" not in browser.cookies


def test_cookie_of_the_language_goes_over_tls_only(portal: Portal) -> None:
    browser = portal.visitor()
    browser.look("/login")
    browser.follow_redirects = False

    cookie = browser.fill_in("/language", {"language": "en", "next": "/login"}).headers["set-cookie"]

    flags = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "path=/", "samesite=lax", "secure"} <= flags


def test_refused_object_stands_in_the_log_with_who_asked_and_not_without_end(portal: Portal) -> None:
    browser = portal.as_(CLERK)
    path = f"/campaigns/{CAMPAIGN_ID}/towns/331181103"

    for _ in range(MOST_NOTED + 5):
        assert browser.get(path).status_code == 404

    noted = [row for row in rows_of(portal.store, AuditRow) if row.act == "access_refused"]
    assert len(noted) == MOST_NOTED
    assert {(row.actor, json.loads(row.facts)["path"]) for row in noted} == {(CLERK, path)}


def test_log_in_and_its_refusal_stand_in_the_log_with_the_address(portal: Portal) -> None:
    portal.as_(CLERK)
    browser = portal.visitor()
    browser.look("/login")
    for password in ("wrong", PASSWORD):
        browser.fill_in("/login", {"name": CLERK, "password": password})

    noted = [row for row in rows_of(portal.store, AuditRow) if row.act.startswith("log_in")]
    assert {json.loads(row.facts).get("address") for row in noted} == {"127.0.0.1"}


def test_wrong_code_stands_in_the_log_with_the_address(portal: Portal) -> None:
    browser = portal.visitor()
    browser.look(portal.invite("coordinator-1"))
    browser.fill_in(browser.page.url.path, {"password": PASSWORD, "again": PASSWORD})
    browser.fill_in("/login/code", {"code": "000000"})

    noted = [row for row in rows_of(portal.store, AuditRow) if row.act == "code_refused"]
    assert [json.loads(row.facts)["address"] for row in noted] == ["127.0.0.1"]
