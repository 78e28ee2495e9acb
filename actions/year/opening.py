"""Opening the year with a campaign folder, and again with a newer one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from actions.lookup import is_entitled
from config.frozen import freeze, thaw_year
from records import audit
from records.people import people
from records.store import Session, Store, repeatable
from records.tables.people import PersonRow
from records.tables.year import YearOpeningRow
from records.year import openings
from rules.campaign.campaign import Village
from rules.people.acts import Matter, may_do
from rules.refusals import Refused
from rules.year.opened import OpenedYear

SUBJECT = "year"
NOT_OPEN = Refused("year_not_open", "日常服务尚未启用。请由运行维护人员或活动协调员启用（hqe year open）。")
NOT_YOURS = Refused("not_your_village", "您没有办理该社区(村)日常服务的权限：不在您的办理范围内。")
NO_VILLAGE = Refused("no_such_village", "日常服务的名单里没有这个社区(村)，请核对12位编码。")

_thaw = lru_cache(maxsize=4)(thaw_year)


@dataclass(frozen=True, slots=True)
class Opened:
    """What came of an opening: the digest, and whether people are now asked at other times than before."""

    digest: str
    asks_anew: bool


@repeatable
def open_year(store: Store, *, year: OpenedYear, by: str, now: datetime) -> Opened | Refused:
    """From now on acts of the year start from this; the openings before stay on record."""
    frozen = freeze(year)
    with store.writing() as session:
        if not is_entitled(session, "opening.open_year", by=by):
            return Refused("wrong_role", "日常服务由活动协调员或运行维护人员启用。")
        before = openings.newest(session)
        digest = openings.digest_of(frozen)
        if before is not None and before.digest == digest:
            return Refused("same_year", "日常服务已按这份配置启用，没有变化。")
        # The number is said, so that of two at once the second finds it taken, runs again and is refused.
        number = before.id + 1 if before else 1
        row = YearOpeningRow(id=number, digest=digest, frozen=frozen, opened_by=by, opened_at=now)
        openings.add(session, row)
        facts = {"version": year.plan.version, "sha256": digest, "before": before.digest if before else ""}
        audit.note(session, at=now, actor=by, act="open_year", subject=SUBJECT, facts=facts)
    asks_anew = before is not None and _thaw(before.frozen).plan.groups != year.plan.groups
    return Opened(digest, asks_anew)


def year_of(session: Session) -> OpenedYear | Refused:
    """The year as it was opened last."""
    row = openings.newest(session)
    return _thaw(row.frozen) if row is not None else NOT_OPEN


def subject_of_village(code: str) -> str:
    return f"{SUBJECT}/{code}"


@dataclass(frozen=True, slots=True)
class Place:
    """A village in the year, for somebody who may."""

    year: OpenedYear
    village: Village


def place_for(session: Session, act: str, village_code: str, *, by: str) -> Place | Refused:
    """Where an act falls, or why it may not."""
    year = year_of(session)
    if isinstance(year, Refused):
        return year
    village = year.village(village_code)
    town = village.town_code if village else ""
    if not is_entitled(session, act, by=by, matter=Matter(town_code=town)):
        return NOT_YOURS
    return Place(year, village) if village else NO_VILLAGE


def towns_for(session: Session, act: str, year: OpenedYear, *, by: str) -> frozenset[str]:
    """The towns for which ``by`` may do it."""
    row = session.get(PersonRow, by)
    person = people.as_rule(row) if row is not None and row.active else None
    return frozenset(town.code for town in year.towns if may_do(act, person, by, Matter(town_code=town.code)))
