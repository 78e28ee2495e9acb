"""What a message about duties says, and its way into the outbox."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from notifications.wording import due_facts
from records import outbox
from records.store import Session
from records.tables.duties import DutyRow
from rules.campaign.campaign import Campaign

MOST_NAMED = 3
"""So many stand in the subject of a message; more are listed in it."""

TITLES = {
    "survey": "调查摸底",
    "dossier": "申报材料",
    "paper": "纸质材料",
    "correction": "补正材料",
    "visit": "现场核查",
    "signature": "核查签字",
    "objection": "公示异议",
    "gate": "审批事项",
    "revision": "名单修订",
    "calendar": "录入放假安排",
    "accounts": "账号清查",
}


def title_of(duty: DutyRow) -> str:
    """Where and what, in words: ``八都镇第一村材料初审``."""
    where = f"{duty.facts.get('town', '')}{duty.facts.get('village', '')}"
    return f"{where}{duty.facts.get('gate') or TITLES[duty.kind]}"


def post_about(
    session: Session,
    campaign: Campaign,
    duty: DutyRow,
    *,
    template: str,
    key: str,
    now: datetime,
    person_id: str = "",
    facts: Mapping[str, object] | None = None,
    digest: str | None = None,
    not_before: datetime | None = None,
) -> bool:
    """Put a message about a duty into the outbox; one per key, generation and person. False for another."""
    to = person_id or duty.person_id
    known = {name: value for name, value in duty.facts.items() if name != "gate_id"}
    about = {outbox.DUTIES: [duty.id], outbox.TO_HOLDER: to == duty.person_id}
    return outbox.post(
        session,
        key=f"{duty.key}:{duty.generation}:{key}:{to}",
        campaign_id=campaign.id,
        template=template,
        person_id=to,
        facts={"subject": TITLES[duty.kind], **known, **dates_of(campaign, duty), **about, **(facts or {})},
        at=now,
        gate_id=duty.facts.get("gate_id"),
        digest=digest,
        not_before=not_before,
    )


def dates_of(campaign: Campaign, duty: DutyRow) -> dict[str, object]:
    """Until when a duty is due, and until when anything is taken, in words."""
    due, lock = (at.astimezone(campaign.zone).date() for at in (duty.due_at, duty.lock_at or duty.due_at))
    return {**due_facts(due, lock)}


def missing_of(duties: Iterable[DutyRow]) -> list[str]:
    """Villages without papers, or seats without an answer: each once."""
    return list(dict.fromkeys(name for duty in duties for name in duty.facts.get("missing", [])))


def reasons_of(duties: Sequence[DutyRow]) -> list[str]:
    """What is to be put right; where a message speaks of several villages, in which."""
    several = len(duties) > 1
    return [
        f"{duty.facts.get('village', '')}：{reason}" if several else reason
        for duty in duties
        for reason in duty.facts.get("reasons", [])
    ]


def named(duties: Sequence[DutyRow]) -> dict[str, object]:
    """Every subject and village that a message about these duties names; of many the first ones, and all as a list."""
    several = len({duty.town_code for duty in duties}) > 1
    found: dict[str, object] = {"town": ""} if several and "town" in duties[0].facts else {}
    for name in ("subject", "village"):
        if name in duties[0].facts:
            town = "town" if several and name == "village" else ""
            texts = (
                f"{duty.facts.get(town, '')}{duty.facts[name]}" for duty in duties if duty.facts.get(name)
            )
            every = list(dict.fromkeys(texts))
            found[name] = "、".join(every) if len(every) <= MOST_NAMED else _first_of(every)
            if len(every) > MOST_NAMED:
                found["every"] = every
    return found


def _first_of(every: Sequence[str]) -> str:
    return f"{'、'.join(every[:MOST_NAMED])}等{len(every)}项"
