"""A decided gate asked once more: what that moves is told first, nothing that was decided is changed.

The earlier attempt stays as it is, with its answer; a new attempt about the same content is opened beside it.
Later decisions that rest on it, given or still awaited, are overtaken: kept on record, and asked anew.
What has left the house already, a list that was sent or money that was paid, is not called back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from actions.campaign.decree import refuses_beyond_calendar
from actions.duties.assignment import seats_for
from actions.duties.eligibility import first_eyes
from actions.duties.endings import end_owed, supersede, tell_deciders
from actions.lookup import campaign_of, locked_village, move_village
from actions.review.gates import open_gate
from actions.review.recognition import ask_bureau
from actions.review.reconciliation import ask_third
from actions.review.recorded_answers import subject_in_words
from actions.review.verification import question_about
from records import audit, outbox
from records.campaign.campaigns import lock_campaign
from records.dossiers.uploads import unchecked_uploads, uploads_of
from records.duties.duties import duty_with_key, lock_duty
from records.lists.documents import has_left
from records.lists.ledger import entries_of
from records.lists.recommendations import ranking_shown, villages_on
from records.people import people
from records.review.gates import decisions_on, latest_gate, lock_gates
from records.runs import bells, carriers
from records.store import Session, Store, repeatable
from records.tables.campaign import CampaignRow, StageRow, VillageRow
from records.tables.dossiers import UploadRow
from records.tables.duties import DutyRow
from records.tables.people import PersonRow
from records.tables.review import GateRow, ReopeningRow
from rules.campaign.campaign import ROLES, TOWN_ROLES, Campaign
from rules.campaign.states import TITLES
from rules.refusals import Refused
from rules.review.gates import OF_A_VILLAGE
from rules.signs import says_nothing

LISTS = ("recommendation", "award")
CONCLUDED = ("recognised", "not_recognised", "vetoed")


@dataclass(frozen=True, slots=True)
class Reopening:
    """What asking a gate once more moves; nothing is written yet. ``lines`` tell it in words."""

    gate: GateRow
    village: VillageRow
    upload: UploadRow
    overtaken: tuple[GateRow, ...] = ()
    """Later gates, open or decided, that rest on the same content or on this one's answer."""
    corrections: tuple[DutyRow, ...] = ()
    """What the town was asked to correct by one of them, or by this one."""
    moves_village: bool = False
    lines: tuple[str, ...] = ()


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
    planned = _planned(session, campaign, gate, village)
    return _refuse_unchecked(session, planned) or planned


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
    accepted = uploads_of(session, village, state="accepted")
    if not accepted:
        return Refused(
            "nothing_counts",
            f"{village.name}的材料已撤回，目前没有可供审核的材料。请待其重新上报、受理后再办理。",
        )
    if gate.upload_id != accepted[-1].id:
        return Refused("newer_content", "该社区(村)已上报更新的材料，请在新材料的审批中办理。")
    if gate.name != "recognition" and village.state in CONCLUDED:
        state = TITLES["village", village.state]
        return Refused("concluded", f"{village.name}“{state}”，请先重新开启认定，再重新开启此前的审核。")
    return None


def _planned(session: Session, campaign: Campaign, gate: GateRow, village: VillageRow) -> Reopening:
    overtaken = tuple(one for one in _later(session, campaign, gate) if _rests_on(session, one, gate))
    planned = Reopening(
        gate=gate,
        village=village,
        upload=session.get_one(UploadRow, gate.upload_id),
        overtaken=overtaken,
        corrections=tuple(_corrections(session, gate, *overtaken)),
        moves_village=village.state in (*CONCLUDED, "returned"),
    )
    return replace(planned, lines=tuple(_lines(session, campaign, planned)))


def _refuse_unchecked(session: Session, planned: Reopening) -> Refused | None:
    """What a town has handed in for a correction is judged before that is taken back."""
    village = planned.village
    if not planned.corrections or not unchecked_uploads(
        session, village.campaign_id, village_code=village.code
    ):
        return None
    return Refused("unchecked", f"{village.name}的补正材料刚刚收到，正在校验。请待校验有结果后再办理。")


def _later(session: Session, campaign: Campaign, gate: GateRow) -> list[GateRow]:
    """The newest attempts of what comes after: gates about the same village, and all lists."""
    names = OF_A_VILLAGE[OF_A_VILLAGE.index(gate.name) + 1 :]
    subjects = [
        *((name, gate.subject) for name in names),
        ("recommendation", campaign.id),
        *(("award", f"{campaign.id}/{one.level}") for one in campaign.awards),
    ]
    found = [latest_gate(session, campaign.id, name, subject) for name, subject in subjects]
    return [one for one in found if one is not None]


def _rests_on(session: Session, later: GateRow, gate: GateRow) -> bool:
    """Whether ``later`` counts only while this gate's answer does. A list that came back is drawn up anew anyway."""
    if later.state == "superseded":
        return False
    if later.name in OF_A_VILLAGE:
        return later.upload_id == gate.upload_id
    counts = later.state == "open" or (later.answer == "approve" and not has_left(session, later))
    return counts and gate.village_code in villages_on(session, later)


def _corrections(session: Session, *gates: GateRow) -> Iterator[DutyRow]:
    """Open corrections that these gates asked for."""
    for gate in gates:
        key = f"correction:{gate.village_code}#{gate.attempt}:{gate.name}"
        duty = duty_with_key(session, gate.campaign_id, key)
        if duty is not None and duty.state == "open":
            yield duty


def lock_all(session: Session, gate: GateRow) -> None:
    """Whatever a reopening of this gate may move, so that no decision slips in: village, gates, corrections.

    A decision that came first is seen; one that comes later finds its gate overtaken and is refused.
    """
    if gate.name not in OF_A_VILLAGE:
        return lock_gates(session, [gate])
    lock_campaign(session, gate.campaign_id)
    campaign, _ = locked_village(session, gate.subject)
    newest = latest_gate(session, gate.campaign_id, gate.name, gate.subject)
    gates = [gate, *([newest] if newest else []), *_later(session, campaign, gate)]
    lock_gates(session, gates)
    for duty in sorted(_corrections(session, *gates), key=lambda one: one.id):
        lock_duty(session, duty.id)
    return None


def _lines(session: Session, campaign: Campaign, planned: Reopening) -> Iterator[str]:
    gate, village = planned.gate, planned.village
    plan_, answers = campaign.gate(gate.name), dict(campaign.gate(gate.name).answers)
    yield (
        f"“{plan_.title}”第{gate.attempt}次的决定“{answers.get(gate.answer or '', '尚未完成')}”保留在案，"
        f"另开第{gate.attempt + 1}次，{plan_.workdays}个工作日内答复。"
    )
    yield "重新答复的席位：" + "、".join(f"{seat.name}({ROLES[seat.role]})" for seat in plan_.seats) + "。"
    if planned.moves_village:
        yield f"{village.name}由“{TITLES['village', village.state]}”恢复为“审核中”。"
    if planned.corrections:
        yield "已要求的补正随之撤销，乡镇(街道)暂不必补正。"
    for one in planned.overtaken:
        yield _overtaken_line(session, campaign, one)
    if _was_sent(session, campaign, village):
        yield "该社区(村)在已报送的推荐名单中：名单不会自动收回，请另行函告上级。"
    if _stage(session, campaign).state == "closed":
        yield "核查认定阶段已结束，该社区(村)转入补充名单，单独办理。"


def _overtaken_line(session: Session, campaign: Campaign, gate: GateRow) -> str:
    plan_, given = campaign.gate(gate.name), len(decisions_on(session, gate))
    if gate.state == "closed":
        answer = dict(plan_.answers)[str(gate.answer)]
        return f"“{plan_.title}”第{gate.attempt}次已作出的决定“{answer}”不再作数(保留在案)，此后重新提请。"
    seats = f"(已有{given}席答复，保留在案)" if given else ""
    return f"待答复的“{plan_.title}”作废{seats}，此后重新提请。"


def _stage(session: Session, campaign: Campaign) -> StageRow:
    return session.get_one(StageRow, (campaign.id, "verification"))


def _was_sent(session: Session, campaign: Campaign, village: VillageRow) -> bool:
    gate = latest_gate(session, campaign.id, "recommendation", campaign.id)
    if gate is None or not has_left(session, gate):
        return False
    return any(row.recommended and row.village_code == village.code for row in ranking_shown(session, gate))


@refuses_beyond_calendar
@repeatable
def reopen_gate(store: Store, *, gate_id: int, by: str, reason: str, now: datetime) -> GateRow | Refused:
    """A coordinator has a decided gate asked once more; the new attempt, or why not."""
    with store.writing() as session:
        gate = session.get(GateRow, gate_id)
        person = session.get(PersonRow, by)
        if person is None or not person.active or "coordinator" not in person.roles:
            return Refused("not_coordinator", "只有活动协调员可以重新开启审批。")
        if says_nothing(reason):
            return Refused("no_reason", "请写明重新开启的理由，理由将记入审计日志并告知有关人员。")
        if gate is None:
            return Refused("no_such_gate", "没有这个审批点，请从待办列表重新进入。")
        lock_all(session, gate)
        planned = preview(session, gate)
        if isinstance(planned, Refused):
            return planned
        return carry_out(session, planned, by=by, reason=reason.strip(), now=now)


def carry_out(session: Session, planned: Reopening, *, by: str, reason: str, now: datetime) -> GateRow:
    """Open the new attempt and move what rests on the old one."""
    gate, village = planned.gate, planned.village
    campaign = campaign_of(session, gate.campaign_id)
    _tell(session, campaign, planned, reason=reason, now=now)
    because = f"“{campaign.gate(gate.name).title}”重新审批：{reason}"
    for one in planned.overtaken:
        tell_deciders(session, campaign, one, why=because, now=now)
        supersede(session, campaign, one, why=because, now=now)
    if gate.state == "open":
        # Whoever was asked is asked again at once: no message of an end.
        supersede(session, campaign, gate, why="", now=now)
    end_owed(session, campaign, planned.corrections, why=because, now=now)
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


def _ask_again(session: Session, campaign: Campaign, planned: Reopening, *, now: datetime) -> GateRow:
    gate, village, upload = planned.gate, planned.village, planned.upload
    attempt = gate.attempt + 1
    if gate.name == "recognition":
        return ask_bureau(session, campaign, village, upload, attempt=attempt, now=now)
    if gate.name == "reconciliation":
        return ask_third(session, campaign, village, upload, attempt=attempt, now=now)
    without = first_eyes(session, gate)
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
