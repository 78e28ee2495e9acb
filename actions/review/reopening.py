"""A decided gate asked once more: what that moves is told first, nothing that was decided is changed.

The earlier attempt stays as it is, with its answer; a new attempt about the same content is opened beside it.
What has left the house already, a list that was sent or money that was paid, is not called back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from actions.duties.assignment import seats_for
from actions.duties.duties import end_duty
from actions.lookup import campaign_of, move_village
from actions.review.gates import open_gate
from actions.review.recognition import ask_bureau
from actions.review.recorded_answers import subject_in_words
from actions.review.verification import question_about
from records import audit, outbox
from records.dossiers.uploads import accepted_upload
from records.duties.duties import duty_with_key
from records.lists.ledger import entries_of
from records.lists.recommendations import ranking_shown
from records.locks import locked
from records.people import people
from records.review.gates import deciders, decisions_on, latest_gate, seat_duties
from records.runs import bells, carriers
from records.store import Session, Store, repeatable
from records.tables.campaign import CampaignRow, StageRow, VillageRow
from records.tables.dossiers import UploadRow
from records.tables.duties import DutyRow
from records.tables.people import PersonRow
from records.tables.review import GateRow, ReopeningRow
from rules.campaign.campaign import ROLES, TOWN_ROLES, Campaign
from rules.campaign.states import TITLES, move
from rules.refusals import Refused
from rules.review.gates import OF_A_VILLAGE

LISTS = ("recommendation", "award")
CONCLUDED = ("recognised", "not_recognised", "vetoed")


@dataclass(frozen=True, slots=True)
class Reopening:
    """What asking a gate once more moves; nothing is written yet. ``lines`` tell it in words."""

    gate: GateRow
    village: VillageRow
    upload: UploadRow
    overtaken: tuple[GateRow, ...] = ()
    """Open gates that rest on this one's answer; they are asked anew after it."""
    correction: DutyRow | None = None
    moves_village: bool = False
    lines: tuple[str, ...] = field(default=())


def preview(session: Session, gate: GateRow) -> Reopening | Refused:
    """What a coordinator would move by asking this gate once more, or why it cannot be."""
    if gate.state == "open":
        return Refused("still_open", "该审批点还没有结束，无须重新开启。")
    return plan(session, gate)


def plan(session: Session, gate: GateRow) -> Reopening | Refused:
    """The same also for an open gate: an answer in it was objected to."""
    campaign = campaign_of(session, gate.campaign_id)
    refused = _refuse_list(gate) or _refuse_over(session, gate) or _refuse_old(session, gate)
    if refused:
        return refused
    village = session.get_one(VillageRow, (gate.campaign_id, gate.village_code))
    refused = _refuse_village(session, campaign, gate, village)
    if refused:
        return refused
    return _planned(session, campaign, gate, village)


def _refuse_list(gate: GateRow) -> Refused | None:
    if gate.name in OF_A_VILLAGE:
        return None
    if gate.answer == "return":
        return Refused("revise_instead", "名单已退回修订，请在“修订名单”中办理，不必重新开启。")
    return Refused("list_decided", "名单经同意后即报送或入账，不能重新开启。确有错误的，请另行行文更正。")


def _refuse_over(session: Session, gate: GateRow) -> Refused | None:
    if session.get_one(CampaignRow, gate.campaign_id).closed_at is None:
        return None
    return Refused("campaign_over", "本次活动已经结束，不能重新开启审批。")


def _refuse_old(session: Session, gate: GateRow) -> Refused | None:
    newest = latest_gate(session, gate.campaign_id, gate.name, gate.subject)
    if newest is not None and newest.id == gate.id and gate.state != "superseded":
        return None
    return Refused("not_latest", "该审批点已有更新的一次，请在最新的一次上办理。")


def _refuse_village(
    session: Session, campaign: Campaign, gate: GateRow, village: VillageRow
) -> Refused | None:
    if village.state == "lapsed":
        return Refused("lapsed_village", "该社区(村)已按逾期未报处理。请先延长其补正或报送期限，再重新审核。")
    if any(row.village_code == village.code for row in entries_of(session, campaign.id)):
        return Refused("awarded", f"{village.name}的奖补已经确定并记入台账，不能重新开启审批。")
    if gate.upload_id != accepted_upload(session, village).id:
        return Refused("newer_content", "该社区(村)已上报更新的材料，请在新材料的审批中办理。")
    if gate.name != "recognition" and village.state in CONCLUDED:
        state = TITLES["village", village.state]
        return Refused("concluded", f"{village.name}“{state}”，请先重新开启认定，再重新开启此前的审核。")
    return None


def _planned(session: Session, campaign: Campaign, gate: GateRow, village: VillageRow) -> Reopening:
    overtaken = tuple(_open_after(session, campaign, gate))
    correction = _open_correction(session, gate)
    moves_village = village.state in (*CONCLUDED, "returned")
    return Reopening(
        gate=gate,
        village=village,
        upload=session.get_one(UploadRow, gate.upload_id),
        overtaken=overtaken,
        correction=correction,
        moves_village=moves_village,
        lines=tuple(_lines(session, campaign, gate, village, overtaken, correction)),
    )


def _open_after(session: Session, campaign: Campaign, gate: GateRow) -> list[GateRow]:
    """Open gates about the same village that come later, and lists on which it stands."""
    later = OF_A_VILLAGE[OF_A_VILLAGE.index(gate.name) + 1 :]
    found = [latest_gate(session, campaign.id, name, gate.subject) for name in later]
    subjects = {
        "recommendation": [campaign.id],
        "award": [f"{campaign.id}/{one.level}" for one in campaign.awards],
    }
    found += [
        latest_gate(session, campaign.id, name, subject) for name in LISTS for subject in subjects[name]
    ]
    return [one for one in found if one is not None and one.state == "open"]


def _open_correction(session: Session, gate: GateRow) -> DutyRow | None:
    duty = duty_with_key(
        session, gate.campaign_id, f"correction:{gate.village_code}#{gate.attempt}:{gate.name}"
    )
    return duty if duty is not None and duty.state == "open" else None


def _lines(
    session: Session,
    campaign: Campaign,
    gate: GateRow,
    village: VillageRow,
    overtaken: tuple[GateRow, ...],
    correction: DutyRow | None,
) -> list[str]:
    plan_, answers = campaign.gate(gate.name), dict(campaign.gate(gate.name).answers)
    lines = [
        f"“{plan_.title}”第{gate.attempt}次的决定“{answers.get(gate.answer or '', '尚未完成')}”保留在案，"
        f"另开第{gate.attempt + 1}次，{plan_.workdays}个工作日内答复。",
        "重新答复的席位：" + "、".join(f"{seat.name}({ROLES[seat.role]})" for seat in plan_.seats) + "。",
    ]
    if village.state in (*CONCLUDED, "returned"):
        lines.append(f"{village.name}由“{TITLES['village', village.state]}”恢复为“审核中”。")
    if correction is not None:
        lines.append("已要求的补正随之撤销，乡镇(街道)暂不必补正。")
    lines += [f"待答复的“{campaign.gate(one.name).title}”作废，此后重新提请。" for one in overtaken]
    if _was_sent(session, campaign, village):
        lines.append("该社区(村)在已报送的推荐名单中：名单不会自动收回，请另行函告上级。")
    if _stage(session, campaign).state == "closed":
        lines.append("核查认定阶段已结束，该社区(村)转入补充名单，单独办理。")
    return lines


def _stage(session: Session, campaign: Campaign) -> StageRow:
    return session.get_one(StageRow, (campaign.id, "verification"))


def _was_sent(session: Session, campaign: Campaign, village: VillageRow) -> bool:
    gate = latest_gate(session, campaign.id, "recommendation", campaign.id)
    if gate is None or gate.answer != "approve":
        return False
    return any(row.recommended and row.village_code == village.code for row in ranking_shown(session, gate))


@repeatable
def reopen_gate(store: Store, *, gate_id: int, by: str, reason: str, now: datetime) -> GateRow | Refused:
    """A coordinator has a decided gate asked once more; the new attempt, or why not."""
    with store.writing() as session:
        gate = locked(session, GateRow, gate_id)
        person = session.get(PersonRow, by)
        if person is None or not person.active or "coordinator" not in person.roles:
            return Refused("not_coordinator", "只有活动协调员可以重新开启审批。")
        if not reason.strip():
            return Refused("no_reason", "请写明重新开启的理由，理由将记入审计日志并告知有关人员。")
        if gate is None:
            return Refused("no_such_gate", "没有这个审批点，请从待办列表重新进入。")
        planned = preview(session, gate)
        if isinstance(planned, Refused):
            return planned
        return carry_out(session, planned, by=by, reason=reason.strip(), now=now)


def carry_out(session: Session, planned: Reopening, *, by: str, reason: str, now: datetime) -> GateRow:
    """Open the new attempt and move what rests on the old one."""
    gate, village = planned.gate, planned.village
    campaign = campaign_of(session, gate.campaign_id)
    _tell(session, campaign, planned, reason=reason, now=now)
    for one in (*planned.overtaken, *([gate] if gate.state == "open" else [])):
        supersede(session, one, now=now)
    if planned.correction is not None:
        end_duty(session, planned.correction, act="cancel", now=now)
    if planned.moves_village:
        move_village(village, "reconsider")
    if _stage(session, campaign).state == "closed":
        village.supplementary = True
    anew = _ask_again(session, campaign, planned, now=now)
    session.add(ReopeningRow(gate_id=gate.id, next_gate_id=anew.id, reason=reason, by=by, at=now))
    _wake(session, campaign, gate, now=now)
    facts = {"gate": gate.name, "attempt": anew.attempt, "reason": reason, "moved": list(planned.lines)}
    audit.note(session, at=now, actor=by, act="reopen_gate", subject=gate.subject, facts=facts)
    return anew


def supersede(session: Session, gate: GateRow, *, now: datetime) -> None:
    """An open attempt is overtaken: its seats owe nothing any more, and its run will ask anew."""
    state = move("gate", gate.state, "supersede")
    assert not isinstance(state, Refused), state.reason
    gate.state, gate.closed_at = state, now
    for duty in seat_duties(session, gate).values():
        if duty.state == "open":
            end_duty(session, duty, act="cancel", now=now)
    bells.ring(session, kind=gate.carrier_kind, subject=gate.carrier_subject, cause="superseded", at=now)


def _ask_again(session: Session, campaign: Campaign, planned: Reopening, *, now: datetime) -> GateRow:
    gate, village, upload = planned.gate, planned.village, planned.upload
    attempt = gate.attempt + 1
    if gate.name == "recognition":
        return ask_bureau(session, campaign, village, upload, attempt=attempt, now=now)
    without = deciders(session, gate, "desk_review") if gate.name == "second_review" else frozenset()
    question = question_about(
        campaign,
        village,
        name=gate.name,
        content_hash=upload.sha256,
        asked=seats_for(session, campaign.gate(gate.name), village, without=without),
        upload=upload,
    )
    return open_gate(session, campaign, question, attempt=attempt, now=now)


def _wake(session: Session, campaign: Campaign, gate: GateRow, *, now: datetime) -> None:
    """The village's run, if its business was done, and the awards' runs that would have waited for it."""
    carriers.reopen(session, gate.carrier_kind, gate.carrier_subject)
    bells.ring(session, kind=gate.carrier_kind, subject=gate.carrier_subject, cause="reopened", at=now)
    for one in carriers.of_campaign(session, campaign.id):
        if one.kind == "award" and one.state == "done":
            carriers.reopen(session, one.kind, one.subject)
            bells.ring(session, kind=one.kind, subject=one.subject, cause="reopened", at=now)


def _tell(session: Session, campaign: Campaign, planned: Reopening, *, reason: str, now: datetime) -> None:
    """Whoever decided and the village's town: the result that they know of does not count for now."""
    gate = planned.gate
    answers = dict(campaign.gate(gate.name).answers)
    town = [
        person.id
        for role in sorted(TOWN_ROLES)
        for person in people.with_role(session, role, town_code=gate.town_code)
        if planned.moves_village
    ]
    for person_id in dict.fromkeys([*(one.person_id for one in decisions_on(session, gate)), *town]):
        outbox.post(
            session,
            key=f"{campaign.id}:gate_reopened:{gate.id}:{person_id}",
            campaign_id=campaign.id,
            template="gate_reopened",
            person_id=person_id,
            facts={
                "gate": campaign.gate(gate.name).title,
                "subject": subject_in_words(session, campaign, gate),
                "answer": answers.get(gate.answer or "", "尚未完成"),
                "reason": reason,
            },
            at=now,
        )
