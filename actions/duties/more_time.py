"""Duties that lapsed, and more time for several of them at once: all, those of a town, or one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from actions.duties.extensions import Offer, grant, offer, reason_kept
from actions.duties.posting import TITLES
from records.campaign.campaigns import is_closed
from records.duties.duties import lapsed_duties
from records.store import Session, Store
from records.tables.duties import DutyRow
from rules.refusals import Refused


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A duty that ended because nobody did it in time."""

    duty_id: int
    kind: str
    what: str
    town_code: str
    town: str
    where: str
    due_at: datetime
    ended_at: datetime | None


def lapsed(session: Session, campaign_id: str, *, town_code: str = "") -> list[Lapsed]:
    """What may still be given more time, by town and date; nothing once the campaign is over."""
    if is_closed(session, campaign_id):
        return []
    rows = lapsed_duties(session, campaign_id)
    return [_lapsed(row) for row in rows if town_code in ("", row.town_code)]


def _lapsed(row: DutyRow) -> Lapsed:
    town = row.facts.get("town", "")
    return Lapsed(
        duty_id=row.id,
        kind=row.kind,
        what=TITLES[row.kind],
        town_code=row.town_code,
        town=town,
        where=f"{town}{row.facts.get('village', '')}",
        due_at=row.due_at,
        ended_at=row.ended_at,
    )


def offer_all(
    session: Session, duty_ids: Sequence[int], *, until: date, now: datetime
) -> list[Offer] | Refused:
    """The price of each; the first that cannot be moved at all refuses all."""
    offers: list[Offer] = []
    for duty_id in duty_ids:
        offered = offer(session, duty_id, until=until, now=now)
        if isinstance(offered, Refused):
            return offered
        offers.append(offered)
    return offers


def promises_broken(offers: Sequence[Offer]) -> list[str]:
    """What cannot be kept any more, each sentence once."""
    return list(dict.fromkeys(sentence for one in offers for sentence in one.price.infeasible))


def give_more_time(
    store: Store,
    *,
    duty_ids: Sequence[int],
    until: date,
    by: str,
    reason: str,
    anyway: bool,
    now: datetime,
) -> int | Refused:
    """Extend each of these to the end of ``until``; how many were.

    All are priced before the first is granted; then each is an act of its own, so that one which changed meanwhile
    stops only what follows.
    """
    with store.reading() as session:
        offers = offer_all(session, duty_ids, until=until, now=now)
    refused = offers if isinstance(offers, Refused) else _refuse_all(offers, reason, anyway=anyway)
    if isinstance(offers, Refused) or refused:
        return refused or 0
    for done, offered in enumerate(offers):
        if _came_along(store, offered):
            continue
        refused = grant(store, offered=offered, by=by, reason=reason, anyway=anyway, now=now)
        if refused:
            told = f"{refused.reason}（已有{done}项延期，其余未动。）" if done else refused.reason
            return Refused(refused.code, told)
    return len(offers)


def _refuse_all(offers: Sequence[Offer], reason: str, *, anyway: bool) -> Refused | None:
    if not offers:
        return Refused("nothing_lapsed", "没有可以延期的失效待办。")
    kept = (reason_kept(one, reason, anyway=anyway) for one in offers)
    return next((one for one in kept if isinstance(one, Refused)), None)


def _came_along(store: Store, offered: Offer) -> bool:
    """A date that cannot be kept without another moved with that one."""
    with store.reading() as session:
        duty = session.get_one(DutyRow, offered.duty_id)
        return duty.state == "open" and duty.due_at >= offered.due_at
