"""An extension offered with its price, granted, or refused because a promise would break."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from actions.dossiers.paper import record_paper
from actions.duties import reminders
from actions.duties.duties import moved_along
from actions.duties.extensions import Offer, grant, lines_of, offer
from actions.duties.posting import TITLES
from records.copies.dump import rows_of
from records.duties.duties import duty_with_key
from records.store import Store
from records.tables.campaign import VillageRow
from records.tables.dossiers import UploadRow
from records.tables.duties import DutyRow, ExtensionRow
from records.tables.messages import OutboxRow
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, HandIn, judge, local

KEY = "dossier:331181100200"


def duty(store: Store, key: str = KEY) -> DutyRow:
    with store.reading() as session:
        found = duty_with_key(session, CAMPAIGN_ID, key)
        assert found is not None
        return found


def offered(store: Store, until: date, *, now: datetime, lock: date | None = None, key: str = KEY) -> Offer:
    with store.reading() as session:
        found = offer(session, duty(store, key).id, until=until, lock=lock, now=now)
    assert isinstance(found, Offer)
    return found


def test_offer_writes_nothing_and_says_what_moves(submitting: Store, campaign: Campaign) -> None:
    found = offered(submitting, date(2020, 11, 18), now=local(campaign, 11, 14))

    assert lines_of(found, campaign) == [
        "八都镇第一村申报材料：11月15日(星期日)延至11月18日(星期三)",
        "停止受理：11月18日(星期三)",
        "八都镇纸质材料：由11月15日(星期日)一并延至11月18日(星期三)",
        "“核查认定”11月25日(星期三)截止，其间工作日由7个减为5个",
        "材料初审(用足期限)：由11月19日(星期四)推至11月23日(星期一)",
        "现场核查(用足期限)：由11月26日(星期四)推至11月30日(星期一)，晚于截止日",
        "龙泉市级认定(用足期限)：由11月30日(星期一)推至12月2日(星期三)，晚于截止日",
        "最晚可延至：11月22日(星期日)",
    ]
    assert duty(submitting).due_at == campaign.end_of(date(2020, 11, 15))


def test_granted_offer_moves_due_and_lock_date(submitting: Store, campaign: Campaign) -> None:
    now = local(campaign, 11, 14)
    found = offered(submitting, date(2020, 11, 17), lock=date(2020, 11, 19), now=now)

    refused = grant(submitting, offered=found, by="coordinator-1", reason="暴雨停电", anyway=False, now=now)

    after = duty(submitting)
    assert refused is None
    assert (after.due_at, after.lock_at) == (
        campaign.end_of(date(2020, 11, 17)), campaign.end_of(date(2020, 11, 19))
    )  # fmt: skip


def test_offer_that_breaks_a_promise_is_granted_only_anyway_and_says_so(
    submitting: Store, campaign: Campaign
) -> None:
    now = local(campaign, 11, 14)
    found = offered(submitting, date(2020, 11, 24), now=now)

    outcomes = [
        grant(submitting, offered=found, by="coordinator-1", reason="暴雨停电", anyway=anyway, now=now)
        for anyway in (False, True)
    ]

    with submitting.reading() as session:
        [row] = rows_of(session, ExtensionRow)
    assert isinstance(outcomes[0], Refused)
    assert (outcomes[0].code, "最晚可延至11月22日(星期日)" in outcomes[0].reason) == ("infeasible", True)
    assert outcomes[1] is None
    assert row.reason.startswith("暴雨停电（明知：“核查认定”须于2020-11-25前完成")


@pytest.mark.parametrize(
    ("by", "reason", "code"), [("leader-1", "停电", "not_coordinator"), ("coordinator-1", " ", "no_reason")]
)
def test_grant_by_the_wrong_person_or_without_a_reason_is_refused(
    submitting: Store, campaign: Campaign, by: str, reason: str, code: str
) -> None:
    now = local(campaign, 11, 14)
    found = offered(submitting, date(2020, 11, 24), now=now)

    refused = grant(submitting, offered=found, by=by, reason=reason, anyway=True, now=now)

    assert isinstance(refused, Refused)
    assert refused.code == code


def test_lapsed_duty_is_offered_from_today(submitting: Store, campaign: Campaign) -> None:
    now = local(campaign, 11, 19)
    assert reminders.lapse_locked(submitting, campaign_id=CAMPAIGN_ID, now=now) == 5

    found = offered(submitting, date(2020, 11, 20), now=now)

    assert (found.state, found.price.workdays_before, found.price.workdays_left) == ("lapsed", 4, 3)


def test_village_given_more_time_after_its_lapse_takes_part_again_until_it_lapses_again(
    submitting: Store, campaign: Campaign
) -> None:
    code, states = KEY.partition(":")[2], []
    for lapsed_on, given_until in ((19, 20), (23, 24), (26, 27)):
        now = local(campaign, 11, lapsed_on)
        reminders.lapse_locked(submitting, campaign_id=CAMPAIGN_ID, now=now)
        states.append(_state_of(submitting, code))
        found = offered(submitting, date(2020, 11, given_until), now=now)
        assert (
            grant(submitting, offered=found, by="coordinator-1", reason="道路中断", anyway=True, now=now)
            is None
        )
        states.append(_state_of(submitting, code))

    assert states == ["lapsed", "taking_part"] * 3


def _state_of(store: Store, code: str) -> str:
    with store.reading() as session:
        return session.get_one(VillageRow, (CAMPAIGN_ID, code)).state


def test_bureaus_duty_keeps_no_lock_date(submitting: Store, at_desk: GateRow, campaign: Campaign) -> None:
    found = offered(
        submitting,
        date(2020, 11, 20),
        now=local(campaign, 11, 17),
        key=f"gate:desk_review:{at_desk.subject}#1:初审",
    )

    assert (found.lock_at, [step.title for step in found.price.steps]) == (None, ["现场核查", "龙泉市级认定"])


@pytest.mark.parametrize(
    ("until", "lock", "code"),
    [
        (date(2020, 11, 18), date(2020, 11, 17), "lock_before_due"),
        (date(2020, 11, 15), None, "not_later"),
        (date(2023, 1, 5), None, "calendar_unpublished"),
    ],
)
def test_dates_that_make_no_sense_get_no_offer(
    submitting: Store, campaign: Campaign, until: date, lock: date | None, code: str
) -> None:
    with submitting.reading() as session:
        refused = offer(session, duty(submitting).id, until=until, lock=lock, now=local(campaign, 11, 14))

    assert isinstance(refused, Refused)
    assert refused.code == code


def test_unknown_duty_gets_no_offer(submitting: Store, campaign: Campaign) -> None:
    with submitting.reading() as session:
        refused = offer(session, 999, until=date(2020, 11, 20), now=local(campaign, 11, 14))

    assert isinstance(refused, Refused)
    assert refused.code == "no_such_duty"


def test_granted_extension_is_told_to_whoever_holds_the_duty(submitting: Store, campaign: Campaign) -> None:
    now = local(campaign, 11, 14)
    found = offered(submitting, date(2020, 11, 17), now=now)

    grant(submitting, offered=found, by="coordinator-1", reason="暴雨停电", anyway=False, now=now)

    with submitting.reading() as session:
        [told] = [row for row in rows_of(session, OutboxRow) if row.template == "duty_extended"]
    assert told.person_id == "clerk-331181100"
    assert (told.facts["village"], told.facts["subject"], told.facts["due"]) == (
        "第一村", "申报材料", "11月17日(星期二)"
    )  # fmt: skip


PAPER = "paper:331181100"


def test_paper_copies_move_with_the_dossier_and_are_taken_until_its_end(
    submitting: Store, hand_in: HandIn, campaign: Campaign
) -> None:
    until, now = date(2020, 11, 20), local(campaign, 11, 14)
    found = offered(submitting, until, now=now)
    grant(submitting, offered=found, by="coordinator-1", reason="停电", anyway=True, now=now)
    late = local(campaign, 11, 19)
    reminders.lapse_locked(submitting, campaign_id=CAMPAIGN_ID, now=late)
    upload = hand_in(now=late, host_now=late)
    assert isinstance(upload, UploadRow)
    judge(submitting, upload, now=late)

    refused = record_paper(
        submitting,
        campaign_id=CAMPAIGN_ID,
        town_code="331181100",
        by="coordinator-1",
        now=local(campaign, 11, 20),
    )

    with submitting.reading() as session:
        [mail] = [row for row in rows_of(session, OutboxRow) if row.template == "dossier_accepted"]
        paper = duty_with_key(session, CAMPAIGN_ID, PAPER)
    assert paper is not None
    assert (refused, paper.state, paper.due_at) == (None, "done", campaign.end_of(until))
    assert mail.facts["due"] == "11月20日(星期五)"


@pytest.mark.parametrize(("kind", "moves"), [("dossier", True), ("paper", False), ("survey", False)])
def test_only_what_cannot_be_kept_otherwise_moves_along(
    submitting: Store, campaign: Campaign, kind: str, moves: bool
) -> None:
    key = {"dossier": KEY, "paper": PAPER, "survey": "survey:331181100"}[kind]
    with submitting.reading() as session:
        found = duty_with_key(session, CAMPAIGN_ID, key)
        assert found is not None
        along = moved_along(session, found, due_at=campaign.end_of(date(2020, 11, 18)))

    assert (along is not None) is moves


def test_paper_copies_that_have_more_time_already_stay_where_they_are(
    submitting: Store, campaign: Campaign
) -> None:
    now = local(campaign, 11, 14)
    for key, day in ((PAPER, 21), (KEY, 18)):
        found = offered(submitting, date(2020, 11, day), now=now, key=key)
        grant(submitting, offered=found, by="coordinator-1", reason="停电", anyway=True, now=now)

    assert duty(submitting, PAPER).due_at == campaign.end_of(date(2020, 11, 21))


@pytest.mark.parametrize("kind", sorted(TITLES.keys() - {"gate"}))
def test_duty_of_every_kind_is_moved_or_says_why_not(
    submitting: Store, campaign: Campaign, kind: str
) -> None:
    """Also of a kind that nobody thought of here; gates are tried above."""
    with submitting.writing() as session:
        duty = rows_of(session, DutyRow)[0]
        row = session.get_one(DutyRow, duty.id)
        row.kind, row.carrier_kind = kind, "award" if kind == "revision" else row.carrier_kind
    with submitting.reading() as session:
        offered = offer(session, duty.id, until=date(2020, 11, 20), now=local(campaign, 11, 10))

    unmoved = {"calendar", "accounts"}
    assert (isinstance(offered, Refused) and offered.code == "not_extendable") is (kind in unmoved)
