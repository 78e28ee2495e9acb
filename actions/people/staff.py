"""People, alive and audited: added, changed, deputised, stood down; no open duty is left with nobody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from actions.duties.duties import title_of
from actions.duties.eligibility import refuse_acting
from actions.duties.handover import pass_to_deputy
from actions.lookup import campaign_of
from actions.people.login import end_access
from actions.people.notices import tell_changed
from config.checks.people import check_posts, check_seats
from records import audit
from records.campaign.campaigns import open_campaigns
from records.duties.duties import duties_held
from records.people import people
from records.review.gates import end_codes
from records.store import Session, Store, repeatable
from records.tables.duties import DutyRow
from records.tables.people import PersonRow
from rules.campaign.campaign import ROLES, Person, Town
from rules.duties.holding import refuse_unfit
from rules.people.rights import needs_one_time_password
from rules.refusals import Refused

NAMES = {
    "name": "姓名",
    "email": "邮箱",
    "roles": "角色",
    "town_code": "乡镇(街道)",
    "conflicts": "回避",
    "deputy": "代理人",
}
WHO_AND_WHERE = frozenset({"email", "roles"})


@dataclass(frozen=True, slots=True)
class Change:
    """What an import does to one person: column -> (before, after); empty ``before`` for a new one."""

    person: Person
    is_new: bool
    columns: dict[str, tuple[str, str]]

    roles_before: tuple[str, ...] = ()

    @property
    def of_a_decider(self) -> bool:
        """Whether it concerns where somebody's codes go, or what they may do, of who decides or oversees."""
        roles = {*self.roles_before, *self.person.roles}
        return needs_one_time_password(roles) and not WHO_AND_WHERE.isdisjoint(self.columns)

    def __str__(self) -> str:
        shown = "，".join(
            f"{NAMES[name]} {old or '无'}→{new or '无'}" for name, (old, new) in self.columns.items()
        )
        return f"{'新增' if self.is_new else '变更'} {self.person.id} {self.person.name}：{shown}"


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


def changes(session: Session, wanted: Iterable[Person]) -> list[Change]:
    """How the people would differ; whoever stays as they are is left out, and nobody is taken away."""
    found = []
    for person in wanted:
        row = session.get(PersonRow, person.id)
        before = people.as_rule(row) if row else Person(person.id, "", "", ())
        columns = {name: (_text(before, name), _text(person, name)) for name in NAMES}
        differing = {name: pair for name, pair in columns.items() if pair[0] != pair[1]}
        if differing or row is None:
            found.append(Change(person, row is None, differing, before.roles))
    return found


def _text(person: Person, name: str) -> str:
    value = getattr(person, name)
    return "、".join(value) if isinstance(value, tuple) else str(value)


@repeatable
def import_people(
    store: Store, wanted: Sequence[Person], *, by: str, now: datetime
) -> list[Change] | Refused:
    """Add and change people, all or none; a duty that somebody may hold no longer goes to their deputy."""
    with store.writing() as session:
        people.lock_everybody(session)
        refused = refuse_not_coordinator(session, by)
        if refused:
            return refused
        vacant = _vacancies(session)
        found = changes(session, wanted)
        refused = _refuse_own_roles(found, by)
        if refused:
            return refused
        for change in found:
            people.put(session, change.person)
        session.flush()
        for change in found:
            columns = {name: list(pair) for name, pair in change.columns.items()}
            _note(session, "import_person", change.person.id, by=by, now=now, facts={"columns": columns})
            if change.of_a_decider:
                _make_known(session, change, by=by, now=now)
        refused = _refuse_deputies(session, found) or _settle(
            session, [change.person.id for change in found], vacant, by=by, now=now
        )
        if refused:
            session.rollback()
            return refused
    return found


def _refuse_own_roles(found: Iterable[Change], by: str) -> Refused | None:
    if any(one.person.id == by and "roles" in one.columns for one in found):
        return Refused("own_roles", "本人的角色不能由本人变更，请由另一位活动协调员办理。")
    return None


def _make_known(session: Session, change: Change, *, by: str, now: datetime) -> None:
    """End what was open in a decider's name; tell them, at the old address too, and every auditor."""
    person_id = change.person.id
    end_access(session, person_id, at=now)
    end_codes(session, person_id)
    before = change.columns.get("email", ("", ""))[0]
    tell_changed(session, person_id, what=str(change), by=by, old_address=before, now=now)


def _refuse_deputies(session: Session, found: Iterable[Change]) -> Refused | None:
    """Whoever is named anew to stand in must be able to; who was named earlier is judged duty by duty."""
    named = [session.get_one(PersonRow, one.person.id) for one in found if "deputy" in one.columns]
    return next(filter(None, (_refuse_deputy(session, row, row.deputy) for row in named)), None)


@repeatable
def set_deputy(store: Store, *, person_id: str, deputy: str, by: str, now: datetime) -> Refused | None:
    """Name who stands in for somebody; an empty ``deputy`` leaves them without."""
    with store.writing() as session:
        people.lock_everybody(session)
        row = session.get(PersonRow, person_id)
        refused = refuse_not_coordinator(session, by) or _refuse_unknown(row, person_id)
        if refused or row is None:
            return refused
        refused = _refuse_deputy(session, row, deputy)
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
        vacant = _vacancies(session)
        conflicts = sorted({*row.conflicts, town_code} if stands else {*row.conflicts} - {town_code})
        before, row.conflicts = row.conflicts, conflicts
        session.flush()
        _note(
            session, "set_conflict", person_id, by=by, now=now, facts={"before": before, "after": conflicts}
        )
        refused = _settle(session, [person_id], vacant, by=by, now=now)
        if refused:
            session.rollback()
        return refused


def settle_conflicts(
    session: Session, person_id: str, towns: Sequence[str], *, why: str, now: datetime
) -> Refused | None:
    """The same as declared by the person, for several towns, in the caller's transaction."""
    people.lock_everybody(session)
    row = session.get_one(PersonRow, person_id)
    vacant = _vacancies(session)
    before, row.conflicts = row.conflicts, sorted({*row.conflicts, *towns})
    session.flush()
    facts: dict[str, object] = {"before": before, "after": row.conflicts, "reason": why}
    _note(session, "declare_conflict", person_id, by=person_id, now=now, facts=facts)
    refused = _settle(session, [person_id], vacant, by=person_id, now=now)
    if refused:
        session.rollback()
    return refused


@repeatable
def deactivate(store: Store, *, person_id: str, by: str, now: datetime) -> Refused | None:
    """Stand somebody down; their open duties go to their deputy, or nothing happens and it says which."""
    with store.writing() as session:
        people.lock_everybody(session)
        row = session.get(PersonRow, person_id)
        refused = refuse_not_coordinator(session, by) or _refuse_unknown(row, person_id)
        if refused or row is None:
            return refused
        vacant = _vacancies(session)
        row.active = False
        end_access(session, person_id, at=now)
        session.flush()
        _note(session, "deactivate", person_id, by=by, now=now, facts={})
        refused = _settle(session, [person_id], vacant, by=by, now=now)
        if refused:
            session.rollback()
        return refused


@repeatable
def activate(store: Store, *, person_id: str, by: str, now: datetime) -> Refused | None:
    """Take somebody back; duties that passed on stay where they are."""
    with store.writing() as session:
        people.lock_everybody(session)
        row = session.get(PersonRow, person_id)
        refused = refuse_not_coordinator(session, by)
        if refused is None and row is None:
            refused = Refused("no_account", f"没有编号为“{person_id}”的人员，请先导入。")
        if refused or row is None:
            return refused
        row.active = True
        _note(session, "activate", person_id, by=by, now=now, facts={})
    return None


def refuse_not_coordinator(session: Session, by: str) -> Refused | None:
    """Only a coordinator changes people; while there is none, whoever holds the machine brings the first."""
    coordinators = [person.id for person in people.with_role(session, "coordinator")]
    if not coordinators or by in coordinators:
        return None
    return Refused("not_coordinator", f"人员由活动协调员维护，“{by}”不是在用的活动协调员。")


def _refuse_deputy(session: Session, row: PersonRow, deputy: str) -> Refused | None:
    other = session.get(PersonRow, deputy) if deputy else None
    if deputy and (other is None or not other.active or deputy == row.id):
        return Refused("no_such_deputy", f"代理人“{deputy}”须为另一位在用人员，请核对编号。")
    return refuse_unfit(people.as_rule(row), people.as_rule(other)) if other else None


def _refuse_unknown(row: PersonRow | None, person_id: str) -> Refused | None:
    if row is not None and row.active:
        return None
    return Refused("no_account", f"没有编号为“{person_id}”的在用人员，请用 people list 查看。")


def _refuse_unknown_town(session: Session, town_code: str) -> Refused | None:
    towns = {town.code for town in towns_in_use(session)}
    if town_code in towns:
        return None
    return Refused("no_such_town", f"没有编码为“{town_code}”的乡镇(街道)，可用：{'、'.join(sorted(towns))}。")


def towns_in_use(session: Session) -> list[Town]:
    """The towns of all campaigns under way, each once."""
    campaigns = [campaign_of(session, campaign_id) for campaign_id in open_campaigns(session)]
    return list({town.code: town for campaign in campaigns for town in campaign.towns}.values())


def _vacancies(session: Session) -> frozenset[str]:
    """Posts of the campaigns under way that nobody active holds, and seats that nobody may take, in words."""
    active = tuple(people.as_rule(row) for row in people.everybody(session) if row.active)
    drafts = [
        {"people": active, "town_codes": {town.code: town for town in one.towns}, "gates": one.gates}
        for one in (campaign_of(session, campaign_id) for campaign_id in open_campaigns(session))
    ]
    mistakes = [found for draft in drafts for check in (check_posts, check_seats) for found in check(draft)]
    return frozenset(f"{mistake.key}{mistake.allowed}" for mistake in mistakes)


def _settle(
    session: Session, person_ids: Sequence[str], vacant: frozenset[str], *, by: str, now: datetime
) -> Refused | None:
    """Pass on what these people may hold no longer; refused when a duty or a post would be nobody's."""
    new = sorted(_vacancies(session) - vacant)
    if new:
        return Refused("vacant", f"这样会使岗位空缺：{'；'.join(new)}。请先安排接替人员。")
    left = [
        duty
        for person_id in person_ids
        for duty in duties_held(session, person_id)
        if _may_not_hold(session, duty) and not _passed_on(session, duty, by=by, now=now)
    ]
    if not left:
        return None
    listed = "、".join(f"#{duty.id} {title_of(duty)}" for duty in left)
    return Refused("open_duties", f"其名下有待办无人可接：{listed}。请先改派，或为其指定能够办理的代理人。")


def _may_not_hold(session: Session, duty: DutyRow) -> bool:
    """Stood down, without the duty's role in their own right, of another town, or in conflict."""
    person, campaign = session.get_one(PersonRow, duty.person_id), campaign_of(session, duty.campaign_id)
    return refuse_acting(session, campaign, duty, person) is not None


def _passed_on(session: Session, duty: DutyRow, *, by: str, now: datetime) -> bool:
    campaign = campaign_of(session, duty.campaign_id)
    reason = "承办人停用、调岗或须回避，转交代理人。"
    return pass_to_deputy(session, campaign, duty, by=by, reason=reason, now=now) is not None


def _note(
    session: Session, act: str, person_id: str, *, by: str, now: datetime, facts: dict[str, object]
) -> None:
    audit.note(session, at=now, actor=by, act=act, subject=f"person:{person_id}", facts=facts)
