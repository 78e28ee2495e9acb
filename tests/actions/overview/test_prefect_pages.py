"""What Prefect shows beside the runs: progress and reasons to wait, and nobody by name."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from actions.overview import prefect_pages
from actions.overview.prefect_pages import Page, Showing
from actions.runs import wake as wake_acts
from records import audit
from records.store import Store
from records.tables.review import GateRow
from records.tables.runs import CarrierRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, local

SUBJECT = f"{CAMPAIGN_ID}/331181100200"
RUN = "0f0e0d0c-0b0a-4000-8000-000000000001"


def pages_of(store: Store, now: datetime) -> dict[str, Page]:
    with store.reading() as session:
        return {page.key: page for page in prefect_pages.pages(session, CAMPAIGN_ID, now=now)}


def asleep(store: Store, *, now: datetime, refused: str = "") -> None:
    wake = wake_acts.begin_wake(store, "verification", SUBJECT)
    wake_acts.record_sleep(store, replace(wake, refused=refused), now=now)
    with store.writing() as session:
        session.get_one(CarrierRow, ("verification", SUBJECT)).flow_run_id = RUN


def test_progress_shows_each_town_in_each_stage_and_who_has_the_ball(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    page = pages_of(submitting, local(campaign, 11, 20))[f"{CAMPAIGN_ID}-progress"]

    assert (
        page.title == "2020年高质量就业社区(村)建设活动进度：“汇总上报”进行中，应办3，已收1，通过1，逾期2。"
    )
    assert "| 汇总上报 | 进行中 | 10-24 | 11-15 | 3 | 1 | 2 | 0 | 1 |" in page.text
    assert "| 八都镇 | 1/1 | 1/2 逾期1 乡镇(街道)经办人 | 0/1 审核人员 | — | — |" in page.text
    assert "| 审核人员 | 1 | 1 | 11月19日(星期四) |" in page.text


def test_page_of_a_sleeping_run_says_clause_by_clause_why_it_waits(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    asleep(submitting, now=local(campaign, 11, 17))

    page = pages_of(submitting, local(campaign, 11, 20))[f"{CAMPAIGN_ID}-verification-331181100200"]

    assert page.run_id == RUN
    assert page.title.startswith(
        "八都镇第一村材料初审：11月16日(星期一)起待办；由审核人员办理，已4个工作日；"
    )
    assert page.text.split("\n\n") == [
        "**八都镇第一村材料初审：11月16日(星期一)起待办**",
        "- 由审核人员办理，已4个工作日\n- 11月19日(星期四)截止，已逾期1个工作日\n"
        "- 11月24日(星期二)09:00再提醒局分管领导",
        prefect_pages.HOW_TO_DECIDE,
    ]


def test_page_after_a_refused_form_shows_the_refusal(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    asleep(submitting, now=local(campaign, 11, 17), refused="授权码不正确。")

    page = pages_of(submitting, local(campaign, 11, 20))[f"{CAMPAIGN_ID}-verification-331181100200"]

    assert page.title.endswith("上次提交未记录：授权码不正确。")
    assert "> ⚠ 上次提交未记录：授权码不正确。" in page.text


def test_no_page_names_a_person_or_holds_a_number_of_one(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    asleep(submitting, now=local(campaign, 11, 17))

    shown = "\n".join(
        page.title + page.text for page in pages_of(submitting, local(campaign, 11, 20)).values()
    )

    assert [
        one.id for one in campaign.people if one.name in shown or one.id in shown or one.email in shown
    ] == []
    assert re.findall(r"\d{11,}[\dX]?", shown) == []


def test_page_of_a_run_that_is_given_up_says_so(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    asleep(submitting, now=local(campaign, 11, 17))
    with submitting.writing() as session:
        session.get_one(CarrierRow, ("verification", SUBJECT)).state = "parked"

    shown = pages_of(submitting, local(campaign, 11, 20))

    assert shown[f"{CAMPAIGN_ID}-verification-331181100200"].title == prefect_pages.PARKED
    assert f"{CAMPAIGN_ID}-survey-331181100" not in shown, "no run of it was ever made here"


def test_page_of_a_run_that_is_done_says_so_and_is_not_worth_a_new_one(
    submitting: Store, campaign: Campaign
) -> None:
    with submitting.writing() as session:
        session.get_one(CarrierRow, ("survey", f"{CAMPAIGN_ID}/331181100")).flow_run_id = RUN

    survey = pages_of(submitting, local(campaign, 10, 25))[f"{CAMPAIGN_ID}-survey-331181100"]

    assert (survey.run_id, survey.title, survey.ended) == (RUN, prefect_pages.ENDED, True)


def test_look_again_is_empty_until_anything_happened(submitting: Store, campaign: Campaign) -> None:
    now, looking = local(campaign, 10, 25), Showing(submitting)

    first, second = looking.look(now=now), looking.look(now=now)
    with submitting.writing() as session:
        audit.note(session, at=now, actor="system", act="test", subject="test")

    assert ([bool(first), second], len(looking.look(now=now))) == ([True, []], len(first))
