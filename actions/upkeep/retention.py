"""Retention: rosters are deleted when their time after the campaign's end is over; what they counted is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from actions.lookup import campaign_of, is_entitled, locked_village
from actions.steps import subject_of
from actions.year.opening import SUBJECT, year_of
from records import audit
from records.dossiers import extracts
from records.dossiers.uploads import uploads_of
from records.store import Store, repeatable
from records.upkeep import retention
from records.year import living
from rules.dossiers.retention import kept_until, months_after
from rules.refusals import Refused


@dataclass(frozen=True, slots=True)
class Outlived:
    """A village's dossiers whose time is over, or which were erased: how many versions, and people in them."""

    campaign_id: str
    village_code: str
    until: datetime
    uploads: int
    people: int = 0


def outlived(store: Store, *, now: datetime) -> list[Outlived]:
    """Everything whose time is over and that is still here."""
    found: list[Outlived] = []
    with store.reading() as session:
        for campaign_id, closed_at in retention.closed_with_rosters(session):
            until = kept_until(campaign_of(session, campaign_id), closed_at)
            if until < now:
                left = retention.dossiers_left(session, campaign_id)
                found += [Outlived(campaign_id, code, until, count) for code, count in left]
    return found


def erase_outlived(store: Store, *, by: str, now: datetime) -> list[Outlived]:
    """Erase all of it, one village after another; called again it goes on, and then finds nothing."""
    with store.reading() as session:
        if not is_entitled(session, "retention.erase_outlived", by=by):
            raise ValueError(f"only the machine erases: {by}")
    erased = [done for one in outlived(store, now=now) if (done := _erase(store, one, by=by, now=now))]
    extracts_gone = _erase_extracts(store, by=by, now=now)
    left_gone = _erase_left(store, by=by, now=now)
    if erased or extracts_gone or left_gone:
        retention.cut_log(store.engine)
    return erased


@repeatable
def _erase_extracts(store: Store, *, by: str, now: datetime) -> int:
    """Business data goes when the rosters go that it was held against."""
    gone = 0
    with store.writing() as session:
        for campaign_id, closed_at in extracts.closed_with_extracts(session):
            until = kept_until(campaign_of(session, campaign_id), closed_at)
            if until < now:
                there = extracts.erase_all(session, campaign_id, at=now)
                facts = {"uploads": there, "until": until.date().isoformat()}
                audit.note(session, at=now, actor=by, act="erase_extracts", subject=campaign_id, facts=facts)
                gone += there
    return gone


@repeatable
def _erase_left(store: Store, *, by: str, now: datetime) -> int:
    """Who left a living roster is forgotten when as much time is over as a campaign's rosters are kept."""
    with store.writing() as session:
        year = year_of(session)
        if isinstance(year, Refused):
            return 0
        before = months_after(now.astimezone(year.zone).date(), -year.retention_months)
        gone = living.long_gone(session, before)
        for person in gone:
            living.erase(session, person)
        if gone:
            facts = {"people": len(gone), "until": before.isoformat()}
            audit.note(session, at=now, actor=by, act="erase_left", subject=SUBJECT, facts=facts)
    return len(gone)


@repeatable
def _erase(store: Store, one: Outlived, *, by: str, now: datetime) -> Outlived | None:
    subject = subject_of(one.campaign_id, one.village_code)
    with store.writing() as session:
        _, village = locked_village(session, subject)
        counts = [
            people
            for upload in uploads_of(session, village)
            if (people := retention.erase_upload(session, upload, at=now)) is not None
        ]
        if not counts:
            return None
        facts = {"uploads": len(counts), "people": sum(counts), "until": one.until.date().isoformat()}
        audit.note(session, at=now, actor=by, act="erase_roster", subject=subject, facts=facts)
    return Outlived(one.campaign_id, one.village_code, one.until, len(counts), sum(counts))
