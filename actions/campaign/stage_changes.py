"""A stage closed before its date or opened again: what that moves is told first, and the reason is kept.

Closing takes nobody's time: a town's duty keeps its own lock date, and a bureau's duty never lapses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from actions.campaign.stages import TOWN_STAGES, close_stage
from actions.lookup import calendar_of, campaign_of
from notifications.wording import day_text
from records import audit
from records.campaign.stages import stages_in_order
from records.campaign.villages import villages_of
from records.duties.duties import open_duties
from records.locks import locked
from records.review.gates import latest_gate
from records.review.reopenings import CLOSED, REOPENED
from records.runs import bells
from records.store import Session, Store, repeatable
from records.tables.campaign import CampaignRow, StageChangeRow, StageRow, VillageRow
from records.tables.duties import DutyRow
from records.tables.people import PersonRow
from rules.campaign.calendar import refuse_unpublished
from rules.campaign.campaign import TOWN_ROLES, Campaign
from rules.campaign.states import move
from rules.refusals import Refused
from rules.signs import says_nothing

WAITING = ("submitted", "under_review", "returned")
MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class StageChange:
    """What closing or opening a stage moves, told in ``lines``; nothing is written yet."""

    stage: StageRow
    lines: tuple[str, ...]
    lock_after: datetime


# --- closing early -------------------------------------------------------------------------------


def preview_closing(session: Session, stage: StageRow, *, now: datetime) -> StageChange | Refused:
    """What closing a stage now would move, or why it cannot be closed yet."""
    campaign = campaign_of(session, stage.campaign_id)
    refused = _refuse_closing(session, campaign, stage, now)
    return refused or StageChange(stage, tuple(_closing_lines(session, campaign, stage)), now)


def _refuse_closing(session: Session, campaign: Campaign, stage: StageRow, now: datetime) -> Refused | None:
    state = move("stage", stage.state, "close")
    if isinstance(state, Refused):
        return state
    earlier = [row for row in stages_in_order(session, stage.campaign_id) if row.opens_at < stage.opens_at]
    still_open = next((row for row in earlier if row.state != "closed"), None)
    if still_open is not None:
        title = campaign.stage(still_open.name).title
        return Refused("earlier_open", f"“{title}”还没有结束，请先结束前面的阶段。")
    waiting = [
        duty for duty in _owed_by_towns(session, stage) if duty.lock_at is not None and duty.lock_at >= now
    ]
    if stage.name in TOWN_STAGES and waiting:
        last = day_text(max(duty.due_at for duty in waiting).astimezone(campaign.zone).date())
        return Refused(
            "towns_have_time",
            f"还有{len(waiting)}项乡镇(街道)待办没有到期(最晚{last})，不能提前结束。请等其办结，或等到停止受理之后。",
        )
    return None


def _owed_by_towns(session: Session, stage: StageRow) -> list[DutyRow]:
    return [duty for duty in _owed(session, stage) if duty.role in TOWN_ROLES]


def _owed(session: Session, stage: StageRow) -> list[DutyRow]:
    return [duty for duty in open_duties(session, stage.campaign_id) if duty.carrier_kind == stage.name]


def _closing_lines(session: Session, campaign: Campaign, stage: StageRow) -> Iterator[str]:
    lock = day_text(stage.lock_at.astimezone(campaign.zone).date())
    yield f"“{campaign.stage(stage.name).title}”立即结束(原定{lock}停止受理)。"
    bureau = [duty for duty in _owed(session, stage) if duty.role not in TOWN_ROLES]
    if bureau:
        yield f"局里{len(bureau)}项待办不失效，继续办理并按提醒阶梯上报。"
    towns = _owed_by_towns(session, stage)
    if towns:
        yield f"乡镇(街道){len(towns)}项待办各自的截止和停止受理时间不变。"
    aside = villages_of(session, campaign.id, states=WAITING) if stage.name == "verification" else []
    if aside:
        yield f"{len(aside)}个尚未办结的社区(村)转入补充名单：{_listed(aside)}。"
    following = next((row for row in stages_in_order(session, campaign.id) if row.state == "waiting"), None)
    if following is not None:
        opens = day_text(following.opens_at.astimezone(campaign.zone).date())
        yield f"“{campaign.stage(following.name).title}”仍于{opens}开始，不会提前。"


def _listed(villages: Sequence[VillageRow]) -> str:
    names = "、".join(one.name for one in villages[:MOST_NAMED])
    return f"{names}等" if len(villages) > MOST_NAMED else names


@repeatable
def close_early(
    store: Store, *, campaign_id: str, stage: str, by: str, reason: str, now: datetime
) -> Refused | None:
    """A coordinator closes a stage before its date, with a reason that is kept."""
    with store.writing() as session:
        row = locked(session, StageRow, (campaign_id, stage))
        refused = _refuse_order(session, row, by=by, reason=reason)
        if refused or row is None:
            return refused
        planned = preview_closing(session, row, now=now)
        if isinstance(planned, Refused):
            return planned
        _note(session, planned, act=CLOSED, by=by, reason=reason.strip(), now=now)
        session.flush()
        close_stage(session, row, now=now)
        facts = {"reason": reason.strip(), "moved": list(planned.lines)}
        audit.note(
            session, at=now, actor=by, act="close_stage", subject=f"{campaign_id}/{stage}", facts=facts
        )
        bells.ring(session, kind="campaign", subject=campaign_id, cause="stage closed", at=now)
    return None


# --- opening again -------------------------------------------------------------------------------


def preview_opening(
    session: Session, stage: StageRow, *, until: date, now: datetime
) -> StageChange | Refused:
    """What opening a closed stage again until the end of ``until`` would move, or why it cannot be."""
    campaign = campaign_of(session, stage.campaign_id)
    refused = _refuse_opening(session, campaign, stage, until=until, now=now)
    lines = _opening_lines(session, campaign, stage, until)
    return refused or StageChange(stage, tuple(lines), campaign.end_of(until))


def _refuse_opening(
    session: Session, campaign: Campaign, stage: StageRow, *, until: date, now: datetime
) -> Refused | None:
    state = move("stage", stage.state, "reopen")
    if isinstance(state, Refused):
        return state
    if session.get_one(CampaignRow, campaign.id).closed_at is not None:
        return Refused("campaign_over", "本次活动已经结束，不能重新开启阶段。")
    calendar = calendar_of(session, campaign.id)
    if until > calendar.published_until:
        return refuse_unpublished(calendar, until)
    if campaign.end_of(until) <= now:
        return Refused("not_later", "重新开启后的停止受理日期必须晚于今天。")
    list_ = latest_gate(session, campaign.id, "recommendation", campaign.id)
    approved = list_ is not None and list_.state == "closed" and list_.answer == "approve"
    if stage.name == "verification" and approved:
        return Refused(
            "list_decided",
            "推荐名单已经同意并报送，不能重新开启核查认定。尚未办结的社区(村)在补充名单中继续办理。",
        )
    return None


def _opening_lines(session: Session, campaign: Campaign, stage: StageRow, until: date) -> Iterator[str]:
    yield f"“{campaign.stage(stage.name).title}”重新开启，{day_text(until)}24时停止受理；原截止日期不变，逾期照记。"
    if stage.name in TOWN_STAGES:
        yield "已失效的待办不会自动恢复，请逐项延期。"
    back = _put_aside(session, stage)
    if back:
        yield f"{len(back)}个补充名单上的社区(村)恢复为正常办理：{_listed(back)}。"


def _put_aside(session: Session, stage: StageRow) -> list[VillageRow]:
    if stage.name != "verification":
        return []
    return [one for one in villages_of(session, stage.campaign_id, states=WAITING) if one.supplementary]


@repeatable
def reopen_stage(
    store: Store, *, campaign_id: str, stage: str, until: date, by: str, reason: str, now: datetime
) -> Refused | None:
    """A coordinator opens a closed stage again; it closes at the end of ``until``, or by hand before."""
    with store.writing() as session:
        row = locked(session, StageRow, (campaign_id, stage))
        refused = _refuse_order(session, row, by=by, reason=reason)
        if refused or row is None:
            return refused
        planned = preview_opening(session, row, until=until, now=now)
        if isinstance(planned, Refused):
            return planned
        _note(session, planned, act=REOPENED, by=by, reason=reason.strip(), now=now)
        for village in _put_aside(session, row):
            village.supplementary = False
        row.state, row.closed_at, row.lock_at = "open", None, planned.lock_after
        facts = {
            "lock": planned.lock_after.isoformat(),
            "reason": reason.strip(),
            "moved": list(planned.lines),
        }
        audit.note(
            session, at=now, actor=by, act="reopen_stage", subject=f"{campaign_id}/{stage}", facts=facts
        )
        bells.ring(session, kind="campaign", subject=campaign_id, cause="stage opened", at=now)
    return None


def _note(session: Session, planned: StageChange, *, act: str, by: str, reason: str, now: datetime) -> None:
    row = planned.stage
    session.add(
        StageChangeRow(
            campaign_id=row.campaign_id,
            stage=row.name,
            act=act,
            lock_before=row.lock_at,
            lock_after=planned.lock_after,
            reason=reason,
            by=by,
            at=now,
        )
    )


def _refuse_order(session: Session, row: StageRow | None, *, by: str, reason: str) -> Refused | None:
    person = session.get(PersonRow, by)
    if person is None or not person.active or "coordinator" not in person.roles:
        return Refused("not_coordinator", "只有活动协调员可以结束或重新开启阶段。")
    if row is None:
        return Refused("no_such_stage", "没有这个阶段，请核对名称。")
    if says_nothing(reason):
        return Refused("no_reason", "请写明理由，理由将记入审计日志。")
    return None
