"""Outages of the portal before a due date: an equal extension for all towns is proposed, granted or declined."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from actions.duties.extensions import Offer
from actions.duties.holders import day_of
from actions.duties.more_time import give_more_time, offer_all, promises_broken
from actions.lookup import calendar_of, campaign_of, is_entitled
from records import audit
from records.campaign.campaigns import is_closed, lock_campaign, opened_at
from records.duties.outages import answers_to_outages, outages_since, town_duties_to_extend
from records.store import Session, Store, repeatable
from records.tables.duties import DutyRow, OutageAnswerRow
from rules.campaign.campaign import Campaign
from rules.duties.outages import Outage, cuts_short, day_instead, in_words
from rules.refusals import Refused
from rules.signs import says_nothing

NO_RIGHT = Refused("not_coordinator", "只有活动协调员可以答复。")
ANSWERED = Refused("answered", "这次中断已经答复过，请刷新页面查看。")
NO_OUTAGE = Refused("no_such_outage", "没有这次中断，或者它没有影响本次活动的期限。")


@dataclass(frozen=True, slots=True)
class Proposal:
    """An outage, and what it would be made good by: each day instead with the duties that move there."""

    outage_id: int
    outage: Outage
    told: str
    """When, and for how long, in words."""
    moves: tuple[tuple[date, tuple[int, ...]], ...]
    towns: tuple[str, ...]
    answer: str = ""
    words: str = ""

    @property
    def duties(self) -> int:
        return sum(len(ids) for _, ids in self.moves)


def proposals(session: Session, campaign_id: str) -> list[Proposal]:
    """Outages that cut short what towns owed, the newest first: waiting for an answer, answered, half carried out."""
    rows = outages_since(session, opened_at(session, campaign_id))
    if not rows:
        return []
    campaign, answers = campaign_of(session, campaign_id), answers_to_outages(session, campaign_id)
    owed = [] if is_closed(session, campaign_id) else town_duties_to_extend(session, campaign_id)
    found = []
    for row in rows:
        outage, answered = Outage(row.began_at, row.ended_at), answers.get(row.id)
        cut = _cut(campaign, outage, owed) if answered is None or answered.answer == "extended" else []
        if cut or answered:
            said = (answered.answer, answered.words) if answered else ("", "")
            found.append(_proposal(session, campaign, row.id, outage, cut, said))
    return found[::-1]


def waiting(session: Session, campaign_id: str) -> list[Proposal]:
    """Those for which something is still to be done."""
    return [one for one in proposals(session, campaign_id) if one.moves]


def _cut(campaign: Campaign, outage: Outage, owed: Sequence[DutyRow]) -> list[DutyRow]:
    least = timedelta(minutes=campaign.outage_minutes)
    if not campaign.outage_minutes or outage.lasted < least:
        return []
    return [duty for duty in owed if cuts_short(outage, opened=duty.opened_at, due=duty.due_at)]


def _proposal(
    session: Session,
    campaign: Campaign,
    outage_id: int,
    outage: Outage,
    cut: Sequence[DutyRow],
    said: tuple[str, str],
) -> Proposal:
    calendar, moves = calendar_of(session, campaign.id), defaultdict[date, list[int]](list)
    for duty in cut:
        due = day_of(campaign, duty.due_at)
        moves[day_instead(calendar, due, outage=outage, zone=campaign.zone)].append(duty.id)
    return Proposal(
        outage_id,
        outage,
        in_words(outage, campaign.zone),
        tuple((day, tuple(ids)) for day, ids in sorted(moves.items())),
        tuple(dict.fromkeys(str(duty.facts.get("town", "")) for duty in cut)),
        *said,
    )


def price_of(session: Session, proposal: Proposal, *, now: datetime) -> list[Offer] | Refused:
    """What each of its extensions moves and breaks."""
    offers: list[Offer] = []
    for day, ids in proposal.moves:
        priced = offer_all(session, ids, until=day, now=now)
        if isinstance(priced, Refused):
            return priced
        offers += priced
    return offers


def extend_for_outage(
    store: Store, *, campaign_id: str, outage_id: int, by: str, words: str, anyway: bool, now: datetime
) -> int | Refused:
    """Give all towns that it cut short as many days; how many duties were extended.

    The answer is recorded before the first of them moves: what was broken off is carried on by the same act.
    """
    with store.reading() as session:
        wanted = _asked(session, campaign_id, outage_id, by=by)
        offers = wanted if isinstance(wanted, Refused) else price_of(session, wanted, now=now)
    if isinstance(wanted, Refused) or isinstance(offers, Refused):
        return offers if isinstance(offers, Refused) else NO_OUTAGE
    broken = promises_broken(offers)
    if broken and not anyway:
        return Refused("infeasible", f"{''.join(broken)}确要如此延期，请明确选择“仍然批准”。")
    reason = f"门户无法使用({wanted.told})，各乡镇(街道)同等延期。{words.strip()}"
    refused = _answer(
        store, campaign_id=campaign_id, outage_id=outage_id, answer="extended", by=by, words=reason, now=now
    )
    if refused:
        return refused
    done = 0
    for day, ids in wanted.moves:
        given = give_more_time(store, duty_ids=ids, until=day, by=by, reason=reason, anyway=anyway, now=now)
        if isinstance(given, Refused):
            return given
        done += given
    return done


def decline_outage(
    store: Store, *, campaign_id: str, outage_id: int, by: str, words: str, now: datetime
) -> Refused | None:
    """Leave all dates as they are, with a reason that every town may read."""
    with store.reading() as session:
        wanted = _asked(session, campaign_id, outage_id, by=by)
    if isinstance(wanted, Refused):
        return wanted
    if wanted.answer:
        return ANSWERED
    if says_nothing(words):
        return Refused("no_reason", "请写明不延期的理由，各乡镇(街道)都能看到。")
    return _answer(
        store,
        campaign_id=campaign_id,
        outage_id=outage_id,
        answer="declined",
        by=by,
        words=words.strip(),
        now=now,
    )


def _asked(session: Session, campaign_id: str, outage_id: int, *, by: str) -> Proposal | Refused:
    if not is_entitled(session, "outages.extend_for_outage", by=by):
        return NO_RIGHT
    found = (one for one in waiting(session, campaign_id) if one.outage_id == outage_id)
    return next(found, NO_OUTAGE)


@repeatable
def _answer(
    store: Store, *, campaign_id: str, outage_id: int, answer: str, by: str, words: str, now: datetime
) -> Refused | None:
    """One answer for each campaign; the same one again changes nothing."""
    with store.writing() as session:
        lock_campaign(session, campaign_id)
        # Asked once more: whoever priced it may have lost the role meanwhile.
        if not is_entitled(session, "outages.extend_for_outage", by=by):
            return NO_RIGHT
        there = answers_to_outages(session, campaign_id).get(outage_id)
        if there is not None:
            return None if there.answer == answer == "extended" else ANSWERED
        session.add(
            OutageAnswerRow(
                outage_id=outage_id, campaign_id=campaign_id, answer=answer, words=words, by=by, at=now
            )
        )
        facts = {"answer": answer, "reason": words}
        audit.note(session, at=now, actor=by, act="answer_outage", subject=f"outage:{outage_id}", facts=facts)
    return None
