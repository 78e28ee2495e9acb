"""Each trouble planted in the records is found, alone, and mended where it can be."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from actions.campaign import survey
from actions.upkeep.troubles import Trouble, carrier_troubles, duty_troubles, mail_troubles
from records import audit
from records.runs import bells
from records.store import Store
from records.tables.duties import DutyRow
from records.tables.messages import OutboxRow
from records.tables.people import PersonRow
from records.tables.review import GateRow
from records.tables.runs import BellRow, CarrierRow
from records.tables.upkeep import AuditRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, HandIn, decide_latest, local
from tests.conftest import rows_of


def calm(store: Store) -> None:
    """As if a worker had heard every bell and a sender had sent every message."""
    with store.writing() as session:
        session.execute(update(BellRow).values(answered=True))
        session.execute(update(OutboxRow).values(state="sent"))
        session.execute(update(CarrierRow).where(CarrierRow.state == "new").values(state="asleep"))


@pytest.fixture
def now(campaign: Campaign) -> datetime:
    return local(campaign, 10, 24, 11)


@pytest.fixture
def healthy(submitting: Store) -> Store:
    """On 24 October dossiers are owed, everything else is done."""
    calm(submitting)
    return submitting


def found(store: Store, now: datetime) -> list[Trouble]:
    return [
        *carrier_troubles(store, now=now),
        *duty_troubles(store, now=now),
        *mail_troubles(store, now=now, mail_is_set=True),
    ]


def the_one(store: Store, now: datetime, code: str) -> Trouble:
    [trouble] = found(store, now)
    assert trouble.code == code
    assert all((trouble.what, trouble.where, trouble.remedy))
    return trouble


def mend(trouble: Trouble) -> None:
    assert trouble.mend is not None
    trouble.mend()


def a_town(campaign: Campaign) -> tuple[str, str]:
    return "submission", f"{CAMPAIGN_ID}/{campaign.towns[0].code}"


def stands(store: Store, carrier: tuple[str, str]) -> tuple[str, int, bool]:
    """State, generation, and whether it has been rung."""
    with store.reading() as session:
        row = session.get_one(CarrierRow, carrier)
        return row.state, row.generation, carrier in bells.subjects_rung(session)


def change(store: Store, carrier: tuple[str, str], **values: object) -> None:
    with store.writing() as session:
        row = session.get_one(CarrierRow, carrier)
        for name, value in values.items():
            setattr(row, name, value)


def test_healthy_campaign_has_no_trouble(healthy: Store, now: datetime) -> None:
    assert found(healthy, now) == []


def test_bell_is_a_trouble_once_it_has_rung_for_a_quarter_of_an_hour(
    healthy: Store, campaign: Campaign, now: datetime
) -> None:
    kind, subject = a_town(campaign)
    with healthy.writing() as session:
        bells.ring(session, kind=kind, subject=subject, cause="test", at=now)

    assert found(healthy, now + timedelta(minutes=15)) == []
    assert "16分钟" in the_one(healthy, now + timedelta(minutes=16), "bell_unanswered").what


def test_carrier_given_up_is_started_anew_by_repair(
    healthy: Store, campaign: Campaign, now: datetime
) -> None:
    change(healthy, a_town(campaign), state="parked", cause="failed", replaced=4)

    mend(the_one(healthy, now, "parked"))

    assert stands(healthy, a_town(campaign)) == ("new", 2, True)
    assert [(row.actor, row.act) for row in rows_of(healthy, AuditRow)][-1] == ("operator", "repair")


def test_carrier_asleep_behind_a_decided_gate_is_rung_by_repair(
    at_desk: GateRow, submitting: Store, campaign: Campaign
) -> None:
    carrier, opened = (at_desk.carrier_kind, at_desk.carrier_subject), at_desk.opened_at
    change(submitting, carrier, gate_id=at_desk.id)
    calm(submitting)
    assert [one.code for one in carrier_troubles(submitting, now=opened)] == ["tick_late"]
    decide_latest(submitting, "desk_review", at_desk.subject, by="reviewer-2", answer="pass")
    calm(submitting)

    asleep, _ = carrier_troubles(submitting, now=opened)
    mend(asleep)

    assert (asleep.code, stands(submitting, carrier)) == ("asleep", ("asleep", 1, True))


def test_carrier_asleep_over_an_unchecked_upload_is_found(
    healthy: Store, hand_in: HandIn, campaign: Campaign, now: datetime
) -> None:
    hand_in(now=now)
    calm(healthy)

    assert "尚未校验" in the_one(healthy, now, "asleep").what


def test_carrier_asleep_with_nothing_owed_is_found(opened: Store, campaign: Campaign) -> None:
    now, town = local(campaign, 10, 21), campaign.towns[0]
    for one in campaign.towns:
        survey.ask_for_survey(opened, subject=f"{CAMPAIGN_ID}/{one.code}", now=now)
    codes = [village.code for village in campaign.villages if village.town_code == town.code]
    survey.confirm_survey(
        opened, campaign_id=CAMPAIGN_ID, town_code=town.code, villages=codes,
        by=f"clerk-{town.code}", now=now,
    )  # fmt: skip
    calm(opened)

    assert "待办已全部办结" in the_one(opened, now, "asleep").what


def test_duty_whose_run_thought_it_was_done_gets_another(
    healthy: Store, campaign: Campaign, now: datetime
) -> None:
    change(healthy, a_town(campaign), state="done")

    mend(the_one(healthy, now, "no_carrier"))

    assert stands(healthy, a_town(campaign)) == ("new", 2, True)


def test_duty_without_any_carrier_gets_one(healthy: Store, now: datetime) -> None:
    with healthy.writing() as session:
        session.scalars(select(DutyRow).where(DutyRow.state == "open")).first().carrier_subject = "nowhere"  # type: ignore[union-attr]

    mend(the_one(healthy, now, "no_carrier"))

    assert stands(healthy, ("submission", "nowhere")) == ("new", 1, True)


def test_tick_that_does_not_run_is_found_and_asked_for(healthy: Store, campaign: Campaign) -> None:
    later = local(campaign, 11, 9)

    trouble = the_one(healthy, later, "tick_late")
    mend(trouble)

    assert stands(healthy, ("tick", CAMPAIGN_ID)) == ("new", 1, True)


def test_duty_whose_holder_is_gone_is_named(healthy: Store, campaign: Campaign, now: datetime) -> None:
    with healthy.writing() as session:
        session.get_one(PersonRow, f"clerk-{campaign.towns[1].code}").active = False

    troubles = found(healthy, now)

    owed = [duty for duty in rows_of(healthy, DutyRow) if duty.state == "open"]
    of_town = sorted(duty.key for duty in owed if duty.town_code == campaign.towns[1].code)
    assert {trouble.code for trouble in troubles} == {"nobody_can_act"}
    assert [trouble.where for trouble in troubles] == of_town
    assert troubles[0].mend is None


def test_gate_whose_holder_filed_the_dossier_is_named(at_desk: GateRow, submitting: Store) -> None:
    with submitting.writing() as session:
        duty = session.scalars(select(DutyRow).where(DutyRow.kind == "gate")).one()
        session.get_one(PersonRow, duty.person_id).conflicts = [at_desk.town_code]

    troubles = duty_troubles(submitting, now=at_desk.opened_at)

    assert [(one.code, one.where) for one in troubles] == [("nobody_can_act", duty.key)]
    assert "回避" in troubles[0].what


def test_gate_whose_holder_has_not_its_role_is_named(at_desk: GateRow, submitting: Store) -> None:
    with submitting.writing() as session:
        duty = session.scalars(select(DutyRow).where(DutyRow.kind == "gate")).one()
        duty.person_id = "coordinator-1"

    troubles = duty_troubles(submitting, now=at_desk.opened_at)

    assert [(one.code, one.where) for one in troubles] == [("nobody_can_act", duty.key)]


def test_duty_without_a_ladder_is_named(healthy: Store, now: datetime) -> None:
    with healthy.writing() as session:
        session.scalars(select(DutyRow).where(DutyRow.state == "open")).first().kind = "unheard_of"  # type: ignore[union-attr]

    codes = [trouble.code for trouble in duty_troubles(healthy, now=now)]

    assert codes == ["no_next_rung"]


def test_failed_mails_of_one_cause_are_one_trouble_and_go_out_again_by_repair(
    healthy: Store, now: datetime
) -> None:
    with healthy.writing() as session:
        gone = list(session.scalars(select(OutboxRow).limit(2)))
        for row in gone:
            row.state, row.answer, row.attempts = "failed", "550 no such mailbox", 8

    trouble = the_one(healthy, now, "mail_failed")
    mend(trouble)

    waiting = [row for row in rows_of(healthy, OutboxRow) if row.state == "waiting"]
    assert (trouble.what, [row.attempts for row in waiting]) == (
        "2封邮件没有发出：550 no such mailbox",
        [0, 0],
    )
    with healthy.reading() as session:
        assert audit.verify(session).broken is None


@pytest.mark.parametrize(("mail_is_set", "code"), [(True, "mail_stuck"), (False, "mail_not_set")])
def test_mails_that_should_be_out_are_one_trouble(
    healthy: Store, now: datetime, mail_is_set: bool, code: str
) -> None:
    with healthy.writing() as session:
        session.execute(update(OutboxRow).values(state="waiting"))

    [trouble] = mail_troubles(healthy, now=now + timedelta(hours=1), mail_is_set=mail_is_set)

    assert (trouble.code, trouble.mend) == (code, None)
