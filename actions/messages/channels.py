"""Where somebody wants to read what asks for something besides mail: a choice of their own, tried before it counts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from notifications.channels import Channel
from notifications.message import Address, Message, Sent
from records import audit
from records.people import accounts
from records.store import Store, repeatable
from records.tables.people import PersonRow
from rules.refusals import Refused

MAIL_ALONE = ""
HOUR, MOST_TRIALS = timedelta(hours=1), 5
TOO_OFTEN = Refused("trials", f"一小时内最多试发{MOST_TRIALS}次，群里的人都看得到。请过一会儿再试。")
TRIAL = Message("试发", "收到这一条，说明本系统的提醒可以发到这里。无须回复。")


@repeatable
def choose_channel(
    store: Store, *, person_id: str, channel: str, known: Collection[str], now: datetime
) -> Refused | None:
    """From now on; ``known`` are the names that the installation has, mail alone is always possible."""
    if channel != MAIL_ALONE and channel not in known:
        return Refused("no_channel", "没有这个渠道，请从列出的渠道中选择。")
    with store.writing() as session:
        session.get_one(PersonRow, person_id).channel = channel
        facts = {"channel": channel}
        subject = f"person:{person_id}"
        audit.note(session, at=now, actor=person_id, act="choose_channel", subject=subject, facts=facts)
    return None


@repeatable
def may_try(store: Store, *, person_id: str, host_now: datetime) -> Refused | None:
    """A group reads every trial: nobody sends it more than a few an hour."""
    with store.writing() as session:
        tries = accounts.count_try(session, f"trial:{person_id}", window=HOUR, host_now=host_now)
    return TOO_OFTEN if tries > MOST_TRIALS else None


def try_channel(channel: Channel, *, name: str, at: datetime) -> str | Refused:
    """Send one line that says it is a trial; what the channel answered."""
    told = channel.send(TRIAL, to=Address("", ""), key="trial", at=at)
    if isinstance(told, Sent):
        return told.answer
    return Refused("not_taken", f"渠道“{name}”没有收下：{told.answer}。请与运行维护人员核对设置后再试。")
