"""Whose time a village's verification takes: the town's clock and the bureau's, in working days, counted apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from rules.campaign.calendar import Calendar, add_workdays
from rules.refusals import Refused

Span = tuple[date, date]
"""From the day on which somebody was asked to the day on which they answered."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """``returned`` of at most ``most`` times (0: as often as need be), and the days of both."""

    returned: int
    most: int
    town_days: int
    bureau_days: int

    @property
    def is_used_up(self) -> bool:
        return bool(self.most) and self.returned >= self.most


def clocks(
    calendar: Calendar, *, town: Iterable[Span], bureau: Iterable[Span], returned: int, most: int
) -> Clocks:
    """A day counts for whoever had the dossier at its end; one on which the town had it is never the bureau's."""
    towns = {day for span in town for day in worked(calendar, span)}
    bureaus = {day for span in bureau for day in worked(calendar, span)}
    return Clocks(returned, most, len(towns), len(bureaus - towns))


def worked(calendar: Calendar, span: Span) -> set[date]:
    """The working days after the first day of a span up to its last."""
    first, last = span
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return {day for day in days if calendar.is_workday(day) is True}


def made_up(calendar: Calendar, due: date, *, late: Span) -> tuple[date, int]:
    """A correction's due date moved by as many working days as the bureau was late, and by how many."""
    delay = len(worked(calendar, late))
    moved = add_workdays(calendar, due, delay)
    return (due, 0) if isinstance(moved, Refused) else (moved, delay)


def refuse_return(clocks: Clocks) -> Refused | None:
    """None while the town may be asked once more."""
    if not clocks.is_used_up:
        return None
    return Refused(
        "return_limit",
        f"该社区(村)已退回补正{clocks.returned}次，达到本次活动的上限{clocks.most}次，不能再退回。"
        "请按现有材料评分通过，由认定环节决定。",
    )


def delay_in_words(days: int) -> str:
    return f"局里审核逾期{days}个工作日，补正期限相应顺延{days}个工作日。"
