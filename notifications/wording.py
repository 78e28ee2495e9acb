"""Dates and moments in the words a reader expects."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

WEEKDAYS = "一二三四五六日"


def day_text(day: date) -> str:
    """``11月15日(星期日)``."""
    return f"{day.month}月{day.day}日(星期{WEEKDAYS[day.weekday()]})"


def instant_text(moment: datetime, zone: tzinfo) -> str:
    """``11月16日(星期一)09:00``, for sentences within one campaign."""
    local = moment.astimezone(zone)
    return f"{day_text(local)}{local:%H:%M}"


def moment_text(moment: datetime, zone: tzinfo | None = None) -> str:
    """``2020年11月15日(星期日) 23:59:59``, in ``zone`` or else in the zone the moment carries."""
    local = moment.astimezone(zone) if zone else moment
    return f"{local.year}年{day_text(local)} {local:%H:%M:%S}"
