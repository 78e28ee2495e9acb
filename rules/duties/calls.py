"""Whom a coordinator should call because a town may be late, and why; what a call changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rules.refusals import Refused

AHEAD = timedelta(days=5)
"""So long before its date a duty is looked at."""
RESTS = timedelta(hours=20)
"""So long after somebody was reached they are not called again, unless something has become overdue since."""
OFTEN = 2
LONGEST_PROMISE = timedelta(days=31)
"""Further ahead it is a slip of the pen, and would keep the town off the list for long."""
LONGEST_NOTE, LONGEST_TELEPHONE = 500, 30
OUTCOMES: Mapping[str, str] = {"promised": "已答应办理日期", "reached": "已联系", "no_answer": "未接通"}


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known of one open duty of a town.

    ``version`` is the state of the newest dossier, empty without one; ``returns`` how often it came back.
    """

    kind: str
    opened_at: datetime
    due_at: datetime
    last_in: datetime | None = None
    """When its holder was let in last."""
    version: str = ""
    returns: int = 0
    announced: bool = False
    """Of paper copies: whether they are on their way."""
    late_before: int = 0
    """How many duties the town had late or not at all in the campaign before."""
    lost_mails: int = 0
    """Mails to its holder that were given up."""


def why_call(signs: Signs, *, now: datetime) -> list[str]:
    """In Chinese, why this may be late; empty for what is on its way, or has time."""
    if signs.due_at - now > AHEAD or signs.version == "received" or signs.announced:
        return []
    found = list(_reasons(signs))
    days = (now - signs.due_at) // timedelta(days=1)
    overdue = [f"已逾期{days}天" if days else "今天刚过截止时间"] if now > signs.due_at else []
    return [*overdue, *found]


def _reasons(signs: Signs) -> Iterator[str]:
    if signs.last_in is None:
        yield "从未登录"
    elif signs.last_in < signs.opened_at:
        yield "要求办理以来没有登录"
    if signs.kind == "dossier" and not signs.version:
        yield "一次也没有上传"
    if signs.kind == "survey":
        yield "还没有确认参加的社区(村)"
    if signs.kind == "paper":
        yield "还没有登记寄送"
    if signs.version == "failed":
        yield "上一版没有通过校验"
    if signs.returns >= OFTEN:
        yield f"已退回{signs.returns}次"
    if signs.late_before:
        yield f"上次活动有{signs.late_before}项逾期或未办"
    if signs.lost_mails:
        yield f"有{signs.lost_mails}封邮件没有送达"


@dataclass(frozen=True, slots=True)
class Call:
    """What came of a call: ``promised_on`` is the day by which the town said it would be done."""

    at: datetime
    outcome: str
    promised_on: date | None = None


def is_settled(call: Call | None, due_ats: Iterator[datetime], *, now: datetime, today: date) -> bool:
    """Whether nobody needs to call again for now: reached, or promised for a day still to come."""
    if call is None or call.outcome == "no_answer":
        return False
    if any(call.at < due_at <= now for due_at in due_ats):
        return False
    return call.promised_on >= today if call.promised_on else now - call.at < RESTS


def refuse_call(outcome: str, note: str, promised_on: date | None, *, today: date) -> Refused | None:
    """Why this cannot be recorded."""
    if outcome not in OUTCOMES:
        return Refused("no_outcome", "请选择通话结果。")
    if len(note) > LONGEST_NOTE:
        return Refused("long_note", f"备注超过{LONGEST_NOTE}字，请写得简短些。")
    if (outcome == "promised") != (promised_on is not None):
        return Refused("no_promise", "选“已答应办理日期”的，请填写日期；其他结果不填日期。")
    if promised_on is not None and promised_on < today:
        return Refused("past_promise", "答应办理的日期不能早于今天，请核对。")
    if promised_on is not None and promised_on - today > LONGEST_PROMISE:
        days = LONGEST_PROMISE.days
        return Refused("far_promise", f"答应办理的日期不能晚于{days}天以后，请核对年份和月份。")
    return None


def refuse_telephone(text: str) -> Refused | None:
    """Digits with what people write between them; empty takes it away."""
    allowed = set("0123456789 -+()（）转,，/")
    if (
        len(text) > LONGEST_TELEPHONE
        or not set(text) <= allowed
        or (text and not any(map(str.isdigit, text)))
    ):
        return Refused("no_telephone", f"电话只写数字、空格和 - + ( ) 转，不超过{LONGEST_TELEPHONE}个字。")
    return None
