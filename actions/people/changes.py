"""What changes about people: compared with who is there, told, and put through whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from actions.people.login import end_access
from actions.people.notices import tell_changed
from actions.people.vacancies import settle, vacancies
from records import audit
from records.people import people
from records.review.gates import end_codes
from records.store import Session
from records.tables.people import PersonRow
from rules.campaign.campaign import Person
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
    proposal: int | None = None
    """Under which number it waits for a second person; None once it is done."""

    @property
    def of_a_decider(self) -> bool:
        """Whether it concerns where somebody's codes go, or what they may do, of who decides or oversees."""
        roles = {*self.roles_before, *self.person.roles}
        return needs_one_time_password(roles) and not WHO_AND_WHERE.isdisjoint(self.columns)

    def __str__(self) -> str:
        return f"{'新增' if self.is_new else '变更'} {self.person.id} {self.person.name}：{_in_words(self.columns)}"


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


def laid_over(session: Session, wanted: Person, seen: Person | None) -> Person | Refused:
    """What the form changes of the person as they are now; refused where somebody else has changed the same since
    the form showed them as ``seen``. Without ``seen`` all of ``wanted`` counts."""
    row = session.get(PersonRow, wanted.id)
    if seen is None or row is None:
        return wanted
    current = people.as_rule(row)
    touched = {name: getattr(wanted, name) for name in NAMES if _text(wanted, name) != _text(seen, name)}
    since = {name: (_text(seen, name), _text(current, name)) for name in touched}
    stale = {name: pair for name, pair in since.items() if pair[0] != pair[1] != _text(wanted, name)}
    if stale:
        return Refused(
            "changed_meanwhile",
            f"您打开页面后，他人已更改：{_in_words(stale)}。您的修改没有保存，请刷新页面，核对后再修改。",
        )
    return replace(current, **touched)


def _in_words(columns: Mapping[str, tuple[str, str]]) -> str:
    return "，".join(f"{NAMES[name]} {old or '无'}→{new or '无'}" for name, (old, new) in columns.items())


def _text(person: Person, name: str) -> str:
    value = getattr(person, name)
    return "、".join(value) if isinstance(value, tuple) else str(value)


def put_through(session: Session, found: Sequence[Change], *, by: str, now: datetime) -> Refused | None:
    """Change the people in the caller's transaction; what was refused is to be rolled back."""
    vacant = vacancies(session)
    for change in found:
        people.put(session, change.person)
    session.flush()
    for change in found:
        columns = {name: list(pair) for name, pair in change.columns.items()}
        subject, facts = f"person:{change.person.id}", {"columns": columns}
        audit.note(session, at=now, actor=by, act="import_person", subject=subject, facts=facts)
        if change.of_a_decider:
            _make_known(session, change, by=by, now=now)
    ids = [change.person.id for change in found]
    return _refuse_deputies(session, found) or settle(session, ids, vacant, by=by, now=now)


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
    return next(filter(None, (refuse_deputy(session, row, row.deputy) for row in named)), None)


def refuse_deputy(session: Session, row: PersonRow, deputy: str) -> Refused | None:
    other = session.get(PersonRow, deputy) if deputy else None
    if deputy and (other is None or not other.active or deputy == row.id):
        return Refused("no_such_deputy", f"代理人“{deputy}”须为另一位在用人员，请核对编号。")
    return refuse_unfit(people.as_rule(row), people.as_rule(other)) if other else None
