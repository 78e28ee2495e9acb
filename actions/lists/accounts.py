"""What the ledger of all years says about a village: under every code it ever had, whichever campaign wrote it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from actions.lookup import every_configuration
from actions.steps import subject_of
from records.lists.causes import causes_by_village
from records.lists.ledger import entries_of, paid_to
from records.lists.lists import lines_taken_off
from records.lists.recommendations import sent_rankings
from records.runs import carriers
from records.store import Session
from rules.campaign.campaign import AwardLevel, Campaign, Paid, Village
from rules.lists import awards, results
from rules.lists.awards import Balance, Booked, Payment
from rules.lists.lineage import kin
from rules.lists.results import MONEY, ROW_KINDS, Cause


def predecessors(session: Session) -> dict[str, frozenset[str]]:
    """Code -> those it was before, by all campaigns of this database."""
    found: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
    for campaign in every_configuration(session):
        for village in campaign.villages:
            if village.predecessors:
                found[village.code] |= frozenset(village.predecessors)
    return dict(found)


class Accounts:
    """The ledger as one transaction sees it, for one campaign."""

    def __init__(self, session: Session, campaign: Campaign) -> None:
        self.session, self.campaign = session, campaign
        self.causes = causes_by_village(session, campaign.id)
        self._predecessors = predecessors(session)
        self._ledgers: dict[str, tuple[Paid, ...]] = {}
        self._entered = {
            (row.village_code, row.level, row.cause_id) for row in entries_of(session, campaign.id)
        }
        self._taken_off = lines_taken_off(session, campaign.id)
        self._put_forward = {
            row.village_code for row in sent_rankings(session, campaign.id) if row.recommended
        }
        self._undecided = not carriers.all_done(session, campaign.id, "recommendation")

    def village(self, code: str) -> Village:
        """The village with all that it was or has become."""
        village = self.campaign.village(code)
        return replace(village, predecessors=tuple(sorted(kin(village.codes, self._predecessors) - {code})))

    def ledger(self, code: str) -> tuple[Paid, ...]:
        if code not in self._ledgers:
            self._ledgers[code] = paid_to(self.session, self.village(code).codes)
        return self._ledgers[code]

    def paid(self, code: str) -> int:
        """What it has of all that counts as paid already, by the years that this campaign counts."""
        return self._balance(code, self.ledger(code)).kept

    def _balance(self, code: str, ledger: tuple[Paid, ...]) -> Balance:
        return awards.balance(awards.paid_to(ledger, self.village(code), since=self.campaign.paid_since))

    def held(self, code: str) -> AwardLevel | None:
        return awards.highest(results.reached(self.campaign, self.causes[code]))

    def awaits(self, code: str) -> AwardLevel | None:
        """The level whose result has still to come."""
        put_forward = self._undecided or code in self._put_forward
        return results.awaited(self.campaign, self.causes[code], put_forward=put_forward)

    def due(self, code: str, level: str) -> Payment | None:
        """The village's line on the next list of a level; None when there is nothing to decide about."""
        pending = self._pending(code, level)
        if pending is not None:
            known = self.causes[code]
            return awards.changed(
                self.campaign, self.village(code), pending, causes=known, ledger=self.ledger(code)
            )
        held = self.held(code)
        if held is None or held.level != level:
            return None
        said = results.newest(self.campaign, self.causes[code]).get(level)
        cause_id = said.id if said else 0
        waits = self.campaign.award_policy == "wait" and self.awaits(code) is not None
        if waits or self._is_decided(code, level, cause_id):
            return None
        return awards.payment(
            self.campaign,
            self.village(code),
            level,
            ledger=self.ledger(code),
            results_final=True,
            cause_id=cause_id,
        )

    def foreseen(self, code: str) -> Balance:
        """How it will stand once all that takes money back or corrects it has been decided as entered."""
        ledger, village = self.ledger(code), self.village(code)
        for cause in self._undecided_takes(code):
            line = awards.changed(self.campaign, village, cause, causes=self.causes[code], ledger=ledger)
            place = (code, self.campaign.year, cause.level, line.yuan)
            ledger = (*ledger, Booked(*place, campaign_id=self.campaign.id, kind=ROW_KINDS[cause.kind]))
        return self._balance(code, ledger)

    def _pending(self, code: str, level: str) -> Cause | None:
        """What takes money back or corrects it at a level, and is not in the ledger yet: the oldest first."""
        return next((one for one in self._undecided_takes(code) if one.level == level), None)

    def _undecided_takes(self, code: str) -> Iterator[Cause]:
        said = results.newest(self.campaign, self.causes[code]).values()
        takes = (
            one for one in self.causes[code] if one.kind in MONEY or (one.kind == "withdrawn" and one in said)
        )
        return (one for one in takes if not self._is_decided(code, one.level, one.id))

    def _is_decided(self, code: str, level: str, cause_id: int) -> bool:
        """In the ledger, or taken off its list for good."""
        off = (subject_of(self.campaign.id, level), code, cause_id)
        return (code, level, cause_id) in self._entered or off in self._taken_off
