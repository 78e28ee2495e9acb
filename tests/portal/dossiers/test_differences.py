"""Versions before their readers: differences on a page, masked, for whom the village is theirs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from actions.dossiers.withdrawal import withdraw
from actions.review import verification
from portal.web.rendering import SAID
from records.duties.duties import duties_awaited
from records.store import Store
from records.tables.dossiers import UploadRow
from records.tables.review import DecisionRow, GateRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, HandIn, dossier_of, judge, local
from tests.conftest import rows_of
from tests.portal.conftest import CLERK, Browser, Portal

At = Callable[[int, int], None]


@pytest.fixture
def village(campaign: Campaign) -> str:
    """The page of the first village."""
    return f"/campaigns/{CAMPAIGN_ID}/villages/{campaign.villages[0].code}"


@pytest.fixture
def clerk(portal: Portal, submitting: Store, hand_in: HandIn, campaign: Campaign, at: At) -> Browser:
    """The clerk on 2 November; a first version was returned, a second one accepted."""
    at(11, 2)
    code = campaign.villages[0].code
    for data in (dossier_of(code, plot="mistakes"), dossier_of(code, 2)):
        upload = hand_in(data=data)
        assert isinstance(upload, UploadRow)
        judge(submitting, upload, now=local(campaign, 11, 2, 11))
    return portal.as_(CLERK)


def test_difference_stands_on_a_page_without_identity_numbers(clerk: Browser, village: str) -> None:
    assert f"{village}/diff?from=1&amp;to=2" in clerk.look(village)

    page = clerk.look(f"{village}/diff?from=1&to=2")

    assert "第1版与第2版的差异" in page
    assert "文化程度" in page
    assert "第2版补充" in page
    assert "331199" not in page
    assert page == clerk.look(f"{village}/diff")


@pytest.mark.parametrize("numbers", ["from=1&to=9", "from=2&to=2", "from=99999999999&to=9"])
def test_difference_of_no_two_versions_says_so(clerk: Browser, village: str, numbers: str) -> None:
    page = clerk.look(f"{village}/diff?{numbers}", status=422)

    assert 'class="refused"' in page
    assert "<caption>" not in page


def test_difference_with_odd_numbers_shows_the_newest_two(clerk: Browser, village: str) -> None:
    assert "第1版与第2版的差异" in clerk.look(f"{village}/diff?from=x&to=²")


def test_difference_of_a_foreign_village_is_not_there(clerk: Browser, portal: Portal, village: str) -> None:
    portal.as_("clerk-331181103").look(f"{village}/diff?from=1&to=2", status=404)


def newest(store: Store) -> UploadRow:
    return max(rows_of(store, UploadRow), key=lambda upload: upload.id)


def test_version_is_withdrawn_only_after_its_consequences_were_read(
    portal: Portal, clerk: Browser, village: str
) -> None:
    path = f"/uploads/{newest(portal.store).id}/withdrawal"
    assert path in clerk.look(village)

    page = clerk.look(path)
    assert "11月15日(日) 23:59之后重新上传的，按逾期记录" in page
    assert "11月18日(三) 23:59之后不再受理" in page
    unread = clerk.fill_in(path)
    assert (unread.status_code, "请先阅读撤回的后果" in unread.text) == (422, True)
    assert newest(portal.store).state == "accepted"

    done = clerk.fill_in(path, {"sure": "1"})

    assert SAID["withdrawn"] in done.text
    assert "第2版：已撤回" in done.text
    assert "上传新的一版" in done.text
    assert path not in done.text
    assert newest(portal.store).state == "withdrawn"


def test_version_that_cannot_be_withdrawn_says_why_and_has_no_button(
    portal: Portal, clerk: Browser, village: str, at: At
) -> None:
    path = f"/uploads/{newest(portal.store).id}/withdrawal"
    old = f"/uploads/{rows_of(portal.store, UploadRow)[0].id}/withdrawal"
    at(11, 19)

    page = clerk.look(path)

    assert "报送已截止，撤回后无法重新上报" in page
    assert 'name="sure"' not in page
    assert "页面已经过时" in clerk.look(old)
    assert path not in clerk.look(village)
    assert clerk.fill_in(path, {"sure": "1"}).status_code == 422


def test_decision_on_a_withdrawn_version_is_refused_with_what_changed_since(
    portal: Portal, hand_in: HandIn, at_desk: GateRow, campaign: Campaign, at: At
) -> None:
    at(11, 16)
    store, now = portal.store, local(campaign, 11, 16)
    with store.reading() as session:
        (duty,) = duties_awaited(session, at_desk.carrier_kind, at_desk.carrier_subject)
    reviewer = portal.as_(duty.person_id)
    reviewer.look(f"/gates/{at_desk.id}")
    code = campaign.villages[0].code
    done = withdraw(store, campaign_id=CAMPAIGN_ID, village_code=code, by=CLERK, now=now)
    assert isinstance(done, UploadRow)
    answer = {"attempt": "1", "seen_hash": at_desk.content_hash, "answer": "pass"}

    early = reviewer.fill_in(f"/gates/{at_desk.id}/decisions", answer)
    upload = hand_in(data=dossier_of(code, 2), now=now)
    assert isinstance(upload, UploadRow)
    judge(store, upload, now=now)
    verification.desk_review(store, subject=at_desk.subject, now=now)
    reviewer.look("/account")
    late = reviewer.fill_in(f"/gates/{at_desk.id}/decisions", answer)

    assert (early.status_code, "已撤回" in early.text, "培训就业意愿" in early.text) == (422, True, False)
    assert "您看到的第1版与最新的第2版有哪些不同" in late.text
    assert "培训就业意愿" in late.text
    assert f"/gates/{rows_of(store, GateRow)[-1].id}" in late.text
    assert "331199" not in late.text
    assert rows_of(store, DecisionRow) == []


def test_receipt_is_a_page_and_a_paper_without_identity_numbers(
    portal: Portal, clerk: Browser, village: str
) -> None:
    path = f"/uploads/{newest(portal.store).id}/receipt"
    assert path in clerk.look(village)

    page = clerk.look(path)
    paper = clerk.get(f"{path}.pdf")

    assert "申报材料校验通过回执" in page
    assert "A1.1" in page
    assert "331199" not in page
    assert paper.headers["content-type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF")
    portal.as_("clerk-331181103").look(path, status=404)
