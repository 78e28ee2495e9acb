"""Acts of two about accounts: proposed by one person, confirmed or declined by another, or left until they run out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from actions.people.changes import Change, changes, put_through
from actions.people.login import end_access
from actions.people.notices import tell_changed, tell_ended, tell_proposed
from actions.people.vacancies import settle, vacancies
from records import audit
from records.locks import locked
from records.people import accounts, people, proposals
from records.store import Session, Store, repeatable
from records.tables.people import PersonRow, ProposalRow
from rules.campaign.campaign import Person
from rules.people.proposals import AUDITOR, USUAL_DAYS, refuse_declining, refuse_over, refuse_second
from rules.refusals import Refused
from rules.signs import says_nothing

PEOPLE, RETURN, DEVICE, LEAVING = "people", "return", "device", "leaving"
STALE = Refused("stale_proposal", "提请之后相关人员的信息又有变动，请不予确认，并请提请人重新提请。")


def propose(
    session: Session,
    kind: str,
    concerns: Sequence[str],
    *,
    what: str,
    facts: Mapping[str, object],
    by: str,
    now: datetime,
    days: int = USUAL_DAYS,
    of_auditor: bool = False,
) -> ProposalRow | Refused:
    """Write down, in the caller's transaction, what a second person is to confirm, and tell whom it concerns."""
    same = [one for one in proposals.waiting(session, now=now) if one.kind == kind]
    busy = [one for one in same if not set(concerns).isdisjoint(one.concerns)]
    if busy:
        return Refused(
            "proposal_waits",
            f"已有同类变更(#{busy[0].id} {'；'.join(busy[0].what.splitlines())})等待复核，请先确认或退回。",
        )
    row = ProposalRow(
        kind=kind,
        concerns=list(concerns),
        what=what,
        facts={**facts, proposals.OF_AUDITOR: of_auditor or _is_auditor(session, concerns)},
        proposed_by=by,
        proposed_at=now,
        expires_at=now + timedelta(days=days),
    )
    session.add(row)
    session.flush()
    _note(session, "propose_change", row, by=by, now=now)
    tell_proposed(session, row, now=now)
    return row


def _is_auditor(session: Session, concerns: Sequence[str]) -> bool:
    rows = (session.get(PersonRow, one) for one in concerns)
    return any(row is not None and AUDITOR in row.roles for row in rows)


def propose_changes(
    session: Session, found: Sequence[Change], *, by: str, now: datetime, days: int = USUAL_DAYS
) -> list[Change] | Refused:
    """The changes of one import wait together: they may name each other as deputies."""
    facts = {"people": [_plain(session, change) for change in found]}
    what = "\n".join(str(change) for change in found)
    concerns = [change.person.id for change in found]
    made = any(AUDITOR in change.person.roles for change in found)
    row = propose(
        session, PEOPLE, concerns, what=what, facts=facts, by=by, now=now, days=days, of_auditor=made
    )
    return row if isinstance(row, Refused) else [replace(change, proposal=row.id) for change in found]


def _plain(session: Session, change: Change) -> dict[str, object]:
    """Column -> [before, after] as JSON keeps it; a column that changes meanwhile makes it stale."""
    row = session.get(PersonRow, change.person.id)
    before = people.as_rule(row) if row else Person(change.person.id, "", "", ())
    columns = {name: [getattr(before, name), getattr(change.person, name)] for name in change.columns}
    return {"id": change.person.id, "is_new": change.is_new, "columns": columns}


@repeatable
def confirm(store: Store, *, proposal_id: int, by: str, now: datetime) -> Refused | None:
    """The second person agrees: it is done now, or refused with what has come in its way."""
    with store.writing() as session:
        row = _for_decision(session, proposal_id)
        if row is None:
            return _unknown(proposal_id)
        rule = proposals.as_rule(row)
        refused = refuse_over(rule, now=now) or refuse_second(_active(session, by), by, rule)
        refused = refused or EFFECTS[row.kind](session, row, by, now)
        if refused:
            session.rollback()
            return refused
        _end(session, row, "confirmed", by=by, now=now)
    return None


@repeatable
def decline(store: Store, *, proposal_id: int, by: str, reason: str, now: datetime) -> Refused | None:
    """The second person says no, or who proposed it takes it back: everything stays as it is."""
    with store.writing() as session:
        row = _for_decision(session, proposal_id)
        if row is None:
            return _unknown(proposal_id)
        rule = proposals.as_rule(row)
        refused = refuse_over(rule, now=now) or refuse_declining(_active(session, by), by, rule)
        if refused is None and says_nothing(reason):
            refused = Refused("no_reason", "请写明不予确认的原因。")
        if refused:
            return refused
        row.reason = reason.strip()
        _end(session, row, "declined", by=by, now=now)
        tell_ended(session, row, outcome=f"未获确认：{row.reason}", now=now)
    return None


@repeatable
def let_run_out(store: Store, *, now: datetime) -> int:
    """End what nobody confirmed in time; how many."""
    with store.reading() as session:
        if not proposals.run_out(session, now=now):
            return 0
    with store.writing() as session:
        over = proposals.run_out(session, now=now)
        for row in over:
            _end(session, row, "expired", by="system", now=now)
            tell_ended(session, row, outcome="逾期无人确认，已作废。", now=now)
    return len(over)


def _for_decision(session: Session, proposal_id: int) -> ProposalRow | None:
    """The proposal and whom it concerns, for this act alone; in the one order of locks."""
    row = session.get(ProposalRow, proposal_id)
    if row is not None and row.kind == DEVICE:
        accounts.lock_credential(session, row.concerns[0])
    people.lock_everybody(session)
    return locked(session, ProposalRow, proposal_id)


def _unknown(proposal_id: int) -> Refused:
    return Refused("no_such_proposal", f"没有编号为{proposal_id}的提请，请用 people proposals 查看。")


def _active(session: Session, person_id: str) -> Person | None:
    row = session.get(PersonRow, person_id)
    return people.as_rule(row) if row and row.active else None


def _end(session: Session, row: ProposalRow, state: str, *, by: str, now: datetime) -> None:
    row.state, row.decided_by, row.decided_at = state, by, now
    _note(session, f"{state}_change", row, by=by, now=now)


def _note(session: Session, act: str, row: ProposalRow, *, by: str, now: datetime) -> None:
    facts = {"what": row.what, "proposed_by": row.proposed_by, "expires": row.expires_at.isoformat()}
    told = {**facts, **({"reason": row.reason} if row.reason else {})}
    audit.note(session, at=now, actor=by, act=act, subject=f"proposal:{row.id}", facts=told)


# --- what a confirmed one does ----------------------------------------------------------------------


def _change_people(session: Session, row: ProposalRow, by: str, now: datetime) -> Refused | None:
    wanted = [_as_proposed(session, one) for one in row.facts["people"]]
    if any(one is None for one in wanted):
        return STALE
    found = changes(session, [one for one in wanted if one is not None])
    return put_through(session, found, by=by, now=now)


def _as_proposed(session: Session, plain: Mapping[str, Any]) -> Person | None:
    """The person with the proposed columns; None when one of them is not what it was."""
    row = session.get(PersonRow, plain["id"])
    if (row is None) != plain["is_new"]:
        return None
    person = people.as_rule(row) if row else Person(plain["id"], "", "", ())
    columns = {name: tuple(_kept(one) for one in pair) for name, pair in plain["columns"].items()}
    if any(getattr(person, name) != before for name, (before, _) in columns.items()):
        return None
    return replace(person, **{name: after for name, (_, after) in columns.items()})


def _kept(value: Any) -> Any:  # noqa: ANN401 - text, or a list of it
    return tuple(value) if isinstance(value, list) else value


def _take_back(session: Session, row: ProposalRow, by: str, now: datetime) -> Refused | None:
    person = session.get_one(PersonRow, row.concerns[0])
    person.active = True
    audit.note(session, at=now, actor=by, act="activate", subject=f"person:{person.id}")
    tell_changed(session, person.id, what=row.what, by=by, old_address="", now=now)
    return None


def stand_down(session: Session, person_id: str, by: str, now: datetime) -> Refused | None:
    """In the caller's transaction, which is to be rolled back when it is refused."""
    vacant = vacancies(session)
    session.get_one(PersonRow, person_id).active = False
    end_access(session, person_id, at=now)
    session.flush()
    audit.note(session, at=now, actor=by, act="deactivate", subject=f"person:{person_id}")
    return settle(session, [person_id], vacant, by=by, now=now)


def _leave(session: Session, row: ProposalRow, by: str, now: datetime) -> Refused | None:
    return stand_down(session, row.concerns[0], by, now)


def _forget_device(session: Session, row: ProposalRow, by: str, now: datetime) -> Refused | None:
    person_id = row.concerns[0]
    credential = accounts.lock_credential(session, person_id)
    if credential is None:
        return STALE
    credential.totp_sealed, credential.totp_confirmed, credential.totp_step = None, False, 0
    accounts.end_sessions(session, person_id)
    audit.note(session, at=now, actor=by, act="forget_device", subject=f"person:{person_id}")
    tell_changed(session, person_id, what=row.what, by=by, old_address="", now=now)
    return None


Effect = Callable[[Session, ProposalRow, str, datetime], Refused | None]
EFFECTS: Mapping[str, Effect] = {
    PEOPLE: _change_people,
    RETURN: _take_back,
    DEVICE: _forget_device,
    LEAVING: _leave,
}
