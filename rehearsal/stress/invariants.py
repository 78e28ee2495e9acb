"""What must hold of a campaign however it was used: each point looks at the rows and tells where it does not hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator

from actions.review.content import is_about, still_counts, vetoes_of
from actions.upkeep.troubles import why_needless
from records import audit
from records.copies.dump import rows_of
from records.dossiers.uploads import accepted_upload
from records.duties.duties import open_duties
from records.review.gates import latest_gate
from records.store import Session
from records.tables.campaign import VillageRow
from records.tables.dossiers import UploadRow
from records.tables.lists import LedgerRow
from records.tables.messages import OutboxRow
from records.tables.review import DecisionRow, GateRow
from rules.campaign.campaign import Campaign

Point = Callable[[Session, Campaign], Iterator[str]]


def broken(session: Session, campaign: Campaign, *, acknowledged: Collection[int] = ()) -> list[str]:
    """A sentence for each place where a point does not hold; people were told of ``acknowledged`` decisions."""
    known = {one.id for one in rows_of(session, DecisionRow)}
    lost = [f"decision {one} was acknowledged and is gone" for one in sorted({*acknowledged} - known)]
    return lost + [sentence for point in POINTS for sentence in point(session, campaign)]


def audit_verifies(session: Session, _campaign: Campaign) -> Iterator[str]:
    found = audit.verify(session).broken
    if found:
        yield f"the audit log breaks at {found.seq}: {found.problem}"


def nothing_closed_is_owed(session: Session, campaign: Campaign) -> Iterator[str]:
    for duty in open_duties(session, campaign.id):
        if why_needless(session, duty):
            yield f"{duty.key} is open and what it was owed to is over"


def one_dossier_counts(session: Session, _campaign: Campaign) -> Iterator[str]:
    counted = Counter((one.village_code, one.state) for one in rows_of(session, UploadRow))
    for (code, state), number in counted.items():
        if state in ("received", "accepted") and number > 1:
            yield f"{number} dossiers of {code} are {state}"


def one_question_is_open(session: Session, _campaign: Campaign) -> Iterator[str]:
    asked = Counter((one.name, one.subject) for one in rows_of(session, GateRow) if one.state == "open")
    yield from (
        f"{name} of {subject} is open {times} times" for (name, subject), times in asked.items() if times > 1
    )


def gates_close_by_answers(session: Session, _campaign: Campaign) -> Iterator[str]:
    answered = {one.gate_id for one in rows_of(session, DecisionRow)}
    for gate in rows_of(session, GateRow):
        if gate.state == "closed" and gate.id not in answered:
            yield f"{gate.name} #{gate.attempt} of {gate.subject} closed without an answer"


def decided_as_seen(session: Session, _campaign: Campaign) -> Iterator[str]:
    for decision in rows_of(session, DecisionRow):
        gate = session.get_one(GateRow, decision.gate_id)
        if (decision.seen_hash, decision.attempt) != (gate.content_hash, gate.attempt):
            yield f"{decision.person_id} decided {gate.name} of {gate.subject} on something else"


def recognised_on_what_counts(session: Session, campaign: Campaign) -> Iterator[str]:
    for village in rows_of(session, VillageRow):
        if village.state == "recognised":
            yield from _recognised_wrongly(session, campaign, village)


def _recognised_wrongly(session: Session, campaign: Campaign, village: VillageRow) -> Iterator[str]:
    subject, upload = f"{campaign.id}/{village.code}", accepted_upload(session, village)
    for name, answer in (("desk_review", "pass"), ("recognition", "recognise")):
        gate = latest_gate(session, campaign.id, name, subject)
        if gate is None or (gate.state, gate.answer) != ("closed", answer) or not is_about(gate, upload):
            yield f"{village.code} is recognised, and its {name} does not say so"
        elif name == "recognition" and not still_counts(session, campaign, village, gate):
            yield f"{village.code} is recognised on a sheet that does not count"
    if vetoes_of(session, village):
        yield f"{village.code} is recognised with a veto"


def payments_stay_within(session: Session, campaign: Campaign) -> Iterator[str]:
    """Counted across the years and levels, no village gets more than the highest level gives."""
    most, paid = max(award.yuan for award in campaign.awards), Counter[str]()
    for line in rows_of(session, LedgerRow):
        paid[line.village_code] += line.payable_yuan
    yield from (
        f"{code} is paid {yuan}, and {most} is the most" for code, yuan in paid.items() if yuan > most
    )


def no_message_twice(session: Session, _campaign: Campaign) -> Iterator[str]:
    keys = Counter(one.key for one in rows_of(session, OutboxRow))
    yield from (f"{key} is {times} messages" for key, times in keys.items() if times > 1)


POINTS: tuple[Point, ...] = (
    audit_verifies,
    nothing_closed_is_owed,
    one_dossier_counts,
    one_question_is_open,
    gates_close_by_answers,
    decided_as_seen,
    recognised_on_what_counts,
    payments_stay_within,
    no_message_twice,
)
