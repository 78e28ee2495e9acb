"""When what somebody is asked for is told together with all else that they are asked for: once a day, or at once."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from rules.campaign.calendar import ONE_DAY, Calendar
from rules.campaign.campaign import Ladder
from rules.duties.ladders import is_worked, worked_days


def digest_moment(
    ladder: Ladder, *, due_at: datetime, calendar: Calendar, zone: ZoneInfo, now: datetime
) -> datetime | None:
    """The moment of the reader's next digest; None for what is told at once, by itself.

    Nothing is kept back that is due by the day of the digest.
    """
    if not ladder.digest_at:
        return None
    at, local = time.fromisoformat(ladder.digest_at), now.astimezone(zone)
    day = local.date() if local.time() < at else local.date() + ONE_DAY
    if ladder.workdays_only and not is_worked(calendar, day):
        day = next(worked_days(calendar, day, ONE_DAY))
    if due_at.astimezone(zone).date() <= day:
        return None
    return datetime.combine(day, at, tzinfo=zone)
