"""Duties: opened, finished, extended, lapsed; each opening and end in the transaction that causes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from actions.duties.asking import ask_about
from actions.duties.holders import WHILE_AWAY, cover_absence
from actions.duties.posting import TITLES, post_about, title_of
from actions.lookup import campaign_of
from records import audit
from records.campaign.villages import villages_of
from records.dossiers.uploads import unchecked_uploads
from records.duties.duties import duty_with_key, lock_duty
from records.locks import locked_one
from records.runs import bells, carriers
from records.store import Session, Store, repeatable
from records.tables.campaign import CampaignRow, VillageRow
from records.tables.duties import DutyRow, ExtensionRow
from records.tables.people import PersonRow
from rules.campaign.campaign import Campaign
from rules.campaign.states import move
from rules.refusals import Refused
from rules.signs import says_nothing


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed: by whom, for which village of which town, until when, and whose run waits for it."""

    key: str
    kind: str
    carrier: tuple[str, str]
    town_code: str
    role: str
    person_id: str
    due_at: datetime
    lock_at: datetime | None = None
    village_code: str = ""
    template: str = ""
    gate_id: int | None = None
    beside: frozenset[str] = frozenset()
    """Who is asked for the other seats of the gate: nobody stands in for somebody in two of them."""
    facts: Mapping[str, object] = field(default_factory=dict)


def open_duty(session: Session, campaign: Campaign, owed: Owed, *, now: datetime) -> DutyRow:
    """Open a duty once; its opening message goes into the outbox with it.

    While its holder is away it is opened in the hands of whoever stands in, and stays there.
    """
    there = duty_with_key(session, campaign.id, owed.key)
    if there is not None:
        return there
    duty = DutyRow(
        key=f"{campaign.id}:{owed.key}",
        campaign_id=campaign.id,
        kind=owed.kind,
        carrier_kind=owed.carrier[0],
        carrier_subject=owed.carrier[1],
        town_code=owed.town_code,
        village_code=owed.village_code,
        role=owed.role,
        person_id=owed.person_id,
        due_at=owed.due_at,
        lock_at=owed.lock_at,
        state="open",
        opened_at=now,
        facts={**_places(campaign, owed), **owed.facts, "gate_id": owed.gate_id},
    )
    session.add(duty)
    session.flush()
    cover_absence(session, campaign, duty, beside=owed.beside, now=now)
    if owed.template and not is_over(duty, now):
        ask_about(session, campaign, duty, template=owed.template, key="opened", now=now)
    if duty.person_id != owed.person_id:
        tell_former(session, campaign, duty, former=owed.person_id, reason=WHILE_AWAY, now=now)
    return duty


def is_over(duty: DutyRow, now: datetime) -> bool:
    """Opened after its time: nobody is asked for what is refused already, the notice of its end says so."""
    return duty.lock_at is not None and duty.lock_at < now


def _places(campaign: Campaign, owed: Owed) -> dict[str, object]:
    town = campaign.town(owed.town_code).name if owed.town_code else ""
    village = campaign.village(owed.village_code).name if owed.village_code else ""
    return {"town": town, "village": village}


def tell_former(
    session: Session, campaign: Campaign, duty: DutyRow, *, former: str, reason: str, now: datetime
) -> None:
    """Tell who held a duty, or would have, that somebody else has it now and why."""
    taken_by = session.get_one(PersonRow, duty.person_id).name
    facts = {"subject": title_of(duty), "taken_by": taken_by, "reason": reason}
    key = f"passed:{now.isoformat()}"
    post_about(
        session, campaign, duty, template="duty_passed", key=key, now=now, person_id=former, facts=facts
    )


def end_duty(
    session: Session, duty: DutyRow, *, act: str, now: datetime, within: tuple[str, str] | None = None
) -> Refused | None:
    """Finish, lapse or cancel; a duty finished after its due date is late.

    Rings its carrier, unless that is the run ``within`` which this happens: it reads the rows anyway
    before it sleeps, and the bell that woke it stays unanswered until then. With the end no rung of
    the duty fires any more.
    """
    late = act == "finish" and now > duty.due_at
    state = move("duty", duty.state, "finish_late" if late else act)
    if isinstance(state, Refused):
        return state
    duty.state, duty.ended_at = state, now
    carrier = (duty.carrier_kind, duty.carrier_subject)
    if carrier != within:
        bells.ring(session, kind=carrier[0], subject=carrier[1], cause=f"{duty.kind}:{state}", at=now)
    return None


@repeatable
def lapse(store: Store, *, duty_id: int, now: datetime) -> Refused | None:
    """A town's duty whose lock date has passed ends as lapsed; silence is its own outcome."""
    with store.writing() as session:
        _lock_its_village(session, session.get_one(DutyRow, duty_id))
        duty = lock_duty(session, duty_id)
        if duty.lock_at is None or now <= duty.lock_at:
            return Refused("not_locked", "该事项尚未到锁定时间，不能按逾期失效处理。")
        if _awaits_checks(session, duty):
            return Refused("unchecked", "该事项有材料在锁定前收到、尚未校验，校验后再作处理。")
        refused = end_duty(session, duty, act="lapse", now=now)
        if refused:
            return refused
        _lapse_village(session, duty)
        campaign = campaign_of(session, duty.campaign_id)
        post_about(session, campaign, duty, template="duty_lapsed", key="lapsed", now=now)
        audit.note(session, at=now, actor="system", act="lapse", subject=duty.key)
    return None


def _awaits_checks(session: Session, duty: DutyRow) -> bool:
    """When the bytes came decides, not when the checks found time for them."""
    owes_dossier = duty.kind in ("dossier", "correction")
    return owes_dossier and bool(unchecked_uploads(session, duty.campaign_id, village_code=duty.village_code))


def _lock_its_village(session: Session, duty: DutyRow) -> None:
    """Villages are locked before duties: the one that lapses with its dossier."""
    if duty.kind == "dossier":
        locked_one(session, VillageRow, (duty.campaign_id, duty.village_code))


def _lapse_village(session: Session, duty: DutyRow) -> None:
    """A village without a dossier is out with its duty, all of a town with its survey.

    A correction's run moves its village itself.
    """
    if duty.kind == "survey":
        silent = villages_of(session, duty.campaign_id, town_code=duty.town_code, states=["invited"])
    elif duty.kind == "dossier":
        key = (duty.campaign_id, duty.village_code)
        silent = [session.get_one(VillageRow, key)]
    else:
        silent = []
    for village in silent:
        # Where more time was given by a version that left the village lapsed, it stays so.
        if village.state != "lapsed":
            _move_village(village, "lapse")


@repeatable
def extend(
    store: Store,
    *,
    duty_id: int,
    by: str,
    due_at: datetime,
    lock_at: datetime | None,
    reason: str,
    now: datetime,
) -> Refused | None:
    """Move a duty's dates by a recorded extension; a lapsed duty comes back to life.

    Only a coordinator extends, only into the future, and only with a reason.
    """
    with store.writing() as session:
        return extend_within(
            session, duty_id=duty_id, by=by, due_at=due_at, lock_at=lock_at, reason=reason, now=now
        )


def extend_within(
    session: Session,
    *,
    duty_id: int,
    by: str,
    due_at: datetime,
    lock_at: datetime | None,
    reason: str,
    now: datetime,
) -> Refused | None:
    """The same in the transaction of an act that does more: a request is answered with its extension."""
    _lock_its_village(session, session.get_one(DutyRow, duty_id))
    duty = lock_duty(session, duty_id)
    refused = _refuse_extension(session, duty, by=by, due_at=due_at, reason=reason, now=now)
    if refused is None and lock_at is not None and lock_at < due_at:
        refused = Refused("lock_before_due", "停止受理的时间不能早于延期后的截止日期。")
    if refused:
        return refused
    campaign = campaign_of(session, duty.campaign_id)
    along = _locked_along(session, duty, due_at=due_at)
    session.add(
        ExtensionRow(
            duty_id=duty.id,
            due_before=duty.due_at,
            due_after=due_at,
            lock_after=lock_at,
            reason=reason,
            granted_by=by,
            granted_at=now,
        )
    )
    _move(session, duty, due_at=due_at, lock_at=lock_at, now=now)
    facts = {"due": due_at.isoformat(), "reason": reason, **({"along": along.key} if along else {})}
    audit.note(session, at=now, actor=by, act="extend", subject=duty.key, facts=facts)
    told = _what_to_do(duty)
    if along is not None:
        _move_along(session, campaign, along, duty, now=now)
        told = {**told, **_told_along(along, duty)}
    post_about(session, campaign, duty, template="duty_extended", key="extended", now=now, facts=told)
    return None


def _move(
    session: Session, duty: DutyRow, *, due_at: datetime, lock_at: datetime | None, now: datetime
) -> None:
    """One duty's dates; a lapsed one is owed again."""
    if duty.state == "lapsed":
        _revive(session, duty)
    duty.due_at, duty.lock_at, duty.generation = due_at, lock_at, duty.generation + 1
    bells.ring(session, kind=duty.carrier_kind, subject=duty.carrier_subject, cause="extended", at=now)


def _move_along(
    session: Session, campaign: Campaign, duty: DutyRow, moved: DutyRow, *, now: datetime
) -> None:
    """What cannot be kept otherwise is due on the same day; the record of the extension names it."""
    lock_at = max(filter(None, (duty.lock_at, moved.lock_at, moved.due_at)))
    _move(session, duty, due_at=moved.due_at, lock_at=lock_at, now=now)
    if duty.person_id != moved.person_id:
        post_about(session, campaign, duty, template="duty_extended", key="extended", now=now)


def _told_along(along: DutyRow, duty: DutyRow) -> dict[str, object]:
    """The holder of both reads of both in one message."""
    return {"along": TITLES[along.kind]} if along.person_id == duty.person_id else {}


def _locked_along(session: Session, duty: DutyRow, *, due_at: datetime) -> DutyRow | None:
    """The same, locked, and asked again: another extension may have moved it further meanwhile."""
    seen = moved_along(session, duty, due_at=due_at)
    if seen is None:
        return None
    lock_duty(session, seen.id)
    return moved_along(session, duty, due_at=due_at)


def moved_along(session: Session, duty: DutyRow, *, due_at: datetime) -> DutyRow | None:
    """The duty that cannot be kept when this one is due later: of a dossier the paper copies of its town."""
    paper = duty_with_key(session, duty.campaign_id, f"paper:{duty.town_code}")
    if duty.kind != "dossier" or paper is None:
        return None
    return paper if paper.state in ("open", "lapsed") and paper.due_at < due_at else None


def _revive(session: Session, duty: DutyRow) -> None:
    """A lapsed duty is owed again, and a village that was out with its dossier takes part again."""
    duty.state, duty.ended_at = "open", None
    carriers.reopen(session, duty.carrier_kind, duty.carrier_subject)
    if duty.kind == "dossier":
        village = session.get_one(VillageRow, (duty.campaign_id, duty.village_code))
        if village.state == "lapsed":
            _move_village(village, "take_part")


def _move_village(village: VillageRow, act: str) -> None:
    state = move("village", village.state, act)
    assert not isinstance(state, Refused), state.reason
    village.state = state


def _what_to_do(duty: DutyRow) -> dict[str, object]:
    """At a gate the subject is the village, named already; what is to be done is the gate."""
    return {"subject": duty.facts["gate"]} if duty.kind == "gate" else {}


def _refuse_extension(
    session: Session, duty: DutyRow, *, by: str, due_at: datetime, reason: str, now: datetime
) -> Refused | None:
    person = session.get(PersonRow, by)
    if person is None or not person.active or "coordinator" not in person.roles:
        return Refused("not_coordinator", "只有活动协调员可以批准延期。")
    if says_nothing(reason):
        return Refused("no_reason", "请写明延期理由，延期理由将记入审计日志。")
    if due_at <= max(now, duty.due_at):
        return Refused("not_later", "延期后的日期必须晚于现在，也晚于原截止日期。")
    if duty.state not in ("open", "lapsed"):
        return Refused("ended", "该事项已经办结，无需延期。")
    if session.get_one(CampaignRow, duty.campaign_id).closed_at is not None:
        return Refused("campaign_over", "本次活动已经结束，不能再延期。")
    return None
