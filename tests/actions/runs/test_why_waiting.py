"""Why it waits, in one sentence: what happened, who has the ball, what comes next, then who."""

from __future__ import annotations

import pytest

from actions.duties import handover
from actions.duties.reminders import fire_rungs
from actions.lookup import campaign_of
from actions.review import verification
from actions.review.score_sheets import score
from actions.runs.why_waiting import why_owed
from records.duties.duties import open_duties
from records.store import Store
from records.tables.dossiers import UploadRow
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, HandIn, decide_latest, dossier_of, judge, local

Moment = tuple[int, int]


def why(store: Store, campaign: Campaign, kind: str, at: Moment) -> str:
    now = local(campaign, *at)
    with store.reading() as session:
        duty = open_duties(session, CAMPAIGN_ID, kind=kind)[0]
        told = why_owed(session, campaign_of(session, CAMPAIGN_ID), duty, now=now)
    assert not [person.name for person in campaign.people if person.name in told]
    return told


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (
            (10, 26),
            "八都镇第一村申报材料：尚未上报；由乡镇(街道)经办人办理，已1个工作日；11月15日(星期日)截止；"
            "11月8日(星期日)09:00再提醒乡镇(街道)经办人；"
            "仍未办理则11月16日(星期一)09:00上报乡镇(街道)分管领导；11月18日(星期三)23:59后失效。",
        ),
        (
            (11, 17),
            "八都镇第一村申报材料：尚未上报；由乡镇(街道)经办人办理，已17个工作日；"
            "11月15日(星期日)截止，已逾期2个工作日；"
            "11月18日(星期三)09:00再提醒活动协调员；11月18日(星期三)23:59后失效。",
        ),
        (
            (11, 18),
            "八都镇第一村申报材料：尚未上报；由乡镇(街道)经办人办理，已18个工作日；"
            "11月15日(星期日)截止，已逾期3个工作日；11月18日(星期三)23:59后失效。",
        ),
    ],
)
def test_dossier_that_nobody_handed_in_is_explained_by_its_ladder(
    submitting: Store, campaign: Campaign, at: Moment, told: str
) -> None:
    assert why(submitting, campaign, "dossier", at) == told


def test_dossier_under_check_is_not_the_towns_fault(
    submitting: Store, hand_in: HandIn, campaign: Campaign
) -> None:
    hand_in()

    assert "第一村申报材料：11月2日(星期一)收到第1版，正在校验；" in why(
        submitting, campaign, "dossier", (11, 3)
    )


def test_dossier_returned_by_the_checks_names_the_sheets(
    submitting: Store, hand_in: HandIn, campaign: Campaign
) -> None:
    upload = hand_in(data=dossier_of(campaign.villages[0].code, plot="mistakes"))
    assert isinstance(upload, UploadRow)
    judge(submitting, upload, now=local(campaign, 11, 2))

    assert "：11月2日(星期一)收到第1版，校验未通过(涉及《" in why(submitting, campaign, "dossier", (11, 3))


def test_correction_names_the_review_that_returned_it_and_the_lines_of_annex_1(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    at = local(campaign, 11, 16)
    scored = score(
        submitting, gate_id=at_desk.id, by="reviewer-3", adjustments={"B1.3": "2"},
        reasons={"B1.3": "季文静漏报两例"}, now=at,
    )  # fmt: skip
    assert isinstance(scored, str)
    decide_latest(submitting, "desk_review", at_desk.subject, by="reviewer-3", answer="return", reason="请补")
    verification.desk_review(submitting, subject=at_desk.subject, now=at)

    told = why(submitting, campaign, "correction", (11, 18))

    assert told == (
        "八都镇第一村补正材料：11月16日(星期一)由审核人员在材料初审中退回补正(附件1 评价指标B1.3)；"
        "由乡镇(街道)经办人办理，已2个工作日；11月19日(星期四)截止；"
        "11月19日(星期四)09:00再提醒乡镇(街道)经办人；11月19日(星期四)23:59后失效。"
    )


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (
            (11, 17),
            "八都镇第一村材料初审：11月16日(星期一)起待办；由审核人员办理，已1个工作日；11月19日(星期四)截止；"
            "11月18日(星期三)09:00再提醒审核人员；仍未办理则11月20日(星期五)09:00上报活动协调员并转交代理人。",
        ),
        (
            (11, 20),
            "八都镇第一村材料初审：11月16日(星期一)起待办；由审核人员办理(已转交代理人)；"
            "11月19日(星期四)截止，已逾期1个工作日；11月24日(星期二)09:00再提醒局分管领导。",
        ),
    ],
)
def test_gate_is_explained_up_to_the_deputy_and_the_leader(
    submitting: Store, at_desk: GateRow, campaign: Campaign, at: Moment, told: str
) -> None:
    fire_rungs(submitting, campaign_id=CAMPAIGN_ID, now=local(campaign, *at))

    assert why(submitting, campaign, "gate", at) == told


def test_reassigned_duty_counts_from_the_day_it_changed_hands(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    with submitting.reading() as session:
        duty = open_duties(session, CAMPAIGN_ID, kind="gate")[0]
    refused = handover.hand_over(
        submitting, duty_id=duty.id, to="reviewer-6", by="coordinator-1", reason="出差",
        now=local(campaign, 11, 18),
    )  # fmt: skip

    assert refused is None
    assert "；由审核人员办理(已改派)，已1个工作日；" in why(submitting, campaign, "gate", (11, 19))
