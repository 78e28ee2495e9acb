"""What comes a year after a campaign: a result from above that pays the difference, and money that is taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from actions.lists.accounts import Accounts
from actions.lists.results import Entry
from actions.lookup import calendar_of
from records.campaign.villages import villages_of
from records.lists.causes import causes_of
from records.lists.recommendations import sent_rankings
from records.store import Session
from records.tables.campaign import CampaignRow
from rehearsal.people import hours
from rehearsal.people.plots import LEAST_VILLAGES
from rules.campaign.campaign import Campaign

FROM_ABOVE = "丽人社〔{year}〕20号"
SPOT_CHECK = "龙审报〔{year}〕6号"
WRONG_DATA = "审计抽查发现台账部分数据不实，追回一半。"
LEFT = timedelta(days=60)
"""So much of the published calendar must be left for two lists to be decided."""


def next_entry(session: Session, campaign: Campaign) -> tuple[datetime, Entry] | None:
    """What the coordinator will enter next, and when; None while the campaign is under way and after the last."""
    row = session.get_one(CampaignRow, campaign.id)
    day = a_year_later(campaign)
    too_late = day + LEFT > calendar_of(session, campaign.id).published_until
    if row.closed_at is None or too_late or len(campaign.villages) < LEAST_VILLAGES:
        return None
    entered = causes_of(session, campaign.id)
    if not entered:
        at = datetime.combine(day, time(hours.OPENS), tzinfo=campaign.zone)
        entry = _result(session, campaign, day)
    else:
        at = hours.soon_after(campaign, max(row.closed_at, entered[-1].at))
        entry = _recovery(session, campaign, at.date()) if len(entered) == 1 else None
    return (at, entry) if entry else None


def a_year_later(campaign: Campaign) -> date:
    """A Monday, about a year after the survey was due."""
    day = campaign.stage("survey").due + timedelta(days=365)
    return day + timedelta(days=-day.weekday() % 7)


def _result(session: Session, campaign: Campaign, day: date) -> Entry | None:
    """The best of those that were sent upward is recognised by the level above."""
    sent = [one.village_code for one in sent_rankings(session, campaign.id) if one.recommended]
    if not sent or len(campaign.awards) == 1:
        return None
    document = FROM_ABOVE.format(year=day.year)
    return Entry(sent[0], campaign.awards[1].level, "recognised", document, day)


def _recovery(session: Session, campaign: Campaign, day: date) -> Entry | None:
    """Half of what another village was paid is taken back."""
    accounts, topped_up = (
        Accounts(session, campaign),
        {one.village_code for one in causes_of(session, campaign.id)},
    )
    recognised = [row.code for row in villages_of(session, campaign.id, states=["recognised"])]
    paid = [code for code in recognised if code not in topped_up and accounts.paid(code) > 1]
    if not paid:
        return None
    entry = Entry(paid[-1], campaign.awards[0].level, "recovery", SPOT_CHECK.format(year=day.year), day)
    return replace(entry, reason=WRONG_DATA, yuan=accounts.paid(entry.village_code) // 2)
