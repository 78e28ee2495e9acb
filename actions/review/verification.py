"""Verification of one village, from desk review to recognition (notice, five, three).

Each step is repeatable: it does what is due, once, and says that somebody still has to act by returning None.
What it has come to can be looked at without doing it: only a step that is due needs to be run.
"""

from __future__ import annotations

from datetime import date, datetime

from actions.campaign.decree import waits_for_calendar
from actions.duties.asking import ask_about
from actions.duties.assignment import clerk_of, reviewers_for, seats_for
from actions.duties.duties import Owed, open_duty
from actions.duties.endings import end_owed
from actions.lookup import SETTLED_STATES, campaign_of, locked_village, move_village, village_at
from actions.review.content import is_about
from actions.review.gates import Question, kept_until, open_gate, tell_deputy_heads
from actions.review.planning.signatures import is_signed
from actions.review.returns import RETURN, day_made_up, sentences_of
from actions.review.score_sheets import opinions_on, sheet_of
from actions.steps import Step, split_subject, subject_of
from records import audit
from records.dossiers.uploads import accepted_upload
from records.duties.duties import duties_awaited, duty_with_key, newest_duty
from records.review.gates import deciders, decisions_on, latest_gate
from records.review.scores import newest_sheet
from records.review.visit_plans import newest_plan, stop_of
from records.store import Session, Store, repeatable
from records.tables.campaign import VillageRow
from records.tables.dossiers import UploadRow
from records.tables.duties import DutyRow
from records.tables.review import GateRow
from rules.campaign import scoring
from rules.campaign.campaign import Campaign
from rules.campaign.states import move
from rules.duties.clocks import delay_in_words
from rules.refusals import Refused


@waits_for_calendar
@repeatable
def desk_review(store: Store, *, subject: str, now: datetime) -> str | None:
    """'pass' or 'veto' once reviewer A has said so about the newest content, 'lapsed', 'withdrawn', or None.

    A return opens a correction with a date of its own; the corrected dossier opens a new attempt.
    """
    with store.writing() as session:
        campaign, village = locked_village(session, subject)
        stands = _desk_review_of(session, campaign, village, subject)
        if stands is not Step.DUE:
            return stands
        if village.state == "returned":
            return _await_correction(session, campaign, village, now)
        if village.state == "submitted":
            move_village(village, "begin_review")
        upload = accepted_upload(session, village)
        gate = latest_gate(session, campaign.id, "desk_review", subject)
        if gate is None or not is_about(gate, upload):
            attempt = gate.attempt + 1 if gate else 1
            _ask_reviewer(session, campaign, village, upload, name="desk_review", attempt=attempt, now=now)
            return None
        answered = _answered(session, gate)
        return _correct(session, campaign, village, gate, now) if answered is Step.DUE else answered


def desk_review_stands(session: Session, subject: str) -> str | Step | None:
    """What ``desk_review`` has come to, or that it is due."""
    campaign, village = village_at(session, subject)
    return _desk_review_of(session, campaign, village, subject)


def _desk_review_of(
    session: Session, campaign: Campaign, village: VillageRow, subject: str
) -> str | Step | None:
    if village.state == "lapsed":
        # More time brings a lapsed correction back: its run waits for it again.
        return None if _is_owed(_owed_correction(session, village)) else "lapsed"
    if village.state in SETTLED_STATES:
        return "pass"
    if village.state == "taking_part":
        return "withdrawn"
    if village.state == "returned":
        return Step.DUE if _has_lapsed(_owed_correction(session, village)) else None
    gate = latest_gate(session, campaign.id, "desk_review", subject)
    asked = gate is not None and is_about(gate, accepted_upload(session, village))
    if gate is None or not asked or village.state == "submitted":
        return Step.DUE
    return _answered(session, gate)


def _answered(session: Session, gate: GateRow) -> str | Step | None:
    """What a review's gate says: None while it is open or what it returned is being corrected."""
    if gate.state == "open":
        return None
    if gate.answer != "return":
        return gate.answer
    correction = _correction_of(session, gate)
    return None if correction is not None and correction.state == "open" else Step.DUE


def _await_correction(session: Session, campaign: Campaign, village: VillageRow, now: datetime) -> str | None:
    """None while the correction is owed, whichever review asked for it and whatever was withdrawn since."""
    owed = _owed_correction(session, village)
    return _lapse(session, campaign, village, now) if _has_lapsed(owed) else None


def _lapse(session: Session, campaign: Campaign, village: VillageRow, now: datetime) -> str:
    """The village is out: nobody owes its verification anything any more."""
    move_village(village, "lapse")
    left = duties_awaited(session, "verification", subject_of(campaign.id, village.code))
    end_owed(session, campaign, left, why="该社区(村)逾期未补正，核查不再继续。", now=now)
    return "lapsed"


def _owed_correction(session: Session, village: VillageRow) -> DutyRow | None:
    return newest_duty(session, village.campaign_id, kind="correction", village_code=village.code)


def _is_owed(duty: DutyRow | None) -> bool:
    return duty is not None and duty.state == "open"


def _has_lapsed(duty: DutyRow | None) -> bool:
    return duty is not None and duty.state == "lapsed"


def _ask_reviewer(
    session: Session,
    campaign: Campaign,
    village: VillageRow,
    upload: UploadRow,
    *,
    name: str,
    attempt: int,
    now: datetime,
    without: frozenset[str] = frozenset(),
) -> None:
    question = question_about(
        campaign,
        village,
        name=name,
        content_hash=upload.sha256,
        asked=seats_for(session, campaign.gate(name), village, without=without),
        upload=upload,
    )
    open_gate(session, campaign, question, attempt=attempt, now=now)


def question_about(
    campaign: Campaign,
    village: VillageRow,
    *,
    name: str,
    content_hash: str,
    asked: dict[str, str],
    upload: UploadRow,
) -> Question:
    subject = subject_of(campaign.id, village.code)
    return Question(
        name=name,
        subject=subject,
        content_hash=content_hash,
        carrier=("verification", subject),
        asked=asked,
        about=f"{campaign.town(village.town_code).name}{village.name}",
        town_code=village.town_code,
        village_code=village.code,
        upload_id=upload.id,
    )


def _correct(
    session: Session, campaign: Campaign, village: VillageRow, gate: GateRow, now: datetime
) -> str | None:
    """Open the correction that a return asks for; None while it is open."""
    duty = _correction_of(session, gate)
    if duty is None:
        move_village(village, "return")
        returned = [one for one in decisions_on(session, gate) if one.answer == RETURN]
        day, delay = day_made_up(session, campaign, gate, returned, now=now)
        why = [delay_in_words(delay)] if delay else []
        owed = Owed(
            key=_correction_key(gate),
            kind="correction",
            carrier=("verification", gate.subject),
            town_code=village.town_code,
            village_code=village.code,
            role="town_clerk",
            person_id=clerk_of(session, village.town_code),
            due_at=campaign.end_of(day),
            lock_at=campaign.end_of(day),
            template="correction_opened",
            facts={"reasons": [*sentences_of(session, campaign, returned), *why], "delay": delay},
        )
        open_duty(session, campaign, owed, now=now)
        if delay:
            facts = {"due": owed.due_at.isoformat(), "delay": delay}
            audit.note(
                session, at=now, actor="system", act="make_up_delay", subject=gate.subject, facts=facts
            )
        tell_deputy_heads(session, campaign, gate, now=now)
        return None
    return _lapse(session, campaign, village, now) if _has_lapsed(duty) else None


def _correction_key(gate: GateRow) -> str:
    return f"correction:{gate.village_code}#{gate.attempt}:{gate.name}"


def _correction_of(session: Session, gate: GateRow) -> DutyRow | None:
    return duty_with_key(session, gate.campaign_id, _correction_key(gate))


@waits_for_calendar
@repeatable
def site_visit(store: Store, *, subject: str, now: datetime) -> str | None:
    """'visited' once the village has been seen with this content; None while the visit is open."""
    with store.writing() as session:
        campaign, village = locked_village(session, subject)
        stands = site_visit_stands(session, subject)
        if stands is not Step.DUE:
            return stands
        first, beside, due_at = _planned(session, campaign, village, now=now)
        owed = Owed(
            key=f"visit:{village.code}",
            kind="visit",
            carrier=("verification", subject),
            town_code=village.town_code,
            village_code=village.code,
            role="reviewer",
            person_id=first,
            due_at=due_at,
            template="visit_opened",
            facts={"beside": beside} if beside else {},
        )
        visit = open_duty(session, campaign, owed, now=now)
        if visit.state == "cancelled":
            _owe_again(session, campaign, visit, due_at=due_at, now=now)
        return None


def _owe_again(
    session: Session, campaign: Campaign, visit: DutyRow, *, due_at: datetime, now: datetime
) -> None:
    """A visit that ended with the village's business, which has begun anew."""
    state = move("duty", visit.state, "revive")
    assert not isinstance(state, Refused), state.reason
    visit.state, visit.ended_at, visit.due_at = state, None, due_at
    visit.generation += 1
    ask_about(session, campaign, visit, template="visit_opened", key="opened", now=now)


def _planned(
    session: Session, campaign: Campaign, village: VillageRow, *, now: datetime
) -> tuple[str, str, datetime]:
    """Who visits, who beside them, and until when: as the plan says while its day is to come."""
    usual = kept_until(session, campaign, what="visit", workdays=campaign.visit_workdays, now=now)
    fit = reviewers_for(session, village, turn=1)
    stop = stop_of(session, campaign.id, village.code)
    if stop is None:
        return fit[0], "", usual
    first, *others = dict.fromkeys([*(one for one in stop.crew if one in fit), *fit])
    day = campaign.end_of(date.fromisoformat(stop.day))
    return first, next(iter(others), ""), day if day >= now else usual


def site_visit_stands(session: Session, subject: str) -> str | Step | None:
    """What ``site_visit`` has come to, or that it is due."""
    campaign_id, code = split_subject(subject)
    campaign, duty = campaign_of(session, campaign_id), duty_with_key(session, campaign_id, f"visit:{code}")
    if duty is None and campaign.visits is not None and not campaign.visits.everyone:
        plan = newest_plan(session, campaign_id)
        placed = plan is not None and (code in plan.spared or stop_of(session, campaign_id, code) is not None)
        if not placed:
            return None
        if plan is not None and code in plan.spared:
            return "visited"
    if duty is None or duty.state == "cancelled":
        return Step.DUE
    return "visited" if duty.state != "open" and is_signed(session, campaign_id, code) else None


@waits_for_calendar
@repeatable
def second_review(store: Store, *, subject: str, now: datetime) -> str | None:
    """'pass' when no second pair of eyes is needed or B passed it; None while somebody works on it."""
    with store.writing() as session:
        campaign, village = locked_village(session, subject)
        stands = _second_review_of(session, campaign, village, subject)
        if stands is not Step.DUE:
            return stands
        upload = accepted_upload(session, village)
        gate = latest_gate(session, campaign.id, "second_review", subject)
        if gate is not None and is_about(gate, upload):
            return _correct(session, campaign, village, gate, now)
        _ask_reviewer(
            session,
            campaign,
            village,
            upload,
            name="second_review",
            attempt=gate.attempt + 1 if gate else 1,
            now=now,
            without=_eyes_of_first(session, campaign, upload, subject),
        )
        return None


def second_review_stands(session: Session, subject: str) -> str | Step | None:
    """What ``second_review`` has come to, or that it is due."""
    campaign, village = village_at(session, subject)
    return _second_review_of(session, campaign, village, subject)


def _second_review_of(
    session: Session, campaign: Campaign, village: VillageRow, subject: str
) -> str | Step | None:
    upload = accepted_upload(session, village)
    gate = latest_gate(session, campaign.id, "second_review", subject)
    if gate is not None and is_about(gate, upload):
        return _answered(session, gate)
    first = opinions_on(session, campaign, upload).first
    doubtful = scoring.needs_second_review(campaign.scheme, first, sheet_of(campaign, upload))
    return Step.DUE if doubtful else "pass"


def _eyes_of_first(session: Session, campaign: Campaign, upload: UploadRow, subject: str) -> frozenset[str]:
    """Whoever scored or decided the desk review: the second pair of eyes is somebody else's."""
    first = newest_sheet(session, upload, "a")
    desk = latest_gate(session, campaign.id, "desk_review", subject)
    eyes = frozenset({first.scored_by}) if first else frozenset()
    return eyes | (deciders(session, desk, "desk_review") if desk else frozenset())
