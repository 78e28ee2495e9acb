"""One whole way in a real browser, with JavaScript and without: hand in, read, mend, return, look again."""

from __future__ import annotations

import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pyotp
import pytest
import uvicorn
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect, sync_playwright

from actions import reviews
from config.settings import read_settings
from deployments.server import free_port
from portal.app import make_app
from records import carriers, clock
from records.gates import latest_gate
from records.store import Store
from records.tables import UploadRow
from rules.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, dossier_of, judge, local
from tests.conftest import missing_service, rows_of
from tests.portal.conftest import CLERK, PASSWORD, Portal

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        missing_service("no chromium on this machine (Debian: apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def address(portal: Portal, submitting: Store, tmp_path: Path) -> Iterator[str]:
    """The portal behind a real server of its own."""
    port = free_port()
    app = make_app(portal.store, read_settings({"HQE_HOME": str(tmp_path)}))
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture(params=[True, False], ids=["javascript", "no-javascript"])
def open_page(chromium: Chromium, address: str, request: pytest.FixtureRequest) -> Callable[[], Page]:
    """A page of a browser in which nobody is logged in."""

    def fresh() -> Page:
        context = chromium.new_context(base_url=address, java_script_enabled=request.param, locale="zh-CN")
        return context.new_page()

    return fresh


def accept_invitation(page: Page, portal: Portal, person_id: str) -> None:
    page.goto(portal.invite(person_id))
    page.get_by_label("新密码").fill(PASSWORD)
    page.get_by_label("再输入一次").fill(PASSWORD)
    page.get_by_role("button", name="保存并登录").click()
    secret = re.search(r"<code>([A-Z2-7 ]{30,})</code>", page.content())
    if secret:
        page.get_by_label("6位动态口令").fill(pyotp.TOTP(secret[1].replace(" ", "")).now())
        page.get_by_role("button", name="确认").click()


def upload(page: Page, village: str, file: Path, data: bytes) -> None:
    file.write_bytes(data)
    page.get_by_role("link", name=village, exact=True).click()
    page.get_by_label("选择文件").set_input_files(file)
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_role("status")).to_contain_text("已收件")


def work(store: Store, at: datetime) -> None:
    """What the worker does meanwhile: check the newest upload."""
    judge(store, rows_of(store, UploadRow)[-1], now=at)
    clock.simulate(store, at)


def ask_reviewer(store: Store, subject: str, at: datetime) -> tuple[int, str]:
    """What the village's run does: open the desk review; its gate and who is asked."""
    reviews.desk_review(store, subject=subject, now=at)
    clock.simulate(store, at)
    with store.reading() as session:
        from records.duties import duties_awaited

        gate = latest_gate(session, CAMPAIGN_ID, "desk_review", subject)
        assert gate is not None
        asked = [duty.person_id for duty in duties_awaited(session, "verification", subject)]
        return gate.id, asked[0]


@ONE_DATABASE
def test_dossier_is_handed_in_mended_returned_and_passed(
    portal: Portal, open_page: Callable[[], Page], campaign: Campaign, tmp_path: Path
) -> None:
    store, village, now = portal.store, campaign.villages[0], local(campaign, 11, 2)
    subject = f"{CAMPAIGN_ID}/{village.code}"
    clock.simulate(store, now)
    clerk = open_page()
    accept_invitation(clerk, portal, CLERK)

    upload(clerk, village.name, tmp_path / "一.xlsx", dossier_of(village.code, plot="mistakes"))
    work(store, now + timedelta(minutes=5))
    clerk.reload()
    expect(clerk.get_by_role("heading", name="第1版：校验未通过")).to_be_visible()
    expect(clerk.get_by_text("校验码不符")).to_be_visible()

    clerk.goto("/")
    upload(clerk, village.name, tmp_path / "二.xlsx", dossier_of(village.code, version=2))
    work(store, now + timedelta(minutes=10))
    clerk.reload()
    expect(clerk.get_by_role("heading", name="第2版：校验通过")).to_be_visible()

    with store.writing() as session:
        carriers.enlist(
            session, kind="verification", subject=subject, campaign_id=CAMPAIGN_ID, label="", tags=[], at=now
        )
    _, asked = ask_reviewer(store, subject, local(campaign, 11, 16))
    reviewer = open_page()
    accept_invitation(reviewer, portal, asked)
    reviewer.get_by_role("link", name="去办理").click()
    reviewer.get_by_label("退回补正").check()
    reviewer.get_by_label("理由", exact=True).fill("花名册缺少两名外出人员的就业去向")
    reviewer.get_by_role("button", name="提交决定").click()
    expect(reviewer.get_by_role("status")).to_contain_text("决定已记录")

    ask_reviewer(store, subject, local(campaign, 11, 17))
    clerk.goto("/")
    upload(clerk, village.name, tmp_path / "三.xlsx", dossier_of(village.code, version=3))
    expect(clerk.get_by_text("花名册缺少两名外出人员的就业去向")).to_be_visible()
    work(store, local(campaign, 11, 17, 11))

    ask_reviewer(store, subject, local(campaign, 11, 18))
    reviewer.goto("/")
    reviewer.get_by_role("link", name="去办理").click()
    expect(reviewer.get_by_text("花名册缺少两名外出人员的就业去向")).to_be_visible()
    reviewer.get_by_label("通过", exact=True).check()
    reviewer.get_by_role("button", name="提交决定").click()
    expect(reviewer.get_by_role("status")).to_contain_text("决定已记录")
    assert reviews.desk_review(store, subject=subject, now=local(campaign, 11, 18)) == "pass"
