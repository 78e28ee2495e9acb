"""Absences: somebody is away for a span of days and somebody else stands in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo

from rules.campaign.campaign import TOWN_ROLES, Person
from rules.entries import refuse_year
from rules.refusals import Refused


@dataclass(frozen=True, slots=True)
class Absence:
    """``person_id`` is away from the ``first`` to the ``last`` day, both included; ``deputy`` stands in."""

    person_id: str
    deputy: str
    first: date
    last: date

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last

    def overlaps(self, other: Absence) -> bool:
        return self.first <= other.last and other.first <= self.last

    def begins_at(self, zone: tzinfo) -> datetime:
        """The midnight with which the first day begins."""
        return datetime.combine(self.first, time.min, tzinfo=zone)


def refuse_absence(wanted: Absence, known: Iterable[Absence], *, today: date) -> Refused | None:
    """Why it cannot be recorded; ``known`` are the absences, of both people, that nobody has ended."""
    return (
        refuse_days(wanted, today)
        or refuse_deputy(wanted)
        or next((refuse_overlap(wanted, one) for one in known if wanted.overlaps(one)), None)
    )


def refuse_days(wanted: Absence, today: date) -> Refused | None:
    far = refuse_year(wanted.first, about=today.year) or refuse_year(wanted.last, about=today.year)
    if far:
        return far
    if wanted.last < wanted.first:
        return Refused("days_reversed", f"外出的最后一天{wanted.last}早于第一天{wanted.first}，请核对日期。")
    if wanted.last < today:
        return Refused("days_over", f"{wanted.first}至{wanted.last}已经过去，只能登记今天或今后的外出。")
    return None


def refuse_deputy(wanted: Absence) -> Refused | None:
    if not wanted.deputy:
        return Refused("no_stand_in", "没有固定代理人，请指明外出期间由谁代理。")
    if wanted.deputy == wanted.person_id:
        return Refused("stand_in_self", "代理人须为另一位在用人员，请重新选择。")
    return None


def refuse_overlap(wanted: Absence, other: Absence) -> Refused:
    """Two absences of one person would name two stand-ins; a stand-in who is away too stands in for nobody."""
    days = f"{other.first}至{other.last}"
    if other.person_id == wanted.person_id:
        return Refused("away_already", f"{days}已登记外出，与此次日期重叠。请先结束原来的登记，或改日期。")
    return Refused("stand_in_away", f"代理人在{days}也外出，请另选代理人。")


def refuse_stranger(person: Person, deputy: Person) -> Refused | None:
    """Who says of themselves that they are away names their own deputy, or somebody who may do all that they
    may: nobody gives away more than they have, and only a coordinator goes beyond."""
    if deputy.id == person.deputy or is_colleague(person, deputy):
        return None
    return Refused(
        "no_colleague", "本人登记时，代理人须为固定代理人或同岗位的同事；其他人选请活动协调员登记。"
    )


def is_colleague(person: Person, other: Person) -> bool:
    """Whether ``other`` has every role of the bureau that ``person`` has, and one in the town where they have one."""
    bureau = set(person.roles) - TOWN_ROLES
    same_town = other.town_code == person.town_code and not TOWN_ROLES.isdisjoint(other.roles)
    return bureau <= set(other.roles) and (TOWN_ROLES.isdisjoint(person.roles) or same_town)


def stays_with_the_absent(*, given_at: datetime | None, since: datetime) -> bool:
    """Whether somebody away keeps a duty: it was given to them after the absence began (``since``), knowingly."""
    return given_at is not None and given_at >= since
