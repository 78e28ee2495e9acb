"""Dates and moments in the words a reader expects."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, tzinfo

WEEKDAYS = "一二三四五六日"


def day_text(day: date) -> str:
    """``11月15日(星期日)``."""
    return f"{day.month}月{day.day}日(星期{WEEKDAYS[day.weekday()]})"


DUE_ON = "due_on"
"""A fact that no template shows: the day behind ``due`` or ``until``, from which the days left are counted."""


def due_facts(due: date, lock: date | None = None) -> dict[str, str]:
    """Until when something is due, and until when anything is taken, in words; and the day itself, for counting."""
    return {"due": day_text(due), "lock": day_text(lock or due), DUE_ON: due.isoformat()}


def left_text(facts: Mapping[str, object], *, today: date) -> str:
    """``，还剩5天``: how far the date that a message names is from ``today``; empty where it names none."""
    due_on = facts.get(DUE_ON)
    if not due_on:
        return ""
    days = (date.fromisoformat(str(due_on)) - today).days
    if days < 0:
        return f"，已逾期{-days}天"
    return f"，还剩{days}天" if days else "，今天截止"


def when_late(left: str) -> str:
    """``，已逾期2天``, and nothing while there is time: for a subject that asks for what may be late already."""
    return left if "逾期" in left else ""


def instant_text(moment: datetime, zone: tzinfo) -> str:
    """``11月16日(星期一)09:00``, for sentences within one campaign."""
    local = moment.astimezone(zone)
    return f"{day_text(local)}{local:%H:%M}"


def moment_text(moment: datetime, zone: tzinfo | None = None) -> str:
    """``2020年11月15日(星期日) 23:59:59``, in ``zone`` or else in the zone the moment carries."""
    local = moment.astimezone(zone) if zone else moment
    return f"{local.year}年{day_text(local)} {local:%H:%M:%S}"
