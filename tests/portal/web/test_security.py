"""What every request passes: who may do what, forms that are not ours, and headers."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from actions.people.login import IDLE
from config.settings import read_settings
from portal.app import PUBLIC, ROUTES, make_app
from portal.web.rendering import SAID
from portal.web.request import form_token
from portal.web.security import FORM_BYTES
from records.sealing.vault import Vault
from records.store import Store
from records.tables.people import SessionRow
from rules.people.errands import PRESS
from rules.people.rights import RIGHTS
from tests.actions.conftest import HandIn
from tests.conftest import database_for
from tests.portal.conftest import CLERK, HERE, PASSWORD, Browser, Portal, Wire

PAGES = [(route.method, route.path) for route in (*ROUTES, *PUBLIC)]
POSTS = [path for method, path in PAGES if method == "POST"]


def filled(path: str) -> str:
    """The path with something in place of each of its parameters."""
    return re.sub(r"\{[^}]+\}", "1", path)


def test_every_route_has_a_right_of_the_table_and_every_right_a_route() -> None:
    assert {route.right for route in ROUTES} | {PRESS} == set(RIGHTS)


def test_no_two_routes_answer_the_same() -> None:
    assert len(PAGES) == len(set(PAGES))


def test_every_page_without_a_session_leads_to_the_log_in(portal: Portal) -> None:
    browser = portal.visitor()
    browser.follow_redirects = False

    answers = {route.path: browser.get(filled(route.path)) for route in ROUTES if route.method == "GET"}

    led = {path: (one.status_code, one.headers["location"][:12]) for path, one in answers.items()}
    assert led == dict.fromkeys(answers, (303, "/login?next="))


@pytest.mark.parametrize("origin", ["https://evil.example.invalid", "null", None])
def test_every_form_from_another_page_is_refused(portal: Portal, origin: str | None) -> None:
    browser = portal.as_(CLERK)
    data = {"form_token": form_token(browser.cookies["__Host-hqe"])}
    headers = {"Origin": origin} if origin else {}

    said = {path: browser.post(filled(path), data=data, headers=headers) for path in POSTS}

    assert {path: one.status_code for path, one in said.items()} == dict.fromkeys(POSTS, 403)
    assert all("不是从本系统的页面发出的" in one.text for one in said.values())


@pytest.mark.parametrize("token", ["", "0" * 64, "字"])
def test_every_form_without_its_token_is_refused(portal: Portal, token: str) -> None:
    browser = portal.as_(CLERK)

    said = {
        path: browser.post(filled(path), data={"form_token": token}, headers={"Origin": HERE})
        for path in POSTS
    }

    assert {path: one.status_code for path, one in said.items()} == dict.fromkeys(POSTS, 403)
    assert all("页面已过期" in one.text for one in said.values())


def test_form_that_fetch_metadata_calls_foreign_is_refused(portal: Portal) -> None:
    browser = portal.as_(CLERK)
    browser.look("/account")
    headers = {"Origin": HERE, "Sec-Fetch-Site": "cross-site"}
    data = {"form_token": form_token(browser.cookies["__Host-hqe"])}

    assert browser.post("/logout", data=data, headers=headers).status_code == 403
    assert "季文静" in browser.look("/account")


def test_form_of_an_old_browser_is_believed_by_its_referer(portal: Portal) -> None:
    browser = portal.as_(CLERK)
    data = {"form_token": form_token(browser.cookies["__Host-hqe"])}

    answer = browser.post("/logout", data=data, headers={"Referer": f"{HERE}/account"})

    assert SAID["logged_out"] in answer.text


def test_every_answer_has_its_headers(portal: Portal) -> None:
    browser = portal.visitor()
    for path, status, kept in (
        ("/login", 200, False),
        ("/nothing", 404, False),
        ("/static/portal.css", 200, True),
    ):
        answer = browser.get(path)

        assert answer.status_code == status
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "unsafe-inline" not in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        assert (answer.headers["cache-control"] == "no-store") is not kept


def test_body_beyond_its_limit_is_cut_off_whatever_it_announces(portal: Portal) -> None:
    browser = portal.visitor()

    def stream() -> object:
        for _ in range(FORM_BYTES // 1024 + 2):
            yield b"x" * 1024

    headers = {"Origin": HERE, "Content-Type": "application/x-www-form-urlencoded"}
    answer = browser.post("/login", content=stream(), headers=headers)  # type: ignore[arg-type]

    assert answer.status_code == 413
    assert "256 KB" in answer.text


def test_form_with_a_thousand_fields_is_refused(portal: Portal) -> None:
    data = {f"field{number}": "x" for number in range(1000)}

    answer = portal.visitor().post("/login", data=data, headers={"Origin": HERE})

    assert answer.status_code == 400


def test_method_that_a_page_has_not_is_answered_with_a_sentence(portal: Portal) -> None:
    answer = portal.as_(CLERK).get("/logout")

    assert answer.status_code == 405
    assert "不能这样打开" in answer.text


def test_session_idle_too_long_has_to_log_in_again(portal: Portal) -> None:
    browser = portal.as_(CLERK)
    browser.look("/account")
    with portal.store.writing() as session:
        for row in session.query(SessionRow):
            row.seen_at -= IDLE + timedelta(seconds=1)

    assert "<h1>登录</h1>" in browser.look("/account")


def plain(store: Store, home: Path, address: str, **env: str) -> Browser:
    app = make_app(store, read_settings({"HQE_HOME": str(home), **env}))
    return Browser(transport=Wire(app), base_url=address, follow_redirects=True)


def test_plain_http_is_refused_unless_the_operator_says_so(portal: Portal, tmp_path: Path) -> None:
    office = "http://portal.example.invalid"

    refused = plain(portal.store, tmp_path, office).get("/login")
    allowed = plain(portal.store, tmp_path, office, HQE_PLAIN_HTTP="1").get("/login")

    assert (refused.status_code, "https" in refused.text) == (400, True)
    assert allowed.status_code == 200
    assert allowed.headers["set-cookie"].startswith("hqe=")


def test_plain_http_on_the_machine_itself_works(portal: Portal, tmp_path: Path) -> None:
    portal.as_(CLERK)
    browser = plain(portal.store, tmp_path, "http://127.0.0.1:4280")
    browser.look("/login")
    token = re.search(r'name="form_token" value="(\w+)"', browser.page.text)
    assert token is not None
    form = {"form_token": token[1], "name": CLERK, "password": PASSWORD, "next": "/account"}

    answer = browser.post("/login", data=form, headers={"Origin": "http://127.0.0.1:4280"})

    assert "季文静" in answer.text


def test_health_says_alive_and_able(portal: Portal) -> None:
    browser = portal.visitor()

    assert browser.get("/healthz").json()["status"] == "ok"
    assert browser.get("/readyz").json() == {"status": "ok"}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_readiness_without_the_tables_says_no(kind: str, tmp_path: Path) -> None:
    with database_for(kind, tmp_path / "empty.db") as url:
        empty = Store(url, vault=Vault(bytes(32)), home=tmp_path)
        answer = plain(empty, tmp_path, "http://127.0.0.1").get("/readyz")
        empty.close()

    [reason] = answer.json()["reasons"]
    assert (answer.status_code, answer.json()["status"], reason["code"]) == (503, "unavailable", "schema")


def test_readiness_without_the_database_says_so(tmp_path: Path) -> None:
    gone = Store(f"sqlite:///{tmp_path / 'no' / 'such.db'}", vault=Vault(bytes(32)), home=tmp_path)

    answer = plain(gone, tmp_path, "http://127.0.0.1").get("/readyz")

    gone.close()
    assert (answer.status_code, answer.json()["reasons"][0]["code"]) == (503, "database_away")
    assert answer.json()["reasons"][0]["reason"].endswith("。")


def test_readiness_with_another_key_says_so(portal: Portal, hand_in: HandIn, tmp_path: Path) -> None:
    hand_in()
    other = Store(
        portal.store.engine.url.render_as_string(hide_password=False), vault=Vault(bytes(32)), home=tmp_path
    )

    answer = plain(other, tmp_path, "http://127.0.0.1").get("/readyz")

    other.close()
    assert (answer.status_code, answer.json()["reasons"][0]["code"]) == (503, "key_wrong")


def test_page_that_breaks_shows_a_number_and_no_content(
    portal: Portal, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("331199199003070019")

    browser = portal.as_(CLERK)
    monkeypatch.setattr("portal.people.account.account_page", broken)

    page = browser.look("/account", status=500)

    number = re.search(r"<code>(\w{8})</code>", page)
    assert number is not None
    assert number[1] in caplog.text
    assert "RuntimeError" in caplog.text
    assert "331199" not in page + caplog.text


def test_pages_ask_nothing_of_another_host_and_stay_small(portal: Portal) -> None:
    page: httpx.Response = portal.visitor().get("/login")

    addresses = re.findall(r'(?:src|href|action)="([^"]+)"', page.text)
    assert [one for one in addresses if not one.startswith(("/", "#"))] == []
    assert len(page.content) < 100_000
    assert "style=" not in page.text
    assert "<script" not in page.text
