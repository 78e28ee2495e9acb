"""Hours in which nothing is sent that can wait: a county's, or those that somebody wants for themselves."""

from __future__ import annotations

import re
from datetime import datetime, time
from zoneinfo import ZoneInfo

from rules.campaign.calendar import ONE_DAY

CLOCK = r"((?:[01][0-9]|2[0-3]):[0-5][0-9])"
HOURS = re.compile(f"{CLOCK}-{CLOCK}")
OFF = "off"
"""Somebody wants no quiet hours, whatever the county says."""


def are_hours(text: str) -> bool:
    """Whether ``text`` names hours: ``21:00-07:30``, not a whole day."""
    found = HOURS.fullmatch(text)
    return found is not None and found[1] != found[2]


def quiet_until(own: str, usual: str, *, at: datetime, zone: ZoneInfo) -> datetime | None:
    """When the quiet hours end in which ``at`` lies, one's ``own`` before the ``usual``; None outside of them."""
    hours = own or usual
    if not are_hours(hours):
        return None
    begin, end = map(time.fromisoformat, hours.split("-"))
    local = at.astimezone(zone)
    clock = local.time()
    over_night = begin > end
    inside = (clock >= begin or clock < end) if over_night else begin <= clock < end
    if not inside:
        return None
    day = local.date() if clock < end else local.date() + ONE_DAY
    return datetime.combine(day, end, tzinfo=zone)
