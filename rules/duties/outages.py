"""Outages of the portal: what was one, whose due dates it cut short, and the equal time that all get for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from rules.campaign.calendar import ONE_DAY, Calendar, add_workdays

SHORTEST = timedelta(minutes=10)
"""A restart is no outage."""
BEFORE_DUE = timedelta(hours=24)
"""The last hours before a due date, in which most is handed in."""
ANSWERS = {"extended": "已同等延期", "declined": "不延期"}


@dataclass(frozen=True, slots=True)
class Outage:
    """From the last sign of life to the next one."""

    began: datetime
    ended: datetime

    @property
    def lasted(self) -> timedelta:
        return self.ended - self.began


def is_outage(gap: timedelta, *, ran: timedelta | None) -> bool:
    """Whether nobody could reach the portal for so long between two of its heartbeats.

    ``ran`` is what the machine itself counted meanwhile, asleep or awake; None where another process beat before.
    A clock that was only set forward was no outage.
    """
    return gap >= SHORTEST and (ran is None or ran >= SHORTEST)


def cuts_short(outage: Outage, *, opened: datetime, due: datetime) -> bool:
    """Whether time was taken from what was owed then: of its last hours, or the moment itself."""
    return opened < outage.ended and outage.began < due and due - BEFORE_DUE < outage.ended


def day_instead(calendar: Calendar, due: date, *, outage: Outage, zone: tzinfo) -> date:
    """As many days later as the outage took, each begun one counting; the next working day where that is known."""
    days = -(-outage.lasted // ONE_DAY)
    counted = max(due, outage.ended.astimezone(zone).date()) + days * ONE_DAY
    working = add_workdays(calendar, counted - ONE_DAY, 1)
    return working if isinstance(working, date) else counted


def in_words(outage: Outage, zone: tzinfo) -> str:
    """``11月14日20:10至22:45，共2小时35分``."""
    began, ended = (moment.astimezone(zone) for moment in (outage.began, outage.ended))
    until = f"{ended:%H:%M}" if began.date() == ended.date() else f"{_day(ended)}{ended:%H:%M}"
    minutes = int(outage.lasted.total_seconds() // 60)
    hours, rest = divmod(minutes, 60)
    lasted = f"{hours}小时" + (f"{rest}分" if rest else "") if hours else f"{minutes}分钟"
    return f"{_day(began)}{began:%H:%M}至{until}，共{lasted}"


def _day(moment: datetime) -> str:
    return f"{moment.month}月{moment.day}日"
