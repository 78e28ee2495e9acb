"""The working calendar of a campaign: China's published days off, with a folder's own corrections."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from chinese_calendar import constants

from config.files import load
from config.mistakes import CampaignMistakes, Mistake
from config.shapes import Shaper
from rules.calendars import Calendar

FILE = "calendar.yaml"


@dataclass(frozen=True, slots=True)
class Corrections:
    """What ``calendar.yaml`` holds: days the library lacks, and how far the calendar is published."""

    published_until: date
    holidays: tuple[date, ...] = ()
    makeup_workdays: tuple[date, ...] = ()


def read_calendar(folder: Path, years: Iterable[int]) -> Calendar:
    """Days off and make-up workdays of ``years``; raises ``CampaignMistakes`` for a bad ``calendar.yaml``."""
    wanted = frozenset(years)
    corrections = read_corrections(folder)
    holidays = {day for day in constants.holidays if day.year in wanted}
    makeup = {day for day in constants.workdays if day.year in wanted}
    added, removed = frozenset(corrections.holidays), frozenset(corrections.makeup_workdays)
    return Calendar(
        holidays=frozenset(holidays - removed) | added,
        makeup_workdays=frozenset(makeup - added) | removed,
        published_until=corrections.published_until,
    )


def read_corrections(folder: Path) -> Corrections:
    content, mistakes = load(folder, FILE)
    shaper = Shaper(FILE)
    built = None if mistakes else shaper.build(Corrections, content)
    if isinstance(built, Corrections):
        mistakes = contradictions(built)
        if not mistakes:
            return built
    raise CampaignMistakes(tuple(mistakes or shaper.mistakes))


def contradictions(corrections: Corrections) -> list[Mistake]:
    last = max(day.year for day in constants.holidays)
    both = set(corrections.holidays) & set(corrections.makeup_workdays)
    wrong = [Mistake(FILE, "makeup_workdays", str(day), "不得同时列为节假日") for day in sorted(both)]
    if corrections.published_until > date(last, 12, 31) and not corrections.holidays:
        allowed = f"节假日数据只到{last}年,更晚须在 holidays 中列出"
        wrong.append(Mistake(FILE, "published_until", str(corrections.published_until), allowed))
    return wrong
