"""The plan of a year: groups of people, and how often each is asked."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Interval:
    """So many months and days, of which one is nought."""

    months: int = 0
    days: int = 0

    def after(self, day: date) -> date:
        """The day on which it ends; from the 31st, the last day of a shorter month."""
        year, month = divmod(day.year * 12 + day.month - 1 + self.months, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return date(year, month + 1, min(day.day, last)) + timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Group:
    """People whose columns each hold one of the values of ``where``; without any, everybody."""

    key: str
    title: str
    interval: Interval
    where: tuple[tuple[str, frozenset[str]], ...] = ()

    def holds(self, values: Mapping[str, str]) -> bool:
        return all(values.get(key, "") in wanted for key, wanted in self.where)


def next_due(groups: Sequence[Group], values: Mapping[str, str], *, confirmed: date) -> date | None:
    """By when somebody is asked again: the earliest of their groups; none asks for who is in no group."""
    return min((one.interval.after(confirmed) for one in groups if one.holds(values)), default=None)
