"""A town clerk's way: survey, template, a wrong dossier, its findings, a right one, paper, more time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest

from actions.campaign import survey
from portal.web.rendering import SAID
from records.dossiers import files
from records.store import Store
from records.tables.campaign import VillageRow
from records.tables.dossiers import UploadRow
from records.tables.duties import DutyRow, ExtensionRequestRow
from records.tables.upkeep import AuditRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, dossier_of, judge, local
from tests.conftest import rows_of
from tests.portal.conftest import CLERK, Browser, Portal
from tests.workbooks.clamd import SmallClamd, small_clamd
from workbooks.confined.roster import list_roster

TOWN = f"/campaigns/{CAMPAIGN_ID}/towns/331181100"
At = Callable[[int, int], None]


@pytest.fixture
def village(campaign: Campaign) -> str:
    """The page of the first village."""
    return f"/campaigns/{CAMPAIGN_ID}/villages/{campaign.villages[0].code}"


@pytest.fixture
def clerk(portal: Portal, submitting: Store, at: At) -> Browser:
    """The clerk on 2 November, when dossiers are asked for."""
    at(11, 2)
    return portal.as_(CLERK)


def upload(browser: Browser, page: str, data: bytes, name: str = "材料.xlsx") -> str:
    browser.look(page)
    return browser.fill_in(f"{page}/uploads", files={"dossier": (name, BytesIO(data))}).text


def newest(store: Store) -> UploadRow:
    return max(rows_of(store, UploadRow), key=lambda upload: upload.id)


def check_newest(store: Store, campaign: Campaign) -> str:
    """What the worker does meanwhile."""
    return judge(store, newest(store), now=local(campaign, 11, 2, 11))


def test_home_of_a_clerk_is_the_town(portal: Portal) -> None:
    browser = portal.as_(CLERK)

    assert "<h1>八都镇</h1>" in browser.look("/")
    assert browser.page.url.path == TOWN


def test_survey_confirmed_by_ticking_villages(portal: Portal, campaign: Campaign) -> None:
    survey.ask_for_survey(portal.store, subject=f"{CAMPAIGN_ID}/331181100", now=local(campaign, 10, 20))
    browser = portal.as_(CLERK)
    first, second = (one.code for one in campaign.villages if one.town_code == "331181100")
    browser.look(TOWN)

    nothing = browser.fill_in(f"{TOWN}/survey")
    assert (nothing.status_code, "请勾选参与的社区(村)" in nothing.text) == (422, True)
    done = browser.fill_in(f"{TOWN}/survey", {"village": [first]})

    assert SAID["survey_confirmed"] in done.text
    states = {row.code: row.state for row in rows_of(portal.store, VillageRow)}
    assert (states[first], states[second]) == ("taking_part", "out")


def test_template_is_this_villages_own(clerk: Browser, village: str) -> None:
    answer = clerk.get(f"{village}/template")

    assert answer.content.startswith(b"PK")
    assert "filename*=UTF-8''%E5%85%AB%E9%83%BD" in answer.headers["content-disposition"]


def test_wrong_dossier_is_received_then_shows_findings_then_a_right_one_its_receipt(
    portal: Portal, clerk: Browser, campaign: Campaign, village: str
) -> None:
    code = campaign.villages[0].code

    page = upload(clerk, village, dossier_of(code, plot="mistakes"))
    assert SAID["handed_in"] in page
    assert "第1版：正在校验" in page
    assert 'http-equiv="refresh"' in page

    assert check_newest(portal.store, campaign) == "returned"
    page = clerk.look(village)
    assert "第1版：校验未通过" in page
    assert "校验码不符" in page
    assert 'http-equiv="refresh"' not in page

    upload(clerk, village, dossier_of(code, version=2))
    assert check_newest(portal.store, campaign) == "accepted"
    page = clerk.look(village)
    assert "第2版：校验通过" in page
    assert "读到的内容" in page
    assert "<dt>花名册</dt><dd>读到" in page
    receipt = clerk.look(f"/uploads/{newest(portal.store).id}/receipt")
    assert newest(portal.store).sha256 in "".join(receipt.split())
    assert "上传新的一版" not in page


def test_same_file_twice_is_refused_with_a_sentence(clerk: Browser, campaign: Campaign, village: str) -> None:
    data = dossier_of(campaign.villages[0].code)
    upload(clerk, village, data)

    assert "与第1版完全相同" in upload(clerk, village, data)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "文件是空的"),
        (b"%PDF-1.7 anything", "其实是PDF文件"),
        (b"PK\x03\x04broken", "文件已损坏"),
        (b"a,b,c", "文本文件"),
    ],
)
def test_file_that_is_no_workbook_is_refused_at_once_and_not_kept(
    portal: Portal, clerk: Browser, village: str, data: bytes, said: str
) -> None:
    assert said in upload(clerk, village, data, name="../../../etc/=cmd|.xlsx")
    assert rows_of(portal.store, UploadRow) == []


def test_file_beyond_the_limit_is_refused_with_a_sentence(
    portal: Portal, clerk: Browser, village: str
) -> None:
    page = upload(clerk, village, bytes(16 * 2**20))

    assert "15 MB" in page
    assert rows_of(portal.store, UploadRow) == []


def test_form_without_a_file_says_what_to_do(clerk: Browser, village: str) -> None:
    clerk.look(village)

    assert "请先选择要上传的文件" in clerk.fill_in(f"{village}/uploads").text


def test_own_file_is_downloaded_again_and_noted(
    portal: Portal, clerk: Browser, campaign: Campaign, village: str
) -> None:
    data = dossier_of(campaign.villages[0].code)
    upload(clerk, village, data)
    (row,) = rows_of(portal.store, UploadRow)
    clerk.look(village)

    answer = clerk.fill_in(f"/uploads/{row.id}/file")

    assert answer.content == data
    last = rows_of(portal.store, AuditRow)[-1]
    assert (last.actor, last.act) == (CLERK, "open_file")


def test_coordinator_opens_a_towns_file_only_with_a_reason(
    portal: Portal, clerk: Browser, campaign: Campaign, village: str
) -> None:
    data = dossier_of(campaign.villages[0].code)
    upload(clerk, village, data)
    (row,) = rows_of(portal.store, UploadRow)
    coordinator = portal.as_("coordinator-1")
    coordinator.look(village)

    refused = coordinator.fill_in(f"/uploads/{row.id}/file", {"reason": " "})
    opened = coordinator.fill_in(f"/uploads/{row.id}/file", {"reason": "核对花名册第5行"})

    assert (refused.status_code, "请写明查阅理由" in refused.text) == (422, True)
    assert opened.content == data


def test_paper_announced_stands_on_the_page_until_the_bureau_has_it(portal: Portal, clerk: Browser) -> None:
    clerk.look(TOWN)

    page = clerk.fill_in(f"{TOWN}/paper", {"how": "专人送达"}).text

    assert SAID["paper_announced"] in page
    assert "已登记寄送：专人送达" in page
    (duty,) = (row for row in rows_of(portal.store, DutyRow) if row.key.endswith("paper:331181100"))
    assert duty.state == "open"


def test_more_time_is_asked_for_once_with_a_reason(portal: Portal, clerk: Browser, village: str) -> None:
    clerk.look(village)
    (duty,) = (row for row in rows_of(portal.store, DutyRow) if row.key.endswith(f"dossier:{village[-12:]}"))
    path = f"/duties/{duty.id}/extension-requests"

    early = clerk.fill_in(path, {"wanted_due": "2020-11-10", "reason": "人手不足"})
    odd = clerk.fill_in(path, {"wanted_due": "十一月", "reason": "人手不足"})
    done = clerk.fill_in(path, {"wanted_due": "2020-11-18", "reason": "花名册需要逐户核对"})
    again = clerk.fill_in(path, {"wanted_due": "2020-11-19", "reason": "再次申请"})

    assert "必须晚于现在" in early.text
    assert "日期没有填写或无法识别" in odd.text
    assert SAID["extension_asked"] in done.text
    assert "等待答复" in again.text
    (request,) = rows_of(portal.store, ExtensionRequestRow)
    assert (request.asked_by, request.reason, request.answer) == (CLERK, "花名册需要逐户核对", None)


def test_dossier_erased_when_its_time_was_over_is_told_not_offered(
    clerk: Browser, portal: Portal, campaign: Campaign, village: str
) -> None:
    upload(clerk, village, dossier_of(campaign.villages[0].code))
    with portal.store.writing() as session:
        files.erase(session, rows_of(portal.store, UploadRow)[0].blob_id, at=local(campaign, 11, 3))

    assert "已按保存期限删除" in clerk.look(village)
    assert "/uploads/1/file" not in clerk.page.text
    assert "材料已于2020年11月3日(星期二)按保存期限删除" in clerk.fill_in("/uploads/1/file").text


def test_template_prefilled_with_the_newest_accepted_roster_comes_masked_and_is_noted(
    clerk: Browser, portal: Portal, campaign: Campaign, village: str
) -> None:
    clerk.look(village)
    nothing = clerk.fill_in(f"{village}/template").text
    upload(clerk, village, dossier_of(campaign.villages[0].code))
    check_newest(portal.store, campaign)
    clerk.look(village)

    made = clerk.fill_in(f"{village}/template")

    assert "没有这个社区(村)往年校验通过的花名册" in nothing
    assert made.headers["content-disposition"].startswith("attachment")
    numbers = {str(one.answers["id_number"])[:16] for one in list_roster(made.content, campaign=campaign)}
    assert numbers == {"*" * 16}
    assert rows_of(portal.store, AuditRow)[-1].act == "prefill"


def test_file_is_given_out_only_past_the_scanner_that_is_set(
    portal: Portal, clerk: Browser, campaign: Campaign, village: str
) -> None:
    upload(clerk, village, dossier_of(campaign.villages[0].code))
    clerk.look(village)
    house = portal.app.state.house
    with small_clamd(SmallClamd(says=b"stream: Test.Virus FOUND\0")) as scanner:
        portal.app.state.house = replace(house, settings=replace(house.settings, clamd=scanner))
        found = [clerk.fill_in(f"/uploads/1/{what}") for what in ("file", "annotated")]
    away = clerk.fill_in("/uploads/1/file")

    assert [(one.status_code, "Test.Virus" in one.text) for one in found] == [(422, True), (422, False)]
    assert "还在校验" in found[1].text
    assert (away.status_code, "杀毒程序没有应答" in away.text) == (422, True)
