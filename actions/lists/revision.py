"""Lists that the bureau returned: the coordinator looks again, takes villages off, and puts it forward anew."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from actions.duties.assignment import coordinator_of
from actions.duties.duties import Owed, end_duty, open_duty
from actions.review.gates import workdays_from
from records import audit
from records.duties.duties import duty_with_key, lock_duty_with_key
from records.lists.lists import payments_of
from records.lists.recommendations import ranking_shown
from records.locks import locked
from records.review.gates import decisions_on
from records.store import Session, Store, repeatable
from records.tables.duties import DutyRow
from records.tables.lists import ExclusionRow
from records.tables.people import PersonRow
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from rules.signs import says_nothing


def next_attempt(session: Session, campaign: Campaign, gate: GateRow | None, *, now: datetime) -> int | None:
    """The attempt that may be opened after ``gate``; None while it is open or its revision is."""
    if gate is None:
        return 1
    returned = gate.state == "closed" and gate.answer == "return"
    if gate.state == "open" or (returned and not _is_revised(session, campaign, gate, now)):
        return None
    return gate.attempt + 1


def _is_revised(session: Session, campaign: Campaign, gate: GateRow, now: datetime) -> bool:
    """Whether the coordinator has looked at a returned list again; asks once."""
    duty = duty_with_key(session, campaign.id, _key(gate))
    if duty is not None:
        return duty.state != "open"
    owed = Owed(
        key=_key(gate),
        kind="revision",
        carrier=(gate.carrier_kind, gate.carrier_subject),
        town_code="",
        role="coordinator",
        person_id=coordinator_of(session),
        due_at=workdays_from(session, campaign, now, campaign.revision_workdays),
        template="revision_opened",
        facts={
            "list": campaign.gate(gate.name).title,
            "reasons": [one.reason for one in decisions_on(session, gate) if one.reason],
        },
    )
    open_duty(session, campaign, owed, now=now)
    return False


def revision_of(session: Session, gate: GateRow) -> DutyRow | None:
    """What the coordinator owes for a list that came back; None when it did not."""
    return duty_with_key(session, gate.campaign_id, _key(gate))


def _key(gate: GateRow) -> str:
    return f"revision:{gate.name}:{gate.subject}#{gate.attempt}"


@repeatable
def revise(
    store: Store, *, gate_id: int, by: str, excluded: Mapping[str, str], note: str, now: datetime
) -> Refused | None:
    """The coordinator puts a returned list forward anew; ``excluded`` maps village codes to reasons.

    ``note`` says what was looked at; it is kept with the audit entry.
    """
    with store.writing() as session:
        gate = locked(session, GateRow, gate_id)
        refused = _refuse_revision(session, gate, by=by, excluded=excluded, note=note)
        if refused or gate is None:
            return refused or Refused("no_such_gate", "没有这份名单，请从待办列表重新进入。")
        duty = lock_duty_with_key(session, gate.campaign_id, _key(gate))
        if duty is None or duty.state != "open":
            return Refused("not_open", "这份名单目前没有待修订的事项。")
        session.add_all(
            ExclusionRow(gate_id=gate.id, village_code=code, reason=reason.strip(), by=by, at=now)
            for code, reason in excluded.items()
        )
        end_duty(session, duty, act="finish", now=now)
        facts = {"list": gate.name, "attempt": gate.attempt, "excluded": dict(excluded), "note": note.strip()}
        audit.note(session, at=now, actor=by, act="revise", subject=gate.subject, facts=facts)
    return None


def _refuse_revision(
    session: Session, gate: GateRow | None, *, by: str, excluded: Mapping[str, str], note: str
) -> Refused | None:
    person = session.get(PersonRow, by)
    if person is None or not person.active or "coordinator" not in person.roles:
        return Refused("not_coordinator", "只有活动协调员可以修订名单。")
    if says_nothing(note):
        return Refused("no_reason", "请写明复核情况，将记入审计日志。")
    if gate is None:
        return None
    # Only of what both bureaus were shown: whoever comes onto the list later is theirs to decide about.
    foreign = sorted(set(excluded) - _shown(session, gate))
    if foreign:
        return Refused("foreign_village", f"代码{'、'.join(foreign)}不在这份名单上，请核对。")
    silent = sorted(code for code, reason in excluded.items() if says_nothing(reason))
    if silent:
        return Refused("no_reason", f"移出名单必须逐个写明理由：{'、'.join(silent)}。")
    return None


def _shown(session: Session, gate: GateRow) -> set[str]:
    """The villages of the list as it was returned."""
    lines = payments_of(session, gate) if gate.name == "award" else ranking_shown(session, gate)
    return {line.village_code for line in lines}
