"""What simulated people do, and when: they look at what is open for them and act like real ones.

Nothing is remembered between two looks. When a rehearsal was killed and started again, people look
at the same rows and do what is still to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from actions.duties.holders import refuse_holder
from actions.lookup import campaign_of
from actions.review import reconciliation
from records.dossiers.uploads import Version, accepted_upload, newest_versions
from records.duties.duties import open_duties
from records.duties.extensions import requests_of, waiting_request
from records.duties.handovers import handovers_of
from records.people import people
from records.review.gates import latest_gate, open_gates
from records.review.scores import final_score, has_scored
from records.review.visit_plans import stop_of
from records.store import Session, Store
from records.tables.campaign import VillageRow
from records.tables.dossiers import UploadRow
from records.tables.duties import DutyRow
from records.tables.publicity import PublicityRow
from records.tables.review import GateRow
from rehearsal.doors.actions import Way
from rehearsal.people import hours, opinions
from rehearsal.people.aftermath import next_entry
from rehearsal.people.objectors import EVIDENCE, OBJECTOR, WORDS, objected_to, truth_of
from rehearsal.people.plots import returns_list
from rehearsal.people.workbook_pool import Desk
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from rules.review.parties import REVIEWS

RAIN = "连日暴雨，山区道路中断，入户调查延误，申请延期。"
GRANTED = "连日暴雨，山区道路中断，入户调查延误，经请示同意延期。"
ON_LEAVE = "原审核人员外出培训，改由他人审核。"
LOOKED_AGAIN = "已与财政局核对收款账户，名单无误。"


@dataclass(frozen=True, slots=True)
class Act:
    """Something one person will do at a planned moment."""

    key: str
    at: datetime
    do: Callable[[], object]


class Cast:
    """The simulated people of one rehearsal; ``tempers`` by town, ``plots`` by village.

    What they do and when is decided here; ``way`` is how they get it done.
    """

    def __init__(
        self,
        store: Store,
        *,
        way: Way,
        campaign_id: str,
        plots: dict[str, str],
        tempers: dict[str, str],
        desk: Desk,
        seed: int,
    ) -> None:
        self.store = store
        self.way = way
        self.campaign_id = campaign_id
        self.plots = plots
        self.tempers = tempers
        self.desk = desk
        self.seed = seed
        self._came: dict[str, Version] = {}

    def plans(self) -> list[Act]:
        """Everything somebody intends to do about what is open now, in order of time and key."""
        with self.store.reading() as session:
            campaign = campaign_of(session, self.campaign_id)
            # Read at once what is asked about every duty below: all of them are looked at again after each step.
            _asked = open_gates(session, campaign.id)
            self._came = newest_versions(session, campaign.id)
            owed = open_duties(session, campaign.id)
            acts = [act for duty in owed for act in self._about(session, campaign, duty)]
            if campaign.publicity_workdays:
                acts += [self._objected(campaign, row) for row in objected_to(session, campaign)]
            acts += self._afterwards(session, campaign)
        return sorted(acts, key=lambda act: (act.at, act.key))

    def is_finished(self) -> bool:
        """Whether nothing comes after a campaign that has ended."""
        with self.store.reading() as session:
            return not self._afterwards(session, campaign_of(session, self.campaign_id))

    def _afterwards(self, session: Session, campaign: Campaign) -> list[Act]:
        """Months after the campaign's end the coordinator enters what comes from above, and what is taken back."""
        following = next_entry(session, campaign)
        if following is None:
            return []
        at, entry = following
        return [
            Act(f"enter:{entry.document}", at, lambda: self.way.enter_result(entry, by=self._coordinator()))
        ]

    def _about(self, session: Session, campaign: Campaign, duty: DutyRow) -> Iterator[Act]:
        make = {
            "survey": self._survey,
            "dossier": self._dossier,
            "correction": self._dossier,
            "paper": self._paper,
            "visit": self._visit,
            "signature": self._signature,
            "objection": self._objection,
            "gate": self._gate,
            "revision": self._revision,
            "calendar": self._nothing,
            "accounts": self._accounts,
        }[duty.kind]
        for act in make(session, campaign, duty):
            yield replace(act, do=self._while_open(duty.id, act.do))

    def _while_open(self, duty_id: int, do: Callable[[], object]) -> Callable[[], object]:
        """Of two who sit at one gate the second may find it decided: then there is nothing to do."""

        def act() -> object:
            with self.store.reading() as session:
                owed = session.get_one(DutyRow, duty_id).state == "open"
            return do() if owed else None

        return act

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

        def confirm() -> object:
            return self.way.confirm_survey(duty.town_code, villages=villages, by=duty.person_id)

        if at is not None:
            yield Act(duty.key, at, confirm)

    def _dossier(self, session: Session, campaign: Campaign, duty: DutyRow) -> Iterator[Act]:
        last = self._came.get(duty.village_code)
        if last is not None and last.state == "received":
            return
        version = last.number + 1 if last else 1
        if self._wants_extension(duty):
            yield self._extension(session, campaign, duty)
            return
        at = self._owed_by_town(campaign, duty)
        if last is not None:
            at = hours.soon_after(campaign, max(duty.opened_at, last.checked_at or duty.opened_at))

        def hand_in() -> object:
            data = self.desk.dossier(duty.village_code, version=version)
            return self.way.hand_in(duty.village_code, data=data, by=duty.person_id)

        if at is not None:
            yield Act(f"{duty.key}:v{version}", at, hand_in)

    def _wants_extension(self, duty: DutyRow) -> bool:
        first = duty.kind in ("dossier", "paper") and duty.generation == 1
        return first and self.tempers[duty.town_code] == "extended"

    def _coordinator(self) -> str:
        with self.store.reading() as session:
            return people.with_role(session, "coordinator")[0].id

    def _extension(self, session: Session, campaign: Campaign, duty: DutyRow) -> Act:
        """The town asks for two days after the verification's end; the coordinator grants them a day later."""
        until = hours.extended_until(campaign)

        def ask() -> object:
            return self.way.ask_extension(duty, until=until, reason=RAIN, by=duty.person_id)

        def grant() -> object:
            with self.store.reading() as now:
                waits = waiting_request(now, now.get_one(DutyRow, duty.id)) is not None
            # Another extension may have given it meanwhile.
            by = self._coordinator()
            return self.way.grant_extension(duty, until=until, reason=GRANTED, by=by) if waits else None

        if requests_of(session, duty.id):
            return Act(f"{duty.key}:extension", hours.days_before_due(campaign, duty, 2), grant)
        return Act(f"{duty.key}:request", hours.days_before_due(campaign, duty, 3), ask)

    def _paper(self, session: Session, campaign: Campaign, duty: DutyRow) -> Iterator[Act]:
        if self._wants_extension(duty):
            yield self._extension(session, campaign, duty)
            return
        at = self._owed_by_town(campaign, duty)

        def announce() -> object:
            return self.way.announce_paper(duty.town_code, how="专人送达", by=duty.person_id)

        def receive() -> object:
            return self.way.record_paper(duty.town_code, by=self._coordinator())

        if at is not None and duty.facts.get("sent"):
            yield Act(duty.key, at, receive)
        elif at is not None:
            yield Act(f"{duty.key}:sent", at, announce)

    def _visit(self, session: Session, campaign: Campaign, duty: DutyRow) -> Iterator[Act]:
        seen = opinions.found_on_site(campaign, duty.village_code, seed=self.seed)
        notes = f"抽查台账20人，与实际不符{sum(map(int, seen.values()))}例。"

        def visit() -> object:
            claimed = self._claimed(campaign, duty.village_code)
            found = {key: number for key, number in seen.items() if number != claimed.get(key, "0")}
            return self.way.visit(duty.village_code, notes=notes, found=found, by=duty.person_id)

        stop = stop_of(session, campaign.id, duty.village_code)
        at = hours.promptly(campaign, duty, seed=self.seed)
        if stop is not None:
            at = max(hours.on_the_road(campaign, stop), hours.soon_after(campaign, duty.opened_at))
        yield Act(f"{duty.key}:{duty.due_at.isoformat()}", at, visit)

    def _signature(self, session: Session, campaign: Campaign, duty: DutyRow) -> Iterator[Act]:
        """Whoever went along signs in the evening of the same day, or the next morning."""

        def sign() -> object:
            return self.way.sign(duty.village_code, by=duty.person_id)

        yield Act(duty.key, hours.soon_after(campaign, duty.opened_at), sign)

    def _claimed(self, campaign: Campaign, village_code: str) -> Mapping[str, str]:
        with self.store.reading() as session:
            village = session.get_one(VillageRow, (campaign.id, village_code))
            return accepted_upload(session, village).facts

    def _objected(self, campaign: Campaign, row: PublicityRow) -> Act:
        """Somebody comes to the bureau with an objection, and the coordinator takes it in."""

        def take_in() -> object:
            by = self._coordinator()
            return self.way.object_publicly(row.village_code, objector=OBJECTOR, evidence=EVIDENCE, by=by)

        return Act(f"public:{row.village_code}", hours.soon_after(campaign, row.opened_at), take_in)

    def _objection(self, session: Session, campaign: Campaign, duty: DutyRow) -> Iterator[Act]:
        truth = truth_of(campaign, duty.village_code)

        def answer() -> object:
            number = duty.facts["objection_id"]
            return self.way.answer_objection(number, answer=truth, words=WORDS[truth], by=duty.person_id)

        yield Act(duty.key, hours.soon_after(campaign, duty.opened_at), answer)

    def _gate(self, session: Session, campaign: Campaign, duty: DutyRow) -> Iterator[Act]:
        gate = session.get_one(GateRow, duty.facts["gate_id"])
        if self._is_to_pass_on(session, gate, duty):
            yield self._handover(session, campaign, duty)
            return
        at = self._answers_at(session, campaign, gate, duty)

        def decide() -> object:
            if gate.name in (*REVIEWS, reconciliation.GATE):
                scored = self._score(gate, by=duty.person_id)
                if isinstance(scored, Refused):
                    return scored
            answer, reason = self._opinion(campaign, gate)
            return self.way.decide(gate, answer=answer, reason=reason, by=duty.person_id)

        if at is not None:
            yield Act(duty.key, at, decide)

    def _is_to_pass_on(self, session: Session, gate: GateRow, duty: DutyRow) -> bool:
        away = gate.name == "desk_review" and self.plots[gate.village_code] == "reassigned"
        return away and not handovers_of(session, duty) and bool(self._others(session, duty))

    def _others(self, session: Session, duty: DutyRow) -> list[str]:
        """Reviewers who may take a review over."""
        campaign = campaign_of(session, self.campaign_id)
        reviewers = [one.id for one in people.with_role(session, duty.role)]
        return [one for one in reviewers if refuse_holder(session, campaign, duty, one) is None]

    def _handover(self, session: Session, campaign: Campaign, duty: DutyRow) -> Act:
        """The coordinator gives a review to the first other reviewer who may do it."""
        coordinator = people.with_role(session, "coordinator")[0].id
        to = self._others(session, duty)[0]

        def give() -> object:
            return self.way.hand_over(duty, to=to, reason=ON_LEAVE, by=coordinator)

        return Act(f"{duty.key}:handover", hours.soon_after(campaign, duty.opened_at), give)

    def _revision(self, session: Session, campaign: Campaign, duty: DutyRow) -> Iterator[Act]:
        """The coordinator puts a list that came back forward anew."""
        name = duty.key.removeprefix(f"{campaign.id}:revision:").partition(":")[0]
        gate = latest_gate(session, campaign.id, name, duty.carrier_subject)
        assert gate is not None

        def revise() -> object:
            return self.way.revise(gate, note=LOOKED_AGAIN, by=duty.person_id)

        yield Act(duty.key, hours.soon_after(campaign, duty.opened_at), revise)

    def _accounts(self, session: Session, campaign: Campaign, duty: DutyRow) -> Iterator[Act]:
        """The coordinator keeps every account but their own."""
        others = [one.id for one in people.everybody(session) if one.active and one.id != duty.person_id]

        def keep() -> object:
            return self.way.keep_accounts(others, by=duty.person_id)

        yield Act(duty.key, hours.promptly(campaign, duty, seed=self.seed), keep)

    def _nothing(self, _session: Session, _campaign: Campaign, _duty: DutyRow) -> Iterator[Act]:
        """No decree comes out in simulated time."""
        yield from ()

    def _answers_at(
        self, session: Session, campaign: Campaign, gate: GateRow, duty: DutyRow
    ) -> datetime | None:
        """When somebody at the bureau answers; an absent reviewer only after a fortnight, unless a deputy does."""
        plot = self.plots.get(gate.village_code, "") if gate.name == "desk_review" else ""
        if plot == "waiting":
            return hours.after_verification(campaign)
        if plot == "absent":
            passed = handovers_of(session, duty)
            return hours.soon_after(campaign, passed[-1].at) if passed else hours.back_again(campaign, duty)
        return hours.promptly(campaign, duty, seed=self.seed)

    def _score(self, gate: GateRow, *, by: str) -> object:
        """Score once: a person who was interrupted after scoring does not score again."""
        party = REVIEWS.get(gate.name, reconciliation.PARTY)
        with self.store.reading() as session:
            if has_scored(session, by, upload_id=gate.upload_id, party=party):
                return None
            found, reasons = self._marks(session, gate, party)
        return self.way.score(gate, found=found, reasons=reasons, by=by)

    def _marks(self, session: Session, gate: GateRow, party: str) -> opinions.Marks:
        upload = session.get_one(UploadRow, gate.upload_id)
        plot = self.plots[gate.village_code]
        campaign = campaign_of(session, gate.campaign_id)
        if party == reconciliation.PARTY:
            return opinions.ruled(reconciliation.open_disputes(session, campaign, gate))
        mine = opinions.marks_of_second if party == "b" else opinions.marks_of_first
        return opinions.confirmed(campaign, upload, mine(campaign, upload, plot))

    def _opinion(self, campaign: Campaign, gate: GateRow) -> tuple[str, str]:
        """(answer, reason) of whoever sits at a gate."""
        if gate.name == "desk_review":
            return opinions.desk_answer(self.plots[gate.village_code], gate.attempt)
        if gate.name == "recognition":
            with self.store.reading() as session:
                village = session.get_one(VillageRow, (campaign.id, gate.village_code))
                final = final_score(session, village)
            assert final is not None
            return opinions.recognition_answer(campaign, final)
        if gate.attempt == 1 and returns_list(campaign, gate.name, gate.subject):
            return "return", "请核对收款账户后再报。"
        return campaign.gate(gate.name).answers[0][0], ""
