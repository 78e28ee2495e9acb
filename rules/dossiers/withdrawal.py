"""Taking a dossier back before its review: when a town may, and what it should know before it does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from rules.campaign.deadlines import is_late, is_locked
from rules.refusals import Refused


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the newest version stands. ``due_at`` and ``lock_at`` are its duty's, in the campaign's zone."""

    version: int
    state: str
    """received, accepted, returned, superseded or withdrawn."""
    due_at: datetime | None
    lock_at: datetime | None
    under_review: bool = False
    """A gate asks about it."""
    scored: bool = False
    """A reviewer has kept a score sheet of it."""
    decided: bool = False
    """Somebody has decided on it."""
    paper_received: bool = False
    """The bureau holds the town's paper copies."""


STATES = {
    "returned": "没有通过校验，不计入上报，无须撤回；请修改后直接重新上传",
    "superseded": "已被新的一版取代，不能撤回",
    "withdrawn": "已经撤回",
}
"""Why a version in such a state is not withdrawn."""


def refuse_withdrawal(standing: Standing, *, version: int, now: datetime) -> Refused | None:
    """None when version ``version`` can be taken back: newest, not reviewed, its duty not locked."""
    name = f"第{standing.version}版材料"
    if version != standing.version:
        return Refused("not_newest", f"现在最新的是{name}，页面已经过时。请刷新后再操作。")
    if standing.state in STATES:
        return Refused("not_to_withdraw", f"{name}{STATES[standing.state]}。")
    if standing.decided:
        return Refused("decided", f"{name}已有审核决定，不能撤回。需要修改的，请联系审核人员。")
    if standing.scored:
        return Refused(
            "review_begun", f"审核人员已开始给{name}评分，不能撤回。需要修改的，请联系审核人员退回补正。"
        )
    if standing.lock_at is None or is_locked(now, standing.lock_at):
        return Refused(
            "locked", f"报送已截止，撤回后无法重新上报，{name}不能撤回。需要修改的，请联系活动协调员。"
        )
    return None


def consequences(standing: Standing, *, now: datetime) -> Iterator[tuple[str, dict[str, datetime]]]:
    """(sentence, its moments by name): what withdrawing means, before it is done."""
    assert standing.due_at is not None
    assert standing.lock_at is not None
    if is_late(now, standing.due_at):
        yield ALREADY_LATE, {"due": standing.due_at}
    elif standing.due_at < standing.lock_at:
        yield LATE_AFTER, {"due": standing.due_at}
    yield OUT_AFTER, {"lock": standing.lock_at}
    yield NOTHING_COUNTS, {}
    if standing.under_review:
        yield REVIEW_ENDS, {}
    if standing.paper_received:
        yield PAPER_AGAIN, {}


ALREADY_LATE = "截止时间%(due)s已过：撤回后重新上传的版本按逾期记录，即使这一版当时没有逾期。"
LATE_AFTER = "%(due)s之后重新上传的，按逾期记录。"
OUT_AFTER = "%(lock)s之后不再受理：届时没有重新上传并通过校验的，按逾期未报处理，不进入核查认定。"
NOTHING_COUNTS = (
    "撤回后，这一版的花名册和得分不再计入，以前的版本也不会自动恢复；在重新上传之前等于没有上报。"
)
REVIEW_ENDS = "审核人员正在审核这一版：审批点随之终止，系统会通知审核人员；重新上传并通过校验后重新审核。"
PAPER_AGAIN = "局里已签收纸质材料：重新上报后，请把与新版一致的纸质材料送到局里更换。"

SENTENCES = (ALREADY_LATE, LATE_AFTER, OUT_AFTER, NOTHING_COUNTS, REVIEW_ENDS, PAPER_AGAIN)
"""Everything that ``consequences`` may say."""
