"""How simulated people get things done: straight through the actions, or as a portal's visitors do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from actions.campaign import survey
from actions.dossiers import paper, uploads
from actions.duties import extension_requests, extensions, handover
from actions.lists import revision
from actions.lists.results import Entry, enter_results
from actions.people import account_review
from actions.review import decisions, reconciliation, visits
from actions.review.planning.signatures import digest_of, sign_visit
from actions.review.publicity import objections
from records import clock
from records.duties.extensions import requests_of
from records.review.visits import visits_to
from records.store import Store
from records.tables.duties import DutyRow
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from rules.refusals import Refused

DOOR = "rehearsal"


class Unanswered(Exception):
    """Nobody said whether it was done: people look again and do what is still to do."""


class Way(Protocol):
    """What people can do. Each act returns ``Refused`` when the house said no, anything else when it is done.

    ``by`` is the person's id; the time is the business clock's. Raises ``Unanswered``.
    """

    def confirm_survey(self, town_code: str, *, villages: Sequence[str], by: str) -> object: ...

    def hand_in(self, village_code: str, *, data: bytes, by: str) -> object: ...

    def ask_extension(self, duty: DutyRow, *, until: date, reason: str, by: str) -> object: ...

    def grant_extension(self, duty: DutyRow, *, until: date, reason: str, by: str) -> object: ...

    def announce_paper(self, town_code: str, *, how: str, by: str) -> object: ...

    def record_paper(self, town_code: str, *, by: str) -> object: ...

    def hand_over(self, duty: DutyRow, *, to: str, reason: str, by: str) -> object: ...

    def visit(self, village_code: str, *, notes: str, found: Mapping[str, str], by: str) -> object: ...

    def sign(self, village_code: str, *, by: str) -> object: ...

    def score(
        self, gate: GateRow, *, found: Mapping[str, str], reasons: Mapping[str, str], by: str
    ) -> object: ...

    def decide(self, gate: GateRow, *, answer: str, reason: str, by: str) -> object: ...

    def revise(self, gate: GateRow, *, note: str, by: str) -> object: ...

    def object_publicly(self, village_code: str, *, objector: str, evidence: str, by: str) -> object: ...

    def answer_objection(self, objection_id: int, *, answer: str, words: str, by: str) -> object: ...

    def enter_result(self, entry: Entry, *, by: str) -> object: ...

    def keep_accounts(self, person_ids: Sequence[str], *, by: str) -> object: ...


@dataclass(frozen=True, slots=True)
class Straight:
    """Through the actions themselves, in this process."""

    store: Store
    campaign: Campaign

    @property
    def now(self) -> datetime:
        return clock.now(self.store)

    def confirm_survey(self, town_code: str, *, villages: Sequence[str], by: str) -> object:
        return survey.confirm_survey(
            self.store,
            campaign_id=self.campaign.id,
            town_code=town_code,
            villages=villages,
            by=by,
            now=self.now,
        )

    def hand_in(self, village_code: str, *, data: bytes, by: str) -> object:
        return uploads.hand_in(
            self.store,
            campaign_id=self.campaign.id,
            village_code=village_code,
            data=data,
            by=by,
            now=self.now,
            host_now=clock.host_now(),
        )

    def ask_extension(self, duty: DutyRow, *, until: date, reason: str, by: str) -> object:
        wanted = self.campaign.end_of(until)
        return extension_requests.ask_extension(
            self.store, duty_id=duty.id, by=by, wanted_due=wanted, reason=reason, now=self.now
        )

    def grant_extension(self, duty: DutyRow, *, until: date, reason: str, by: str) -> object:
        with self.store.reading() as session:
            offered = extensions.offer(session, duty.id, until=until, now=self.now)
            asking = next(one for one in requests_of(session, duty.id) if one.answer is None)
        if isinstance(offered, Refused):
            return offered
        words = extensions.reason_kept(offered, reason, anyway=True)
        assert not isinstance(words, Refused)
        return extension_requests.grant_request(
            self.store,
            request_id=asking.id,
            by=by,
            due_at=offered.due_at,
            lock_at=offered.lock_at,
            words=words,
            now=self.now,
        )

    def announce_paper(self, town_code: str, *, how: str, by: str) -> object:
        return paper.announce_paper(
            self.store, campaign_id=self.campaign.id, town_code=town_code, how=how, by=by, now=self.now
        )

    def record_paper(self, town_code: str, *, by: str) -> object:
        return paper.record_paper(
            self.store, campaign_id=self.campaign.id, town_code=town_code, by=by, now=self.now
        )

    def hand_over(self, duty: DutyRow, *, to: str, reason: str, by: str) -> object:
        return handover.hand_over(self.store, duty_id=duty.id, to=to, by=by, reason=reason, now=self.now)

    def visit(self, village_code: str, *, notes: str, found: Mapping[str, str], by: str) -> object:
        return visits.record_visit(
            self.store,
            campaign_id=self.campaign.id,
            village_code=village_code,
            by=by,
            notes=notes,
            adjustments=found,
            now=self.now,
        )

    def sign(self, village_code: str, *, by: str) -> object:
        with self.store.reading() as session:
            seen = digest_of(session, visits_to(session, self.campaign.id, village_code)[-1])
        return sign_visit(
            self.store,
            campaign_id=self.campaign.id,
            village_code=village_code,
            by=by,
            seen=seen,
            now=self.now,
        )

    def score(
        self, gate: GateRow, *, found: Mapping[str, str], reasons: Mapping[str, str], by: str
    ) -> object:
        return reconciliation.keep_sheet(
            self.store, gate_id=gate.id, by=by, numbers=found, reasons=reasons, now=self.now
        )

    def decide(self, gate: GateRow, *, answer: str, reason: str, by: str) -> object:
        return decisions.decide(
            self.store,
            gate_id=gate.id,
            attempt=gate.attempt,
            by=by,
            answer=answer,
            reason=reason,
            seen_hash=gate.content_hash,
            door=DOOR,
            now=self.now,
        )

    def revise(self, gate: GateRow, *, note: str, by: str) -> object:
        return revision.revise(self.store, gate_id=gate.id, by=by, excluded={}, note=note, now=self.now)

    def object_publicly(self, village_code: str, *, objector: str, evidence: str, by: str) -> object:
        return objections.object_publicly(
            self.store,
            campaign_id=self.campaign.id,
            village_code=village_code,
            objector=objector,
            evidence=evidence,
            by=by,
            now=self.now,
        )

    def answer_objection(self, objection_id: int, *, answer: str, words: str, by: str) -> object:
        return objections.answer_objection(
            self.store, objection_id=objection_id, by=by, answer=answer, words=words, now=self.now
        )

    def enter_result(self, entry: Entry, *, by: str) -> object:
        return enter_results(self.store, campaign_id=self.campaign.id, entries=[entry], by=by, now=self.now)

    def keep_accounts(self, person_ids: Sequence[str], *, by: str) -> object:
        return account_review.keep_accounts(self.store, person_ids=person_ids, by=by, now=self.now)
