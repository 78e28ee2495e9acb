"""The campaign's runs without Prefect, on a copy: what each would do if it were woken at some moment.

The order of the steps is that of ``flows``; a test holds both against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from actions.campaign import stages, survey
from actions.campaign.stages import finish_carrier
from actions.dossiers import submission
from actions.lists import award, recommendation
from actions.review import recognition, verification
from actions.runs import tick as tick_acts
from records.runs import bells
from records.store import Store

MOST_ROUNDS = 50


def tick(store: Store, *, campaign_id: str, now: datetime) -> None:
    """What the calendar demands at ``now``, and everything that follows from it at once."""
    tick_acts.follow_calendar(store, campaign_id=campaign_id, now=now)
    wake_all(store, now=now)


def wake_all(store: Store, *, now: datetime) -> None:
    """Let every rung subject do its steps, and those that it rings, until all is quiet."""
    for _ in range(MOST_ROUNDS):
        with store.reading() as session:
            calls = [call for call in bells.waiting(session, limit=10_000) if call.kind in STEPS]
        if not calls:
            return
        for call in calls:
            over = STEPS[call.kind](store, call.subject, now)
            with store.writing() as session:
                bells.answer(session, call.kind, call.subject, up_to=call.bell_id)
                if over:
                    finish_carrier(session, call.kind, call.subject, heard=call.bell_id, now=now)
    raise RuntimeError(f"the runs ring each other without end: {calls}")


def _campaign(store: Store, subject: str, now: datetime) -> bool:
    while stages.close_due_stage(store, campaign_id=subject, now=now) or stages.open_due_stage(
        store, campaign_id=subject, now=now
    ):
        pass
    return False


def _survey(store: Store, subject: str, now: datetime) -> bool:
    survey.ask_for_survey(store, subject=subject, now=now)
    with store.reading() as session:
        return survey.survey_stands(session, subject) == "settled"


def _submission(store: Store, subject: str, now: datetime) -> bool:
    """Files are not in the copy: what waits for its checks goes on waiting."""
    submission.ask_for_dossiers(store, subject=subject, now=now)
    with store.reading() as session:
        return submission.submission_settled(session, subject)


def _verification(store: Store, subject: str, now: datetime) -> bool:
    papers = verification.desk_review(store, subject=subject, now=now)
    if papers is None:
        return False
    if papers == "pass":
        for step in (verification.site_visit, verification.second_review):
            if step(store, subject=subject, now=now) is None:
                return False
    return papers == "lapsed" or recognition.recognition(store, subject=subject, now=now) is not None


def _recommendation(store: Store, subject: str, now: datetime) -> bool:
    recommendation.rank_villages(store, subject=subject, now=now)
    return recommendation.send_upward(store, subject=subject, now=now)


def _award(store: Store, subject: str, now: datetime) -> bool:
    award.propose_awards(store, subject=subject, now=now)
    return award.settle_awards(store, subject=subject, now=now)


STEPS: Mapping[str, Callable[[Store, str, datetime], bool]] = {
    "campaign": _campaign,
    "survey": _survey,
    "submission": _submission,
    "verification": _verification,
    "recommendation": _recommendation,
    "award": _award,
}
"""Kind of carrier -> what its run does on a wake; True when its business is done."""
