"""When simulated people work: on the hour, in office hours, early or late by their temper."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

from records.tables.duties import DutyRow
from records.tables.visits import VisitStopRow
from rules.campaign.campaign import Campaign

OPENS, CLOSES = 9, 17


def before_due(campaign: Campaign, duty: DutyRow, *, seed: int) -> datetime:
    """A town in good time."""
    return _between(campaign, duty.opened_at, duty.due_at, _dice(duty, seed).uniform(0.1, 0.8))


def promptly(campaign: Campaign, duty: DutyRow, *, seed: int) -> datetime:
    """The bureau, whose days are few."""
    return _between(campaign, duty.opened_at, duty.due_at, _dice(duty, seed).uniform(0.03, 0.25))


def in_grace(campaign: Campaign, duty: DutyRow, *, seed: int) -> datetime:
    """A late town: after the due date, before the lock date."""
    assert duty.lock_at is not None
    return _between(campaign, duty.due_at, duty.lock_at, _dice(duty, seed).uniform(0.3, 0.6))


def on_last_day(campaign: Campaign, duty: DutyRow, *, seed: int) -> datetime:
    """On the day on which it is due, some time in office hours."""
    day = duty.due_at.astimezone(campaign.zone).date()
    return datetime.combine(day, time(_dice(duty, seed).randint(OPENS, CLOSES)), tzinfo=campaign.zone)


def days_before_due(campaign: Campaign, duty: DutyRow, days: int) -> datetime:
    day = duty.due_at.astimezone(campaign.zone).date() - timedelta(days=days)
    return datetime.combine(day, time(15), tzinfo=campaign.zone)


def soon_after(campaign: Campaign, moment: datetime) -> datetime:
    """Three hours later, or the next morning."""
    return _in_office(campaign, moment + timedelta(hours=3))


def on_the_road(campaign: Campaign, stop: VisitStopRow) -> datetime:
    """On the day of the plan, one village after the other."""
    day = date.fromisoformat(stop.day)
    return datetime.combine(day, time(min(OPENS + 2 * stop.place, CLOSES)), tzinfo=campaign.zone)


def extended_until(campaign: Campaign) -> date:
    """Two days after the verification is due: too late for the recommendation."""
    return campaign.stage("verification").due + timedelta(days=2)


def after_verification(campaign: Campaign) -> datetime:
    """The morning after next: a bureau that keeps a village waiting beyond its own date."""
    day = campaign.stage("verification").due + timedelta(days=2)
    return datetime.combine(day, time(10), tzinfo=campaign.zone)


def back_again(campaign: Campaign, duty: DutyRow) -> datetime:
    """A fortnight after it was due: an absent person whom nobody stands in for."""
    return _in_office(campaign, duty.due_at + timedelta(days=14))


def _dice(duty: DutyRow, seed: int) -> random.Random:
    return random.Random(f"{seed}:{duty.key}")


def _between(campaign: Campaign, since: datetime, until: datetime, share: float) -> datetime:
    moment = _in_office(campaign, since + (until - since) * share)
    return moment if moment <= until else until


def _in_office(campaign: Campaign, moment: datetime) -> datetime:
    """The next full hour at which an office is open; weekends are worked before a deadline."""
    local = moment.astimezone(campaign.zone)
    full = local.replace(minute=0, second=0, microsecond=0)
    full += timedelta(hours=1) if full < local else timedelta(0)
    if full.hour < OPENS:
        return full.replace(hour=OPENS)
    return full if full.hour <= CLOSES else full.replace(hour=OPENS) + timedelta(days=1)
