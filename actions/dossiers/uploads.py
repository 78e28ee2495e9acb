"""Uploads: handed in, kept as they came, read back (notice, five, two)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from actions.lookup import campaign_of
from actions.people.login import TOO_OFTEN
from actions.steps import split_subject, subject_of
from notifications.wording import moment_text
from records import audit, outbox
from records.dossiers import files
from records.dossiers.uploads import newest_upload, unchecked_uploads, uploads_of
from records.duties.duties import lock_duty, open_duties
from records.people import accounts
from records.runs import bells, carriers
from records.store import Session, Store, repeatable
from records.tables.campaign import VillageRow
from records.tables.dossiers import UploadRow
from records.tables.duties import DutyRow
from records.tables.people import PersonRow
from rules.campaign.campaign import TOWN_ROLES, Campaign
from rules.campaign.deadlines import is_late, is_locked
from rules.refusals import Refused
from workbooks.file.guard import refuse_unreadable

A_DAY = timedelta(days=1)
MOST_UPLOADS = 200
"""Of one town in a day: more is a mistake or an attack."""


@repeatable
def hand_in(
    store: Store,
    *,
    campaign_id: str,
    village_code: str,
    data: bytes,
    by: str,
    now: datetime,
    host_now: datetime,
) -> UploadRow | Refused:
    """Take one version of a dossier in, by whichever door: what is no workbook is refused at once.

    All else is stored, bytes, hash and time in one transaction, and checked later. The duty's row is
    locked, so an extension and an upload cannot cross: ``late`` is what the due date said when the
    bytes were stored.
    """
    turned_away = refuse_unreadable(data) or _refuse_flood(store, (campaign_id, village_code), host_now)
    if turned_away:
        return turned_away
    with store.writing() as session:
        campaign = campaign_of(session, campaign_id)
        village = session.get(VillageRow, (campaign_id, village_code))
        duty = duty_for(session, campaign_id, village_code)
        digest = hashlib.sha256(data).hexdigest()
        refused = _refuse_upload(session, village, duty, by=by, digest=digest, now=now)
        if refused or village is None or duty is None:
            return refused or Refused("not_open", "目前不受理该社区(村)的材料，请留意开始报送的通知。")
        upload = _store_upload(session, store, village, duty, data=data, digest=digest, by=by, now=now)
        _acknowledge(session, campaign, upload, village, now)
        # A duty that came back by an extension may have outlived its run once more.
        carriers.reopen(session, duty.carrier_kind, duty.carrier_subject)
        bells.ring(session, kind=duty.carrier_kind, subject=duty.carrier_subject, cause="upload", at=now)
        facts = {"version": upload.version, "sha256": digest, "late": upload.late}
        audit.note(
            session,
            at=now,
            actor=by,
            act="hand_in",
            subject=subject_of(campaign_id, village_code),
            facts=facts,
        )
    return upload


@repeatable
def _refuse_flood(store: Store, village: tuple[str, str], host_now: datetime) -> Refused | None:
    """Counted in a transaction of its own, so that what is refused afterwards counts too."""
    with store.writing() as session:
        row = session.get(VillageRow, village)
        town = row.town_code if row else ""
        tries = accounts.count_try(session, f"uploads:{town}", window=A_DAY, host_now=host_now)
    return TOO_OFTEN if tries > MOST_UPLOADS else None


def duty_for(session: Session, campaign_id: str, village_code: str) -> DutyRow | None:
    """The open duty that an upload answers: a correction before the dossier itself."""
    for kind in ("correction", "dossier"):
        duties = open_duties(session, campaign_id, kind=kind, village_code=village_code)
        if duties:
            return lock_duty(session, duties[0].id)
    return None


def _refuse_upload(
    session: Session, village: VillageRow | None, duty: DutyRow | None, *, by: str, digest: str, now: datetime
) -> Refused | None:
    refused = refuse_hand(session, village, by=by)
    if refused or village is None:
        return refused
    if duty is None:
        return Refused("not_open", f"目前不受理{village.name}的材料：尚未开始，或已经受理、已经截止。")
    if duty.lock_at is not None and is_locked(now, duty.lock_at):
        return Refused("locked", f"{village.name}的报送已截止，如需补报请联系活动协调员申请延期。")
    same = [
        upload.version
        for upload in uploads_of(session, village)
        if upload.sha256 == digest and upload.state != "withdrawn"
    ]
    if same:
        return Refused("identical", f"这个文件与第{same[0]}版完全相同，未重复收件。请上传修改后的文件。")
    return None


def refuse_hand(session: Session, village: VillageRow | None, *, by: str) -> Refused | None:
    """None for somebody who may hand in and take back this village's dossier."""
    person = session.get(PersonRow, by)
    if village is None:
        return Refused("no_such_village", "没有这个社区(村)，请核对区划代码。")
    if person is None or not person.active or person.town_code != village.town_code:
        return Refused("not_your_town", f"{village.name}不属于您所在的乡镇(街道)，不能代为上报。")
    if not TOWN_ROLES.intersection(person.roles):
        return Refused("wrong_role", "只有乡镇(街道)经办人或分管领导可以上报材料。")
    return None


def _store_upload(
    session: Session,
    store: Store,
    village: VillageRow,
    duty: DutyRow,
    *,
    data: bytes,
    digest: str,
    by: str,
    now: datetime,
) -> UploadRow:
    earlier = uploads_of(session, village)
    version = earlier[-1].version + 1 if earlier else 1
    supersede(earlier, "received")
    upload = UploadRow(
        campaign_id=village.campaign_id,
        village_code=village.code,
        version=version,
        blob_id=files.keep(
            session, store.vault, data, about=_about(village.campaign_id, village.code, version)
        ),
        sha256=digest,
        size=len(data),
        filed_by=by,
        received_at=now,
        late=is_late(now, duty.due_at),
        state="received",
        facts={},
    )
    session.add(upload)
    session.flush()
    return upload


def supersede(uploads: Sequence[UploadRow], state: str) -> None:
    for upload in uploads:
        if upload.state == state:
            upload.state = "superseded"


def _about(campaign_id: str, village_code: str, version: int) -> str:
    return f"upload:{campaign_id}/{village_code}/{version}"


def _acknowledge(
    session: Session, campaign: Campaign, upload: UploadRow, village: VillageRow, now: datetime
) -> None:
    outbox.post(
        session,
        key=f"{campaign.id}:dossier_received:{village.code}:{upload.version}",
        campaign_id=campaign.id,
        template="dossier_received",
        person_id=upload.filed_by,
        facts={**words(campaign, village, upload)},
        at=now,
    )


def words(campaign: Campaign, village: VillageRow, upload: UploadRow) -> dict[str, object]:
    return {
        "town": campaign.town(village.town_code).name,
        "village": village.name,
        "received": moment_text(upload.received_at.astimezone(campaign.zone)),
        "sha256": upload.sha256,
        "path": f"/uploads/{upload.id}/receipt",
    }


def read_upload(store: Store, upload_id: int) -> tuple[UploadRow, bytes]:
    """An upload and its bytes as they came."""
    with store.reading() as session:
        upload = session.get_one(UploadRow, upload_id)
        about = _about(upload.campaign_id, upload.village_code, upload.version)
        return upload, files.fetch(session, store.vault, upload.blob_id, about=about)


def key_fits(store: Store) -> bool:
    """Whether the key at hand opens the newest dossier of all; True as long as there is none."""
    with store.reading() as session:
        upload = newest_upload(session)
        if upload is None:
            return True
        about = _about(upload.campaign_id, upload.village_code, upload.version)
        return files.opens(session, store.vault, upload.blob_id, about=about)


def waiting_uploads(session: Session, kind: str, subject: str) -> list[int]:
    """Uploads that this run has to check: a town's, or a village's under correction."""
    campaign_id, code = split_subject(subject)
    if kind == "verification":
        return unchecked_uploads(session, campaign_id, village_code=code)
    return unchecked_uploads(session, campaign_id, town_code=code)
