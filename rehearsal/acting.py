"""What simulated people do, and when: they look at what is open for them and act like real ones.

Nothing is remembered between two looks. When a rehearsal was killed and started again, people look
at the same rows and do what is still to do.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from actions import dossiers, gates, reviews, scoresheets, surveys
from actions.lookup import campaign_of
from records import people
from records.duties import open_duties
from records.scores import final_score, has_scored
from records.store import Session, Store
from records.tables import DutyRow, GateRow, VillageRow
from records.uploads import uploads_of
from rehearsal.clerks import fill_dossier
from rules.campaign import Campaign
from rules.refusals import Refused

DOOR = "rehearsal"


@dataclass(frozen=True, slots=True)
class Act:
    """Something one person will do at a planned moment; ``do`` takes the business time."""

    key: str
    at: datetime
    do: Callable[[datetime], object]


class Cast:
    """The simulated people of one rehearsal."""

    def __init__(self, store: Store, *, campaign_id: str, plots: dict[str, str], seed: int) -> None:
        self.store = store
        self.campaign_id = campaign_id
        self.plots = plots
        self.seed = seed

    def plans(self) -> list[Act]:
        """Everything somebody intends to do about what is open now, in order of time and key."""
        with self.store.reading() as session:
            campaign = campaign_of(session, self.campaign_id)
            duties = open_duties(session, self.campaign_id)
            acts = [act for duty in duties for act in self._about(session, campaign, duty)]
        return sorted(acts, key=lambda act: (act.at, act.key))

    def _about(self, session: Session, campaign: Campaign, duty: DutyRow) -> Iterator[Act]:
        make = {
            "survey": self._survey,
            "dossier": self._dossier,
            "correction": self._dossier,
            "paper": self._paper,
            "visit": self._visit,
            "gate": self._gate,
        }[duty.kind]
        yield from make(session, campaign, duty)

    def _moment(self, duty: DutyRow, since: datetime, *, twist: str = "") -> datetime:
        """A moment between ``since`` and the due date, early or late by the person's temper."""
        dice = random.Random(f"{self.seed}:{duty.key}:{twist}")
        span = max(duty.due_at - since, timedelta(minutes=10))
        share = (
            dice.uniform(0.1, 0.8)
            if duty.kind in ("survey", "dossier", "paper")
            else dice.uniform(0.03, 0.25)
        )
        return (since + span * share).replace(second=0, microsecond=0)

    def _survey(self, session: Session, campaign: Campaign, duty: DutyRow) -> Iterator[Act]:
        villages = [village.code for village in campaign.villages if village.town_code == duty.town_code]

        def confirm(now: datetime) -> object:
            return surveys.confirm_survey(
                self.store,
                campaign_id=campaign.id,
                town_code=duty.town_code,
                villages=villages,
                by=duty.person_id,
                now=now,
            )

        yield Act(duty.key, self._moment(duty, duty.opened_at), confirm)

    def _dossier(self, session: Session, campaign: Campaign, duty: DutyRow) -> Iterator[Act]:
        village = session.get_one(VillageRow, (campaign.id, duty.village_code))
        last = next(reversed(uploads_of(session, village)), None)
        if last is not None and last.state == "received":
            return
        version = last.version + 1 if last else 1
        since = max(duty.opened_at, last.checked_at or duty.opened_at) if last else duty.opened_at
        plot = self.plots[duty.village_code]

        def hand_in(now: datetime) -> object:
            data = fill_dossier(campaign, duty.village_code, plot=plot, version=version, seed=self.seed)
            return dossiers.hand_in(
                self.store,
                campaign_id=campaign.id,
                village_code=duty.village_code,
                data=data,
                by=duty.person_id,
                now=now,
            )

        at = self._moment(duty, since, twist=str(version)) if version == 1 else since + timedelta(hours=3)
        yield Act(f"{duty.key}:v{version}", at, hand_in)

    def _paper(self, session: Session, campaign: Campaign, duty: DutyRow) -> Iterator[Act]:
        coordinator = people.with_role(session, "coordinator")[0].id

        def receive(now: datetime) -> object:
            return dossiers.record_paper(
                self.store, campaign_id=campaign.id, town_code=duty.town_code, by=coordinator, now=now
            )

        yield Act(duty.key, self._moment(duty, duty.opened_at), receive)

    def _visit(self, session: Session, campaign: Campaign, duty: DutyRow) -> Iterator[Act]:
        dice = random.Random(f"{self.seed}:found:{duty.village_code}")
        found = {"B1.3": str(dice.randint(0, 2))}

        def visit(now: datetime) -> object:
            return reviews.record_visit(
                self.store,
                campaign_id=campaign.id,
                village_code=duty.village_code,
                by=duty.person_id,
                notes=f"抽查台账20人，与实际不符{found['B1.3']}例。",
                adjustments=found,
                now=now,
            )

        yield Act(duty.key, self._moment(duty, duty.opened_at), visit)

    def _gate(self, session: Session, campaign: Campaign, duty: DutyRow) -> Iterator[Act]:
        gate = session.get_one(GateRow, duty.facts["gate_id"])
        answer, reason = self._opinion(session, campaign, gate)

        def decide(now: datetime) -> object:
            if gate.name in scoresheets.PARTIES:
                scored = self._score(gate, by=duty.person_id, now=now)
                if isinstance(scored, Refused):
                    return scored
            return gates.decide(
                self.store,
                gate_id=gate.id,
                attempt=gate.attempt,
                by=duty.person_id,
                answer=answer,
                reason=reason,
                seen_hash=gate.content_hash,
                door=DOOR,
                now=now,
            )

        yield Act(duty.key, self._moment(duty, duty.opened_at), decide)

    def _score(self, gate: GateRow, *, by: str, now: datetime) -> Refused | str | None:
        """Score once: a person who was interrupted after scoring does not score again."""
        party = scoresheets.PARTIES[gate.name]
        with self.store.reading() as session:
            if has_scored(session, by, upload_id=gate.upload_id, party=party):
                return None
        return scoresheets.score(self.store, gate_id=gate.id, by=by, adjustments={}, reasons={}, now=now)

    def _opinion(self, session: Session, campaign: Campaign, gate: GateRow) -> tuple[str, str]:
        """(answer, reason) of whoever sits at a gate."""
        if gate.name == "desk_review":
            first = self.plots[gate.village_code] == "returned" and gate.attempt == 1
            return ("return", "花名册缺少两名外出人员的就业去向，请核实后补报。") if first else ("pass", "")
        if gate.name == "recognition":
            village = session.get_one(VillageRow, (campaign.id, gate.village_code))
            final = final_score(session, village)
            assert final is not None
            reached = Fraction(final.total) >= campaign.scheme.pass_line and not final.vetoes
            return ("recognise", "") if reached else ("refuse", "核定得分未达到认定分数线。")
        return campaign.gate(gate.name).answers[0][0], ""
