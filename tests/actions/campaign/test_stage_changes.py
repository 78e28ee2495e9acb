"""Stages closed early and opened again: with a preview, a reason, and nobody's time taken."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from actions.campaign import stage_changes, stages
from actions.campaign.stage_changes import StageChange
from actions.upkeep.audit_words import tell
from records.copies.dump import lines_of, rows_of
from records.duties.duties import open_duties
from records.review.gates import latest_gate
from records.runs import carriers
from records.store import Store
from records.tables.campaign import CampaignRow, StageChangeRow, StageRow
from records.tables.messages import OutboxRow
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, local
from tests.actions.review.test_verification import village_of


def stage(store: Store, name: str) -> StageRow:
    with store.reading() as session:
        return session.get_one(StageRow, (CAMPAIGN_ID, name))


def close(store: Store, campaign: Campaign, **changed: Any) -> Refused | None:
    usual: dict[str, Any] = {
        "campaign_id": CAMPAIGN_ID,
        "stage": "verification",
        "by": "coordinator-1",
        "reason": "局务会决定提前结束",
        "now": local(campaign, 11, 20),
    }
    return stage_changes.close_early(store, **{**usual, **changed})


def reopen(store: Store, campaign: Campaign, **changed: Any) -> Refused | None:
    usual: dict[str, Any] = {
        "campaign_id": CAMPAIGN_ID,
        "stage": "survey",
        "until": date(2020, 11, 5),
        "by": "coordinator-1",
        "reason": "龙南乡补报",
        "now": local(campaign, 11, 2),
    }
    return stage_changes.reopen_stage(store, **{**usual, **changed})


@pytest.fixture
def verifying(submitting: Store, at_desk: GateRow, campaign: Campaign) -> Store:
    """Verification under way with one village before a reviewer; the stages before it are over."""
    now = local(campaign, 11, 19)
    assert stages.open_due_stage(submitting, campaign_id=CAMPAIGN_ID, now=now) == "verification"
    assert stages.close_due_stage(submitting, campaign_id=CAMPAIGN_ID, now=now) == "submission"
    return submitting


def test_stage_closed_early_puts_villages_aside_and_leaves_the_bureaus_duties(
    verifying: Store, campaign: Campaign
) -> None:
    with verifying.reading() as session:
        planned = stage_changes.preview_closing(
            session, stage(verifying, "verification"), now=local(campaign, 11, 20)
        )
    assert isinstance(planned, StageChange)
    assert planned.lines == (
        "“核查认定”立即结束(原定11月25日(星期三)停止受理)。",
        "局里1项待办不失效，继续办理并按提醒阶梯上报。",
        "1个尚未办结的社区(村)转入补充名单：第一村。",
        "“择优推荐”仍于11月26日(星期四)开始，不会提前。",
    )

    assert close(verifying, campaign) is None

    assert (stage(verifying, "verification").state, village_of(verifying).supplementary) == ("closed", True)
    with verifying.reading() as session:
        assert [duty.kind for duty in open_duties(session, CAMPAIGN_ID, kind="gate")] == ["gate"]
        [change] = rows_of(session, StageChangeRow)
        last = tell(session)[-1]
    assert (change.act, change.reason, change.by) == ("closed", "局务会决定提前结束", "coordinator-1")
    assert (last.what, last.about, last.why["理由"]) == ("阶段结束", "核查认定", "局务会决定提前结束")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"by": "leader-1"}, "not_coordinator"),
        ({"reason": ""}, "no_reason"),
        ({"stage": "nonsense"}, "no_such_stage"),
        ({"stage": "submission"}, "move_not_allowed"),
        ({"stage": "award"}, "move_not_allowed"),
    ],
)
def test_stage_that_cannot_be_closed_stays(
    verifying: Store, campaign: Campaign, changed: dict[str, Any], code: str
) -> None:
    refused = close(verifying, campaign, **changed)

    assert isinstance(refused, Refused)
    assert refused.code == code


def test_towns_time_is_not_cut_off(submitting: Store, campaign: Campaign) -> None:
    refused = close(submitting, campaign, stage="submission", now=local(campaign, 11, 10))

    assert refused == Refused(
        "towns_have_time",
        "还有5项乡镇(街道)待办没有到期(最晚11月15日(星期日))，不能提前结束。请等其办结，或等到停止受理之后。",
    )


def test_later_stage_is_not_closed_before_an_earlier_one(submitting: Store, campaign: Campaign) -> None:
    stages.open_due_stage(submitting, campaign_id=CAMPAIGN_ID, now=local(campaign, 11, 16))

    refused = close(submitting, campaign, now=local(campaign, 11, 17))

    assert refused == Refused("earlier_open", "“汇总上报”还没有结束，请先结束前面的阶段。")


def test_stage_opened_again_stays_open_until_its_new_date(submitting: Store, campaign: Campaign) -> None:
    assert reopen(submitting, campaign) is None

    now = local(campaign, 11, 2)
    assert stages.close_due_stage(submitting, campaign_id=CAMPAIGN_ID, now=now) is None
    row = stage(submitting, "survey")
    assert (row.state, row.lock_at) == ("open", campaign.end_of(date(2020, 11, 5)))
    assert row.due_at == campaign.end_of(date(2020, 10, 23))
    closed = stages.close_due_stage(submitting, campaign_id=CAMPAIGN_ID, now=local(campaign, 11, 6))
    assert closed == "survey"
    with submitting.reading() as session:
        told = [
            line[0]
            for line in lines_of(session, OutboxRow, ["key", "person_id"])
            if ":stage_closed:survey" in line[0]
        ]
    assert sorted(told) == [
        f"{CAMPAIGN_ID}:stage_closed:survey#1:coordinator-1",
        f"{CAMPAIGN_ID}:stage_closed:survey#1:coordinator-2",
        f"{CAMPAIGN_ID}:stage_closed:survey:coordinator-1",
        f"{CAMPAIGN_ID}:stage_closed:survey:coordinator-2",
    ]


def test_stage_opened_again_may_be_closed_by_hand(submitting: Store, campaign: Campaign) -> None:
    reopen(submitting, campaign)

    assert close(submitting, campaign, stage="survey", now=local(campaign, 11, 3)) is None
    assert stage(submitting, "survey").state == "closed"


def test_villages_put_aside_come_back_with_their_stage(verifying: Store, campaign: Campaign) -> None:
    close(verifying, campaign)

    until = date(2020, 11, 27)
    with verifying.reading() as session:
        planned = stage_changes.preview_opening(
            session, stage(verifying, "verification"), until=until, now=local(campaign, 11, 20)
        )
    assert isinstance(planned, StageChange)
    assert planned.lines[-1] == "1个补充名单上的社区(村)恢复为正常办理：第一村。"
    refused = reopen(verifying, campaign, stage="verification", until=until, now=local(campaign, 11, 20))

    assert (refused, village_of(verifying).supplementary) == (None, False)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"by": "clerk-331181100"}, "not_coordinator"),
        ({"reason": "  "}, "no_reason"),
        ({"stage": "submission"}, "move_not_allowed"),
        ({"until": date(2020, 11, 1)}, "not_later"),
        ({"until": date(2031, 1, 1)}, "calendar_unpublished"),
    ],
)
def test_stage_that_cannot_be_opened_stays_closed(
    submitting: Store, campaign: Campaign, changed: dict[str, Any], code: str
) -> None:
    refused = reopen(submitting, campaign, **changed)

    assert isinstance(refused, Refused)
    assert refused.code == code
    assert stage(submitting, "survey").state == "closed"


def test_verification_is_not_opened_again_once_the_list_is_sent(verifying: Store, campaign: Campaign) -> None:
    close(verifying, campaign)
    with verifying.writing() as session:
        carriers.enlist(
            session, kind="recommendation", subject=CAMPAIGN_ID, campaign_id=CAMPAIGN_ID, label="", tags=[],
            at=local(campaign, 11, 26),
        )  # fmt: skip
    from actions.lists import recommendation

    recommendation.rank_villages(verifying, subject=CAMPAIGN_ID, now=local(campaign, 11, 26))
    with verifying.writing() as session:
        gate = latest_gate(session, CAMPAIGN_ID, "recommendation", CAMPAIGN_ID)
        assert gate is not None
        gate.state, gate.answer = "closed", "approve"

    refused = reopen(
        verifying, campaign, stage="verification", until=date(2020, 11, 28), now=local(campaign, 11, 26)
    )

    assert isinstance(refused, Refused)
    assert refused.code == "list_decided"


def test_campaign_that_is_over_stays_over(submitting: Store, campaign: Campaign) -> None:
    with submitting.writing() as session:
        session.get_one(CampaignRow, CAMPAIGN_ID).closed_at = local(campaign, 11, 1)

    refused = reopen(submitting, campaign)

    assert isinstance(refused, Refused)
    assert refused.code == "campaign_over"
