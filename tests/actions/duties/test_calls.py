"""The coordinator's list of whom to call, and what a call changes of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import inspect

from actions.duties.calls import Callee, call_list, in_words, record_call, set_telephone
from records.copies.dump import rows_of
from records.store import Store
from records.tables.campaign import CampaignRow
from records.tables.duties import DutyRow
from records.tables.messages import OutboxRow
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, local

TOWN, CLERK = "331181100", "clerk-331181100"


@pytest.fixture
def now(campaign: Campaign) -> datetime:
    """Three days before the dossiers are due."""
    return local(campaign, 11, 12)


def listed(store: Store, now: datetime) -> dict[str, Callee]:
    with store.reading() as session:
        return {one.town_code: one for one in call_list(session, CAMPAIGN_ID, now=now)}


def call(store: Store, now: datetime, **changed: Any) -> Refused | None:
    usual: dict[str, Any] = {
        "town_code": TOWN,
        "person_id": CLERK,
        "outcome": "reached",
        "note": "明天报。",
        "promised_on": None,
        "by": "coordinator-1",
    }
    return record_call(store, campaign_id=CAMPAIGN_ID, now=now, **{**usual, **changed})


def test_towns_that_handed_nothing_in_are_listed_by_town_with_telephone_and_reasons(
    submitting: Store, campaign: Campaign, now: datetime
) -> None:
    refused = set_telephone(
        submitting, person_id=CLERK, telephone=" 0578-7212345 ", by="coordinator-1", now=now
    )

    early, found = listed(submitting, now - timedelta(days=9)), listed(submitting, now)

    assert (refused, early) == (None, {})
    assert list(found) == [town.code for town in campaign.towns]
    assert (found[TOWN].person_id, found[TOWN].telephone, found[TOWN].settled) == (
        CLERK,
        "0578-7212345",
        False,
    )
    assert {late.reasons for late in found[TOWN].late} == {
        ("从未登录", "一次也没有上传"),
        ("从未登录", "还没有登记寄送"),
    }


def test_town_that_was_reached_is_put_aside_until_the_next_day(submitting: Store, now: datetime) -> None:
    assert call(submitting, now) is None

    aside, again = listed(submitting, now + timedelta(hours=3)), listed(submitting, now + timedelta(hours=21))

    assert aside[TOWN].settled
    assert list(aside)[-1] == TOWN
    assert not again[TOWN].settled
    assert again[TOWN].last is not None
    assert list(in_words(again[TOWN].last)) == ["已联系", "明天报。"]


def test_promise_holds_until_its_day_has_passed(submitting: Store, now: datetime) -> None:
    promised = date(2020, 11, 13)
    assert call(submitting, now, outcome="promised", promised_on=promised, note="") is None

    kept, broken = listed(submitting, now + timedelta(days=1)), listed(submitting, now + timedelta(days=2))

    assert (kept[TOWN].settled, broken[TOWN].settled) == (True, False)
    assert kept[TOWN].last is not None
    assert list(in_words(kept[TOWN].last)) == ["已答应办理日期", "11月13日前"]


def test_mails_that_were_lost_are_told(submitting: Store, now: datetime) -> None:
    with submitting.writing() as session:
        [first, *_] = [one for one in rows_of(session, OutboxRow) if one.person_id == CLERK]
        first.state = "failed"

    [*reasons] = {why for late in listed(submitting, now)[TOWN].late for why in late.reasons}

    assert "有1封邮件没有送达" in reasons
    assert not any("上次活动" in why for why in reasons)


def test_who_was_late_in_the_campaign_before_is_told(submitting: Store, now: datetime) -> None:
    with submitting.writing() as session:
        this = session.get_one(CampaignRow, CAMPAIGN_ID)
        before = {column.key: getattr(this, column.key) for column in inspect(CampaignRow).columns}
        session.add(CampaignRow(**{**before, "id": "county-2019", "opened_at": now - timedelta(days=365)}))
        session.flush()
        [duty] = [one for one in rows_of(session, DutyRow) if one.key == f"{CAMPAIGN_ID}:paper:{TOWN}"]
        lapsed = {
            column.key: getattr(duty, column.key) for column in inspect(DutyRow).columns if column.key != "id"
        }
        session.add(
            DutyRow(**{**lapsed, "campaign_id": "county-2019", "key": "county-2019:paper", "state": "lapsed"})
        )

    found = listed(submitting, now)

    assert {late.reasons[-1] for late in found[TOWN].late} == {"上次活动有1项逾期或未办"}
    assert not any("上次活动" in why for late in found["331181103"].late for why in late.reasons)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"by": CLERK}, "not_coordinator"),
        ({"town_code": "999"}, "owes_nothing"),
        ({"person_id": "nobody"}, "owes_nothing"),
        ({"person_id": "clerk-331181103"}, "owes_nothing"),
        ({"person_id": "reviewer-1"}, "owes_nothing"),
        ({"outcome": "promised"}, "no_promise"),
    ],
)
def test_call_that_cannot_be_is_refused_and_changes_nothing(
    submitting: Store, now: datetime, changed: dict[str, Any], code: str
) -> None:
    refused = call(submitting, now, **changed)

    assert isinstance(refused, Refused)
    assert (refused.code, listed(submitting, now)[TOWN].last) == (code, None)


@pytest.mark.parametrize(("by", "code"), [(CLERK, ""), ("clerk-331181103", "not_coordinator")])
def test_telephone_is_ones_own_or_the_coordinators_to_say(
    submitting: Store, now: datetime, by: str, code: str
) -> None:
    refused = set_telephone(submitting, person_id=CLERK, telephone="0578-1", by=by, now=now)

    assert (refused.code if refused else "") == code


def test_call_to_one_person_of_a_town_leaves_the_other_on_the_list(submitting: Store, now: datetime) -> None:
    head = "head-331181100"
    with submitting.writing() as session:
        [paper] = [one for one in rows_of(session, DutyRow) if one.key == f"{CAMPAIGN_ID}:paper:{TOWN}"]
        session.get_one(DutyRow, paper.id).person_id = head

    assert call(submitting, now) is None

    with submitting.reading() as session:
        found = call_list(session, CAMPAIGN_ID, now=now)
    assert {one.person_id: one.settled for one in found if one.town_code == TOWN} == {
        CLERK: True,
        head: False,
    }
