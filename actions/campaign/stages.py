"""Stages: opened on their date, closed when everybody is done or their date has passed.

A stage does not wait for the one before it: while late towns still hand in, the villages that came in
time are reviewed, and each later one joins the stages that have opened meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from actions.lookup import campaign_of
from actions.steps import split_subject, subject_of
from config.failpoints import reach
from records import audit, outbox
from records.campaign.stages import all_closed, stages_in_order
from records.campaign.villages import count_villages, villages_of
from records.duties.duties import has_lapsed
from records.people import people
from records.review.reopenings import changes_of, is_reopened
from records.runs import bells, carriers
from records.store import Session, Store, repeatable
from records.tables.campaign import StageRow, VillageRow
from records.tables.runs import CarrierRow
from rules.campaign.campaign import STAGES, Campaign
from rules.campaign.states import TITLES, move
from rules.refusals import Refused

TOWN_STAGES = ("survey", "submission")
JOINING = ("survey", "submission", "verification")
"""Stages whose units pass from one to the next, each in its own time."""


@repeatable
def open_due_stage(store: Store, *, campaign_id: str, now: datetime) -> str | None:
    """Open the first waiting stage whose date has come; its name or None."""
    with store.writing() as session:
        row = next((row for row in stages_in_order(session, campaign_id) if row.state == "waiting"), None)
        if row is None or row.opens_at > now:
            return None
        state = move("stage", row.state, "open")
        assert not isinstance(state, Refused), state.reason
        row.state, row.opened_at = state, now
        for kind, code, label, tags in _subjects(session, campaign_of(session, campaign_id), row.name):
            _enlist(session, campaign_id, kind, code, label, tags, now=now)
        audit.note(session, at=now, actor="system", act="open_stage", subject=f"{campaign_id}/{row.name}")
        return row.name


def _subjects(session: Session, campaign: Campaign, stage: str) -> list[tuple[str, str, str, list[str]]]:
    """(kind, code, label, tags) of every run that a stage starts."""
    title = campaign.stage(stage).title
    if stage in TOWN_STAGES:
        return [
            (stage, town.code, f"{stage} · {town.name}", [campaign.id, title, town.name])
            for town in campaign.towns
            if stage == "survey"
            or villages_of(session, campaign.id, town_code=town.code, states=["taking_part"])
        ]
    if stage == "verification":
        submitted = villages_of(session, campaign.id, states=["submitted"])
        return [verification_run(campaign, village) for village in submitted]
    code = campaign.awards[0].level if stage == "award" else ""
    return [(stage, code, f"{stage} · {campaign.title}", [campaign.id, title])]


def join_submission(session: Session, campaign: Campaign, town_code: str, *, now: datetime) -> None:
    """A town that confirms its survey after the submission has opened joins it."""
    if session.get_one(StageRow, (campaign.id, "submission")).state == "waiting":
        return
    for kind, code, label, tags in _subjects(session, campaign, "submission"):
        if code == town_code:
            _enlist(session, campaign.id, kind, code, label, tags, now=now)


def _enlist(
    session: Session, campaign_id: str, kind: str, code: str, label: str, tags: list[str], *, now: datetime
) -> None:
    subject = subject_of(campaign_id, code)
    carriers.enlist(
        session, kind=kind, subject=subject, campaign_id=campaign_id, label=label, tags=tags, at=now
    )


def verification_run(campaign: Campaign, village: VillageRow) -> tuple[str, str, str, list[str]]:
    """(kind, code, label, tags) of a village's verification."""
    town = campaign.town(village.town_code).name
    label = f"verification · {town} · {village.name}"
    return ("verification", village.code, label, [campaign.id, campaign.stage("verification").title, town])


@repeatable
def close_due_stage(store: Store, *, campaign_id: str, now: datetime) -> str | None:
    """Close the first open stage whose runs are all done or whose lock date has passed; its name or None."""
    with store.writing() as session:
        row = next((row for row in stages_to_close(session, campaign_id, now)), None)
        if row is None:
            return None
        close_stage(session, row, now=now)
        reach("stage.closing", home=store.home)
        audit.note(session, at=now, actor="system", act="close_stage", subject=f"{campaign_id}/{row.name}")
        return row.name


def close_stage(session: Session, row: StageRow, *, now: datetime) -> None:
    """Close an open stage in the caller's transaction, which also notes why; what waits in it goes on."""
    state = move("stage", row.state, "close")
    assert not isinstance(state, Refused), state.reason
    row.state, row.closed_at = state, now
    if row.name == "verification":
        _put_aside_waiting_villages(session, row.campaign_id)
    _tell_the_coordinator(session, campaign_of(session, row.campaign_id), row, now)


def stages_to_close(session: Session, campaign_id: str, now: datetime) -> Iterator[StageRow]:
    """Open stages that may close: at their lock date, or earlier when nobody can join them any more.

    A stage that somebody opened again stays open until the date that they named.
    """
    earlier_closed = True
    for row in stages_in_order(session, campaign_id):
        if row.state == "open" and (
            now > row.lock_at
            or (earlier_closed and _is_complete(session, row) and not is_reopened(session, row))
        ):
            yield row
        earlier_closed = earlier_closed and row.state == "closed"


def _is_complete(session: Session, stage: StageRow) -> bool:
    """Whether all runs of the stage are done, and of those before it whose units would still join it.

    A stage into which nothing has come is not done: whoever lapsed before it may be given more time until its day.
    """
    if stage.name not in JOINING:
        return carriers.all_done(session, stage.campaign_id, stage.name)
    before = JOINING[: JOINING.index(stage.name)]
    return (
        all(carriers.all_done(session, stage.campaign_id, kind) for kind in (*before, stage.name))
        and carriers.has_any(session, stage.campaign_id, stage.name)
        and not has_lapsed(session, stage.campaign_id, before)
    )


def is_over(session: Session, campaign_id: str) -> bool:
    """Every stage is closed and no unit waits any more, those on the supplementary list included."""
    return all_closed(session, campaign_id) and all(
        carriers.all_done(session, campaign_id, stage) for stage in STAGES
    )


def _put_aside_waiting_villages(session: Session, campaign_id: str) -> None:
    """A village that waits on the bureau goes on the supplementary list, not out."""
    for village in villages_of(session, campaign_id, states=["submitted", "under_review", "returned"]):
        village.supplementary = True


def _tell_the_coordinator(session: Session, campaign: Campaign, stage: StageRow, now: datetime) -> None:
    counts = count_villages(session, campaign.id)
    # Each closing is told once, also of a stage that was opened again.
    again = f"#{len(changes_of(session, stage))}" if changes_of(session, stage) else ""
    for person in people.with_role(session, "coordinator"):
        outbox.post(
            session,
            key=f"{campaign.id}:stage_closed:{stage.name}{again}:{person.id}",
            campaign_id=campaign.id,
            template="stage_closed",
            person_id=person.id,
            facts={
                "stage": campaign.stage(stage.name).title,
                "counts": [
                    {"name": TITLES[("village", state)], "value": counts[state]} for state in sorted(counts)
                ],
            },
            at=now,
        )


def finish_carrier(session: Session, kind: str, subject: str, *, heard: int, now: datetime) -> None:
    """The run's business is done: answer its bells, and ring the campaign when its whole stage is."""
    if kind == "verification":
        _rank_late_village(session, subject, now=now)
    carrier = session.get_one(CarrierRow, (kind, subject))
    carrier.state, carrier.sleep_key, carrier.waits_for, carrier.gate_id = "done", None, "", None
    bells.answer(session, kind, subject, up_to=heard)
    session.flush()
    if kind != "campaign" and carriers.all_done(session, carrier.campaign_id, kind):
        bells.ring(session, kind="campaign", subject=carrier.campaign_id, cause=f"{kind}:done", at=now)
    if kind in (*JOINING, "recommendation"):
        for award in carriers.unfinished(session, carrier.campaign_id, "award"):
            bells.ring(session, kind="award", subject=award.subject, cause=f"{kind}:done", at=now)


def _rank_late_village(session: Session, subject: str, *, now: datetime) -> None:
    """A village recognised after the list was sent upward has the recommendation's run look again."""
    campaign_id, code = split_subject(subject)
    village = session.get(VillageRow, (campaign_id, code))
    sent = carriers.find(session, "recommendation", campaign_id)
    if village is not None and village.state == "recognised" and sent is not None and sent.state == "done":
        carriers.reopen(session, "recommendation", campaign_id)
        bells.ring(session, kind="recommendation", subject=campaign_id, cause="verification:done", at=now)
