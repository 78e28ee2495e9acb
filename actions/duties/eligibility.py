"""Who may answer a gate or hold a duty: by role, town, filing, a free seat, and as a second pair of eyes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from records.dossiers.uploads import filers_of_accepted
from records.duties.handovers import kept_silent, was_taken
from records.lists.recommendations import villages_on
from records.lists.scorers import scorers_of
from records.people import people
from records.review.assignments import asked_to, assigned_to_gate
from records.review.gates import (
    deciders,
    decisions_on,
    latest_gate,
    newest_judges,
    seat_duties,
    seat_of,
)
from records.review.scores import authors_of
from records.review.visit_plans import signatures_of
from records.store import Session
from records.tables.dossiers import UploadRow
from records.tables.duties import DutyRow
from records.tables.people import PersonRow
from records.tables.publicity import PublicObjectionRow
from records.tables.review import GateRow, VisitRow
from rules.campaign.campaign import Campaign, Seat
from rules.duties.holding import Post, refuse_post
from rules.refusals import Refused
from rules.review import gates
from rules.review.gates import Sat
from rules.review.parties import REVIEWS

GIVEN_AWAY = Refused(
    "handed_over", "该事项已转交他人办理，您不再承办。需要由您办理的，请联系活动协调员改派。"
)


def refuse_acting(session: Session, campaign: Campaign, duty: DutyRow, person: PersonRow) -> Refused | None:
    """Why this person cannot act on the duty: stood down, another role or town, a conflict, the same eyes."""
    if not person.active:
        return Refused("no_account", f"{person.name}的账号已停用，不能承办。")
    if duty.kind == "gate":
        gate = session.get_one(GateRow, duty.facts["gate_id"])
        return refuse_seat(session, campaign, gate, person, seat=seat_of(gate, duty))
    return refuse_post(people.as_rule(person), post_of(session, duty))


def post_of(session: Session, duty: DutyRow) -> Post:
    """What a duty that is no seat asks of its holder."""
    filed_by = filers_of_accepted(session, duty.campaign_id, duty.village_code)
    second = SECOND_EYES.get(duty.kind)
    if second is None:
        return Post((duty.role,), duty.town_code, filed_by=filed_by)
    return Post(
        (duty.role,), duty.town_code, filed_by=filed_by, first_eyes=second(session, duty), kind=duty.kind
    )


def _signers(session: Session, duty: DutyRow) -> frozenset[str]:
    visit = session.get_one(VisitRow, duty.facts["visit_id"])
    signed = signatures_of(session, [visit.id]).get(visit.id, [])
    return frozenset({visit.visited_by, *(one.person_id for one in signed)})


def _recorder(session: Session, duty: DutyRow) -> frozenset[str]:
    return frozenset({session.get_one(PublicObjectionRow, duty.facts["objection_id"]).recorded_by})


SECOND_EYES: Mapping[str, Callable[[Session, DutyRow], frozenset[str]]] = {
    "signature": _signers,
    "objection": _recorder,
}
"""Kind of duty that asks for a second person -> who was the first, whatever brings the duty to them."""


def refuse_seat(
    session: Session, campaign: Campaign, gate: GateRow, person: PersonRow, *, seat: str = ""
) -> Refused | None:
    """Why this person cannot answer the gate, in any seat or in the one that is named."""
    found = seat_for(session, campaign, gate, person, seat=seat)
    return found if isinstance(found, Refused) else None


def seat_for(
    session: Session, campaign: Campaign, gate: GateRow, person: PersonRow, *, seat: str
) -> Seat | Refused:
    if gate.name == "award" and person.id in scorers_of(
        session, gate.campaign_id, villages_on(session, gate)
    ):
        return Refused(
            "scored_it",
            "您参与过名单上社区(村)的填报、评分或走访，奖补须由没有参与评分的人员决定。请由其他同事办理。",
        )
    return gates.eligible(
        campaign.gate(gate.name),
        people.as_rule(person),
        seat=seat,
        state=gate.state,
        village_town=gate.town_code,
        filed_by=filed_by(session, gate),
        decided=_seated(session, gate, campaign),
        first_eyes=first_eyes(session, gate),
    )


def own_seat(session: Session, gate: GateRow, person_id: str) -> str:
    """The free seat for which this person is asked, or was until they kept silent; empty where it is anyone's."""
    free = {seat: duty for seat, duty in seat_duties(session, gate).items() if duty.state == "open"}
    asked = [seat for seat, duty in free.items() if duty.person_id == person_id]
    silent = [seat for seat, duty in free.items() if person_id in kept_silent(session, duty)]
    return next(iter([*asked, *silent]), "")


def refuse_taken_away(session: Session, gate: GateRow, person_id: str) -> Refused | None:
    """Nothing from whom the seat was taken: it passed to somebody else by a coordinator's word or an absence, and
    they hold none here any more, nor stand in for who does. Codes that they were sent before open nothing."""
    seats = seat_duties(session, gate).values()
    return (
        GIVEN_AWAY
        if any(was_taken(session, duty, person_id) for duty in seats)
        and (person_id not in assigned_to_gate(session, gate))
        else None
    )


def refuse_duty_taken_away(session: Session, duty: DutyRow, person_id: str) -> Refused | None:
    """The same of a duty that is no seat."""
    taken = was_taken(session, duty, person_id) and person_id not in asked_to(session, duty)
    return GIVEN_AWAY if taken else None


def first_eyes(session: Session, gate: GateRow) -> frozenset[str]:
    """Who has judged the same before, by a decision or by a sheet alone: a second review needs other eyes, and
    who rules on both yet others."""
    before = gates.JUDGED_BEFORE.get(gate.name, ())
    judges = judges_now if gate.name == "reconciliation" else judges_ever
    return frozenset(one for name in before for one in judges(session, gate, name))


def judges_ever(session: Session, gate: GateRow, name: str) -> frozenset[str]:
    """Who has decided gate ``name`` about the upload of ``gate``, or written a sheet at it."""
    return deciders(session, gate, name) | authors_of(session, gate.upload_id, REVIEWS[name])


def judges_now(session: Session, gate: GateRow, name: str) -> frozenset[str]:
    """Who has decided the newest attempt at gate ``name`` or written a sheet at it, or the sheet that counts."""
    newest = latest_gate(session, gate.campaign_id, name, gate.subject)
    since = newest.opened_at if newest else gate.opened_at
    return newest_judges(session, gate, name) | authors_of(
        session, gate.upload_id, REVIEWS[name], since=since
    )


def filed_by(session: Session, gate: GateRow) -> frozenset[str]:
    if gate.upload_id is None:
        return frozenset()
    return frozenset({session.get_one(UploadRow, gate.upload_id).filed_by})


def _seated(session: Session, gate: GateRow, campaign: Campaign) -> dict[str, Sat]:
    return {
        one.seat: Sat(
            one.person_id,
            session.get_one(PersonRow, one.person_id).name,
            one.decided_at.astimezone(campaign.zone),
        )
        for one in decisions_on(session, gate)
    }
