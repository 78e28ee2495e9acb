"""The ledger of time: what a town was given, what a return took, what the bureau lost."""

from __future__ import annotations

from datetime import date, timedelta

from actions.duties import duties
from actions.overview.time_ledger import Entry, time_ledger
from records.copies.dump import rows_of
from records.duties.duties import duty_with_key
from records.store import Store
from records.tables.duties import DutyRow
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, decide_latest, local

TOWN = "331181100"


def ledger(store: Store, campaign: Campaign, day: int) -> list[Entry]:
    with store.reading() as session:
        return time_ledger(session, CAMPAIGN_ID, now=local(campaign, 11, day))


def test_extension_of_a_town_stands_with_its_days_and_reason(submitting: Store, campaign: Campaign) -> None:
    with submitting.reading() as session:
        paper = duty_with_key(session, CAMPAIGN_ID, f"paper:{TOWN}")
    assert paper is not None
    until = paper.due_at.replace(day=18)

    before = ledger(submitting, campaign, 10)
    done = duties.extend(
        submitting, duty_id=paper.id, by="coordinator-1", due_at=until, lock_at=until, reason="大雨。",
        now=local(campaign, 11, 10),
    )  # fmt: skip

    assert (before, done) == ([], None)
    [entry] = ledger(submitting, campaign, 11)
    assert (entry.kind, entry.town, entry.what, entry.reason) == ("extension", "八都镇", "纸质材料", "大雨。")
    assert (entry.on, entry.since, entry.until, entry.days) == (
        date(2020, 11, 10), date(2020, 11, 15), date(2020, 11, 18), 3,
    )  # fmt: skip


def test_more_time_for_a_reviewer_and_why_stands_in_no_ledger_of_towns(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    with submitting.reading() as session:
        [seat] = [one for one in rows_of(session, DutyRow) if one.kind == "gate" and one.state == "open"]
    until = seat.due_at + timedelta(days=1)
    done = duties.extend(
        submitting, duty_id=seat.id, by="coordinator-1", due_at=until, lock_at=None, reason="审核人员住院。",
        now=local(campaign, 11, 10),
    )  # fmt: skip

    assert (at_desk.state, done) == ("open", None)
    assert ledger(submitting, campaign, seat.due_at.astimezone(campaign.zone).day) == []


def test_return_and_a_late_bureau_stand_until_answered(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    due = at_desk.due_at.astimezone(campaign.zone).day
    on_time, late = ledger(submitting, campaign, due), ledger(submitting, campaign, due + 2)
    with submitting.reading() as session:
        [seat] = [one for one in rows_of(session, DutyRow) if one.kind == "gate" and one.state == "open"]

    decide_latest(
        submitting, "desk_review", at_desk.subject, by=seat.person_id, answer="return", reason="材料不清。"
    )

    assert on_time == []
    assert [(one.kind, one.what, one.days) for one in late] == [
        ("delay", campaign.gate("desk_review").title, 2)
    ]
    assert {one.kind for one in ledger(submitting, campaign, due + 2)} <= {"return", "delay"}
