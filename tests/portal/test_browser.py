"""The whole way of a village in real browsers, with JavaScript and without: every role at its own pages."""

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

from actions.review import recognition, reconciliation, verification
from config.settings import read_settings
from deployments.prefect_server.server import free_port
from portal.app import make_app
from records import clock
from records.duties.duties import duties_awaited
from records.runs import carriers
from records.store import Store
from records.tables.dossiers import UploadRow
from records.tables.duties import DutyRow
from records.tables.review import DecisionRow, ScoreRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, dossier_of, judge, local
from tests.conftest import missing_service, rows_of
from tests.portal.conftest import CLERK, PASSWORD, Portal

PATIENCE = 180_000
"""Milliseconds: a busy machine is slow, not broken; a page that never comes still ends the test."""
expect.set_options(timeout=PATIENCE)

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
        context.set_default_timeout(PATIENCE)
        return context.new_page()

    return fresh


def accept_invitation(page: Page, portal: Portal, person_id: str) -> None:
    page.goto(portal.invite(person_id))
    page.get_by_label("新密码").fill(PASSWORD)
    page.get_by_label("再输入一次").fill(PASSWORD)
    saving = page.get_by_role("button", name="保存并登录")
    saving.click()
    # A click does not wait for the page that it leads to; what is asked of the browser next would cut it off.
    expect(saving).to_have_count(0)
    secret = re.search(r"<code>([A-Z2-7 ]{30,})</code>", page.content())
    if secret:
        page.get_by_label("6位动态口令").fill(pyotp.TOTP(secret[1].replace(" ", "")).now())
        confirming = page.get_by_role("button", name="确认")
        confirming.click()
        expect(confirming).to_have_count(0)


def choose(page: Page, village: str, file: Path, data: bytes) -> None:
    """Go to the village's page and pick a file."""
    file.write_bytes(data)
    page.get_by_role("link", name=village, exact=True).click()
    page.get_by_label("选择文件").set_input_files(file)


def drag(page: Page, village: str, file: Path, data: bytes) -> None:
    """Go to the village's page and drop a file onto the card."""
    page.get_by_role("link", name=village, exact=True).click()
    told = {"name": file.name, "data": list(data)}
    transfer = page.evaluate_handle(
        """({name, data}) => {
            const made = new DataTransfer();
            made.items.add(new File([new Uint8Array(data)], name));
            return made;
        }""",
        told,
    )
    page.dispatch_event(".drop", "dragover", {"dataTransfer": transfer})
    expect(page.locator(".drop.over")).to_be_visible()
    page.dispatch_event(".drop", "drop", {"dataTransfer": transfer})


def send(page: Page) -> None:
    """Handed in is handed in, although no worker runs."""
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_role("status")).to_contain_text("已收件")
    expect(page.get_by_role("heading", name=re.compile("^第[0-9]+版：正在校验"))).to_be_visible()


def work(store: Store, at: datetime) -> None:
    """What the worker does meanwhile: check the newest upload."""
    judge(store, rows_of(store, UploadRow)[-1], now=at)
    clock.simulate(store, at)


def duty_opened(store: Store, act: Callable[..., object], subject: str, at: datetime) -> DutyRow:
    """What the village's run does: take the next step; the duty that it opens."""
    act(store, subject=subject, now=at)
    clock.simulate(store, at)
    with store.reading() as session:
        return duties_awaited(session, "verification", subject)[-1]


def decide(page: Page, answer: str, reason: str = "") -> None:
    page.get_by_role("radio", name=re.compile(f"^{answer}")).check()
    page.locator("#reason").fill(reason)
    page.get_by_role("button", name="提交决定").click()
    expect(page.get_by_role("status")).to_contain_text("决定已记录")


def score(page: Page, facts: dict[str, str], reason: str) -> None:
    """Change facts on the score sheet, each with a reason."""
    for fact, number in facts.items():
        line, field = page.locator("details", has=page.locator(f'[name="fact:{fact}"]')), f'"fact:{fact}"'
        if line.get_attribute("open") is None:
            line.locator("summary").click()
        if page.locator(f"select[name={field}]").count():
            page.locator(f"[name={field}]").select_option(number)
        else:
            page.locator(f"[name={field}]").fill(number)
        page.locator(f'[name="why:{fact}"]').fill(reason)
    page.get_by_role("button", name="保存评分表").click()
    expect(page.get_by_role("status")).to_contain_text("评分表已保存")


LOWER = {f"B1.1/{number}": "0" for number in range(1, 7)} | {"B1.3": "6", "B2.2": "5", "B3.1": "5"}
"""Enough doubts for a second pair of eyes."""
DOUBT, PROOF, MISSING = "台账没有工作记录", "补看原件后认为属实", "花名册缺少两名外出人员的就业去向"


class Walk:
    """A village's way from its first dossier to its recognition; every step in the browsers of those who take it."""

    def __init__(
        self, portal: Portal, open_page: Callable[[], Page], campaign: Campaign, folder: Path
    ) -> None:
        self.portal, self.store, self.campaign, self.folder = portal, portal.store, campaign, folder
        self.village = campaign.villages[0]
        self.subject = f"{CAMPAIGN_ID}/{self.village.code}"
        self._open_page = open_page
        self._pages: dict[str, Page] = {}

    def page_of(self, person_id: str) -> Page:
        """Somebody's own browser at their first page."""
        if person_id not in self._pages:
            self._pages[person_id] = self._open_page()
            accept_invitation(self._pages[person_id], self.portal, person_id)
        self._pages[person_id].goto("/")
        return self._pages[person_id]

    def hands_in_wrong_dossier_and_mends_it(self, *, by_dragging: bool) -> None:
        now = local(self.campaign, 11, 2)
        clock.simulate(self.store, now)
        clerk = self.page_of(CLERK)
        wrong = dossier_of(self.village.code, plot="mistakes")
        take = drag if by_dragging else choose
        take(clerk, self.village.name, self.folder / "一.xlsx", wrong)
        send(clerk)
        clerk.evaluate("window.stayed = true")
        work(self.store, now + timedelta(minutes=5))
        # Without JavaScript the page loads itself again; with it, it stays and changes in place.
        expect(clerk.get_by_role("heading", name="第1版：校验未通过")).to_be_visible(timeout=15_000)
        expect(clerk.get_by_text("校验码不符")).to_be_visible()
        assert clerk.evaluate("window.stayed === true") is by_dragging
        self._mends(clerk, "第2版：校验通过", version=2, at=now + timedelta(minutes=10))
        expect(clerk.get_by_role("link", name="查看正式回执")).to_be_visible()

    def _mends(self, clerk: Page, title: str, *, version: int, at: datetime) -> None:
        clerk.goto("/")
        good = dossier_of(self.village.code, version=version)
        choose(clerk, self.village.name, self.folder / f"{version}.xlsx", good)
        send(clerk)
        work(self.store, at)
        expect(clerk.get_by_role("heading", name=title)).to_be_visible(timeout=15_000)

    def gets_more_time_for_the_paper_copies(self) -> None:
        clerk = self.page_of(CLERK)
        asking = clerk.locator("details", has_text="申请延期")
        if asking.count() == 0:
            return
        asking.locator("summary").click()
        asking.get_by_label("希望延至").fill("2020-11-18")
        asking.get_by_label("理由").fill("村道塌方")
        asking.get_by_role("button").click()
        expect(clerk.get_by_role("status")).to_contain_text("延期申请已提交")
        coordinator = self.page_of("coordinator-1")
        coordinator.locator(".urgent a").click()
        expect(coordinator.locator(".price li").first).to_be_visible()
        if coordinator.locator('[name="anyway"]').count():
            coordinator.locator('[name="anyway"]').check()
        coordinator.get_by_role("button", name="批准延期").click()
        expect(coordinator.get_by_role("status")).to_contain_text("延期已批准")

    def is_returned_and_corrected(self) -> None:
        with self.store.writing() as session:
            carriers.enlist(
                session, kind="verification", subject=self.subject, campaign_id=CAMPAIGN_ID, label="",
                tags=[], at=local(self.campaign, 11, 16),
            )  # fmt: skip
        asked = duty_opened(self.store, verification.desk_review, self.subject, local(self.campaign, 11, 16))
        reviewer = self.page_of(asked.person_id)
        reviewer.get_by_role("link", name="去办理").click()
        decide(reviewer, "退回补正", MISSING)
        duty_opened(self.store, verification.desk_review, self.subject, local(self.campaign, 11, 17))
        clerk = self.page_of(CLERK)
        clerk.get_by_role("link", name=self.village.name, exact=True).click()
        expect(clerk.get_by_text(MISSING)).to_be_visible()
        self._mends(clerk, "第3版：校验通过", version=3, at=local(self.campaign, 11, 17, 11))

    def is_scored_low_and_passed(self) -> None:
        asked = duty_opened(self.store, verification.desk_review, self.subject, local(self.campaign, 11, 18))
        reviewer = self.page_of(asked.person_id)
        reviewer.get_by_role("link", name="去办理").click()
        expect(reviewer.get_by_text(MISSING)).to_be_visible()
        score(reviewer, LOWER, DOUBT)
        decide(reviewer, "通过")

    def is_given_to_another_second_reviewer_who_disagrees(self) -> None:
        asked = duty_opened(
            self.store, verification.second_review, self.subject, local(self.campaign, 11, 18, 14)
        )
        other = self._passed_on(asked)
        second = self.page_of(other)
        second.get_by_role("link", name="去办理").click()
        expect(second.get_by_text(DOUBT)).to_have_count(0)
        score(second, {"B1.1/1": "1"}, PROOF)
        decide(second, "通过")
        expect(second.get_by_text(DOUBT).first).to_be_visible()

    def _passed_on(self, duty: DutyRow) -> str:
        """The coordinator gives the duty to the first person on the list who may take it."""
        coordinator = self.page_of("coordinator-1")
        coordinator.get_by_role("link", name=self.village.name).first.click()
        for other in coordinator.locator("#to option[value]:not([value=''])").evaluate_all(
            "options => options.map(option => option.value)"
        ):
            coordinator.get_by_label("改由").select_option(other)
            coordinator.locator("#why").fill("出差")
            coordinator.get_by_role("button", name="改派").click()
            if coordinator.get_by_role("status").count():
                return str(other)
        raise AssertionError(f"nobody may take {duty.key}")

    def is_seen_and_recognised(self) -> None:
        visit = duty_opened(self.store, verification.site_visit, self.subject, local(self.campaign, 11, 19))
        visitor = self.page_of(visit.person_id)
        visitor.get_by_role("link", name="去办理").click()
        visitor.get_by_label("核查情况").fill("抽查台账20人，与申报一致。")
        visitor.get_by_role("button", name="登记核查结果").click()
        expect(visitor.get_by_role("status")).to_contain_text("现场核查情况已登记")
        self._is_ruled_on_by_a_third()
        asked = duty_opened(self.store, recognition.recognition, self.subject, local(self.campaign, 11, 20))
        leader = self.page_of(asked.person_id)
        leader.get_by_role("link", name="我的待办").click()
        leader.get_by_role("link", name="去办理").click()
        decide(leader, "认定", "补看原件后同意")
        now = local(self.campaign, 11, 20, 11)
        assert recognition.recognition(self.store, subject=self.subject, now=now) == "recognised"

    def _is_ruled_on_by_a_third(self) -> None:
        """Somebody who reviewed neither before sees both reasons and rules on every dispute."""
        at = local(self.campaign, 11, 19, 14)
        asked = duty_opened(self.store, reconciliation.reconciliation, self.subject, at)
        third = self.page_of(asked.person_id)
        third.get_by_role("link", name="去办理").first.click()
        expect(third.get_by_text(DOUBT).first).to_be_visible()
        points = third.locator('input[name^="fact:"]')
        expect(third.get_by_text(f"以下{points.count()}处需要第三人裁定")).to_be_visible()
        for number in range(points.count()):
            points.nth(number).fill("1")
            third.locator('input[name^="why:"]').nth(number).fill(PROOF)
        third.get_by_role("button", name="保存裁定").click()
        expect(third.get_by_role("status")).to_contain_text("评分表已保存")
        decide(third, "裁定完毕")


@ONE_DATABASE
def test_village_goes_from_a_wrong_dossier_to_its_recognition(
    portal: Portal,
    open_page: Callable[[], Page],
    campaign: Campaign,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    walk = Walk(portal, open_page, campaign, tmp_path)

    walk.hands_in_wrong_dossier_and_mends_it(by_dragging=request.node.callspec.params["open_page"])
    walk.gets_more_time_for_the_paper_copies()
    walk.is_returned_and_corrected()
    walk.is_scored_low_and_passed()
    walk.is_given_to_another_second_reviewer_who_disagrees()
    walk.is_seen_and_recognised()

    first, second = [sheet for sheet in rows_of(portal.store, ScoreRow) if sheet.party in ("a", "b")]
    assert (first.adjustments, second.adjustments) == (LOWER, {"B1.1/1": "1"})
    assert {decision.door for decision in rows_of(portal.store, DecisionRow)} == {"portal"}
