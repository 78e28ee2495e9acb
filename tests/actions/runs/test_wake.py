"""A run's wake, sleep and end: what stays rung, and what is said about the wait."""

from __future__ import annotations

from actions.campaign import stages
from actions.runs import wake as wake_acts
from records.runs import bells, carriers
from records.runs.bells import Call
from records.store import Store
from records.tables.review import GateRow
from records.tables.runs import CarrierRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, local

SUBJECT = f"{CAMPAIGN_ID}/331181100200"
TOWN = f"{CAMPAIGN_ID}/331181100"


def carrier_of(store: Store, kind: str, subject: str) -> CarrierRow:
    with store.reading() as session:
        carrier = carriers.find(session, kind, subject)
        assert carrier is not None
        return carrier


def calls(store: Store, kind: str) -> list[Call]:
    with store.reading() as session:
        return [call for call in bells.waiting(session) if call.kind == kind]


def test_bell_rung_while_a_run_is_awake_stays(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    wake = wake_acts.begin_wake(submitting, "verification", SUBJECT)
    with submitting.writing() as session:
        bells.ring(
            session, kind="verification", subject=SUBJECT, cause="meanwhile", at=local(campaign, 11, 17)
        )

    wake_acts.record_sleep(submitting, wake, now=local(campaign, 11, 17))

    [call] = calls(submitting, "verification")
    assert call.bell_id > wake.heard


def test_bells_heard_before_a_sleep_are_answered(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    wake = wake_acts.begin_wake(submitting, "verification", SUBJECT)

    sleep = wake_acts.record_sleep(submitting, wake, now=local(campaign, 11, 17))

    carrier = carrier_of(submitting, "verification", SUBJECT)
    assert calls(submitting, "verification") == []
    assert (carrier.state, carrier.sleep_key, carrier.gate_id) == ("asleep", sleep.key, at_desk.id)
    assert carrier.wakes == 1


def test_sleeps_of_one_run_never_share_a_key(submitting: Store, at_desk: GateRow, campaign: Campaign) -> None:
    keys = {
        wake_acts.record_sleep(
            submitting,
            wake_acts.begin_wake(submitting, "verification", SUBJECT),
            now=local(campaign, 11, 17),
        ).key
        for _ in range(3)
    }

    assert len(keys) == 3


def test_wait_for_a_gate_is_told_with_roles_and_never_with_names(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    wake = wake_acts.begin_wake(submitting, "verification", SUBJECT)

    told = wake_acts.record_sleep(submitting, wake, now=local(campaign, 11, 20)).waits_for

    assert told == (
        "八都镇第一村材料初审：11月16日(星期一)起待办；由审核人员办理，已4个工作日；"
        "11月19日(星期四)截止，已逾期1个工作日；11月24日(星期二)09:00再提醒局分管领导。"
    )
    assert not [person for person in campaign.people if person.name in told or person.id in told]


def test_wait_for_several_duties_names_the_first_and_counts_the_others(
    submitting: Store, campaign: Campaign
) -> None:
    wake = wake_acts.begin_wake(submitting, "submission", TOWN)

    told = wake_acts.record_sleep(submitting, wake, now=local(campaign, 10, 25)).waits_for

    assert told.startswith("八都镇第一村申报材料：尚未上报；由乡镇(街道)经办人办理；11月15日(星期日)截止；")
    assert told.endswith("；另有2项待办。")


def test_wait_for_the_calendar_names_the_stage(opened: Store, campaign: Campaign) -> None:
    wake = wake_acts.begin_wake(opened, "campaign", CAMPAIGN_ID)

    told = wake_acts.record_sleep(opened, wake, now=local(campaign, 10, 20)).waits_for

    assert told == "“调查摸底”进行中，10月23日(星期五)截止；全部办结或到期后进入下一阶段。"


def test_run_that_ends_last_of_its_stage_rings_the_campaign(opened: Store, campaign: Campaign) -> None:
    rung = []
    for town in campaign.towns:
        wake_acts.record_end(
            opened,
            wake_acts.begin_wake(opened, "survey", f"{CAMPAIGN_ID}/{town.code}"),
            now=local(campaign, 10, 22),
        )
        rung.append(calls(opened, "campaign")[0].bell_id)

    assert rung[1] > rung[0]
    assert calls(opened, "survey") == []
    assert stages.close_due_stage(opened, campaign_id=CAMPAIGN_ID, now=local(campaign, 10, 22)) == "survey"
