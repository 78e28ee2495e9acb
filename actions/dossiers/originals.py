"""Opening a dossier with everybody's ID numbers in it: noted before the bytes are shown."""

from __future__ import annotations

from datetime import datetime

from actions.lookup import campaign_of
from actions.steps import subject_of
from notifications.wording import day_text
from records import audit
from records.dossiers import files
from records.store import Store, repeatable
from records.tables.campaign import VillageRow
from records.tables.dossiers import UploadRow
from records.tables.people import PersonRow
from rules.dossiers.checks.findings import shown
from rules.refusals import Refused


@repeatable
def note_opening(
    store: Store, *, upload_id: int, by: str, reason: str, now: datetime, annotated: bool = False
) -> Refused | None:
    """Who opened which version, and why; the town's own people need no reason for their own file."""
    with store.writing() as session:
        upload = session.get_one(UploadRow, upload_id)
        village = session.get_one(VillageRow, (upload.campaign_id, upload.village_code))
        person = session.get_one(PersonRow, by)
        gone = files.erased_at(session, upload.blob_id)
        if gone is not None:
            return refuse_erased(gone.astimezone(campaign_of(session, upload.campaign_id).zone))
        if person.town_code != village.town_code and not reason.strip():
            return Refused("no_reason", "原件含有完整的身份证号。请写明查阅理由，查阅会记入审计日志。")
        subject = subject_of(upload.campaign_id, upload.village_code)
        facts = {"version": upload.version, "reason": shown(reason.strip())}
        act = "open_annotated" if annotated else "open_file"
        audit.note(session, at=now, actor=by, act=act, subject=subject, facts=facts)
    return None


def refuse_erased(at: datetime) -> Refused:
    """What whoever asks for a file is told that was erased then, in the campaign's own time."""
    return Refused(
        "erased", f"材料已于{at.year}年{day_text(at.date())}按保存期限删除，只保留统计数、评分和决定。"
    )
