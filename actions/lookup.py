"""The campaign and calendar that every act starts from."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from actions.steps import split_subject
from config.frozen import thaw
from records.campaign.campaigns import Opening, opening_of, openings
from records.locks import locked_one
from records.people import people
from records.store import SETTLED, Session
from records.tables.campaign import CalendarRow, CampaignRow, VillageRow
from records.tables.people import PersonRow
from rules.campaign.calendar import Calendar, add_workdays, range_of
from rules.campaign.campaign import Campaign
from rules.campaign.states import move
from rules.people.acts import Matter, may_do
from rules.refusals import Refused

_thaw = lru_cache(maxsize=8)(thaw)
SETTLED_STATES = {"recognised", "not_recognised", "vetoed", "lapsed"}
"""States in which nothing more is decided about a village in this campaign."""


def campaign_of(session: Session, campaign_id: str) -> Campaign:
    """The configuration with which the campaign was opened; it never changes."""
    return find_campaign(session, campaign_id) or _read(session.get_one(CampaignRow, campaign_id))


def find_campaign(session: Session, campaign_id: str) -> Campaign | None:
    """The same, or None for a campaign that was never opened."""
    if SETTLED not in session.info:
        row = session.get(CampaignRow, campaign_id)
        return _read(row) if row else None
    opening = opening_of(session, campaign_id)
    return _opened(session, opening) if opening else None


def every_configuration(session: Session) -> list[Campaign]:
    """Of all campaigns, closed ones too, in the order in which they were opened."""
    return [_opened(session, opening) for opening in openings(session)]


def _opened(session: Session, opening: Opening) -> Campaign:
    """What a reading session knows stays known; a writing one reads each time."""
    settled: dict[object, Campaign] = session.info.get(SETTLED, {})
    if opening not in settled:
        settled[opening] = _read(session.get_one(CampaignRow, opening[0]))
    return settled[opening]


def _read(row: CampaignRow) -> Campaign:
    return _thaw(row.frozen)


def calendar_of(session: Session, campaign_id: str) -> Calendar:
    row = session.get_one(CalendarRow, campaign_id)
    return Calendar(
        holidays=frozenset(map(date.fromisoformat, row.holidays)),
        makeup_workdays=frozenset(map(date.fromisoformat, row.makeup_workdays)),
        published_until=date.fromisoformat(row.published_until),
    )


class BeyondCalendar(Exception):
    """A day that the published calendar does not reach: a run waits for the next decree, a person is refused.

    Whoever catches it has to let the transaction go: nothing of the step may stay.
    """

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.reason)
        self.refused = refused


def workdays_after(session: Session, campaign: Campaign, since: datetime, workdays: int) -> date:
    """The day so many working days after ``since``; raises ``BeyondCalendar`` where that is not published."""
    calendar, today = calendar_of(session, campaign.id), since.astimezone(campaign.zone).date()
    return published(calendar, add_workdays(calendar, today, workdays), today=today, workdays=workdays)


def published(calendar: Calendar, day: date | Refused, *, today: date, workdays: int) -> date:
    """A day that the calendar covers; raises ``BeyondCalendar`` with the range in which it lies."""
    if isinstance(day, Refused):
        between = range_of(calendar, today, workdays)
        about = f"{workdays}个工作日的期限最早{between.first}、最晚{between.last}，公布后才能确定。"
        raise BeyondCalendar(Refused(day.code, f"{day.reason}{about}"))
    return day


def village_at(session: Session, subject: str, *, lock: bool = False) -> tuple[Campaign, VillageRow]:
    """A subject's campaign and village; ``lock`` keeps the row from everybody else."""
    campaign_id, code = split_subject(subject)
    look = locked_one if lock else Session.get_one
    row = look(session, VillageRow, (campaign_id, code))
    return campaign_of(session, campaign_id), row


def locked_village(session: Session, subject: str) -> tuple[Campaign, VillageRow]:
    return village_at(session, subject, lock=True)


def move_village(village: VillageRow, act: str) -> None:
    state = move("village", village.state, act)
    assert not isinstance(state, Refused), state.reason
    village.state = state


def is_entitled(session: Session, act: str, *, by: str, matter: Matter | None = None) -> bool:
    """Whether the one table of acts lets ``by`` do this."""
    row = session.get(PersonRow, by)
    person = people.as_rule(row) if row is not None and row.active else None
    return may_do(act, person, by, matter or Matter())


def begins_with_nobody(session: Session) -> bool:
    """While there is no coordinator, whoever holds the machine brings the first people, in whatever name."""
    return not people.with_role(session, "coordinator")
