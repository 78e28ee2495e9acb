"""Who may do which act: one table, from which whatever it does not list is refused, whichever door it comes through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rules.campaign.campaign import Person
from rules.duties.holding import Post, refuse_post
from rules.people.proposals import AUDITOR
from rules.people.rights import Place, may, needs_one_time_password

NOBODY: frozenset[str] = frozenset()
OPERATOR = frozenset({"operator"})
MACHINE = frozenset({"operator", "system"})
"""Who acts without an account: whoever holds the machine; and the calendar, too."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What an act falls on."""

    town_code: str = ""
    asked: frozenset[str] = frozenset()
    """Who has been asked to act on it, and who stands in for them: they may look into it."""
    owner: str = ""
    """Whose own it is: an absence, a token, an answer that somebody wrote down."""
    barred: frozenset[str] = frozenset()
    """Who must not, whatever they are: whom it concerns, from whom it was taken and given to somebody else."""
    post: Post | None = None
    """What it asks of whoever judges."""
    roles: tuple[str, ...] = ()
    """Of the person in whose name it would be done."""


@dataclass(frozen=True, slots=True)
class Who:
    """``right`` is one of the table of rights, and says which roles reach how far; empty: nobody by a role."""

    right: str = ""
    owner: bool = False
    """Whoever it belongs to may, whatever their roles."""
    judges: bool = False
    """With the seat's role in their own right, and with nothing of their own in it; the doors are narrower and open
    only to who was asked."""
    machine: frozenset[str] = NOBODY
    """Who may without an account."""
    apart: bool = False
    """About an auditor only another auditor may, about everybody else no auditor."""
    not_for_deciders: bool = False
    """Nobody but themselves acts in the name of who decides or oversees."""
    noted: str = ""
    """What the audit log calls it, where that is not the last word of its name."""


OWN = Who(owner=True)
JUDGES = Who(judges=True)
PEOPLE = Who("people.change")

ACTS: Mapping[str, Who] = {
    # the campaign and its stages
    "lifecycle.open_campaign": Who("stage.change", machine=OPERATOR),
    "forecast.foresee_opening": Who("stage.change", machine=OPERATOR),
    "stage_changes.close_early": Who("stage.change", noted="close_stage"),
    "stage_changes.reopen_stage": Who("stage.change"),
    "calendars.change_calendar": Who("stage.change"),
    "survey.confirm_survey": Who("town.confirm_survey"),
    # dossiers
    "uploads.hand_in": Who("village.hand_in"),
    "web_form.keep_form": Who("village.hand_in"),
    "web_form.hand_in_form": Who("village.hand_in", noted="hand_in"),
    "withdrawal.withdraw": Who("upload.withdraw"),
    "originals.open_original": Who("upload.open", noted="open_file"),
    "originals.let_go": Who("upload.open", noted="withhold_file"),
    "originals.note_opening": Who("upload.open", noted="open_file"),
    "annotated_copy.annotated_copy": Who("upload.open", noted="open_annotated"),
    "prefilled_template.prefilled_template": Who("village.template", noted="prefill"),
    "roster.list_people": Who("roster.read"),
    "roster.unmask": Who("roster.unmask"),
    "business_data.compare": Who("business.read"),
    "business_data.import_extract": Who("business.import"),
    "paper.announce_paper": Who("town.announce_paper"),
    "paper.record_paper": Who("town.receive_paper"),
    # duties
    "extension_requests.ask_extension": Who("duty.ask_extension"),
    "extension_requests.grant_request": Who("duty.extend", noted="answer_extension"),
    "extension_requests.refuse_request": Who("duty.extend", noted="answer_extension"),
    "duties.extend": Who("duty.extend"),
    "extensions.grant": Who("duty.extend", noted="extend"),
    "handover.hand_over": Who("duty.hand_over"),
    "calls.record_call": Who("call.record"),
    "calls.set_telephone": Who("call.record", owner=True),
    "outages.extend_for_outage": Who("duty.extend", noted="answer_outage"),
    "outages.decline_outage": Who("duty.extend", noted="answer_outage"),
    "steering.steer": Who("messages.change", noted="steer_message"),
    "reminders.remind_now": Who("duty.remind", noted="remind"),
    "absences.record_absence": Who("absence.record", owner=True),
    "absences.end_absence": Who("absence.record", owner=True),
    # the review
    "decisions.decide": JUDGES,
    "codes.request_code": JUDGES,
    "codes.spend_code": OWN,
    "codes.decide_by_code": JUDGES,
    "score_sheets.score": JUDGES,
    "score_sheets.keep_sheet_draft": JUDGES,
    "reconciliation.rule_on": Who(judges=True, noted="score"),
    "reconciliation.keep_sheet": Who(judges=True, noted="score"),
    "visits.add_photos": JUDGES,
    "visits.save_draft": JUDGES,
    "visits.record_visit": Who(judges=True, noted="visit"),
    "signatures.sign_visit": JUDGES,
    "telephone.record_by_phone": Who("gate.record_phone", judges=True),
    "telephone.object_to": Who(owner=True, noted="object"),
    "reopening.reopen_gate": Who("gate.reopen"),
    "revision.revise": Who("gate.revise"),
    "payouts.confirm_payouts": Who("ledger.confirm", noted="confirm_payout"),
    "editions.make_paper": Who("paper.make"),
    "editions.open_paper": Who("document.read"),
    "editions.open_paper_pdf": Who("document.read", noted="open_paper"),
    "objections.object_publicly": Who("objection.record", judges=True),
    "objections.answer_objection": Who("objection.answer"),
    "more_time.give_more_time": Who("duty.extend", noted="extend"),
    "results.enter_results": Who("ledger.enter"),
    # people
    "person.save_person": Who("people.change", noted="import_person"),
    "staff.import_people": Who("people.change", noted="import_person"),
    "staff.propose_newcomers": Who("people.change", machine=OPERATOR, noted="propose_change"),
    "staff.set_deputy": PEOPLE,
    "staff.set_conflict": PEOPLE,
    "staff.deactivate": PEOPLE,
    "staff.activate": PEOPLE,
    "proposals.confirm": Who("proposal.decide", apart=True, machine=OPERATOR, noted="confirmed_change"),
    "proposals.decline": Who(
        "proposal.decide", owner=True, apart=True, machine=OPERATOR, noted="declined_change"
    ),
    "account_help.unlock": PEOPLE,
    "account_review.keep_accounts": Who("people.change", machine=OPERATOR, noted="keep_account"),
    "account_help.forget_device": Who("people.change", noted="propose_change"),
    "account_help.log_out_for": Who("people.change", noted="log_out_everywhere"),
    "invitations.invite": Who("people.invite", machine=MACHINE),
    "invitations.invite_by_mail": Who("people.invite", noted="invite"),
    "tokens.make_token": Who("people.change", owner=True, not_for_deciders=True),
    "tokens.revoke_token": Who("people.change", owner=True),
    # the year
    "opening.open_year": Who("stage.change", machine=OPERATOR),
    "rosters.begin_from_dossier": Who("year.keep", noted="begin_roster"),
    "rosters.begin_from_table": Who("year.keep", noted="begin_roster"),
    "changes.note_changes": Who("year.keep"),
    "confirmations.confirm_unchanged": Who("year.keep"),
    "services.record_service": Who("year.keep"),
    "state.state_on": Who("year.read"),
    "state.history_of": Who("year.read"),
    "state.overdue_counts": Who("year.read"),
    "state.overdue_people": Who("year.read"),
    "missing.find_missing": Who("year.read"),
    # what one does about oneself alone
    "person.declare_conflict": OWN,
    "login.change_password": OWN,
    "quiet.set_quiet_hours": OWN,
    "language.choose_language": OWN,
    "channels.choose_channel": OWN,
    "channels.may_try": OWN,
    "login.confirm_password": OWN,
    "login.log_out_everywhere": OWN,
    "second_factor.secret_to_enrol": OWN,
    "second_factor.confirm_code": OWN,
    "sessions.end_session": OWN,
    "sessions.prove": OWN,
    "refused_access.note_refused": OWN,
    # the machine
    "presses.press": Who("prefect.press", noted="press_in_prefect"),
    "repair.send_again": Who("messages.change", machine=OPERATOR),
    "retention.erase_outlived": Who(machine=MACHINE, noted="erase_roster"),
}
"""File and function of ``actions`` -> who may."""


def may_do(act: str, person: Person | None, by: str, matter: Matter) -> bool:
    """Whether ``by`` may; ``person`` is None where nobody active bears that name."""
    who = ACTS[act]
    if by in matter.barred:
        return False
    if person is None:
        return by in who.machine
    if who.owner and matter.owner == person.id:
        return True
    return _by_role(who, person, matter)


def _by_role(who: Who, person: Person, matter: Matter) -> bool:
    if who.not_for_deciders and needs_one_time_password(matter.roles):
        return False
    if who.apart and (AUDITOR in matter.roles) is not (AUDITOR in person.roles):
        return False
    if who.judges and (matter.post is None or refuse_post(person, matter.post) is not None):
        return False
    place = Place(matter.town_code, matter.asked)
    return may(who.right, person, place) if who.right else who.judges


def acts_noted_as(word: str) -> tuple[str, ...]:
    """The acts that the audit log calls so."""
    return tuple(act for act, who in ACTS.items() if (who.noted or act.partition(".")[2]) == word)
