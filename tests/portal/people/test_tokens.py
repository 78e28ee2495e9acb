"""The page on which somebody makes, sees and revokes tokens for programs."""

from __future__ import annotations

import re

import pyotp
import pytest

from portal.web.rendering import SAID
from records.people.accounts import place_of_secret
from records.tables.people import CredentialRow, TokenRow
from tests.conftest import rows_of
from tests.portal.conftest import CLERK, PASSWORD, Browser, Portal

PAGE = "/account/tokens"
WANTED = {"name": "乡镇台账", "days": "30", "scope": "village.hand_in", "password": PASSWORD}


def shown(page: str) -> str:
    found = re.search(r"<code>(hqe_[\w-]+)</code>", page)
    return found[1] if found else ""


def test_token_is_shown_once_and_works(portal: Portal) -> None:
    browser = portal.as_(CLERK)
    browser.look(PAGE)

    token = shown(browser.fill_in(PAGE, WANTED).text)

    answer = portal.visitor().get("/api/v1/token", headers={"Authorization": f"Bearer {token}"})
    assert (answer.json()["token_name"], answer.json()["scopes"]) == ("乡镇台账", ["village.hand_in"])
    page = browser.look(PAGE)
    assert "乡镇台账" in page
    assert token not in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"password": "guessed"}, "现用密码不正确"),
        ({"scope": "gate.decide"}, "不能取得权限"),
        ({"scope": ""}, "不能取得权限"),
        ({"days": "9999"}, "1至366天"),
        ({"days": "²"}, "1至366天"),
        ({"name": " "}, "请给令牌起一个"),
    ],
)
def test_token_that_cannot_be_made_says_why(portal: Portal, changed: dict[str, str], said: str) -> None:
    browser = portal.as_(CLERK)
    browser.look(PAGE)

    page = browser.fill_in(PAGE, {**WANTED, **changed})

    assert (page.status_code, said in page.text) == (422, True)
    assert rows_of(portal.store, TokenRow) == []


def code_of(portal: Portal, person_id: str) -> str:
    """What the telephone shows, as if thirty seconds had gone by since the log-in."""
    with portal.store.writing() as session:
        row = session.get_one(CredentialRow, person_id)
        row.totp_step -= 10
        assert row.totp_sealed is not None
        return pyotp.TOTP(
            portal.store.vault.open(row.totp_sealed, about=place_of_secret(person_id)).decode()
        ).now()


def test_token_of_a_bureau_role_needs_the_telephone_too(portal: Portal) -> None:
    browser: Browser = portal.as_("coordinator-1")
    wanted = {**WANTED, "scope": "board.read"}
    browser.look(PAGE)

    without = browser.fill_in(PAGE, {**wanted, "code": "000000"})
    done = browser.fill_in(PAGE, {**wanted, "code": code_of(portal, "coordinator-1")})

    assert "动态口令不正确" in without.text
    assert shown(done.text)


def test_token_revoked_on_the_page_is_dead(portal: Portal) -> None:
    browser = portal.as_(CLERK)
    browser.look(PAGE)
    token = shown(browser.fill_in(PAGE, WANTED).text)
    [row] = rows_of(portal.store, TokenRow)

    page = browser.fill_in(f"{PAGE}/{row.id}/revocation")

    assert SAID["token_revoked"] in page.text
    answer = portal.visitor().get("/api/v1/token", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
