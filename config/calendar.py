"""The working calendar of a campaign: China's published days off, with a folder's own corrections."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from chinese_calendar import constants

from config.from_plain import Plain, Shaper
from config.mistakes import CampaignMistakes, Mistake
from config.yaml_csv import load
from rules.campaign.calendar import Calendar

FILE = "calendar.yaml"


@dataclass(frozen=True, slots=True)
class Corrections:
    """What ``calendar.yaml`` holds: days the library lacks, and how far the calendar is published."""

    published_until: date
    holidays: tuple[date, ...] = ()
    makeup_workdays: tuple[date, ...] = ()


def read_calendar(folder: Path, years: Iterable[int]) -> Calendar:
    """Days off and make-up workdays of ``years``; raises ``CampaignMistakes`` for a bad ``calendar.yaml``."""
    loaded = load(folder, FILE)
    corrections, mistakes = shape_corrections(loaded.content)
    if corrections is None or mistakes:
        raise CampaignMistakes(tuple(loaded.mistakes or mistakes))
    return corrected(corrections, years)


def corrected(corrections: Corrections, years: Iterable[int]) -> Calendar:
    """The published calendar of ``years`` with the folder's corrections laid over it."""
    wanted = frozenset(years)
    holidays = {day for day in constants.holidays if day.year in wanted}
    makeup = {day for day in constants.workdays if day.year in wanted}
    added, removed = frozenset(corrections.holidays), frozenset(corrections.makeup_workdays)
    return Calendar(
        holidays=frozenset(holidays - removed) | added,
        makeup_workdays=frozenset(makeup - added) | removed,
        published_until=corrections.published_until,
    )


def shape_corrections(content: Plain) -> tuple[Corrections | None, list[Mistake]]:
    """What ``calendar.yaml`` says, and what is wrong with it."""
    shaper = Shaper(FILE)
    built = shaper.build(Corrections, content)
    if not isinstance(built, Corrections):
        return None, shaper.mistakes
    return built, [*shaper.mistakes, *contradictions(built)]


def contradictions(corrections: Corrections) -> list[Mistake]:
    last = max(day.year for day in constants.holidays)
    both = set(corrections.holidays) & set(corrections.makeup_workdays)
    wrong = [Mistake(FILE, "makeup_workdays", str(day), "不得同时列为节假日") for day in sorted(both)]
    if corrections.published_until > date(last, 12, 31) and not corrections.holidays:
        allowed = f"节假日数据只到{last}年,更晚须在 holidays 中列出"
        wrong.append(Mistake(FILE, "published_until", str(corrections.published_until), allowed))
    return wrong
