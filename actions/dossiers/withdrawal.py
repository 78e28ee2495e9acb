"""Taking a dossier back before its review: the duty opens again, and whoever was asked is told."""

from __future__ import annotations

from datetime import datetime

from actions.dossiers.uploads import duty_for, refuse_hand
from actions.duties.duties import end_duty
from actions.duties.posting import post_about
from actions.lookup import locked_village, move_village
from actions.steps import subject_of
from notifications.wording import due_facts
from records import audit, outbox
from records.dossiers.uploads import uploads_of
from records.duties.duties import duty_finished, duty_with_key, lock_duty
from records.people import people
from records.review.gates import decisions_on, gates_about, lock_gate, seat_duties
from records.review.scores import is_scored
from records.runs import bells, carriers
from records.store import Session, Store, repeatable
from records.tables.campaign import VillageRow
from records.tables.dossiers import UploadRow
from records.tables.duties import DutyRow
from records.tables.people import PersonRow
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from rules.campaign.states import move
from rules.dossiers.withdrawal import Standing, refuse_withdrawal
from rules.refusals import Refused

OWES_DOSSIER = ("correction", "dossier")
NOTHING = Refused("nothing_there", "这个社区(村)还没有上传过材料，没有可以撤回的版本。")
MEANWHILE = Refused("just_opened", "审核刚刚开始，撤回没有记录。请刷新页面，查看最新情况后再操作。")


@repeatable
def withdraw(
    store: Store, *, campaign_id: str, village_code: str, by: str, now: datetime, version: int | None = None
) -> UploadRow | Refused:
    """Take the newest version back, or say why not; ``version`` is the one that the person saw.

    Nothing of it counts any more and nothing older comes back. A duty that it had finished is open
    again with the dates it had; a gate that asks about it ends as superseded.
    """
    with store.writing() as session:
        village = session.get(VillageRow, (campaign_id, village_code))
        refused = refuse_hand(session, village, by=by)
        if refused or village is None:
            return refused or NOTHING
        subject = subject_of(campaign_id, village_code)
        campaign, village = locked_village(session, subject)
        newest = next(reversed(uploads_of(session, village)), None)
        if newest is None:
            return NOTHING
        upload, duty, gates = _locked(session, newest)
        if [gate.id for gate in gates] != [gate.id for gate in gates_about(session, upload.id)]:
            return MEANWHILE
        standing = _standing(session, campaign, village, upload, duty, gates)
        refused = refuse_withdrawal(standing, version=version or upload.version, now=now)
        if refused or duty is None:
            return refused or NOTHING
        counted, upload.state = upload.state == "accepted", "withdrawn"
        if counted:
            _owe_again(session, village, duty, subject, now)
        _end_gates(session, campaign, upload, gates, now)
        bells.ring(session, kind=duty.carrier_kind, subject=duty.carrier_subject, cause="withdrawn", at=now)
        _tell_town(session, campaign, village, upload, duty, by=by, now=now)
        facts = {"version": upload.version, "sha256": upload.sha256}
        audit.note(session, at=now, actor=by, act="withdraw", subject=subject, facts=facts)
    return upload


def standing_of(session: Session, campaign: Campaign, village: VillageRow) -> Standing | None:
    """Where the newest version of a village stands, for whoever thinks of taking it back; None without one."""
    upload = next(reversed(uploads_of(session, village)), None)
    if upload is None:
        return None
    duty = _duty_of(session, upload)
    return _standing(session, campaign, village, upload, duty, gates_about(session, upload.id))


def _locked(session: Session, upload: UploadRow) -> tuple[UploadRow, DutyRow | None, list[GateRow]]:
    """The gates about it, the duty that it answers, the upload; its village is locked already."""
    gates = [lock_gate(session, gate.id) for gate in gates_about(session, upload.id)]
    duty = _duty_of(session, upload)
    if duty is not None:
        lock_duty(session, duty.id)
    session.refresh(upload, with_for_update=True)
    return upload, duty, gates


def _duty_of(session: Session, upload: UploadRow) -> DutyRow | None:
    """The duty that this version answers: finished by it, or still open while it is checked."""
    if upload.state == "received":
        return duty_for(session, upload.campaign_id, upload.village_code)
    return duty_finished(
        session,
        upload.campaign_id,
        kinds=OWES_DOSSIER,
        village_code=upload.village_code,
        at=upload.received_at,
    )


def _standing(
    session: Session,
    campaign: Campaign,
    village: VillageRow,
    upload: UploadRow,
    duty: DutyRow | None,
    gates: list[GateRow],
) -> Standing:
    paper = duty_with_key(session, campaign.id, f"paper:{village.town_code}")
    lock_at = (duty.lock_at or duty.due_at) if duty else None
    return Standing(
        version=upload.version,
        state=upload.state,
        due_at=duty.due_at.astimezone(campaign.zone) if duty else None,
        lock_at=lock_at.astimezone(campaign.zone) if lock_at else None,
        under_review=any(gate.state == "open" for gate in gates),
        scored=is_scored(session, upload.id),
        decided=any(decisions_on(session, gate) for gate in gates),
        paper_received=paper is not None and paper.state in ("done", "late"),
    )


def _owe_again(session: Session, village: VillageRow, duty: DutyRow, subject: str, now: datetime) -> None:
    """The duty with its dates, the village where it was before, and both runs with something to do."""
    state = move("duty", duty.state, "reopen")
    assert not isinstance(state, Refused), state.reason
    duty.state, duty.ended_at = state, None
    move_village(village, "withdraw_correction" if duty.kind == "correction" else "withdraw")
    carriers.reopen(session, duty.carrier_kind, duty.carrier_subject)
    review = ("verification", subject)
    if review != (duty.carrier_kind, duty.carrier_subject) and carriers.find(session, *review):
        bells.ring(session, kind=review[0], subject=review[1], cause="withdrawn", at=now)


def _end_gates(
    session: Session, campaign: Campaign, upload: UploadRow, gates: list[GateRow], now: datetime
) -> None:
    for gate in gates:
        if gate.state != "open":
            continue
        state = move("gate", gate.state, "supersede")
        assert not isinstance(state, Refused), state.reason
        gate.state, gate.closed_at = state, now
        for duty in seat_duties(session, gate).values():
            if end_duty(session, duty, act="cancel", now=now) is None:
                told = {"version": upload.version}
                post_about(
                    session, campaign, duty, template="gate_withdrawn", key="withdrawn", now=now, facts=told
                )


def _tell_town(
    session: Session,
    campaign: Campaign,
    village: VillageRow,
    upload: UploadRow,
    duty: DutyRow,
    *,
    by: str,
    now: datetime,
) -> None:
    """Whoever filed it, whoever owes it and the deputy heads read who took it back and until when to file anew."""
    heads = (head.id for head in people.with_role(session, "deputy_head", town_code=village.town_code))
    due, lock = ((at or duty.due_at).astimezone(campaign.zone).date() for at in (duty.due_at, duty.lock_at))
    facts = {
        "town": campaign.town(village.town_code).name,
        "village": village.name,
        "version": upload.version,
        "withdrawn_by": session.get_one(PersonRow, by).name,
        **due_facts(due, lock),
    }
    for reader in sorted({upload.filed_by, duty.person_id, *heads}):
        outbox.post(
            session,
            key=f"{campaign.id}:dossier_withdrawn:{village.code}:{upload.version}:{reader}",
            campaign_id=campaign.id,
            template="dossier_withdrawn",
            person_id=reader,
            facts=facts,
            at=now,
        )
