"""One person added or changed by hand, and a conflict that somebody declares of themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from actions.duties.holders import next_in_line
from actions.lookup import campaign_of, is_entitled
from actions.people.changes import Change
from actions.people.staff import import_people, settle_conflicts
from actions.people.vacancies import towns_in_use
from config.checks.people import EMAIL, ID, LONGEST_NAME, is_name
from records.duties.duties import duties_held
from records.people import people
from records.store import Session, Store, repeatable
from records.tables.duties import DutyRow
from records.tables.people import PersonRow
from rules.campaign.campaign import ROLES, TOWN_ROLES, Person
from rules.people.acts import Matter
from rules.people.proposals import USUAL_DAYS
from rules.refusals import Refused
from rules.signs import says_nothing


def save_person(
    store: Store,
    person: Person,
    *,
    is_new: bool,
    by: str,
    now: datetime,
    days: int = USUAL_DAYS,
    seen: Person | None = None,
) -> list[Change] | Refused:
    """Add somebody, or change who is there; what they may hold no longer goes to their deputy.

    ``seen`` is who they were on the page that was filled in: only what was changed there is changed.
    """

    def refuse(session: Session) -> Refused | None:
        return _refuse_person(session, person, is_new=is_new)

    return import_people(store, [person], by=by, now=now, days=days, seen=seen, refuse=refuse)


def _refuse_person(session: Session, person: Person, *, is_new: bool) -> Refused | None:
    others = [one for one in people.everybody(session) if one.id != person.id]
    towns = {town.code for town in towns_in_use(session)}
    row = session.get(PersonRow, person.id)
    if is_new and row is not None:
        return Refused("person_there", f"编号“{person.id}”已经有人使用，请换一个编号。")
    if not ID.fullmatch(person.id):
        return Refused("bad_id", "账号须为64个以内的字母、数字和 - _ .，以字母或数字开头。")
    if not person.name or not is_name(person.name):
        return Refused("no_name", f"请填写姓名，须为一行、{LONGEST_NAME}字以内。")
    if not EMAIL.fullmatch(person.email):
        return Refused("bad_address", "邮箱地址格式不对，请核对。")
    if any(one.email.lower() == person.email.lower() for one in others):
        return Refused("address_taken", "这个邮箱已由另一人使用；审批码会发到邮箱，须一人一个。")
    if not person.roles or not set(person.roles) <= set(ROLES):
        return Refused("no_roles", "请至少勾选一个角色。")
    if TOWN_ROLES.intersection(person.roles) and person.town_code not in towns:
        return Refused("no_town", "乡镇(街道)的角色必须选择所在乡镇(街道)。")
    if not {*person.conflicts, person.town_code} - {""} <= towns:
        return Refused("no_such_town", "所选的乡镇(街道)不在进行中的活动里，请刷新页面。")
    if person.deputy and person.deputy not in {one.id for one in others if one.active}:
        return Refused("no_such_deputy", "代理人须为另一位在用人员，请重新选择。")
    return None


@repeatable
def declare_conflict(
    store: Store, *, person_id: str, towns: Sequence[str], why: str, now: datetime
) -> Refused | None:
    """Somebody says that they must not act on these towns; only a coordinator lifts it again."""
    with store.writing() as session:
        if not is_entitled(session, "person.declare_conflict", by=person_id, matter=Matter(owner=person_id)):
            return Refused("no_account", "您的账号不存在或已停用，请联系活动协调员。")
        known = {town.code for town in towns_in_use(session)}
        if not towns or not set(towns) <= known:
            return Refused("no_such_town", "请勾选需要回避的乡镇(街道)。")
        if says_nothing(why):
            return Refused("no_reason", "请写明回避的原因，如籍贯、亲属任职。")
        return settle_conflicts(session, person_id, towns, why=why.strip(), now=now)


def where_duties_go(session: Session, person_id: str, *, now: datetime) -> list[tuple[DutyRow, str]]:
    """Every open duty of somebody and who would take it if they were stood down; empty where nobody can."""
    return [
        (duty, next_in_line(session, campaign_of(session, duty.campaign_id), duty, now=now) or "")
        for duty in duties_held(session, person_id)
    ]
