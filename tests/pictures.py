"""Makes the portal's pictures in ``docs/pictures`` anew: ``.venv/bin/python tests/pictures.py [FOLDER]``.

Plays the whole county until mid-verification, goes in as one person of each role and looks at the main pages, each on a
telephone, an office screen and a large one. Takes a few minutes; needs Chromium and the packages of the tests.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pyotp
from playwright.sync_api import Browser, Page, sync_playwright

from config.places import ROOT
from rehearsal.rehearsal import Script, play
from rules.campaign.campaign import ROLES

DOCS = ROOT / "docs" / "pictures"
WIDTHS = (360, 1024, 1920)
CAMPAIGN = "longquan-2020"
MIDWAY = date(2020, 11, 18)
PASSWORD = "溪水绕山 2020 秋"
SHOTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "town_clerk": (("town", "/"), ("village", "main table a")),
    "reviewer": (("inbox", "/"), ("case", "main a[href^='/gates/']")),
    "coordinator": (
        ("board", "/"),
        ("duty", "main a[href^='/duties/']"),
        ("people", f"/campaigns/{CAMPAIGN}/people"),
    ),
}
"""Role -> the pages to look at: a path, or the first link of that kind on the page before."""


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    home = tempfile.TemporaryDirectory(prefix="hqe-pictures-")
    with home, links(Path(home.name)) as invitations, sync_playwright() as playwright:
        program = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for role, pages in SHOTS.items():
            take(browser, invitations[role], pages, folder)
        browser.close()


@contextmanager
def links(home: Path) -> Iterator[dict[str, str]]:
    """Role -> invitation, while a county in the middle of its verification is served."""
    played = play(Script(home=home, campaign_id=CAMPAIGN, seed=7, until=MIDWAY, visitors=True))
    try:
        yield {
            role: one.link for role, title in ROLES.items() for one in played.visitors if one.role == title
        }
    finally:
        played.stop()


def take(browser: Browser, invitation: str, pages: tuple[tuple[str, str], ...], folder: Path) -> None:
    page = browser.new_context(locale="zh-CN", device_scale_factor=1).new_page()
    go_in(page, invitation)
    for name, where in pages:
        go_to(page, where)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            # A narrow screen gets another picture of the campaign, which is fetched then.
            page.reload(wait_until="networkidle")
            page.screenshot(path=folder / f"portal-{name}-{width}.png")
    page.context.close()


def go_to(page: Page, where: str) -> None:
    if where.startswith("/"):
        page.goto(re.sub(r"^(https?://[^/]+).*", r"\1", page.url) + where)
    else:
        page.locator(where).first.click()


def go_in(page: Page, invitation: str) -> None:
    page.goto(invitation)
    page.get_by_label("新密码").fill(PASSWORD)
    page.get_by_label("再输入一次").fill(PASSWORD)
    page.get_by_role("button", name="保存并登录").click()
    secret = re.search(r"<code>([A-Z2-7 ]{30,})</code>", page.content())
    if secret:
        page.get_by_label("6位动态口令").fill(pyotp.TOTP(secret[1].replace(" ", "")).now())
        page.get_by_role("button", name="确认").click()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS)
