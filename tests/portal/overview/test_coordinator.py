"""The coordinator's way: board, extension with its price, reminder, handover, people, messages, audit."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from actions.campaign.stages import open_due_stage
from actions.duties import extension_requests
from actions.duties.more_time import lapsed
from actions.duties.reminders import lapse_locked
from actions.lists import recommendation
from portal.web.rendering import SAID
from records.duties.duties import duty_with_key
from records.review.gates import latest_gate
from records.runs import carriers
from records.store import Store
from records.tables.duties import DutyRow, ExtensionRow
from records.tables.messages import OutboxRow
from records.tables.runs import CarrierRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, decide_latest, local, recognise
from tests.conftest import rows_of
from tests.portal.conftest import CLERK, Browser, Portal

BOARD = f"/campaigns/{CAMPAIGN_ID}/board"


@pytest.fixture
def coordinator(portal: Portal, submitting: Store, at: Callable[[int, int], None]) -> Browser:
    """The coordinator on 10 November."""
    at(11, 10)
    return portal.as_("coordinator-1")


@pytest.fixture
def duty(portal: Portal, submitting: Store, campaign: Campaign) -> DutyRow:
    """The first village's dossier."""
    with portal.store.reading() as session:
        found = duty_with_key(session, CAMPAIGN_ID, f"dossier:{campaign.villages[0].code}")
        assert found is not None
        return found


def test_home_of_a_coordinator_is_the_board(coordinator: Browser) -> None:
    page = coordinator.look("/")

    assert coordinator.page.url.path == BOARD
    assert "八都镇" in page
    assert "季文静" in page
    assert coordinator.look(f"{BOARD}?stage=verification").count("<caption>核查认定 <a") == 1
    assert coordinator.look(f"{BOARD}?stage=nonsense").count("<caption>汇总上报 <a") == 1


def test_why_sentences_stand_behind_their_rows_and_others_below(portal: Portal, coordinator: Browser) -> None:
    with portal.store.writing() as session:
        for row in session.scalars(select(CarrierRow).where(CarrierRow.kind.in_(("submission", "campaign")))):
            row.state = "asleep"

    page = coordinator.look(BOARD)

    rows = [row for row in page.split("<tr>") if "<summary>为什么在等</summary>" in row]
    assert ["八都镇" in row for row in rows] == [True, False]
    assert ["查田镇" in row for row in rows] == [False, True]
    assert '其他承办为什么在等 <span class="quiet">1项</span>' in page


def test_columns_of_a_stage_say_into_what_its_duties_part(coordinator: Browser) -> None:
    page = coordinator.look(f"{BOARD}?stage=verification")

    heads = re.findall(r'<th class="number">([^<]+)</th>', page)
    assert heads[:9] == [
        "应办", "在办", "按时", "逾期", "失效", "已初审", "退回修改中", "初审通过", "已认定",
    ]  # fmt: skip
    assert "应办＝在办＋按时＋逾期＋失效" in page


def test_board_shows_the_targets_of_county_and_towns_beside_what_came(
    coordinator: Browser, campaign: Campaign
) -> None:
    page = coordinator.look(BOARD)

    assert f"/{campaign.taking_part}，认定0/{campaign.recognised_at_least}以上" in page
    assert all(f'<th scope="row">{town.name}</th>' in page for town in campaign.towns)


def test_board_shows_all_stages_in_one_table(coordinator: Browser) -> None:
    page = coordinator.look(f"{BOARD}?stage=all")

    assert "各乡镇(街道)各阶段" in page
    assert page.count("2/2") + page.count("1/1") >= 2


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("", {"八都镇第一村", "八都镇第四村", "查田镇小查田村"}),
        ("town=331181103", {"查田镇小查田村"}),
        ("holder=town", {"八都镇第一村", "八都镇第四村", "查田镇小查田村"}),
        ("holder=bureau", set()),
        ("holder=reviewer", set()),
        ("late=1", set()),
    ],
)
def test_board_lists_only_what_was_asked_for(coordinator: Browser, asked: str, shown: set[str]) -> None:
    page = coordinator.look(f"{BOARD}?{asked}")

    villages = ("八都镇第一村", "八都镇第四村", "查田镇小查田村")
    assert {one for one in villages if f"{one} 申报材料</a>" in page} == shown


def test_picture_of_the_campaign_is_an_image_of_its_own(coordinator: Browser) -> None:
    page = coordinator.look(BOARD)
    wide = coordinator.get(f"/campaigns/{CAMPAIGN_ID}/timeline.svg")
    narrow = coordinator.get(f"/campaigns/{CAMPAIGN_ID}/timeline.svg?narrow=1")

    assert (
        f'src="/campaigns/{CAMPAIGN_ID}/timeline.svg" alt="2020年高质量就业社区(村)建设活动：进度图' in page
    )
    assert wide.headers["content-type"] == "image/svg+xml; charset=utf-8"
    assert ('width="960"' in wide.text, 'width="302"' in narrow.text) == (True, True)


def test_extension_shows_its_price_before_it_is_granted(
    portal: Portal, coordinator: Browser, duty: DutyRow
) -> None:
    page = coordinator.look(f"/duties/{duty.id}?until=2020-11-18")
    assert "工作日由" in page
    assert rows_of(portal.store, ExtensionRow) == []

    done = coordinator.fill_in(f"/duties/{duty.id}/extensions", {"until": "2020-11-18", "reason": "道路塌方"})

    assert SAID["extension_granted"] in done.text
    (row,) = rows_of(portal.store, ExtensionRow)
    assert (row.granted_by, row.reason) == ("coordinator-1", "道路塌方")


def test_extension_that_breaks_a_promise_needs_to_be_meant(
    portal: Portal, coordinator: Browser, duty: DutyRow
) -> None:
    form = {"until": "2020-12-10", "reason": "道路塌方"}
    coordinator.look(f"/duties/{duty.id}?until=2020-12-10")

    refused = coordinator.fill_in(f"/duties/{duty.id}/extensions", form)
    meant = coordinator.fill_in(f"/duties/{duty.id}/extensions", {**form, "anyway": "1"})

    assert (refused.status_code, "仍然批准" in refused.text) == (422, True)
    assert SAID["extension_granted"] in meant.text
    (row,) = rows_of(portal.store, ExtensionRow)
    assert "明知" in row.reason


@pytest.mark.parametrize("until", ["", "tomorrow", "2020-11-01"])
def test_extension_to_no_later_day_changes_nothing(
    portal: Portal, coordinator: Browser, duty: DutyRow, until: str
) -> None:
    coordinator.look(f"/duties/{duty.id}")

    answer = coordinator.fill_in(f"/duties/{duty.id}/extensions", {"until": until, "reason": "道路塌方"})

    assert answer.status_code == 422
    assert rows_of(portal.store, ExtensionRow) == []


def test_request_of_a_town_stands_on_the_board_until_it_is_answered(
    portal: Portal, coordinator: Browser, duty: DutyRow, campaign: Campaign
) -> None:
    extension_requests.ask_extension(
        portal.store,
        duty_id=duty.id,
        by=CLERK,
        wanted_due=local(campaign, 11, 18),
        reason="花名册需要逐户核对",
        now=local(campaign, 11, 10),
    )
    assert "花名册需要逐户核对" in coordinator.look(BOARD)

    coordinator.look(f"/duties/{duty.id}?until=2020-11-18")
    coordinator.fill_in(f"/duties/{duty.id}/extensions", {"until": "2020-11-18", "reason": "同意"})

    assert "花名册需要逐户核对" not in coordinator.look(BOARD)
    page = portal.as_(CLERK).look(f"/campaigns/{CAMPAIGN_ID}/villages/{campaign.villages[0].code}")
    assert "已批准，同意" in page


def test_request_refused_needs_words_for_the_town(
    portal: Portal, coordinator: Browser, duty: DutyRow, campaign: Campaign
) -> None:
    asked = extension_requests.ask_extension(
        portal.store,
        duty_id=duty.id,
        by=CLERK,
        wanted_due=local(campaign, 11, 18),
        reason="花名册需要逐户核对",
        now=local(campaign, 11, 10),
    )
    assert isinstance(asked, extension_requests.ExtensionRequestRow)
    coordinator.look(f"/duties/{duty.id}")

    silent = coordinator.fill_in(f"/extension-requests/{asked.id}/refusal")
    done = coordinator.fill_in(f"/extension-requests/{asked.id}/refusal", {"words": "时间已经充裕"})

    assert "请写明理由" in silent.text
    assert SAID["extension_refused"] in done.text


def test_duty_is_handed_over_and_its_new_holder_reminded(
    portal: Portal, coordinator: Browser, duty: DutyRow
) -> None:
    coordinator.look(f"/duties/{duty.id}")
    done = coordinator.fill_in(
        f"/duties/{duty.id}/handovers", {"to": "head-331181100", "reason": "经办人病假"}
    )
    assert SAID["handed_over"] in done.text

    assert SAID["reminded"] in coordinator.fill_in(f"/duties/{duty.id}/reminders").text
    assert "今天已经手动提醒过" in coordinator.fill_in(f"/duties/{duty.id}/reminders").text
    reminder = rows_of(portal.store, OutboxRow)[-1]
    assert (reminder.template, reminder.person_id) == ("dossier_reminder", "head-331181100")


def test_paper_is_signed_for(portal: Portal, coordinator: Browser) -> None:
    town = f"/campaigns/{CAMPAIGN_ID}/towns/331181100"
    coordinator.look(town)

    assert SAID["paper_received"] in coordinator.fill_in(f"{town}/paper-receipt").text
    again = coordinator.fill_in(f"{town}/paper-receipt")
    assert again.status_code == 422


def test_people_are_invited_by_mail(portal: Portal, coordinator: Browser) -> None:
    page = coordinator.look(f"/campaigns/{CAMPAIGN_ID}/people")
    assert "reviewer-6" in page

    done = coordinator.fill_in("/people/reviewer-6/invitations")

    assert SAID["invited"] in done.text
    assert rows_of(portal.store, OutboxRow)[-1].template == "account_invited"
    assert "账号邀请" in coordinator.look(f"/campaigns/{CAMPAIGN_ID}/messages")
    assert "发出邀请" in coordinator.look(f"/campaigns/{CAMPAIGN_ID}/audit?about=reviewer-6")


def test_list_that_came_back_is_revised_where_it_was_returned(
    portal: Portal, coordinator: Browser, campaign: Campaign
) -> None:
    codes = [village.code for village in campaign.villages]
    for code in codes:
        recognise(portal.store, code, total="95")
    open_due_stage(portal.store, campaign_id=CAMPAIGN_ID, now=local(campaign, 11, 26))
    with portal.store.writing() as session:
        carriers.enlist(
            session, kind="recommendation", subject=CAMPAIGN_ID, campaign_id=CAMPAIGN_ID, label="", tags=[],
            at=local(campaign, 11, 26),
        )  # fmt: skip
    now = local(campaign, 11, 26)
    recommendation.rank_villages(portal.store, subject=CAMPAIGN_ID, now=now)
    decide_latest(
        portal.store, "recommendation", CAMPAIGN_ID, by="leader-1", answer="return", reason="请复核"
    )
    recommendation.rank_villages(portal.store, subject=CAMPAIGN_ID, now=now)
    with portal.store.reading() as session:
        gate = latest_gate(session, CAMPAIGN_ID, "recommendation", CAMPAIGN_ID)
        assert gate is not None

    assert "名单修订" in coordinator.look(f"/campaigns/{CAMPAIGN_ID}/inbox")
    assert "修订名单" in coordinator.look(f"/gates/{gate.id}")
    done = coordinator.fill_in(
        f"/gates/{gate.id}/revisions", {f"off:{codes[0]}": "材料存疑", "note": "已电话核实"}
    )

    assert SAID["revised"] in done.text
    recommendation.rank_villages(portal.store, subject=CAMPAIGN_ID, now=now)
    with portal.store.reading() as session:
        anew = latest_gate(session, CAMPAIGN_ID, "recommendation", CAMPAIGN_ID)
        assert anew is not None
    page = portal.as_("leader-1").look(f"/gates/{anew.id}")
    assert (codes[0] in page, codes[1] in page) == (False, True)


def test_lapsed_duties_stand_on_the_board_and_the_chosen_ones_are_given_more_time(
    portal: Portal, coordinator: Browser, campaign: Campaign, at: Callable[[int, int], None]
) -> None:
    lapse_locked(portal.store, campaign_id=CAMPAIGN_ID, now=local(campaign, 11, 19))
    at(11, 19)
    page = f"/campaigns/{CAMPAIGN_ID}/lapsed"
    with portal.store.reading() as session:
        first, *_, last = [one.duty_id for one in lapsed(session, CAMPAIGN_ID) if one.kind == "dossier"]
    assert f'href="{page}"' in coordinator.look(BOARD)

    asked = coordinator.look(f"{page}?duty={first}&until=2020-11-24")
    form = {"until": "2020-11-24", "reason": "道路塌方", "duty": str(first)}
    refused = coordinator.fill_in(page, form)
    done = coordinator.fill_in(page, {**form, "anyway": "1"})

    assert ("选中1项" in asked, "晚于截止日" in asked or "late-text" in asked) == (True, True)
    assert (refused.status_code, SAID["time_given"] in done.text) == (422, True)
    states = {one.id: one.state for one in rows_of(portal.store, DutyRow)}
    assert (states[first], states[last]) == ("open", "lapsed")
