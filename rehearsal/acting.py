"""What simulated people do, and when: they look at what is open for them and act like real ones.

Nothing is remembered between two looks. When a rehearsal was killed and started again, people look
at the same rows and do what is still to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from actions import dossiers, duties, gates, reviews, scoresheets, surveys
from actions.lookup import campaign_of
from records import people
from records.duties import open_duties
from records.handovers import handovers_of
from records.scores import final_score, has_scored, newest_sheet
from records.store import Session, Store
from records.tables import DutyRow, GateRow, UploadRow, VillageRow
from records.uploads import uploads_of
from rehearsal import hours, opinions
from rehearsal.desks import Desk
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
    """The simulated people of one rehearsal; ``tempers`` by town, ``plots`` by village."""

    def __init__(
        self,
        store: Store,
        *,
        campaign_id: str,
        plots: dict[str, str],
        tempers: dict[str, str],
        desk: Desk,
        seed: int,
    ) -> None:
        self.store = store
        self.campaign_id = campaign_id
        self.plots = plots
        self.tempers = tempers
        self.desk = desk
        self.seed = seed

    def plans(self) -> list[Act]:
        """Everything somebody intends to do about what is open now, in order of time and key."""
        with self.store.reading() as session:
            campaign = campaign_of(session, self.campaign_id)
            owed = open_duties(session, self.campaign_id)
            acts = [act for duty in owed for act in self._about(session, campaign, duty)]
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

    def _owed_by_town(self, campaign: Campaign, duty: DutyRow) -> datetime | None:
        """When a town does what it owes, None when it never does."""
        temper = self.tempers[duty.town_code]
        if temper == "silent" or (temper == "unreported" and duty.kind != "survey"):
            return None
        if temper == "late":
            return hours.in_grace(campaign, duty, seed=self.seed)
        if temper == "extended" and duty.kind != "survey":
            return hours.on_last_day(campaign, duty, seed=self.seed)
        return hours.before_due(campaign, duty, seed=self.seed)

    def _survey(self, session: Session, campaign: Campaign, duty: DutyRow) -> Iterator[Act]:
        villages = [village.code for village in campaign.villages if village.town_code == duty.town_code]
        at = self._owed_by_town(campaign, duty)

        def confirm(now: datetime) -> object:
            return surveys.confirm_survey(
                self.store,
                campaign_id=campaign.id,
                town_code=duty.town_code,
                villages=villages,
                by=duty.person_id,
                now=now,
            )

        if at is not None:
            yield Act(duty.key, at, confirm)

    def _dossier(self, session: Session, campaign: Campaign, duty: DutyRow) -> Iterator[Act]:
        village = session.get_one(VillageRow, (campaign.id, duty.village_code))
        last = next(reversed(uploads_of(session, village)), None)
        if last is not None and last.state == "received":
            return
        version = last.version + 1 if last else 1
        if self._wants_extension(duty):
            yield self._extension(session, campaign, duty)
            return
        at = self._owed_by_town(campaign, duty)
        if last is not None:
            at = hours.soon_after(campaign, max(duty.opened_at, last.checked_at or duty.opened_at))

        def hand_in(now: datetime) -> object:
            return dossiers.hand_in(
                self.store,
                campaign_id=campaign.id,
                village_code=duty.village_code,
                data=self.desk.dossier(duty.village_code, version=version),
                by=duty.person_id,
                now=now,
            )

        if at is not None:
            yield Act(f"{duty.key}:v{version}", at, hand_in)

    def _wants_extension(self, duty: DutyRow) -> bool:
        first = duty.kind in ("dossier", "paper") and duty.generation == 1
        return first and self.tempers[duty.town_code] == "extended"

    def _extension(self, session: Session, campaign: Campaign, duty: DutyRow) -> Act:
        """The coordinator grants the town two days after the verification's end."""
        coordinator = people.with_role(session, "coordinator")[0].id
        until = hours.extended_until(campaign)

        def grant(now: datetime) -> object:
            return duties.extend(
                self.store,
                duty_id=duty.id,
                by=coordinator,
                due_at=until,
                lock_at=until,
                reason="连日暴雨，山区道路中断，入户调查延误，经请示同意延期。",
                now=now,
            )

        return Act(f"{duty.key}:extension", hours.days_before_due(campaign, duty, 2), grant)

    def _paper(self, session: Session, campaign: Campaign, duty: DutyRow) -> Iterator[Act]:
        if self._wants_extension(duty):
            yield self._extension(session, campaign, duty)
            return
        coordinator = people.with_role(session, "coordinator")[0].id
        at = self._owed_by_town(campaign, duty)

        def receive(now: datetime) -> object:
            return dossiers.record_paper(
                self.store, campaign_id=campaign.id, town_code=duty.town_code, by=coordinator, now=now
            )

        if at is not None:
            yield Act(duty.key, at, receive)

    def _visit(self, session: Session, campaign: Campaign, duty: DutyRow) -> Iterator[Act]:
        found = opinions.found_on_site(campaign, duty.village_code, seed=self.seed)
        notes = f"抽查台账20人，与实际不符{sum(map(int, found.values()))}例。"

        def visit(now: datetime) -> object:
            return reviews.record_visit(
                self.store,
                campaign_id=campaign.id,
                village_code=duty.village_code,
                by=duty.person_id,
                notes=notes,
                adjustments=found,
                now=now,
            )

        yield Act(duty.key, hours.promptly(campaign, duty, seed=self.seed), visit)

    def _gate(self, session: Session, campaign: Campaign, duty: DutyRow) -> Iterator[Act]:
        gate = session.get_one(GateRow, duty.facts["gate_id"])
        at = self._answers_at(session, campaign, gate, duty)
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

        if at is not None:
            yield Act(duty.key, at, decide)

    def _answers_at(
        self, session: Session, campaign: Campaign, gate: GateRow, duty: DutyRow
    ) -> datetime | None:
        """When somebody at the bureau answers; None while an absent reviewer's duty has not passed on."""
        plot = self.plots.get(gate.village_code, "") if gate.name == "desk_review" else ""
        if plot == "waiting":
            return hours.after_verification(campaign)
        if plot == "absent":
            passed = handovers_of(session, duty)
            return hours.soon_after(campaign, passed[-1].at) if passed else None
        return hours.promptly(campaign, duty, seed=self.seed)

    def _score(self, gate: GateRow, *, by: str, now: datetime) -> Refused | str | None:
        """Score once: a person who was interrupted after scoring does not score again."""
        party = scoresheets.PARTIES[gate.name]
        with self.store.reading() as session:
            if has_scored(session, by, upload_id=gate.upload_id, party=party):
                return None
            adjustments, reasons = self._marks(session, gate, party)
        return scoresheets.score(
            self.store, gate_id=gate.id, by=by, adjustments=adjustments, reasons=reasons, now=now
        )

    def _marks(self, session: Session, gate: GateRow, party: str) -> opinions.Marks:
        upload = session.get_one(UploadRow, gate.upload_id)
        plot = self.plots[gate.village_code]
        if party == "b":
            return opinions.marks_of_second(newest_sheet(session, upload, "a"), upload, plot)
        return opinions.marks_of_first(campaign_of(session, gate.campaign_id), upload, plot)

    def _opinion(self, session: Session, campaign: Campaign, gate: GateRow) -> tuple[str, str]:
        """(answer, reason) of whoever sits at a gate."""
        if gate.name == "desk_review":
            return opinions.desk_answer(self.plots[gate.village_code], gate.attempt)
        if gate.name == "recognition":
            final = final_score(session, session.get_one(VillageRow, (campaign.id, gate.village_code)))
            assert final is not None
            return opinions.recognition_answer(campaign, final)
        return campaign.gate(gate.name).answers[0][0], ""
