"""Every act that takes a person, by every role and from every side, against the one table of who may."""

from __future__ import annotations

import ast
import gc
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import actions
from actions.campaign import calendars, lifecycle, outages, stage_changes, survey
from actions.dossiers import (
    annotated_copy,
    originals,
    paper,
    prefilled_template,
    roster,
    uploads,
    withdrawal,
)
from actions.dossiers.online import web_form
from actions.duties import absences, calls, duties, extension_requests, handover, reminders
from actions.lists import editions, payouts, results, revision
from actions.overview import business_data, steering
from actions.people import (
    account_help,
    account_review,
    invitations,
    person,
    proposals,
    second_factor,
    staff,
    tokens,
)
from actions.review import codes, decisions, reconciliation, reopening, score_sheets, telephone, visits
from actions.review.planning import signatures
from actions.review.publicity import objections
from actions.runs import presses
from actions.upkeep import repair, retention
from config.calendar import read_calendar
from config.campaign_folder import campaign_folder
from records.duties.duties import duty_with_key
from records.duties.handovers import AWAY, REASSIGNED
from records.people import people
from records.people.proposals import OF_AUDITOR
from records.store import Session
from records.tables.dossiers import UploadRow
from records.tables.duties import AbsenceRow, DutyRow, ExtensionRequestRow, HandoverRow
from records.tables.people import CredentialRow, PersonRow, ProposalRow, TokenRow
from records.tables.review import DecisionRow, GateRow, VisitRow
from rehearsal.model.starts import Start, begin, starts
from rehearsal.model.world import World
from rules.campaign.campaign import ROLES, TOWN_ROLES, Person
from rules.duties.absences import Absence
from rules.duties.holding import Post
from rules.people.acts import ACTS, MACHINE, Matter, may_do
from rules.refusals import Refused
from workbooks.template.typed import Typed

SIDES = ("own", "foreign", "conflicting", "handed over", "absent", "self", "stood down")
"""Asked, of the town; of another town, not asked; asked in spite of a conflict; asked before somebody else was;
away; it is their own, or about them; asked, and without an account any more."""
CALLERS = (*ROLES, *MACHINE, "stranger")
ME, COLLEAGUE, BYSTANDER = "caller", "colleague", "head-331181100"
WHY = "情况特殊，予以办理。"
SURVEY, DOSSIERS, DESK, VISITS, BUREAU, LIST, AWARD = (
    "the survey is asked for",
    "dossiers are asked for",
    "the desk reviews are open",
    "the visits are owed",
    "the bureau is asked to recognise",
    "the recommendation is open",
    "the award is open",
)


@dataclass
class Stage:
    """One act about to be done: ``side`` is from where."""

    world: World
    role: str
    side: str
    kept: dict[str, Any] = field(default_factory=dict)

    @property
    def by(self) -> str:
        return self.role if self.role in MACHINE else ME if self.role in ROLES else "stranger-1"

    @property
    def mine(self) -> bool:
        """Whether it is about the caller."""
        return self.side == "self" and self.role in ROLES

    @property
    def owner(self) -> str:
        return ME if self.mine else BYSTANDER

    @property
    def town(self) -> str:
        return self.world.campaign.towns[0].code

    @property
    def village(self) -> str:
        return next(one.code for one in self.world.campaign.villages if one.town_code == self.town)

    @property
    def usual(self) -> dict[str, Any]:
        return {"by": self.by, "now": self.world.now}

    @property
    def place(self) -> dict[str, Any]:
        return {"campaign_id": self.world.campaign.id, **self.usual}


Do = Callable[[Stage], object]


@dataclass(frozen=True)
class Deed:
    """How an act is tried: ``at`` which point, about whose ``duty``, and what is said once it has let somebody in."""

    act: str
    do: Do
    at: str = DESK
    duty: str = ""
    """What the caller holds, by its key; ``{town}`` and ``{village}`` are filled in."""
    seat: tuple[str, ...] = ()
    """The roles that may hold it; empty where nobody judges."""
    prepare: Callable[[Stage, Session], None] = lambda _stage, _session: None
    barred: Callable[[Stage], frozenset[str]] = lambda _stage: frozenset()
    let_in: frozenset[str] = frozenset()
    """Refusals that come after it was asked who may."""
    of_nobody: bool = False
    """It falls on no town and on no assignment."""
    roles: tuple[str, ...] = ("deputy_head",)
    """Of the person in whose name it would be done, where that is not the caller."""
    owner: Callable[[Stage], str] = lambda stage: stage.owner


# --- how each is done ----------------------------------------------------------------------------


def _duty(stage: Stage, key: str) -> DutyRow:
    with stage.world.store.reading() as session:
        found = duty_with_key(session, stage.world.campaign.id, key)
        assert found is not None, key
        return found


def _gate(stage: Stage, name: str = "desk_review") -> GateRow:
    campaign = stage.world.campaign
    subject = campaign.id if name in ("recommendation", "award") else f"{campaign.id}/{stage.village}"
    with stage.world.store.reading() as session:
        return next(
            one for one in session.query(GateRow) if one.name == name and one.subject.startswith(subject)
        )


def _upload(stage: Stage) -> int:
    with stage.world.store.reading() as session:
        return next(one.id for one in session.query(UploadRow) if one.village_code == stage.village)


def _decide(name: str) -> Do:
    def do(stage: Stage) -> object:
        gate = _gate(stage, name)
        answer = stage.world.campaign.gate(name).answers[0][0]
        return decisions.decide(
            stage.world.store, gate_id=gate.id, attempt=gate.attempt, answer=answer, reason="",
            seen_hash=gate.content_hash, door="portal", **stage.usual,
        )  # fmt: skip

    return do


def _coded(stage: Stage, session: Session) -> None:
    """A code that was sent to the caller, or to whoever else is asked."""
    gate = next(one for one in session.query(GateRow) if one.village_code == stage.village)
    whose = ME if stage.role in ROLES and stage.side != "foreign" else BYSTANDER
    stage.kept["code"] = codes.mint_code(
        session, stage.world.store.vault, gate, person_id=whose, host_now=stage.world.now
    )


def _by_code(stage: Stage) -> object:
    return codes.decide_by_code(
        stage.world.store, gate_id=_gate(stage).id, code=stage.kept["code"], answer="pass", reason="",
        door="command", host_now=stage.world.now, **stage.usual,
    )  # fmt: skip


def _telephoned(stage: Stage, session: Session) -> None:
    """The recorder has a telephone; somebody else holds the seat."""
    if stage.role in ROLES:
        session.add(CredentialRow(person_id=ME, password_hash="x", set_at=stage.world.now))
        session.flush()


def _by_phone(stage: Stage) -> object:
    gate = _gate(stage)
    if stage.role in ROLES:
        second_factor.secret_to_enrol(stage.world.store, person_id=ME, fresh="S")
    holder = _duty(stage, f"gate:desk_review:{gate.subject}#1:初审").person_id
    return telephone.record_by_phone(
        stage.world.store, gate_id=gate.id, attempt=1, person_id=holder, answer="pass", reason="",
        note="14时通话，对方同意", seen_hash=gate.content_hash, step_of=lambda _: 7,
        host_now=stage.world.now, **stage.usual,
    )  # fmt: skip


def _written_down(stage: Stage, session: Session) -> None:
    gate = next(one for one in session.query(GateRow) if one.village_code == stage.village)
    made = DecisionRow(
        gate_id=gate.id, attempt=1, seat="初审", person_id=stage.owner, answer="pass", reason="",
        seen_hash=gate.content_hash, door="phone", decided_at=stage.world.now, recorded_by="coordinator-1",
        call_note="14时", correct_by="",
    )  # fmt: skip
    session.add(made)
    gate.state, gate.answer = "closed", "pass"
    session.flush()
    stage.kept["decision"] = made.id


def _requested(stage: Stage, session: Session) -> None:
    duty = duty_with_key(session, stage.world.campaign.id, f"paper:{stage.town}")
    assert duty is not None
    row = ExtensionRequestRow(
        duty_id=duty.id, asked_by="clerk-331181100", asked_at=stage.world.now, reason=WHY,
        wanted_due=duty.due_at + timedelta(days=2),
    )  # fmt: skip
    session.add(row)
    session.flush()
    stage.kept.update(request=row.id, due=duty.due_at + timedelta(days=2))


def _away(stage: Stage, session: Session) -> None:
    day = (stage.world.now + timedelta(days=30)).date().isoformat()
    row = AbsenceRow(
        person_id=stage.owner, deputy="clerk-331181100", first_day=day, last_day=day, reason="",
        recorded_by="coordinator-1", recorded_at=stage.world.now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    stage.kept["absence"] = row.id


def _proposed(stage: Stage, session: Session) -> None:
    """By the caller where it is their own, about the caller where it is about them."""
    row = ProposalRow(
        kind=proposals.RETURN, concerns=[stage.owner], what="启用", facts={}, proposed_at=stage.world.now,
        proposed_by=ME if _proposes(stage) else "coordinator-2", expires_at=stage.world.now + timedelta(days=7),
    )  # fmt: skip
    session.add(row)
    session.flush()
    stage.kept["proposal"] = row.id


def _of_an_auditor(stage: Stage, session: Session) -> None:
    _proposed(stage, session)
    session.get_one(ProposalRow, stage.kept["proposal"]).facts = {OF_AUDITOR: True}


def _proposes(stage: Stage) -> bool:
    return stage.side == "own" and stage.role in ROLES


def _tokened(stage: Stage, session: Session) -> None:
    now = stage.world.now
    row = TokenRow(
        person_id=stage.owner, token_hash="x", name="x", scopes=[], made_by="x", made_at=now,
        expires_at=now + timedelta(days=1), second_factor=True,
    )  # fmt: skip
    session.add(row)
    session.flush()
    stage.kept["token"] = row.id


def _returned(stage: Stage, session: Session) -> None:
    """The list came back: its coordinator owes a revision."""
    gate = next(one for one in session.query(GateRow) if one.name == "recommendation")
    gate.state, gate.answer = "closed", "return"
    session.add(
        DutyRow(
            key=f"{gate.campaign_id}:revision:recommendation:{gate.subject}#1",
            campaign_id=gate.campaign_id,
            kind="revision",
            carrier_kind="recommendation",
            carrier_subject=gate.subject,
            town_code="",
            village_code="",
            role="coordinator",
            person_id="coordinator-1",
            due_at=stage.world.now,
            lock_at=None,
            state="open",
            opened_at=stage.world.now,
            facts={},
        )
    )


def _reconciled(stage: Stage, session: Session) -> None:
    """The gate as a third person sees it, made of the desk review's."""
    gate = next(one for one in session.query(GateRow) if one.village_code == stage.village)
    gate.name = "reconciliation"
    for duty in session.query(DutyRow).filter(DutyRow.key.contains(f"gate:desk_review:{gate.subject}#")):
        duty.key = duty.key.replace("desk_review", "reconciliation").replace("初审", "裁定")


def _written_up(stage: Stage, session: Session) -> None:
    """Somebody else has recorded the visit; whoever held it owes the second signature."""
    campaign = stage.world.campaign.id
    duty = duty_with_key(session, campaign, f"visit:{stage.village}")
    assert duty is not None
    visit = VisitRow(
        campaign_id=campaign, village_code=stage.village, upload_id=1, visited_by="reviewer-1",
        visited_at=stage.world.now, notes=WHY, adjustments={}, met={}, position="",
    )  # fmt: skip
    session.add(visit)
    session.flush()
    duty.kind, duty.key = "signature", f"{campaign}:signature:{stage.village}:1"
    duty.facts = {**duty.facts, "visit_id": visit.id}
    stage.kept["seen"] = signatures.digest_of(session, visit)


def _closed(stage: Stage, session: Session) -> None:
    gate = next(one for one in session.query(GateRow) if one.village_code == stage.village)
    gate.state, gate.answer = "closed", "pass"


def _stood_down(stage: Stage, session: Session) -> None:
    session.get_one(PersonRow, BYSTANDER).active = False


def _as_rule(stage: Stage, person_id: str) -> Person:
    with stage.world.store.reading() as session:
        return people.as_rule(session.get_one(PersonRow, person_id))


def _saved(stage: Stage) -> object:
    """One role more: nobody gives it to themselves."""
    before = _as_rule(stage, stage.owner)
    after = replace(before, email="anew@example.invalid", roles=(*before.roles, _another(before)))
    return person.save_person(stage.world.store, after, is_new=False, **stage.usual)


def _another(before: Person) -> str:
    return next(one for one in ("reviewer", "finance") if one not in before.roles)


def _imported(stage: Stage) -> object:
    before = _as_rule(stage, stage.owner)
    after = replace(before, roles=(*before.roles, _another(before)))
    return staff.import_people(stage.world.store, [after], **stage.usual)


def _absence(stage: Stage) -> object:
    day = (stage.world.now + timedelta(days=30)).date()
    deputy = COLLEAGUE if stage.mine else "clerk-331181100"
    wanted = Absence(stage.owner, deputy, day, day)
    return absences.record_absence(stage.world.store, wanted, **stage.usual)


def _opening(stage: Stage) -> object:
    calendar = read_calendar(campaign_folder(stage.world.campaign.id), (2020, 2021))
    return lifecycle.open_campaign(
        stage.world.store, campaign=stage.world.campaign, calendar=calendar, **stage.usual
    )


def _decreed(stage: Stage) -> object:
    calendar = read_calendar(campaign_folder(stage.world.campaign.id), (2020, 2021))
    longer = replace(calendar, published_until=calendar.published_until + timedelta(days=1))
    return calendars.change_calendar(stage.world.store, decree=lambda _: longer, reason=WHY, **stage.place)


def _handing_in(stage: Stage) -> object:
    data = stage.world.dossiers.fill(stage.village, strength="strong", number=77)
    return uploads.hand_in(
        stage.world.store, village_code=stage.village, data=data, host_now=stage.world.now, **stage.place
    )


def _token_for(owner: Callable[[Stage], str]) -> Do:
    return lambda stage: tokens.make_token(
        stage.world.store, person_id=owner(stage), name="程序", scopes=["inbox"], days=3,
        host_now=stage.world.now, **stage.usual,
    )  # fmt: skip


def _decider(stage: Stage) -> str:
    return ME if stage.mine else "leader-1"


def _about(function: Callable[..., object], **more: Any) -> Do:
    """An act about one person."""
    return lambda stage: function(stage.world.store, person_id=stage.owner, **stage.usual, **more)


def _of_town(function: Callable[..., object], **more: Any) -> Do:
    return lambda stage: function(stage.world.store, town_code=stage.town, **stage.place, **more)


def _of_duty(function: Callable[..., object], key: str, **more: Any) -> Do:
    def do(stage: Stage) -> object:
        duty = _duty(stage, key.format(town=stage.town, village=stage.village))
        due = duty.due_at + timedelta(days=2)
        wanted = {name: due if value is datetime else value for name, value in more.items()}
        return function(stage.world.store, duty_id=duty.id, **wanted, **stage.usual)

    return do


def _of_visit(function: Callable[..., object], **more: Any) -> Do:
    return lambda stage: function(stage.world.store, village_code=stage.village, **stage.place, **more)


def _of_upload(function: Callable[..., object], **more: Any) -> Do:
    def do(stage: Stage) -> object:
        times = (
            {"now": stage.world.now} if function not in (roster.list_people, business_data.compare) else {}
        )
        return function(stage.world.store, upload_id=_upload(stage), by=stage.by, **times, **more)

    return do


def _opened(function: Callable[..., object], **more: Any) -> Do:
    return lambda stage: function(
        stage.world.store,
        upload_id=_upload(stage),
        reason=WHY,
        host_now=stage.world.now,
        **stage.usual,
        **more,
    )


def _answering(function: Callable[..., object], **more: Any) -> Do:
    def do(stage: Stage) -> object:
        dates = {"due_at": stage.kept["due"], "lock_at": None} if more else {}
        return function(
            stage.world.store, request_id=stage.kept["request"], words=WHY, **dates, **stage.usual
        )

    return do


def _kept(stage: Stage) -> object:
    return reconciliation.rule_on(
        stage.world.store, gate_id=_gate(stage, "reconciliation").id, points={}, reasons={}, **stage.usual
    )


def _me_where(*sides: str) -> Callable[[Stage], frozenset[str]]:
    return lambda stage: frozenset({ME} if stage.side in sides and stage.role in ROLES else ())


GIVEN_AWAY = _me_where("handed over", "absent")
SELF = _me_where("self")
SEAT = "gate:desk_review:{subject}#1:初审"
AT_DESK: dict[str, Any] = {"duty": SEAT, "seat": ("reviewer",), "barred": GIVEN_AWAY}
VISIT: dict[str, Any] = {"at": VISITS, "duty": "visit:{village}", "seat": ("reviewer",), "barred": GIVEN_AWAY}
PAPER: dict[str, Any] = {"at": DOSSIERS, "duty": "paper:{town}"}
READS: dict[str, Any] = {"duty": SEAT}
NOBODYS: dict[str, Any] = {"of_nobody": True}

DEEDS = (
    Deed("lifecycle.open_campaign", _opening, of_nobody=True, let_in=frozenset({"already_open"})),
    Deed(
        "stage_changes.close_early",
        let_in=frozenset({"towns_have_time"}),
        do=lambda one: stage_changes.close_early(
            one.world.store, stage="submission", reason=WHY, **one.place
        ),
        at=DOSSIERS,
        of_nobody=True,
    ),
    Deed(
        "stage_changes.reopen_stage",
        lambda one: stage_changes.reopen_stage(
            one.world.store,
            stage="survey",
            until=(one.world.now + timedelta(days=3)).date(),
            reason=WHY,
            **one.place,
        ),
        of_nobody=True,
    ),
    Deed(
        "calendars.change_calendar",
        _decreed,
        let_in=frozenset({"calendar_same", "same_calendar"}),
        of_nobody=True,
    ),
    Deed(
        "survey.confirm_survey",
        lambda one: survey.confirm_survey(one.world.store, town_code=one.town, villages=[], **one.place),
        at=SURVEY,
        duty="survey:{town}",
    ),
    Deed("uploads.hand_in", _handing_in, at=DOSSIERS, duty="dossier:{village}"),
    Deed("web_form.keep_form", _of_visit(web_form.keep_form, typed=Typed()), at=DOSSIERS),
    Deed("withdrawal.withdraw", _of_visit(withdrawal.withdraw), let_in=frozenset({"paper_received"})),
    Deed("originals.open_original", _opened(originals.open_original, scanner=""), **READS),
    Deed("originals.note_opening", _opened(originals.note_opening), **READS),
    Deed(
        "annotated_copy.annotated_copy",
        _opened(annotated_copy.annotated_copy, scanner=""),
        let_in=frozenset({"not_annotated", "unreadable", "not_workbook"}),
        **READS,
    ),
    Deed(
        "prefilled_template.prefilled_template",
        _of_visit(prefilled_template.prefilled_template),
        at=DOSSIERS,
        let_in=frozenset({"no_earlier_roster"}),
    ),
    Deed("roster.list_people", _of_upload(roster.list_people, page=1), **READS),
    Deed(
        "roster.unmask",
        lambda one: roster.unmask(
            one.world.store, upload_id=_upload(one), row=5, reason=WHY, host_now=one.world.now, **one.usual
        ),
        **READS,
    ),
    Deed("business_data.compare", _of_upload(business_data.compare), **READS),
    Deed(
        "business_data.import_extract",
        lambda one: business_data.import_extract(
            one.world.store,
            campaign_id=one.world.campaign.id,
            source="insurance",
            name="a.csv",
            data=b"",
            **one.usual,
        ),
        of_nobody=True,
        let_in=frozenset({"no_id_column"}),
    ),
    Deed("paper.announce_paper", _of_town(paper.announce_paper, how="专人送达"), **PAPER),
    Deed("paper.record_paper", _of_town(paper.record_paper), **PAPER),
    Deed(
        "extension_requests.ask_extension",
        _of_duty(extension_requests.ask_extension, "paper:{town}", wanted_due=datetime, reason=WHY),
        **PAPER,
    ),
    Deed(
        "extension_requests.grant_request",
        _answering(extension_requests.grant_request, dates=True),
        prepare=_requested,
        **PAPER,
    ),
    Deed(
        "extension_requests.refuse_request",
        _answering(extension_requests.refuse_request),
        prepare=_requested,
        **PAPER,
    ),
    Deed(
        "duties.extend",
        _of_duty(duties.extend, "paper:{town}", due_at=datetime, lock_at=None, reason=WHY),
        **PAPER,
    ),
    Deed(
        "outages.extend_for_outage",
        lambda one: outages.extend_for_outage(
            one.world.store, outage_id=1, words="", anyway=True, **one.place
        ),
        let_in=frozenset({"no_such_outage"}),
        **NOBODYS,
    ),
    Deed(
        "outages.decline_outage",
        lambda one: outages.decline_outage(one.world.store, outage_id=1, words=WHY, **one.place),
        let_in=frozenset({"no_such_outage"}),
        **NOBODYS,
    ),
    Deed(
        "steering.steer",
        lambda one: steering.steer(one.world.store, key="", how="now", words="", **one.place),
        let_in=frozenset({"not_to_come"}),
        **NOBODYS,
    ),
    Deed(
        "calls.record_call",
        lambda one: calls.record_call(
            one.world.store,
            town_code=one.town,
            person_id=BYSTANDER,
            outcome="reached",
            note="",
            promised_on=None,
            **one.place,
        ),
        let_in=frozenset({"owes_nothing"}),
        **NOBODYS,
    ),
    Deed(
        "presses.press",
        lambda one: presses.press(one.world.store, pressed="pause", run_id="", **one.usual),
        **NOBODYS,
    ),
    Deed("calls.set_telephone", _about(calls.set_telephone, telephone="0578-1"), **NOBODYS),
    Deed(
        "handover.hand_over", _of_duty(handover.hand_over, "paper:{town}", to=BYSTANDER, reason=WHY), **PAPER
    ),
    Deed("reminders.remind_now", _of_duty(reminders.remind_now, "paper:{town}"), **PAPER),
    Deed("absences.record_absence", _absence, of_nobody=True),
    Deed(
        "absences.end_absence",
        lambda one: absences.end_absence(one.world.store, absence_id=one.kept["absence"], **one.usual),
        prepare=_away,
        of_nobody=True,
    ),
    Deed("decisions.decide", _decide("desk_review"), **AT_DESK),
    Deed(
        "decisions.decide",
        _decide("recognition"),
        at=BUREAU,
        duty="gate:recognition:{subject}#1:人社局",
        seat=("bureau_leader",),
        barred=GIVEN_AWAY,
    ),
    Deed(
        "decisions.decide",
        _decide("recommendation"),
        at=LIST,
        duty="gate:recommendation:{campaign}#1:人社局",
        seat=("bureau_leader",),
        barred=GIVEN_AWAY,
        of_nobody=True,
    ),
    Deed(
        "decisions.decide",
        _decide("award"),
        at=AWARD,
        seat=("bureau_leader", "finance"),
        of_nobody=True,
    ),
    Deed(
        "codes.request_code",
        lambda one: codes.request_code(
            one.world.store,
            gate_id=_gate(one).id,
            person_id=one.by,
            now=one.world.now,
            host_now=one.world.now,
        ),
        **AT_DESK,
    ),
    Deed(
        "codes.decide_by_code",
        _by_code,
        prepare=_coded,
        **{**AT_DESK, "barred": _me_where("handed over", "absent", "foreign")},
    ),
    Deed(
        "score_sheets.score",
        lambda one: score_sheets.score(
            one.world.store, gate_id=_gate(one).id, adjustments={}, reasons={}, **one.usual
        ),
        **AT_DESK,
    ),
    Deed(
        "score_sheets.keep_sheet_draft",
        lambda one: score_sheets.keep_sheet_draft(
            one.world.store, gate_id=_gate(one).id, typed={}, **one.usual
        ),
        **AT_DESK,
    ),
    Deed(
        "reconciliation.rule_on",
        _kept,
        prepare=_reconciled,
        let_in=frozenset({"decision_overtaken", "overtaken", "stale_content"}),
        **AT_DESK,
    ),
    Deed("visits.add_photos", _of_visit(visits.add_photos, photos=[]), **VISIT),
    Deed("visits.save_draft", _of_visit(visits.save_draft, typed={}), **VISIT),
    Deed("visits.record_visit", _of_visit(visits.record_visit, notes=WHY, adjustments={}), **VISIT),
    Deed("telephone.record_by_phone", _by_phone, seat=("coordinator",), prepare=_telephoned),
    Deed(
        "signatures.sign_visit",
        lambda one: signatures.sign_visit(
            one.world.store, village_code=one.village, seen=one.kept["seen"], **one.place
        ),
        prepare=_written_up,
        **{**VISIT, "barred": _me_where("handed over", "absent", "foreign")},
    ),
    Deed(
        "telephone.object_to",
        lambda one: telephone.object_to(
            one.world.store, decision_id=one.kept["decision"], words=WHY, **one.usual
        ),
        prepare=_written_down,
    ),
    Deed(
        "reopening.reopen_gate",
        lambda one: reopening.reopen_gate(one.world.store, gate_id=_gate(one).id, reason=WHY, **one.usual),
        at=VISITS,
    ),
    Deed(
        "revision.revise",
        lambda one: revision.revise(
            one.world.store, gate_id=_gate(one, "recommendation").id, excluded={}, note=WHY, **one.usual
        ),
        at=LIST,
        prepare=_returned,
        of_nobody=True,
    ),
    Deed(
        "payouts.confirm_payouts",
        lambda one: payouts.confirm_payouts(
            one.world.store, ledger_ids=[], paid_on=one.world.now.date(), voucher="1", **one.place
        ),
        at=AWARD,
        let_in=frozenset({"no_such_entry"}),
        of_nobody=True,
    ),
    Deed(
        "editions.make_paper",
        lambda one: editions.make_paper(one.world.store, kind="nothing", **one.place),
        of_nobody=True,
        let_in=frozenset({"no_such_paper"}),
    ),
    Deed(
        "objections.object_publicly",
        lambda one: objections.object_publicly(
            one.world.store, village_code=one.village, objector="甲", evidence=WHY, **one.place
        ),
        seat=("coordinator",),
        let_in=frozenset({"not_public"}),
    ),
    Deed(
        "results.enter_results",
        lambda one: results.enter_results(one.world.store, entries=[], **one.place),
        at=AWARD,
        of_nobody=True,
    ),
    Deed("person.save_person", _saved, barred=SELF, **NOBODYS),
    Deed("staff.import_people", _imported, barred=SELF, **NOBODYS),
    Deed(
        "staff.propose_newcomers",
        lambda one: staff.propose_newcomers(
            one.world.store, [Person("new-1", "新人", "new@example.invalid", ("finance",))], **one.usual
        ),
        **NOBODYS,
    ),
    Deed("staff.set_deputy", _about(staff.set_deputy, deputy=""), **NOBODYS),
    Deed("staff.set_conflict", _about(staff.set_conflict, town_code="331181103", stands=True), **NOBODYS),
    Deed("staff.deactivate", _about(staff.deactivate), let_in=frozenset({"vacant"}), **NOBODYS),
    Deed(
        "staff.activate",
        _about(staff.activate),
        prepare=_stood_down,
        let_in=frozenset({"already_active", "active"}),
        **NOBODYS,
    ),
    Deed(
        "proposals.confirm",
        lambda one: proposals.confirm(one.world.store, proposal_id=one.kept["proposal"], **one.usual),
        prepare=_proposed,
        barred=_me_where("self", "own"),
        **NOBODYS,
    ),
    Deed(
        "proposals.decline",
        lambda one: proposals.decline(
            one.world.store, proposal_id=one.kept["proposal"], reason=WHY, **one.usual
        ),
        prepare=_proposed,
        barred=SELF,
        owner=lambda one: ME if _proposes(one) else "coordinator-2",
        **NOBODYS,
    ),
    Deed(
        "proposals.confirm",
        lambda one: proposals.confirm(one.world.store, proposal_id=one.kept["proposal"], **one.usual),
        prepare=_of_an_auditor,
        roles=("auditor",),
        barred=_me_where("self", "own"),
        **NOBODYS,
    ),
    Deed(
        "proposals.decline",
        lambda one: proposals.decline(
            one.world.store, proposal_id=one.kept["proposal"], reason=WHY, **one.usual
        ),
        prepare=_of_an_auditor,
        roles=("auditor",),
        barred=SELF,
        owner=lambda one: ME if _proposes(one) else "coordinator-2",
        **NOBODYS,
    ),
    Deed("account_help.unlock", _about(account_help.unlock), **NOBODYS),
    Deed(
        "account_review.keep_accounts",
        lambda one: account_review.keep_accounts(
            one.world.store, person_ids=[one.owner], by=one.usual["by"], now=one.world.now
        ),
        barred=SELF,
        **NOBODYS,
    ),
    Deed(
        "account_help.forget_device",
        _about(account_help.forget_device),
        let_in=frozenset({"no_device"}),
        **NOBODYS,
    ),
    Deed("account_help.log_out_for", _about(account_help.log_out_for), **NOBODYS),
    Deed(
        "invitations.invite",
        lambda one: invitations.invite(
            one.world.store, person_id=one.owner, host_now=one.world.now, **one.usual
        ),
        **NOBODYS,
    ),
    Deed(
        "invitations.invite_by_mail",
        lambda one: invitations.invite_by_mail(
            one.world.store, person_id=one.owner, campaign_id=one.world.campaign.id, **one.usual
        ),
        **NOBODYS,
    ),
    Deed("tokens.make_token", _token_for(lambda one: one.owner), **NOBODYS),
    Deed("tokens.make_token", _token_for(_decider), roles=("bureau_leader",), owner=_decider, **NOBODYS),
    Deed(
        "tokens.revoke_token",
        lambda one: tokens.revoke_token(
            one.world.store, token_id=one.kept["token"], host_now=one.world.now, **one.usual
        ),
        prepare=_tokened,
        **NOBODYS,
    ),
    Deed(
        "person.declare_conflict",
        lambda one: person.declare_conflict(
            one.world.store, person_id=one.by, towns=["331181103"], why=WHY, now=one.world.now
        ),
        owner=lambda one: one.by,
        **NOBODYS,
    ),
    Deed("repair.send_again", lambda one: repair.send_again(one.world.store, [], **one.usual), **NOBODYS),
    Deed(
        "retention.erase_outlived",
        lambda one: retention.erase_outlived(one.world.store, **one.usual),
        **NOBODYS,
    ),
)

ELSEWHERE = {
    "editions.open_paper": "tests/actions/lists/test_editions.py",
    "editions.open_paper_pdf": "tests/actions/lists/test_editions.py",
    "objections.answer_objection": "tests/actions/review/publicity/test_publicity.py",
    **dict.fromkeys(
        (
            "opening.open_year",
            "rosters.begin_from_dossier",
            "rosters.begin_from_table",
            "changes.note_changes",
            "confirmations.confirm_unchanged",
            "services.record_service",
            "state.state_on",
            "state.history_of",
            "state.overdue_counts",
            "state.overdue_people",
            "missing.find_missing",
        ),
        "tests/actions/year/test_who_may_in_the_year.py",
    ),
}
"""Acts about what no point of the model has; the tests of the act itself ask who may."""
THROUGH: Mapping[str, str] = {
    "forecast.foresee_opening": "opens a copy, by lifecycle.open_campaign",
    "web_form.hand_in_form": "uploads.hand_in",
    "extensions.grant": "duties.extend",
    "more_time.give_more_time": "duties.extend, for each",
    "reconciliation.keep_sheet": "score_sheets.score or reconciliation.rule_on",
    "originals.let_go": "the bytes, after originals.note_opening",
    "codes.spend_code": "codes.decide_by_code",
    "login.change_password": "of the session's own person, who types the old one",
    "login.confirm_password": "of the session's own person, who types it",
    "login.log_out_everywhere": "of the session's own person",
    "second_factor.secret_to_enrol": "of the session's own person",
    "second_factor.confirm_code": "of the session's own person, who types it",
    "sessions.end_session": "among the sessions of whoever asks",
    "sessions.prove": "of the session's own person, who types code or password",
    "quiet.set_quiet_hours": "of the session's own person",
    "language.choose_language": "of the session's own person",
    "channels.choose_channel": "of the session's own person",
    "channels.may_try": "of the session's own person",
    "refused_access.note_refused": "what the portal writes about whom it turned away",
}
"""Acts that ask no question of their own about who may, and what does."""


# --- who stands where ----------------------------------------------------------------------------


def arrange(stage: Stage, deed: Deed) -> None:
    """The caller, and the duty in their hands as the side says it."""
    with stage.world.store.writing() as session:
        for one in session.query(PersonRow):
            one.deputy = ""
        if stage.role in ROLES:
            _enter(stage, session)
        duty = _held(stage, deed, session)
        if duty is not None and stage.role in ROLES:
            _put_in_hands(stage, session, duty)
        if stage.mine:
            for upload in session.query(UploadRow):
                upload.filed_by = ME
        deed.prepare(stage, session)


def _enter(stage: Stage, session: Session) -> None:
    town = stage.town if stage.side != "foreign" else stage.world.campaign.towns[1].code
    for name in (ME, COLLEAGUE):
        session.add(
            PersonRow(
                id=name,
                name=name,
                email=f"{name}@example.invalid",
                roles=[stage.role],
                town_code=town if stage.role in TOWN_ROLES else "",
                deputy="",
                conflicts=[stage.town] if stage.side == "conflicting" else [],
                active=name != ME or stage.side != "stood down",
            )
        )
    session.flush()


def _held(stage: Stage, deed: Deed, session: Session) -> DutyRow | None:
    if not deed.duty:
        return None
    campaign = stage.world.campaign.id
    key = deed.duty.format(
        town=stage.town, village=stage.village, subject=f"{campaign}/{stage.village}", campaign=campaign
    )
    found = duty_with_key(session, campaign, key)
    assert found is not None, key
    return found


def _put_in_hands(stage: Stage, session: Session, duty: DutyRow) -> None:
    cause = {"handed over": REASSIGNED, "absent": AWAY}.get(stage.side)
    if cause is not None:
        session.add(
            HandoverRow(
                duty_id=duty.id,
                from_person=ME,
                to_person=duty.person_id,
                cause=cause,
                reason=WHY,
                by="coordinator-1",
                at=stage.world.now,
            )
        )
    elif stage.side != "foreign":
        duty.person_id = ME


def matter_of(stage: Stage, deed: Deed) -> Matter:
    """What the table is asked about, from how it was arranged."""
    holds = stage.role in ROLES and stage.side not in ("foreign", "handed over", "absent") and deed.duty
    filed = frozenset({ME} if stage.mine else ())
    town = "" if deed.of_nobody else stage.town
    return Matter(
        town_code=town,
        asked=frozenset({ME} if holds else ()),
        owner=deed.owner(stage),
        barred=deed.barred(stage),
        post=Post(deed.seat, town, filed_by=frozenset() if deed.of_nobody else filed) if deed.seat else None,
        roles=(stage.role,) if stage.mine else deed.roles,
    )


def caller_of(stage: Stage) -> Person | None:
    with stage.world.store.reading() as session:
        row = session.get(PersonRow, stage.by)
        return people.as_rule(row) if row is not None and row.active else None


def is_let_in(stage: Stage, deed: Deed) -> tuple[bool, object]:
    try:
        outcome = deed.do(stage)
    except ValueError as refused:
        return False, refused
    return not isinstance(outcome, Refused) or outcome.code in deed.let_in, outcome


# --- the walk ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def points() -> Iterator[Mapping[str, Start]]:
    """Where the walk begins; half of its time would go into looking for dead objects."""
    found = {one.name: one for one in starts() if not one.many_seats}
    gc.freeze()
    yield found
    gc.unfreeze()


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: f"{deed.act} {deed.at}")
def test_act_lets_in_exactly_whom_the_table_lets_in(deed: Deed, points: Mapping[str, Start]) -> None:
    wrong = []

    for role in CALLERS:
        for side in SIDES:
            stage = Stage(begin(points[deed.at]), role, side)
            arrange(stage, deed)
            may = may_do(deed.act, caller_of(stage), stage.by, matter_of(stage, deed))
            done, outcome = is_let_in(stage, deed)
            if done is not may:
                wrong.append((role, side, "may" if may else "may not", outcome))

    assert wrong == []


def test_act_of_the_table_is_tried_or_asks_through_another() -> None:
    assert {deed.act for deed in DEEDS} | THROUGH.keys() | ELSEWHERE.keys() == ACTS.keys()


def test_act_that_takes_a_person_stands_in_the_table() -> None:
    """A new act is not done before somebody has said who may."""
    assert sorted(taking_a_person()) == sorted(ACTS)


def taking_a_person() -> Iterator[str]:
    """Public functions of ``actions`` that are done by somebody: ``by`` whom, or about whom alone."""
    for path in Path(*actions.__path__).rglob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                names = [one.arg for one in (*node.args.args, *node.args.kwonlyargs)]
                if names[:1] == ["store"] and not {"by", "person_id"}.isdisjoint(names):
                    yield f"{path.stem}.{node.name}"
