"""The coordinator's list of whom to call: who may be late and why, at which telephone; what came of each call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from actions.duties.holders import day_of
from actions.duties.posting import title_of
from actions.lookup import campaign_of, is_entitled
from actions.steps import subject_of
from records import audit
from records.dossiers.uploads import Version, newest_versions
from records.duties import calls as records
from records.people import accounts, people
from records.store import Session, Store, repeatable
from records.tables.duties import CallRow, DutyRow
from records.tables.people import PersonRow
from rules.campaign.campaign import Campaign
from rules.duties import calls as rules
from rules.duties.calls import Call, Signs
from rules.people.acts import Matter
from rules.refusals import Refused

NOT_COORDINATOR = Refused("not_coordinator", "只有活动协调员可以登记通话和电话。")


@dataclass(frozen=True, slots=True)
class Late:
    """One duty that may be late: what it is, by when, and why."""

    duty_id: int
    what: str
    due_at: datetime
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Callee:
    """Somebody of a town to be called, and about what; ``last`` is what came of the newest call to them."""

    town_code: str
    town: str
    person_id: str
    name: str
    telephone: str
    late: tuple[Late, ...]
    last: CallRow | None
    settled: bool
    """Reached already, or promised for a day to come: nothing to do for now."""


def call_list(session: Session, campaign_id: str, *, now: datetime) -> list[Callee]:
    """Whom to call, the most urgent first; who need not be called again for now at the end."""
    campaign = campaign_of(session, campaign_id)
    last = {(row.town_code, row.person_id): row for row in records.calls_of(session, campaign_id)}
    persons = {row.id: row for row in people.everybody(session)}
    found = []
    for (town_code, person_id), late in _late(session, campaign, now=now).items():
        person, called = persons[person_id], last.get((town_code, person_id))
        known = Call(called.at, called.outcome, called.promised_on) if called else None
        dues = (one.due_at for one in late)
        settled = rules.is_settled(known, dues, now=now, today=day_of(campaign, now))
        town = campaign.town(town_code).name
        found.append(
            Callee(town_code, town, person_id, person.name, person.telephone, tuple(late), called, settled)
        )
    return sorted(found, key=lambda one: (one.settled, one.late[0].due_at, one.town_code))


def _late(session: Session, campaign: Campaign, *, now: datetime) -> Mapping[tuple[str, str], list[Late]]:
    """(town, person) -> what may be late of theirs."""
    tell = _teller(session, campaign)
    duties = records.open_town_duties(session, campaign.id)
    found: dict[tuple[str, str], list[Late]] = {}
    for place, mine in groupby(duties, key=lambda one: (one.town_code, one.person_id)):
        late = [
            Late(duty.id, title_of(duty), duty.due_at, tuple(why))
            for duty in mine
            if (why := rules.why_call(tell.signs(duty), now=now))
        ]
        found |= {place: late} if late else {}
    return found


@dataclass(frozen=True, slots=True)
class _Teller:
    """What is known of all towns, read at once."""

    versions: Mapping[str, Version]
    last_in: Mapping[str, datetime | None]
    returns: Mapping[str, int]
    late_before: Mapping[str, int]
    lost_mails: Mapping[str, int]

    def signs(self, duty: DutyRow) -> Signs:
        version = self.versions.get(duty.village_code)
        return Signs(
            kind=duty.kind,
            opened_at=duty.opened_at,
            due_at=duty.due_at,
            last_in=self.last_in.get(duty.person_id),
            version=version.state if version else "",
            returns=self.returns.get(duty.village_code, 0) if duty.village_code else 0,
            announced=bool(duty.facts.get("sent")),
            late_before=self.late_before.get(duty.town_code, 0),
            lost_mails=self.lost_mails.get(duty.person_id, 0),
        )


def _teller(session: Session, campaign: Campaign) -> _Teller:
    return _Teller(
        versions=newest_versions(session, campaign.id),
        last_in={key: row.last_at for key, row in accounts.credentials(session).items()},
        returns=records.returns_by_village(session, campaign.id),
        late_before=records.late_before(session, campaign.id),
        lost_mails=records.lost_mails(session, campaign.id),
    )


@repeatable
def record_call(
    store: Store,
    *,
    campaign_id: str,
    town_code: str,
    person_id: str,
    outcome: str,
    note: str,
    promised_on: date | None,
    by: str,
    now: datetime,
) -> Refused | None:
    """Keep what came of a call to a town; a promise keeps them off the list until its day has passed."""
    with store.writing() as session:
        if not is_entitled(session, "calls.record_call", by=by):
            return NOT_COORDINATOR
        campaign = campaign_of(session, campaign_id)
        owing = {(one.town_code, one.person_id) for one in records.open_town_duties(session, campaign_id)}
        if (town_code, person_id) not in owing:
            return Refused("owes_nothing", "此人目前没有该乡镇(街道)的待办，可能已经办结，请刷新页面后核对。")
        refused = rules.refuse_call(outcome, note.strip(), promised_on, today=day_of(campaign, now))
        if refused:
            return refused
        session.add(
            CallRow(
                campaign_id=campaign_id,
                town_code=town_code,
                person_id=person_id,
                outcome=outcome,
                promised_on=promised_on,
                note=note.strip(),
                by=by,
                at=now,
            )
        )
        facts = {
            "outcome": outcome,
            "person": person_id,
            "promised_on": promised_on.isoformat() if promised_on else "",
            "note": note.strip(),
        }
        subject = subject_of(campaign_id, town_code)
        audit.note(session, at=now, actor=by, act="record_call", subject=subject, facts=facts)
    return None


@repeatable
def set_telephone(store: Store, *, person_id: str, telephone: str, by: str, now: datetime) -> Refused | None:
    """Where somebody is reached: their own word, or the coordinator's."""
    telephone = " ".join(telephone.split())
    with store.writing() as session:
        row = session.get(PersonRow, person_id)
        matter = Matter(owner=person_id)
        if row is None or not is_entitled(session, "calls.set_telephone", by=by, matter=matter):
            return NOT_COORDINATOR
        refused = rules.refuse_telephone(telephone)
        if refused:
            return refused
        row.telephone = telephone
        facts = {"is_set": bool(telephone)}
        audit.note(session, at=now, actor=by, act="set_telephone", subject=f"person:{person_id}", facts=facts)
    return None


def in_words(row: CallRow) -> Iterator[str]:
    """What came of a call, for a page: outcome, promised day, note."""
    yield rules.OUTCOMES[row.outcome]
    if row.promised_on:
        yield f"{row.promised_on.month}月{row.promised_on.day}日前"
    if row.note:
        yield row.note
