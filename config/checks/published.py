"""What must hold in ``calendar.yaml``: how far the days off are published, and what to write when that is too short."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chinese_calendar import constants

from config.mistakes import Mistake

FILE = "calendar.yaml"


@dataclass(frozen=True, slots=True)
class Corrections:
    """What ``calendar.yaml`` holds: days the library lacks, and how far the calendar is published."""

    published_until: date
    holidays: tuple[date, ...] = ()
    makeup_workdays: tuple[date, ...] = ()


FIXED = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
"""Month and day of the days off that the law itself fixes; the decree adds the others and moves weekends."""


def unlisted(corrections: Corrections, first: int) -> list[Mistake]:
    """Years from ``first`` on that are said to be published, and of which no day off is known."""
    known = {day.year for day in (*constants.holidays, *corrections.holidays)}
    silent = [year for year in range(first, corrections.published_until.year + 1) if year not in known]
    if not silent:
        return []
    allowed = f"{silent[0]}年的放假安排程序中没有,也未列出;按放假通知补全,或改早 published_until"
    shown = f"没有{'、'.join(f'{year}年' for year in silent)[:40]}"
    return [Mistake(FILE, "holidays", shown, allowed, write=decree(corrections, *silent))]


def decree(corrections: Corrections, *years: int) -> tuple[str, ...]:
    """What to write of years: where the library knows them the end, else what is certain, to be completed."""
    until = f"published_until: {max(corrections.published_until, date(years[-1], 12, 31))}"
    if years[-1] in {day.year for day in constants.holidays}:
        return (until,)
    named = "、".join(f"{year}年" for year in years)
    holidays = sorted({*corrections.holidays, *(date(year, *day) for year in years for day in FIXED)})
    return (
        f"holidays: [{', '.join(map(str, holidays))}] # 法定且日期固定的已列;按{named}放假通知补全其余休息日",
        f"makeup_workdays: [{', '.join(map(str, corrections.makeup_workdays))}] # 按{named}放假通知补全调休上班日",
        until,
    )
