"""What the calendar demands: rungs once, one message per town, silence that lapses, the next instant."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from actions.duties import reminders as reminder_acts
from actions.duties.duties import Owed, open_duty
from actions.review.gates import Question, open_gate
from actions.runs import tick
from records.campaign.villages import count_villages
from records.copies.dump import lines_of, rows_of
from records.duties.duties import duties_due, open_duties
from records.store import Store
from records.tables.dossiers import UploadRow
from records.tables.messages import OutboxRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, HandIn, judge, local

Told = list[tuple[str, str, list[str]]]


def fire(store: Store, now: datetime) -> int:
    return reminder_acts.fire_rungs(store, campaign_id=CAMPAIGN_ID, now=now)


def reminders(store: Store) -> Told:
    """(template, person, what is missing) of every reminder written so far."""
    with store.reading() as session:
        lines = lines_of(session, OutboxRow, ["template", "person_id", "facts"])
    wanted = [line for line in lines if str(line[0]).endswith(("_reminder", "_late"))]
    return sorted((template, person, facts["missing"]) for template, person, facts in wanted)


BOTH, ONE = ["第一村", "第四村"], ["小查田村"]


def test_rung_fires_once_with_one_message_per_town_and_kind(submitting: Store, campaign: Campaign) -> None:
    fired = [fire(submitting, local(campaign, 11, 8, hour)) for hour in (8, 9, 10)]

    assert fired == [0, 5, 0]
    assert reminders(submitting) == [
        ("dossier_reminder", "clerk-331181100", BOTH),
        ("dossier_reminder", "clerk-331181103", ONE),
        ("paper_reminder", "clerk-331181100", BOTH),
        ("paper_reminder", "clerk-331181103", ONE),
    ]


def test_rungs_missed_in_an_outage_only_let_the_last_one_speak(submitting: Store, campaign: Campaign) -> None:
    fired = fire(submitting, local(campaign, 11, 16))

    assert fired == 5 * 5
    assert reminders(submitting) == [
        ("dossier_late", "head-331181100", BOTH),
        ("dossier_late", "head-331181103", ONE),
        ("paper_late", "head-331181100", BOTH),
        ("paper_late", "head-331181103", ONE),
    ]


def test_last_rung_repeats_every_day_until_the_duty_ends(submitting: Store, campaign: Campaign) -> None:
    days = [fire(submitting, local(campaign, 11, day)) for day in (18, 19, 20)]

    assert days == [6 * 5, 5, 5]
    assert {person for _, person, _ in reminders(submitting)} == {"coordinator-1"}


def test_rung_of_a_duty_that_ended_is_silent(submitting: Store, hand_in: HandIn, campaign: Campaign) -> None:
    upload = hand_in()
    assert isinstance(upload, UploadRow)
    judge(submitting, upload, now=local(campaign, 11, 2))

    fire(submitting, local(campaign, 11, 8))

    assert ("dossier_reminder", "clerk-331181100", ["第四村"]) in reminders(submitting)


@pytest.fixture
def asked(opened: Store, campaign: Campaign) -> Store:
    """One reviewer asked about two villages of one town on 16 November, due on the 19th."""
    with opened.writing() as session:
        for village in campaign.villages[:2]:
            question = Question(
                name="desk_review",
                subject=f"{CAMPAIGN_ID}/{village.code}",
                content_hash="0" * 64,
                carrier=("verification", f"{CAMPAIGN_ID}/{village.code}"),
                asked={"初审": "reviewer-2"},
                about=f"八都镇{village.name}",
                town_code=village.town_code,
                village_code=village.code,
            )
            open_gate(session, campaign, question, attempt=1, now=local(campaign, 11, 16))
    return opened


def test_reminder_about_several_gates_names_every_one_of_them(asked: Store, campaign: Campaign) -> None:
    fire(asked, local(campaign, 11, 18))

    with asked.reading() as session:
        lines = lines_of(session, OutboxRow, ["template", "person_id", "facts"])
    told = [(who, facts["subject"]) for template, who, facts in lines if template == "gate_reminder"]
    assert told == [("reviewer-2", "八都镇第一村、八都镇第四村")]


def test_bureau_duty_escalates_and_never_lapses(asked: Store, campaign: Campaign) -> None:
    fire(asked, local(campaign, 11, 20))
    for day in (21, 22, 23):
        fire(asked, local(campaign, 11, day))
    fire(asked, local(campaign, 11, 24))

    lapsed = reminder_acts.lapse_locked(asked, campaign_id=CAMPAIGN_ID, now=local(campaign, 12, 20))

    late = [(template, who, seats) for template, who, seats in reminders(asked) if template == "gate_late"]
    assert late == [("gate_late", "coordinator-1", ["初审"]), ("gate_late", "leader-1", ["初审"])]
    assert lapsed == 0


def test_silent_town_lapses_after_the_lock_date(submitting: Store) -> None:
    lock_at = _lock(submitting)
    at_lock = reminder_acts.lapse_locked(submitting, campaign_id=CAMPAIGN_ID, now=lock_at)

    after = reminder_acts.lapse_locked(
        submitting, campaign_id=CAMPAIGN_ID, now=lock_at + timedelta(seconds=1)
    )

    with submitting.reading() as session:
        assert (at_lock, after, open_duties(session, CAMPAIGN_ID)) == (0, 5, [])
        assert count_villages(session, CAMPAIGN_ID) == {"lapsed": 3}


def _lock(store: Store) -> datetime:
    with store.reading() as session:
        lock_at = open_duties(session, CAMPAIGN_ID, kind="dossier")[0].lock_at
        assert lock_at is not None
        return lock_at


def test_dossier_received_in_time_survives_an_outage_over_the_lock_date(
    submitting: Store, hand_in: HandIn, campaign: Campaign
) -> None:
    lock_at = _lock(submitting)
    upload = hand_in(now=local(campaign, 11, 15))
    assert isinstance(upload, UploadRow)

    lapsed = reminder_acts.lapse_locked(submitting, campaign_id=CAMPAIGN_ID, now=lock_at + timedelta(days=1))

    assert lapsed == 4
    assert judge(submitting, upload, now=lock_at + timedelta(days=1)) == "accepted"


def test_next_instant_is_the_next_rung_then_the_lapse(submitting: Store, campaign: Campaign) -> None:
    def following(after: datetime) -> datetime | None:
        with submitting.reading() as session:
            return tick.next_instant(session, CAMPAIGN_ID, after=after)

    lock_at = _lock(submitting)

    assert following(local(campaign, 10, 24)) == local(campaign, 11, 8, 9)
    assert following(local(campaign, 11, 8, 9)) == local(campaign, 11, 12, 9)
    assert following(local(campaign, 11, 18, 9)) == lock_at + timedelta(seconds=1)


def test_stage_whose_date_has_come_rings_the_campaign(submitting: Store, campaign: Campaign) -> None:
    rung = [
        tick.ring_due_stages(submitting, campaign_id=CAMPAIGN_ID, now=moment)
        for moment in (local(campaign, 11, 16, 8), local(campaign, 11, 16, 9))
    ]

    assert rung == [False, True]
    assert tick.open_campaigns(submitting) == [CAMPAIGN_ID]


def moments(store: Store) -> set[datetime | None]:
    with store.reading() as session:
        return {duty.next_at for duty in open_duties(session, CAMPAIGN_ID)}


def test_tick_keeps_when_each_duty_is_next_asked_about(submitting: Store, campaign: Campaign) -> None:
    unknown = moments(submitting)

    fire(submitting, local(campaign, 11, 8))
    known = moments(submitting)

    assert (unknown, known) == ({None}, {local(campaign, 11, 12, 9)})


@pytest.mark.parametrize("changes", ["due_at", "lock_at", "generation"])
def test_whatever_moves_a_duty_lets_its_next_moment_be_reckoned_anew(
    submitting: Store, campaign: Campaign, changes: str
) -> None:
    fire(submitting, local(campaign, 11, 8))
    with submitting.writing() as session:
        for duty in open_duties(session, CAMPAIGN_ID):
            was = getattr(duty, changes)
            setattr(duty, changes, was + 1 if isinstance(was, int) else was + timedelta(days=2))

    assert moments(submitting) == {None}


def test_duty_that_is_not_due_is_not_even_read(submitting: Store, campaign: Campaign) -> None:
    fire(submitting, local(campaign, 11, 8))

    with submitting.reading() as session:
        looked_at = duties_due(session, CAMPAIGN_ID, now=local(campaign, 11, 11))

    assert looked_at == []


def test_leader_of_many_villages_gets_one_mail_that_lists_them(submitting: Store, campaign: Campaign) -> None:
    with submitting.writing() as session:
        for n in range(40):
            town = campaign.towns[n % len(campaign.towns)]
            owed = Owed(
                key=f"visit:{n}", kind="visit", carrier=("verification", f"{CAMPAIGN_ID}/{n}"),
                town_code=town.code, role="reviewer", person_id="reviewer-2",
                due_at=campaign.end_of(local(campaign, 11, 20).date()), facts={"village": f"第{n + 1}村"},
            )  # fmt: skip
            open_duty(session, campaign, owed, now=local(campaign, 11, 16))
    for day in (20, 21, 22, 23):
        fire(submitting, local(campaign, 11, day))

    with submitting.reading() as session:
        told = [
            row
            for row in sorted(rows_of(session, OutboxRow), key=lambda one: one.id)
            if row.template in ("visit_reminder", "visit_late")
        ]
    assert [(row.template, row.person_id) for row in told] == [
        ("visit_reminder", "reviewer-2"),
        ("visit_late", "coordinator-1"),
    ]
    assert (told[0].facts["village"][-4:], len(told[0].facts["every"])) == ("等40项", 40)
