"""The decree on days off: who waits where the published calendar ends, and the coordinator who is asked to enter it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import ParamSpec, Protocol, TypeVar

from actions.duties.assignment import coordinator_of
from actions.duties.duties import Owed, open_duty
from actions.duties.holders import day_of
from actions.lookup import BeyondCalendar, calendar_of, campaign_of
from actions.steps import split_subject
from notifications.wording import day_text
from records.duties.duties import open_duties
from records.store import Session, Store, repeatable
from records.tables.duties import DutyRow
from rules.campaign.campaign import Campaign
from rules.refusals import Refused

KIND = "calendar"
AHEAD = timedelta(days=30)
"""So long before the published calendar ends the coordinator is asked for the next decree."""
AT_LEAST = timedelta(days=2)
"""So much time the coordinator has, however late the need for it is found."""

Given = ParamSpec("Given")
Done = TypeVar("Done")
Done_co = TypeVar("Done_co", covariant=True)


class RunStep(Protocol[Done_co]):
    """A step of a run: an act about one subject at one moment."""

    def __call__(self, store: Store, /, *, subject: str, now: datetime) -> Done_co: ...


def waits_for_calendar(step: RunStep[Done]) -> RunStep[Done | None]:
    """A step that waits for the next decree as it waits for people: nothing of it stays, the coordinator is asked."""

    @wraps(step)
    def patient(store: Store, /, *, subject: str, now: datetime) -> Done | None:
        try:
            return step(store, subject=subject, now=now)
        except BeyondCalendar:
            ask_for_decree(store, campaign_id=split_subject(subject)[0], now=now)
            return None

    return patient


def refuses_beyond_calendar(act: Callable[Given, Done]) -> Callable[Given, Done | Refused]:
    """An act of a person that needs a day which is not published: refused with a sentence, nothing is kept."""

    @wraps(act)
    def asked(*given: Given.args, **named: Given.kwargs) -> Done | Refused:
        try:
            return act(*given, **named)
        except BeyondCalendar as error:
            return error.refused

    return asked


@repeatable
def ask_for_decree(store: Store, *, campaign_id: str, now: datetime) -> None:
    """Ask the coordinator to enter what has been published since; once for each end of the calendar."""
    with store.writing() as session:
        _ask(session, campaign_of(session, campaign_id), now)


def ask_in_time(store: Store, *, campaign_id: str, now: datetime) -> bool:
    """The same some weeks before the published calendar ends, while the campaign is under way."""
    with store.reading() as session:
        campaign = campaign_of(session, campaign_id)
        last = calendar_of(session, campaign_id).published_until
        if day_of(campaign, now) < last - AHEAD or awaited_decree(session, campaign_id) is not None:
            return False
    ask_for_decree(store, campaign_id=campaign_id, now=now)
    return True


def _ask(session: Session, campaign: Campaign, now: datetime) -> None:
    last, today = calendar_of(session, campaign.id).published_until, day_of(campaign, now)
    owed = Owed(
        key=f"{KIND}:{last.isoformat()}",
        kind=KIND,
        carrier=("campaign", campaign.id),
        town_code="",
        role="coordinator",
        person_id=coordinator_of(session),
        due_at=campaign.end_of(max(last, today + AT_LEAST)),
        template="calendar_opened",
        facts={"until": f"{last.year}年{day_text(last)}", "path": "/calendar"},
    )
    open_duty(session, campaign, owed, now=now)


def awaited_decree(session: Session, campaign_id: str) -> DutyRow | None:
    """The coordinator's open duty to enter the decree; None when nobody asked for it."""
    return next(iter(open_duties(session, campaign_id, kind=KIND)), None)
