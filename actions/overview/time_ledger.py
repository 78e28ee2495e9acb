"""The ledger of time: every day that a town was given, had taken by a return, or lost to the bureau, for all to see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from actions.campaign.outages import proposals
from actions.duties.holders import day_of
from actions.duties.posting import TITLES
from actions.lookup import campaign_of
from records.duties.time_given import corrections_asked, extensions_granted, gates_about_villages
from records.store import Session
from rules.campaign.campaign import Campaign
from rules.duties.outages import ANSWERS, in_words

EXTENSION, RETURN, DELAY, OUTAGE = "extension", "return", "delay", "outage"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: ``days`` in calendar days; ``until`` is the date that counts now, or the day of the late answer."""

    on: date
    kind: str
    town: str
    village: str
    what: str
    since: date
    until: date
    reason: str = ""

    @property
    def days(self) -> int:
        return (self.until - self.since).days


def time_ledger(session: Session, campaign_id: str, *, now: datetime) -> list[Entry]:
    """Everything of a campaign, the newest first; a bureau that is late just now is counted until today."""
    campaign = campaign_of(session, campaign_id)
    found = [
        *_extensions(session, campaign),
        *_returns(session, campaign),
        *_delays(session, campaign, now=now),
        *_outages(session, campaign),
    ]
    return sorted(found, key=lambda one: (one.on, one.town, one.village, one.kind), reverse=True)


def _extensions(session: Session, campaign: Campaign) -> Iterator[Entry]:
    for row, duty in extensions_granted(session, campaign.id):
        yield Entry(
            day_of(campaign, row.granted_at),
            EXTENSION,
            str(duty.facts.get("town", "")),
            str(duty.facts.get("village", "")),
            TITLES[duty.kind],
            day_of(campaign, row.due_before),
            day_of(campaign, row.due_after),
            row.reason,
        )


def _returns(session: Session, campaign: Campaign) -> Iterator[Entry]:
    for duty in corrections_asked(session, campaign.id):
        opened = day_of(campaign, duty.opened_at)
        yield Entry(
            opened,
            RETURN,
            str(duty.facts.get("town", "")),
            str(duty.facts.get("village", "")),
            TITLES[duty.kind],
            opened,
            day_of(campaign, duty.due_at),
        )


def _delays(session: Session, campaign: Campaign, *, now: datetime) -> Iterator[Entry]:
    for gate in gates_about_villages(session, campaign.id):
        answered = gate.closed_at or now
        due, until = day_of(campaign, gate.due_at), day_of(campaign, answered)
        if until > due:
            town = campaign.town(gate.town_code).name
            village = campaign.village(gate.village_code).name
            yield Entry(until, DELAY, town, village, campaign.gate(gate.name).title, due, until)


def _outages(session: Session, campaign: Campaign) -> Iterator[Entry]:
    """Those before a due date that are answered or wait for it; they name no town, since they struck all."""
    for one in proposals(session, campaign.id):
        said = f"{ANSWERS[one.answer]}：{one.words}" if one.answer else "等待答复是否同等延期"
        began, ended = (day_of(campaign, moment) for moment in (one.outage.began, one.outage.ended))
        what = f"门户无法使用({in_words(one.outage, campaign.zone)})"
        yield Entry(ended, OUTAGE, "", "", what, began, ended, said)
