"""Findings on the village's page: the annotated copy, what became of them, and the help they lead to."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from openpyxl import load_workbook

from portal.dossiers.help import stages
from records.store import Store
from records.tables.dossiers import UploadRow
from records.tables.upkeep import AuditRow
from rules.campaign.campaign import Campaign
from rules.dossiers.checks.annotation import LIST_TITLE
from rules.dossiers.checks.kinds import FINDINGS
from tests.actions.conftest import CAMPAIGN_ID, HandIn, dossier_of, judge, local
from tests.actions.dossiers.test_progress import better
from tests.conftest import rows_of
from tests.portal.conftest import CLERK, Browser, Portal


@pytest.fixture
def page(portal: Portal, submitting: Store, campaign: Campaign, at: Callable[[int, int], None]) -> str:
    """The page of the first village on 3 November."""
    at(11, 3)
    return f"/campaigns/{CAMPAIGN_ID}/villages/{campaign.villages[0].code}"


@pytest.fixture
def clerk(portal: Portal, page: str) -> Browser:
    return portal.as_(CLERK)


def handed_in(portal: Portal, hand_in: HandIn, campaign: Campaign, data: bytes, hour: int) -> UploadRow:
    upload = hand_in(data=data)
    assert isinstance(upload, UploadRow)
    judge(portal.store, upload, now=local(campaign, 11, 2, hour))
    return upload


def test_copy_is_downloaded_beside_the_findings_and_audited(
    portal: Portal, clerk: Browser, campaign: Campaign, page: str, hand_in: HandIn
) -> None:
    upload = handed_in(portal, hand_in, campaign, dossier_of(campaign.villages[0].code, plot="mistakes"), 11)

    assert "下载标注副本" in clerk.look(page)
    answer = clerk.fill_in(f"/uploads/{upload.id}/annotated")

    assert answer.headers["content-disposition"].startswith("attachment")
    assert "%E6%A0%87%E6%B3%A8" in answer.headers["content-disposition"]
    assert load_workbook(BytesIO(answer.content)).sheetnames[0] == LIST_TITLE
    last = rows_of(portal.store, AuditRow)[-1]
    assert (last.actor, last.act) == (CLERK, "open_annotated")


def test_copy_for_the_bureau_asks_for_a_reason(
    portal: Portal, clerk: Browser, campaign: Campaign, page: str, hand_in: HandIn
) -> None:
    upload = handed_in(portal, hand_in, campaign, dossier_of(campaign.villages[0].code, plot="mistakes"), 11)
    browser = portal.as_("coordinator-1")
    browser.look(page)

    refused = browser.fill_in(f"/uploads/{upload.id}/annotated")
    given = browser.fill_in(f"/uploads/{upload.id}/annotated", {"reason": "核对退回的材料"})

    assert (refused.status_code, "请写明查阅理由" in refused.text) == (422, True)
    assert given.content.startswith(b"PK")


def test_first_version_has_nothing_to_be_compared_with(
    portal: Portal, clerk: Browser, campaign: Campaign, page: str, hand_in: HandIn
) -> None:
    handed_in(portal, hand_in, campaign, dossier_of(campaign.villages[0].code, plot="mistakes"), 11)

    assert re.search("已改正|仍未改|新出现", clerk.look(page)) is None


def test_second_version_says_of_each_finding_what_became_of_it(
    portal: Portal, clerk: Browser, campaign: Campaign, page: str, hand_in: HandIn
) -> None:
    wrong = dossier_of(campaign.villages[0].code, plot="mistakes")
    handed_in(portal, hand_in, campaign, wrong, 11)
    handed_in(portal, hand_in, campaign, better(wrong), 12)

    text = clerk.look(page)

    assert "与第1版相比" in text
    fixed, still, new = (int(n) for n in re.findall(r"(?:已改正|仍未改|新出现) (\d+)</span>", text))
    assert (fixed >= 1, still >= 1, new) == (True, True, 1)
    assert text.count('<span class="tag wait">仍未改</span>') == still
    assert text.count('<li class="fixed">') == fixed


def test_findings_lead_to_their_help(
    portal: Portal, clerk: Browser, campaign: Campaign, page: str, hand_in: HandIn
) -> None:
    handed_in(portal, hand_in, campaign, dossier_of(campaign.villages[0].code, plot="mistakes"), 11)

    led = set(re.findall(r'href="/help/findings#([a-z_]+)"', clerk.look(page)))
    help_ = clerk.look("/help/findings")

    assert "id_check_digit" in led
    assert [code for code in led if f'id="{code}"' not in help_] == []


def test_help_tells_every_kind_of_finding_once() -> None:
    told = [one.code for _, entries in stages() for one in entries]

    assert sorted(told) == sorted(FINDINGS)
