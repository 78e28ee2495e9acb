"""What a digest tells when it goes out: each thing that its reader still owes, once, the soonest due first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from actions.duties.holders import day_of
from actions.duties.posting import title_of
from actions.messages.links import address_of
from actions.messages.standing import Overtaken, owed_in, standing_of
from notifications.wording import due_facts, left_text
from records import outbox
from records.store import Session
from records.tables.duties import DutyRow
from records.tables.messages import OutboxRow
from rules.campaign.campaign import Campaign

ALL_SETTLED = "所列事项都已了结。"


@dataclass(frozen=True, slots=True)
class Gathered:
    """The messages that a digest still tells, those that were overtaken and by what, and all that is owed."""

    told: tuple[OutboxRow, ...]
    dropped: Mapping[int, str]
    duties: tuple[DutyRow, ...]

    @property
    def alone(self) -> OutboxRow | None:
        """The one message that is left of a digest: it goes out as it was written."""
        return self.told[-1] if len(self.duties) < 2 and self.told else None


def gathered(session: Session, campaign: Campaign, digest: OutboxRow, *, now: datetime) -> Gathered:
    rows = outbox.gathered_in(session, digest.key)
    standing = {row.id: standing_of(session, campaign, row, now=now) for row in rows}
    dropped = {number: one.why for number, one in standing.items() if isinstance(one, Overtaken)}
    told = tuple(row for row in rows if row.id not in dropped)
    owed = {
        duty.id: duty
        for row in told
        for duty in owed_in(session, row)
        if duty.state == "open" and duty.person_id == row.person_id
    }
    duties = sorted(owed.values(), key=lambda duty: (duty.due_at, duty.town_code, duty.village_code, duty.id))
    return Gathered(told, dropped, tuple(duties))


def facts_of(campaign: Campaign, found: Gathered, *, link: str, now: datetime) -> dict[str, object]:
    """The lines of a digest, each with its date and where it is done, and the soonest date."""
    first = day_of(campaign, found.duties[0].due_at)
    lines = [_line(campaign, duty, link=link, now=now) for duty in found.duties]
    return {**due_facts(first), "items": lines}


def _line(campaign: Campaign, duty: DutyRow, *, link: str, now: datetime) -> str:
    due = due_facts(day_of(campaign, duty.due_at))
    left = left_text(due, today=day_of(campaign, now))
    where = f"：{link.rstrip('/')}{address_of(campaign, duty)}" if link else ""
    return f"{title_of(duty)}，{due['due']}前(含当日{left}){where}"
