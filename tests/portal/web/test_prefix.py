"""The portal below a path of its public address, behind a proxy that strips it or passes it on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from config.settings import read_settings
from portal.app import make_app
from portal.web.prefix import under
from tests.portal.conftest import CLERK, HOST, PASSWORD, Browser, Portal, Wire

PUBLIC = f"https://{HOST}/hqe"


@pytest.fixture
def browser(portal: Portal, tmp_path: Path) -> Browser:
    portal.as_(CLERK)
    app = make_app(portal.store, read_settings({"HQE_HOME": str(tmp_path), "HQE_PUBLIC_URL": PUBLIC}))
    return Browser(transport=Wire(app), base_url=f"https://{HOST}", follow_redirects=True)


@pytest.mark.parametrize("path", ["/hqe/login", "/login"])
def test_every_link_of_a_page_stays_below_the_path(browser: Browser, path: str) -> None:
    page = browser.look(path)

    linked = re.findall(r'(?:href|src|action)="(/[^"]*)"', page)
    assert linked
    assert [one for one in linked if not one.startswith("/hqe/")] == []
    assert int(browser.page.headers["content-length"]) == len(browser.page.content)


def test_log_in_leads_below_the_path_once(browser: Browser) -> None:
    browser.look("/hqe/account")
    assert str(browser.page.url) == f"{PUBLIC}/login?next=%2Faccount"

    page = browser.fill_in("/hqe/login", {"name": CLERK, "password": PASSWORD, "next": "/account"})

    assert (str(page.url), page.status_code) == (f"{PUBLIC}/account", 200)
    assert "季文静" in page.text
    assert browser.look("/hqe/static/portal.css")


def test_path_that_only_begins_alike_is_another(browser: Browser) -> None:
    browser.look("/hqeother/login", status=404)


def test_interface_names_the_public_address(browser: Browser) -> None:
    assert browser.get("/hqe/api/v1/openapi.json").json()["servers"] == [{"url": PUBLIC}]


def test_only_addresses_of_our_own_are_moved() -> None:
    page = (
        '<a href="/a">/b</a><a href="//other">x</a><a href="https://x/">x</a><a href="#y">y</a>'
        '<input value="/next"><p>href=&#34;/typed&#34;</p><meta http-equiv="refresh" content="5; url=/c">'
    )

    moved = under(page.encode(), b"/p").decode()

    assert moved == page.replace('href="/a"', 'href="/p/a"').replace("url=/c", "url=/p/c")
