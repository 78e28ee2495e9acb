"""The review of accounts each quarter: which has waited too long, and which no second person ever confirmed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from rules.people.proposals import BUSINESS
from rules.people.rights import needs_one_time_password
from rules.refusals import Refused

QUARTER = timedelta(days=92)
UNUSED = timedelta(days=400)
"""So long nobody has been let in who works here once a year."""
PATIENCE = timedelta(days=30)
"""So long after it is due a review may wait before the doctor speaks of it."""
OWN_REVIEW = Refused("own_review", "本人的账号须由另一位活动协调员或运行维护人员清查，不能由本人确认。")


@dataclass(frozen=True, slots=True)
class Account:
    """An active account as its review sees it. ``since`` is when somebody looked at it last, else when
    it was made, or work began here."""

    person_id: str
    roles: tuple[str, ...]
    since: datetime
    last_at: datetime | None
    """When somebody was let in last."""
    has_telephone: bool
    never_in: bool
    """Invited, and no password was ever set."""
    confirmed: bool
    """Whether somebody else than its person has ever confirmed it."""
    reviewed: bool = False
    """Whether somebody has ever looked at it in a review."""


def is_due(account: Account, *, now: datetime) -> bool:
    return now - account.since >= QUARTER


def due_for(accounts: Iterable[Account], *, by: str, now: datetime) -> list[Account]:
    """Those whose review has come and that somebody may look at: all but their own."""
    return [one for one in accounts if is_due(one, now=now) and one.person_id != by]


def is_unused(account: Account, *, now: datetime) -> bool:
    """Nobody has been let in for more than a year, or ever since somebody looked at it last."""
    return now - (account.last_at or account.since) >= UNUSED


def overdue(accounts: Iterable[Account], *, now: datetime) -> list[Account]:
    return [one for one in accounts if now - one.since >= QUARTER + PATIENCE]


def unconfirmed(accounts: Iterable[Account]) -> list[Account]:
    """Accounts that decide or oversee and rest on one person's word; none while there is no second one to ask."""
    known = list(accounts)
    if sum(not BUSINESS.isdisjoint(one.roles) for one in known) < 2:
        return []
    return [one for one in known if needs_one_time_password(one.roles) and not one.confirmed]


def refuse_review(person_id: str, *, by: str) -> Refused | None:
    """Nobody vouches for themselves."""
    return OWN_REVIEW if person_id == by else None
