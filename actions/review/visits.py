"""On site: photos come one by one, and what is typed is kept until the visit is recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from actions.dossiers.pictures import Source, keep_picture, note_likenesses
from actions.duties.duties import end_duty
from actions.duties.eligibility import post_of, refuse_duty_taken_away
from actions.lookup import locked_village
from actions.review.planning.signatures import ask_signature, visit_owed
from actions.review.score_sheets import refuse_facts, refuse_vetoes
from actions.steps import subject_of
from records import audit
from records.dossiers.pictures import bind_photos, draft_of, end_drafts, photos_of_visits
from records.dossiers.uploads import accepted_upload, uploads_of
from records.locks import take_turns
from records.people import people
from records.review.scores import visit_digest
from records.store import Session, Store, repeatable
from records.tables.campaign import VillageRow
from records.tables.duties import DutyRow
from records.tables.people import PersonRow
from records.tables.review import VisitDraftRow, VisitRow
from rules.dossiers.pictures import Picture
from rules.duties.holding import refuse_post
from rules.entries import exact_texts
from rules.refusals import Refused
from rules.review.visits import refuse_meeting, refuse_photo, refuse_photos
from rules.signs import says_nothing
from workbooks.confined.client import photo_apart

Photo = tuple[str, bytes]
"""A file's name and its bytes as they came."""


@repeatable
def add_photos(
    store: Store,
    *,
    campaign_id: str,
    village_code: str,
    by: str,
    photos: Sequence[Photo],
    now: datetime,
) -> Refused | int:
    """Keep photos of a visit under way, all or none; how many were new. One that came before is not kept twice.

    They are decoded before the transaction, in the reading process; the bytes as they came are kept beside
    what is shown.
    """
    decoded = _decoded(photos)
    if isinstance(decoded, Refused):
        return decoded
    with store.writing() as session:
        subject = subject_of(campaign_id, village_code)
        _, village = locked_village(session, subject)
        duty = visit_owed(session, campaign_id, village_code)
        there = photos_of_visits(session, campaign_id, village_code)
        known = {row.sha256 for row in there}
        fresh = [(picture, data) for picture, data in decoded if picture.sha256 not in known]
        refused = refuse_visitor(session, village, duty, by=by)
        refused = refused or refuse_photos(there=len(there), more=len(fresh))
        if refused:
            return refused
        source = Source(campaign_id, village_code, by, now)
        rows = [
            keep_picture(session, store, picture, source=source, position=len(there) + number, original=data)
            for number, (picture, data) in enumerate(fresh, 1)
        ]
        facts = {"photos": len(rows), "sha256": [row.sha256 for row in rows]}
        audit.note(session, at=now, actor=by, act="add_photos", subject=subject, facts=facts)
        take_turns(session, campaign_id)
        note_likenesses(session, rows)
    return len(rows)


def _decoded(photos: Sequence[Photo]) -> list[tuple[Picture, bytes]] | Refused:
    """Each photo once, or why one of them cannot be kept."""
    refused = refuse_photos(there=0, more=len(photos))
    if refused:
        return refused
    decoded: dict[str, tuple[Picture, bytes]] = {}
    for name, data in photos:
        refused = refuse_photo(name, size=len(data), trouble="")
        if refused:
            return refused
        picture = photo_apart(data, name=name)
        refused = refuse_photo(name, size=len(data), trouble=picture.trouble)
        if refused:
            return refused
        decoded[picture.sha256] = picture, data
    return list(decoded.values())


@repeatable
def save_draft(
    store: Store,
    *,
    campaign_id: str,
    village_code: str,
    by: str,
    typed: Mapping[str, str],
    now: datetime,
) -> Refused | None:
    """Keep what this person has typed so far; it decides nothing and goes when the visit is recorded."""
    with store.writing() as session:
        _, village = locked_village(session, subject_of(campaign_id, village_code))
        duty = visit_owed(session, campaign_id, village_code)
        refused = refuse_visitor(session, village, duty, by=by)
        if refused:
            return refused
        draft = draft_of(session, campaign_id, village_code, by)
        if draft is None:
            draft = VisitDraftRow(campaign_id=campaign_id, village_code=village_code, person_id=by)
            session.add(draft)
        draft.typed, draft.saved_at = dict(typed), now
    return None


@repeatable
def record_visit(
    store: Store,
    *,
    campaign_id: str,
    village_code: str,
    by: str,
    notes: str,
    adjustments: Mapping[str, str],
    now: datetime,
    met: Mapping[str, int] | None = None,
    position: str = "",
    read: int = 0,
) -> Refused | None:
    """What was found in the village; ``adjustments`` are facts as in ``score``, ``met`` counts people by role.

    Photos that were added before belong to the visit from now on. Where two go, the other is asked to sign; who is
    asked may write it anew instead, once they have read what was written (``read`` is the visit's number), and then
    the first is. Whoever typed at the same time is told, and keeps what they have typed.
    """
    with store.writing() as session:
        subject = subject_of(campaign_id, village_code)
        campaign, village = locked_village(session, subject)
        duty = visit_owed(session, campaign_id, village_code)
        refused = refuse_visitor(session, village, duty, by=by)
        refused = refused or _refuse_unread(session, duty, read)
        if refused or duty is None:
            return refused
        if says_nothing(notes):
            return Refused("no_notes", "请写明现场核查情况。")
        upload = accepted_upload(session, village)
        said = dict.fromkeys(adjustments, notes)
        refused = refuse_facts(campaign, adjustments) or refuse_meeting(met or {}, position)
        adjustments = exact_texts(adjustments)
        refused = refused or refuse_vetoes(session, campaign, upload, adjustments, said)
        if refused:
            return refused
        visit = VisitRow(
            campaign_id=campaign_id, village_code=village_code, upload_id=upload.id, visited_by=by, visited_at=now,
            notes=notes, adjustments=dict(adjustments), met=dict(met or {}), position=position,
        )  # fmt: skip
        session.add(visit)
        session.flush()
        photos = bind_photos(session, campaign_id, village_code, visit_id=visit.id)
        asked = ask_signature(session, campaign, village, duty, visit, now=now)
        end_drafts(session, campaign_id, village_code, of=by if asked else "")
        # While the other has not signed, there is nothing for the village's run to do.
        own_run = (duty.carrier_kind, duty.carrier_subject) if asked else None
        end_duty(session, duty, act="finish" if duty.kind == "visit" else "cancel", now=now, within=own_run)
        facts: dict[str, object] = {
            "adjustments": dict(adjustments), "met": dict(met or {}), "photos": photos, "content": visit_digest(visit),
        }  # fmt: skip
        audit.note(session, at=now, actor=by, act="visit", subject=subject, facts=facts)
    return None


def _refuse_unread(session: Session, duty: DutyRow | None, read: int) -> Refused | None:
    """Nobody writes over what a colleague has written meanwhile and they have not read."""
    if duty is None or duty.kind != "signature" or duty.facts["visit_id"] == read:
        return None
    writer = session.get_one(PersonRow, session.get_one(VisitRow, duty.facts["visit_id"]).visited_by)
    return Refused(
        "written_meanwhile",
        f"{writer.name}刚刚登记了这次现场核查，您填写的内容没有登记，仍保留在本页。请先阅读其登记的情况："
        "一致的，签字即可；不一致的，再次登记。",
    )


def refuse_visitor(session: Session, village: VillageRow, duty: DutyRow | None, *, by: str) -> Refused | None:
    """Why this person cannot note anything about a visit to the village."""
    row = session.get(PersonRow, by)
    if duty is None or duty.state != "open":
        return Refused("not_open", f"{village.name}目前没有待办的现场核查。")
    if not uploads_of(session, village, state="accepted"):
        return Refused("dossier_away", f"{village.name}的材料已退回或撤回，重新报送并受理后再登记现场核查。")
    if row is None or not row.active:
        return Refused("no_account", "您的账号不存在或已停用，请联系活动协调员。")
    if duty.kind == "signature" and by != duty.person_id:
        return Refused("not_asked", "核查情况已登记，等同行的核查人员签字；只有其本人可以重新登记。")
    refused = refuse_post(people.as_rule(row), post_of(session, duty))
    return refused or refuse_duty_taken_away(session, duty, by)
