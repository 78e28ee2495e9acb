"""The working calendar of a campaign: China's published days off, with a folder's own corrections."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from chinese_calendar import constants

from config.checks.published import FILE, Corrections, unlisted
from config.from_plain import Plain, Shaper
from config.mistakes import CampaignMistakes, Mistake
from config.yaml_csv import load
from rules.campaign.calendar import Calendar
from rules.campaign.decree import Decree


def read_calendar(folder: Path, years: Iterable[int]) -> Calendar:
    """Days off and make-up workdays of ``years``; raises ``CampaignMistakes`` for a bad ``calendar.yaml``."""
    loaded = load(folder, FILE)
    corrections, mistakes = shape_corrections(loaded.content) if loaded.is_read else (None, [])
    wanted = frozenset(years)
    mistakes += unlisted(corrections, min(wanted)) if corrections and wanted else []
    if corrections is None or mistakes or loaded.mistakes:
        raise CampaignMistakes((*loaded.mistakes, *mistakes))
    return corrected(corrections, wanted)


def read_later(file: Path) -> Decree:
    """What has been published since: the library's days of the years after a calendar began to end, with the
    file's corrections, on top of what counted so far; raises ``CampaignMistakes``."""
    loaded = load(file.parent, file.name)
    corrections, mistakes = shape_corrections(loaded.content)
    if corrections is None or mistakes:
        raise CampaignMistakes(tuple(loaded.mistakes or mistakes))

    def lay_over(old: Calendar) -> Calendar:
        years = range(old.published_until.year, corrections.published_until.year + 1)
        new = corrected(corrections, years)
        return Calendar(
            holidays=(old.holidays - new.makeup_workdays) | new.holidays,
            makeup_workdays=(old.makeup_workdays - new.holidays) | new.makeup_workdays,
            published_until=corrections.published_until,
        )

    return lay_over


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
    both = set(corrections.holidays) & set(corrections.makeup_workdays)
    return [Mistake(FILE, "makeup_workdays", str(day), "不得同时列为节假日") for day in sorted(both)]
