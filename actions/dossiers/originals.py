"""Opening a dossier with everybody's ID numbers in it: counted and noted before the bytes are shown."""

from __future__ import annotations

from datetime import datetime, timedelta

from actions.dossiers.uploads import read_upload
from actions.lookup import campaign_of, is_entitled
from actions.steps import subject_of
from notifications.wording import day_text
from records import audit
from records.dossiers import files
from records.people import accounts
from records.review.assignments import assigned_to_village
from records.store import Store, repeatable
from records.tables.campaign import VillageRow
from records.tables.dossiers import UploadRow
from records.tables.people import PersonRow
from rules.dossiers.checks.findings import shown
from rules.people.acts import Matter
from rules.refusals import Refused
from rules.signs import says_nothing
from workbooks.confined.virus_scan import refuse_infected

NOT_YOURS = Refused("not_your_dossier", "您没有查看这份材料的权限：不在您的办理范围内，或须回避。")
A_DAY = timedelta(days=1)
MOST_A_DAY = 20
"""Files that one person opens within a day outside their own town: checking needs some, copying rosters needs all."""
MOST_OF_ONES_OWN = 100
"""The same for the town that filed them."""
TOO_MANY = Refused(
    "too_many_opened", "今天打开的原件已到上限（每人每天{most}份）。请明天再查；确有急需请联系审计人员说明。"
)


def open_original(
    store: Store, *, upload_id: int, by: str, reason: str, scanner: str, now: datetime, host_now: datetime
) -> bytes | Refused:
    """The bytes as they came, unless the scanner objects."""
    refused = note_opening(store, upload_id=upload_id, by=by, reason=reason, now=now, host_now=host_now)
    return refused or let_go(
        store, read_upload(store, upload_id)[1], upload_id=upload_id, by=by, scanner=scanner, now=now
    )


def let_go(
    store: Store, data: bytes, *, upload_id: int, by: str, scanner: str, now: datetime
) -> bytes | Refused:
    """``data``, made of this upload, once the scanner has called it clean; why it stays is noted."""
    refused = refuse_infected(data, scanner=scanner)
    if refused:
        _note_withheld(store, refused, upload_id=upload_id, by=by, now=now)
    return refused or data


@repeatable
def _note_withheld(store: Store, refused: Refused, *, upload_id: int, by: str, now: datetime) -> None:
    with store.writing() as session:
        upload = session.get_one(UploadRow, upload_id)
        subject = subject_of(upload.campaign_id, upload.village_code)
        facts = {"version": upload.version, "code": refused.code, "reason": refused.reason}
        audit.note(session, at=now, actor=by, act="withhold_file", subject=subject, facts=facts)


@repeatable
def note_opening(
    store: Store,
    *,
    upload_id: int,
    by: str,
    reason: str,
    now: datetime,
    host_now: datetime,
    annotated: bool = False,
) -> Refused | None:
    """Who opened which version, and why; the town's own people need no reason for their own file."""
    with store.writing() as session:
        upload = session.get_one(UploadRow, upload_id)
        village = session.get_one(VillageRow, (upload.campaign_id, upload.village_code))
        asked = assigned_to_village(session, upload.campaign_id, upload.village_code)
        if not is_entitled(session, "originals.note_opening", by=by, matter=Matter(village.town_code, asked)):
            return NOT_YOURS
        person = session.get_one(PersonRow, by)
        gone = files.erased_at(session, upload.blob_id)
        if gone is not None:
            return refuse_erased(gone.astimezone(campaign_of(session, upload.campaign_id).zone))
        ours = person.town_code == village.town_code
        if not ours and says_nothing(reason):
            return Refused("no_reason", "原件含有完整的身份证号。请写明查阅理由，查阅会记入审计日志。")
        most = MOST_OF_ONES_OWN if ours else MOST_A_DAY
        if accounts.count_try(session, f"open:{by}", window=A_DAY, host_now=host_now) > most:
            return Refused(TOO_MANY.code, TOO_MANY.reason.format(most=most))
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
