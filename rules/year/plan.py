"""The plan of a year: groups of people and how often each is asked, kinds of services, policies that are followed."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

SEVERAL = "、"
"""Stands between the values of a column that holds several."""


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
    """People whose columns each hold one of the values of ``where``; without any, everybody.

    A column of several values holds each of them, joined by 、.
    """

    key: str
    title: str
    interval: Interval
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def holds(self, values: Mapping[str, str]) -> bool:
        return all(
            not set(wanted).isdisjoint(values.get(key, "").split(SEVERAL)) for key, wanted in self.where
        )


PEOPLE, COUNT, EITHER = "people", "count", "either"
SERVED: Mapping[str, str] = {
    PEOPLE: "写明服务了谁",
    COUNT: "只记人数或件数",
    EITHER: "写明服务了谁，或只记数",
}
"""What a record of a service says of whom it was for."""


@dataclass(frozen=True, slots=True)
class ServiceKind:
    """A kind of service that villages record; ``served`` is one of ``SERVED``."""

    key: str
    title: str
    served: str = EITHER


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy of which it is followed who was told, applied and was refused."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class YearPlan:
    """What an installation is asked to do all year; ``mark`` stands wherever a sample is shown."""

    version: str
    groups: tuple[Group, ...]
    services: tuple[ServiceKind, ...]
    state: str
    """The roster column that says whether somebody of working age is employed: nobody is without."""
    policies: tuple[Policy, ...] = ()
    mark: str = ""
