"""People, alive and audited: added, changed, deputised, stood down; no open duty is left with nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from actions.lookup import is_entitled
from actions.people.changes import Change, changes, laid_over, put_through, refuse_deputy
from actions.people.proposals import LEAVING, RETURN, propose, propose_changes, stand_down
from actions.people.vacancies import settle, towns_in_use, vacancies
from records import audit
from records.campaign.campaigns import every_campaign
from records.people import people
from records.store import Session, Store, repeatable
from records.tables.people import PersonRow
from rules.campaign.campaign import ROLES, Person
from rules.people.proposals import AUDITOR, USUAL_DAYS, refuse_mixed_powers
from rules.people.rights import needs_one_time_password
from rules.refusals import Refused


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with an account, with roles and town in words."""

    person: Person
    roles: str
    town: str
    active: bool


def members(session: Session) -> list[Member]:
    """Everybody in order of id."""
    names = {town.code: town.name for town in towns_in_use(session)}
    return [
        Member(
            person=people.as_rule(row),
            roles="、".join(ROLES[role] for role in row.roles),
            town=names.get(row.town_code, row.town_code),
            active=row.active,
        )
        for row in people.everybody(session)
    ]


def nothing_more(_session: Session) -> Refused | None:
    """What an import asks besides, where nothing."""
    return None


@repeatable
def import_people(
    store: Store,
    wanted: Sequence[Person],
    *,
    by: str,
    now: datetime,
    days: int = USUAL_DAYS,
    seen: Person | None = None,
    refuse: Callable[[Session], Refused | None] = nothing_more,
) -> list[Change] | Refused:
    """Add and change people, all or none; a duty that somebody may hold no longer goes to their deputy.

    Where a decider's codes go, and what they may do, is only proposed: a second person has ``days`` to confirm it.
    ``seen`` is the one person of ``wanted`` as a page showed them: what was changed since stays. ``refuse`` is what the
    caller asks besides, of everybody as they stand when nobody else may change them.
    """
    with store.writing() as session:
        people.lock_everybody(session)
        more = refuse(session)
        if more:
            return more
        meant = [laid_over(session, one, seen) for one in wanted]
        stale = next((one for one in meant if isinstance(one, Refused)), None)
        if stale:
            return stale
        found = changes(session, [one for one in meant if isinstance(one, Person)])
        refused = refuse_not_coordinator(session, by) or _refuse_own_roles(found, by)
        refused = refused or _refuse_mixed_powers(found)
        if refused:
            return refused
        at_once, for_two = _apart(session, found)
        refused = put_through(session, at_once, by=by, now=now)
        waiting = refused or (propose_changes(session, for_two, by=by, now=now, days=days) if for_two else [])
        if isinstance(waiting, Refused):
            session.rollback()
            return waiting
    return [*at_once, *waiting]


def _apart(session: Session, found: Sequence[Change]) -> tuple[list[Change], list[Change]]:
    """What is done at once, and what takes a second person; an installation's first people come at once."""
    if not people.with_role(session, "coordinator"):
        return list(found), []
    return [one for one in found if not one.of_a_decider], [one for one in found if one.of_a_decider]


def newcomers(session: Session, wanted: Iterable[Person]) -> list[Change]:
    """Deciders of a campaign folder whom nobody knows yet; those of an installation's first campaign come at once."""
    if not every_campaign(session):
        return []
    new = [one for one in wanted if session.get(PersonRow, one.id) is None]
    return _apart(session, changes(session, new))[1]


@repeatable
def propose_newcomers(
    store: Store, wanted: Sequence[Person], *, by: str, now: datetime, days: int = USUAL_DAYS
) -> list[Change] | Refused:
    """Have a second person confirm whom a campaign folder brings anew to decide; what there is to confirm."""
    with store.writing() as session:
        people.lock_everybody(session)
        if not is_entitled(session, "staff.propose_newcomers", by=by):
            return Refused("not_coordinator", "只有活动协调员或运行维护人员可以提请新增人员。")
        found = newcomers(session, wanted)
        refused = _refuse_mixed_powers(found)
        if refused or not found:
            return refused or []
        return propose_changes(session, found, by=by, now=now, days=days)


def _refuse_mixed_powers(found: Iterable[Change]) -> Refused | None:
    """Whoever is an auditor beside something else already stays so until their roles change."""
    changed = (refuse_mixed_powers(one.person.roles) for one in found if "roles" in one.columns)
    return next(filter(None, changed), None)


def _refuse_own_roles(found: Iterable[Change], by: str) -> Refused | None:
    if any(one.person.id == by and "roles" in one.columns for one in found):
        return Refused("own_roles", "本人的角色不能由本人变更，请由另一位活动协调员办理。")
    return None


@repeatable
def set_deputy(store: Store, *, person_id: str, deputy: str, by: str, now: datetime) -> Refused | None:
    """Name who stands in for somebody; an empty ``deputy`` leaves them without."""
    with store.writing() as session:
        people.lock_everybody(session)
        row = session.get(PersonRow, person_id)
        refused = refuse_not_coordinator(session, by) or _refuse_unknown(row, person_id)
        if refused or row is None:
            return refused
        refused = refuse_deputy(session, row, deputy)
        if refused:
            return refused
        before, row.deputy = row.deputy, deputy
        _note(session, "set_deputy", person_id, by=by, now=now, facts={"before": before, "after": deputy})
    return None


@repeatable
def set_conflict(
    store: Store, *, person_id: str, town_code: str, stands: bool, by: str, now: datetime
) -> Refused | None:
    """Record or lift that somebody must not act on a town; what they hold there goes to their deputy."""
    with store.writing() as session:
        people.lock_everybody(session)
        row = session.get(PersonRow, person_id)
        refused = refuse_not_coordinator(session, by) or _refuse_unknown(row, person_id)
        refused = refused or _refuse_unknown_town(session, town_code)
        if refused or row is None:
            return refused
        vacant = vacancies(session)
        conflicts = sorted({*row.conflicts, town_code} if stands else {*row.conflicts} - {town_code})
        before, row.conflicts = row.conflicts, conflicts
        session.flush()
        _note(
            session, "set_conflict", person_id, by=by, now=now, facts={"before": before, "after": conflicts}
        )
        refused = settle(session, [person_id], vacant, by=by, now=now)
        if refused:
            session.rollback()
        return refused


def settle_conflicts(
    session: Session, person_id: str, towns: Sequence[str], *, why: str, now: datetime
) -> Refused | None:
    """The same as declared by the person, for several towns, in the caller's transaction."""
    people.lock_everybody(session)
    row = session.get_one(PersonRow, person_id)
    vacant = vacancies(session)
    before, row.conflicts = row.conflicts, sorted({*row.conflicts, *towns})
    session.flush()
    facts: dict[str, object] = {"before": before, "after": row.conflicts, "reason": why}
    _note(session, "declare_conflict", person_id, by=person_id, now=now, facts=facts)
    refused = settle(session, [person_id], vacant, by=person_id, now=now)
    if refused:
        session.rollback()
    return refused


@repeatable
def deactivate(
    store: Store, *, person_id: str, by: str, now: datetime, days: int = USUAL_DAYS
) -> int | Refused | None:
    """Stand somebody down; their open duties go to their deputy, or nothing happens and it says which.

    An auditor goes when somebody outside the business confirms it: the number of that proposal.
    """
    with store.writing() as session:
        people.lock_everybody(session)
        row = session.get(PersonRow, person_id)
        refused = refuse_not_coordinator(session, by) or _refuse_unknown(row, person_id)
        if refused or row is None:
            return refused
        if AUDITOR in row.roles:
            what = f"停用 {row.id} {row.name}(审计员)"
            made = propose(session, LEAVING, [row.id], what=what, facts={}, by=by, now=now, days=days)
            return made if isinstance(made, Refused) else made.id
        refused = stand_down(session, person_id, by, now)
        if refused:
            session.rollback()
        return refused


@repeatable
def activate(
    store: Store, *, person_id: str, by: str, now: datetime, days: int = USUAL_DAYS
) -> int | Refused | None:
    """Take somebody back; duties that passed on stay where they are.

    Whoever decides or oversees comes back when a second person confirms it: the number of that proposal.
    """
    with store.writing() as session:
        people.lock_everybody(session)
        row = session.get(PersonRow, person_id)
        refused = refuse_not_coordinator(session, by)
        if refused is None and row is None:
            refused = Refused("no_account", f"没有编号为“{person_id}”的人员，请先导入。")
        if refused or row is None:
            return refused
        if not row.active and needs_one_time_password(row.roles):
            what = f"启用 {row.id} {row.name}(此前已停用)"
            made = propose(session, RETURN, [row.id], what=what, facts={}, by=by, now=now, days=days)
            return made if isinstance(made, Refused) else made.id
        row.active = True
        _note(session, "activate", person_id, by=by, now=now, facts={})
    return None


def refuse_not_coordinator(session: Session, by: str) -> Refused | None:
    """Only a coordinator changes people; while there is none, whoever holds the machine brings the first."""
    coordinators = [person.id for person in people.with_role(session, "coordinator")]
    if not coordinators or by in coordinators:
        return None
    return Refused("not_coordinator", f"人员由活动协调员维护，“{by}”不是在用的活动协调员。")


def _refuse_unknown(row: PersonRow | None, person_id: str) -> Refused | None:
    if row is not None and row.active:
        return None
    return Refused("no_account", f"没有编号为“{person_id}”的在用人员，请用 people list 查看。")


def _refuse_unknown_town(session: Session, town_code: str) -> Refused | None:
    towns = {town.code for town in towns_in_use(session)}
    if town_code in towns:
        return None
    return Refused("no_such_town", f"没有编码为“{town_code}”的乡镇(街道)，可用：{'、'.join(sorted(towns))}。")


def _note(
    session: Session, act: str, person_id: str, *, by: str, now: datetime, facts: dict[str, object]
) -> None:
    audit.note(session, at=now, actor=by, act=act, subject=f"person:{person_id}", facts=facts)
