"""Troubles of the outbox: messages given up, and messages that should be out and are not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from functools import partial

from actions.upkeep import repair
from actions.upkeep.carrier_troubles import PATIENCE, REPAIR
from actions.upkeep.troubles import Trouble
from records import outbox
from records.store import Session, Store
from records.tables.messages import OutboxRow

NOT_SET = "设置 HQE_SMTP_URL 后重新启动 ./hqe up，邮件随即发出。"
STUCK = "检查邮件服务器和 HQE_SMTP_URL；程序会继续重试，日志见 logs/worker.log。"


def mail_troubles(store: Store, *, now: datetime, mail_is_set: bool) -> list[Trouble]:
    """Failed messages by what the mail server said, then those that wait."""
    with store.reading() as session:
        return [*_failed(store, session, now), *_waiting(session, now, mail_is_set=mail_is_set)]


def _failed(store: Store, session: Session, now: datetime) -> Iterator[Trouble]:
    by_answer: dict[str, list[OutboxRow]] = defaultdict(list)
    for row in outbox.failed(session):
        by_answer[row.answer].append(row)
    for answer, rows in by_answer.items():
        yield Trouble(
            "mail_failed",
            f"{len(rows)}封邮件没有发出：{answer}",
            f"{rows[0].key}{' 等' if len(rows) > 1 else ''}",
            f"按上面的答复改正邮箱地址或邮件设置，再{REPAIR}重发。",
            partial(repair.send_again, store, [row.id for row in rows], now=now),
        )


def _waiting(session: Session, now: datetime, *, mail_is_set: bool) -> Iterator[Trouble]:
    overdue_since = now - PATIENCE if mail_is_set else now
    late = [row for row in outbox.unsent(session) if row.not_before <= overdue_since]
    if not late:
        return
    code, remedy = ("mail_stuck", STUCK) if mail_is_set else ("mail_not_set", NOT_SET)
    last = next((row.answer for row in late if row.answer), "")
    what = f"{len(late)}封邮件该发未发{f'，最近的答复：{last}' if last else ''}"
    yield Trouble(code, what, f"发件箱，最早的一封：{late[0].key}", remedy)
