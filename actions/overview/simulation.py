"""The campaign's runs without Prefect: what each would do if it were woken at some moment.

The order of the steps is that of ``flows``; a test holds both against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from actions.campaign import lifecycle, stages, survey
from actions.campaign.stages import finish_carrier
from actions.dossiers import submission
from actions.lists import award, recommendation
from actions.review import recognition, reconciliation, verification
from actions.review.planning import plan
from actions.review.publicity import step
from actions.runs import tick as tick_acts
from records.runs import bells
from records.store import Store

MOST_ROUNDS = 50

Check = Callable[[Store, str, str, datetime], None]
"""What judges the uploads that wait for a run (kind, subject)."""


def leave_unchecked(_store: Store, _kind: str, _subject: str, _now: datetime) -> None:
    """Where there are no files: what waits for its checks goes on waiting."""


@dataclass(frozen=True, slots=True)
class Woken:
    """One run that was woken: whose, when, and how it checks uploads."""

    store: Store
    subject: str
    now: datetime
    check: Check = leave_unchecked


def tick(store: Store, *, campaign_id: str, now: datetime) -> None:
    """What the calendar demands at ``now``, and everything that follows from it at once."""
    tick_acts.follow_calendar(store, campaign_id=campaign_id, now=now)
    plan.keep_visits(store, campaign_id=campaign_id, now=now, plainly=True)
    step.ring_over(store, campaign_id=campaign_id, now=now)
    wake_all(store, now=now)


def wake_all(store: Store, *, now: datetime) -> None:
    """Let every rung subject do its steps, and those that it rings, until all is quiet."""
    for _ in range(MOST_ROUNDS):
        with store.reading() as session:
            calls = [call for call in bells.waiting(session, limit=10_000) if call.kind in STEPS]
        if not calls:
            return
        for call in calls:
            over = STEPS[call.kind](Woken(store, call.subject, now))
            with store.writing() as session:
                bells.answer(session, call.kind, call.subject, up_to=call.bell_id)
                if over:
                    finish_carrier(session, call.kind, call.subject, heard=call.bell_id, now=now)
    raise RuntimeError(f"the runs ring each other without end: {calls}")


def _campaign(run: Woken) -> bool:
    store, subject, now = run.store, run.subject, run.now
    while stages.close_due_stage(store, campaign_id=subject, now=now) or stages.open_due_stage(
        store, campaign_id=subject, now=now
    ):
        pass
    with store.reading() as session:
        over = stages.is_over(session, subject)
    return over and lifecycle.close_campaign(store, campaign_id=subject, now=now)


def _survey(run: Woken) -> bool:
    with run.store.reading() as session:
        stands = survey.survey_stands(session, run.subject)
    if stands == "unasked":
        survey.ask_for_survey(run.store, subject=run.subject, now=run.now)
    return stands == "settled"


def _submission(run: Woken) -> bool:
    submission.ask_for_dossiers(run.store, subject=run.subject, now=run.now)
    run.check(run.store, "submission", run.subject, run.now)
    with run.store.reading() as session:
        return submission.submission_settled(session, run.subject)


def _verification(run: Woken) -> bool:
    store, subject, now = run.store, run.subject, run.now
    run.check(store, "verification", subject, now)
    papers = verification.desk_review(store, subject=subject, now=now)
    if papers is None:
        return False
    if papers == "pass":
        for one in (verification.site_visit, verification.second_review, reconciliation.reconciliation):
            if one(store, subject=subject, now=now) is None:
                return False
    if papers not in ("pass", "veto"):
        return True
    if recognition.recognition(store, subject=subject, now=now) is None:
        return False
    return step.publicity(store, subject=subject, now=now) is not None


def _recommendation(run: Woken) -> bool:
    recommendation.rank_villages(run.store, subject=run.subject, now=run.now)
    return recommendation.send_upward(run.store, subject=run.subject, now=run.now)


def _award(run: Woken) -> bool:
    if award.settle_awards(run.store, subject=run.subject, now=run.now):
        return True
    award.propose_awards(run.store, subject=run.subject, now=run.now)
    return False


STEPS: Mapping[str, Callable[[Woken], bool]] = {
    "campaign": _campaign,
    "survey": _survey,
    "submission": _submission,
    "verification": _verification,
    "recommendation": _recommendation,
    "award": _award,
}
"""Kind of carrier -> what its run does on a wake; True when its business is done."""
