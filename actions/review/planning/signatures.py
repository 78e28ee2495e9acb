"""A visit by two: either writes what was seen, the other signs exactly that."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from actions.duties.assignment import NobodyToAsk, reviewers_for
from actions.duties.duties import Owed, end_duty, open_duty
from actions.duties.eligibility import post_of
from actions.lookup import locked_village
from actions.review.gates import kept_until
from actions.steps import subject_of
from records import audit
from records.dossiers.pictures import end_drafts, photos_of_visits
from records.duties.duties import duty_with_key, lock_duty, newest_duty
from records.people import people
from records.review.visit_plans import signatures_of, stop_of
from records.review.visits import visits_to
from records.store import Session, Store, repeatable
from records.tables.campaign import VillageRow
from records.tables.duties import DutyRow
from records.tables.people import PersonRow
from records.tables.review import VisitRow
from records.tables.visits import VisitSignatureRow
from rules.campaign.campaign import Campaign
from rules.duties.holding import refuse_post
from rules.refusals import Refused

BOTH = 2
NOT_OWED = Refused("not_open", "这次现场核查目前没有待签字的事项，请刷新页面查看。")


def digest_of(session: Session, visit: VisitRow) -> str:
    """Of all that was written about a visit, its photos included: what a signature is under."""
    photos = [
        row.sha256
        for row in photos_of_visits(session, visit.campaign_id, visit.village_code)
        if row.visit_id == visit.id
    ]
    said = [visit.visited_by, visit.notes, visit.adjustments, visit.met, visit.position, sorted(photos)]
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def visit_owed(session: Session, campaign_id: str, village_code: str) -> DutyRow | None:
    """What is owed of a village's visit now: the visit itself, or the second signature; else the visit as it ended."""
    visit = duty_with_key(session, campaign_id, f"visit:{village_code}")
    if visit is not None and visit.state == "open":
        return visit
    signature = newest_duty(session, campaign_id, kind="signature", village_code=village_code)
    return signature if signature is not None and signature.state == "open" else visit


def is_signed(session: Session, campaign_id: str, village_code: str) -> bool:
    """Whether the newest visit has all its signatures; a visit that nobody planned is one person's and has none."""
    visits = visits_to(session, campaign_id, village_code)
    signed = signatures_of(session, [visits[-1].id]) if visits else {}
    return not signed or len(signed[visits[-1].id]) >= BOTH


def ask_signature(
    session: Session,
    campaign: Campaign,
    village: VillageRow,
    owed: DutyRow,
    visit: VisitRow,
    *,
    now: datetime,
) -> bool:
    """Whoever wrote has signed; the other of the two is asked to. Where nobody planned, one has gone alone."""
    if owed.kind == "visit" and stop_of(session, campaign.id, village.code) is None:
        return False
    _sign(session, visit, by=visit.visited_by, now=now)
    other = _other(session, village, owed, visit.visited_by)
    number = len(visits_to(session, campaign.id, village.code))
    signature = Owed(
        key=f"signature:{village.code}:{number}",
        kind="signature",
        carrier=("verification", subject_of(campaign.id, village.code)),
        town_code=village.town_code,
        village_code=village.code,
        role="reviewer",
        person_id=other,
        due_at=kept_until(session, campaign, what="signature", workdays=1, now=now),
        template="signature_opened",
        beside=frozenset({visit.visited_by}),
        facts={"visit_id": visit.id},
    )
    open_duty(session, campaign, signature, now=now)
    return True


def _other(session: Session, village: VillageRow, owed: DutyRow, writer: str) -> str:
    """The other of the crew while they may, else the next reviewer."""
    fit = [one for one in reviewers_for(session, village) if one != writer]
    planned = [one for one in (owed.person_id, owed.facts.get("beside", "")) if one in fit]
    if not fit:
        raise NobodyToAsk(f"nobody but {writer} may sign the visit to {village.code}")
    return [*planned, *fit][0]


def _sign(session: Session, visit: VisitRow, *, by: str, now: datetime) -> None:
    row = VisitSignatureRow(visit_id=visit.id, person_id=by, digest=digest_of(session, visit), signed_at=now)
    session.add(row)
    session.flush()
    subject = subject_of(visit.campaign_id, visit.village_code)
    facts = {"content": row.digest, "visit": visit.id}
    audit.note(session, at=now, actor=by, act="sign_visit", subject=subject, facts=facts)


def _refuse_signer(session: Session, duty: DutyRow, by: str) -> Refused | None:
    """In their own right, whatever brought the duty to them."""
    row = session.get(PersonRow, by)
    if row is None or not row.active:
        return Refused("no_account", "您的账号不存在或已停用，请联系活动协调员。")
    return refuse_post(people.as_rule(row), post_of(session, duty))


@repeatable
def sign_visit(
    store: Store, *, campaign_id: str, village_code: str, by: str, seen: str, now: datetime
) -> Refused | None:
    """Sign what the other has written; ``seen`` is the digest of exactly that."""
    with store.writing() as session:
        locked_village(session, subject_of(campaign_id, village_code))
        owed = visit_owed(session, campaign_id, village_code)
        if owed is None or owed.kind != "signature" or owed.state != "open":
            return NOT_OWED
        duty = lock_duty(session, owed.id)
        visit = session.get_one(VisitRow, duty.facts["visit_id"])
        if duty.state != "open":
            return NOT_OWED
        if by == visit.visited_by:
            return Refused("own_signature", "核查情况由您登记，须由另一位核查人员签字。")
        if by != duty.person_id:
            return Refused(
                "not_asked", "这次现场核查须由同行的核查人员签字；本人不能签的，请活动协调员改派。"
            )
        refused = _refuse_signer(session, duty, by)
        if refused:
            return refused
        if seen != digest_of(session, visit):
            return Refused("stale_content", "核查情况已有变动，请刷新并重新阅读后再签字。")
        _sign(session, visit, by=by, now=now)
        end_drafts(session, campaign_id, village_code)
        return end_duty(session, duty, act="finish", now=now)
