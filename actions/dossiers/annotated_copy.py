"""Handing a dossier back with its findings marked: the same right and the same audit entry as for the original."""

from __future__ import annotations

from datetime import datetime

from actions.dossiers.originals import let_go, note_opening
from actions.dossiers.progress import follow_up
from actions.dossiers.uploads import read_upload
from actions.lookup import campaign_of
from records.dossiers.findings import as_rule, findings_of
from records.store import Store
from records.tables.dossiers import UploadRow
from rules.dossiers.checks.annotation import Annotation, annotation
from rules.refusals import Refused
from workbooks.confined.client import annotate_apart

NOT_CHECKED = Refused("not_checked", "这一版还在校验，稍后才能下载标注副本。")


def annotated_copy(
    store: Store, *, upload_id: int, by: str, reason: str, scanner: str, now: datetime, host_now: datetime
) -> bytes | Refused:
    """The town's own file with everything that was found in it; it holds all ID numbers, so this is noted first."""
    told = _told(store, upload_id)
    if isinstance(told, Refused):
        return told
    refused = note_opening(
        store, upload_id=upload_id, by=by, reason=reason, now=now, host_now=host_now, annotated=True
    )
    made = refused or annotate_apart(read_upload(store, upload_id)[1], told)
    if isinstance(made, Refused):
        return made
    return let_go(store, made, upload_id=upload_id, by=by, scanner=scanner, now=now)


def _told(store: Store, upload_id: int) -> Annotation | Refused:
    with store.reading() as session:
        upload = session.get_one(UploadRow, upload_id)
        if upload.checked_at is None:
            return NOT_CHECKED
        campaign = campaign_of(session, upload.campaign_id)
        village = campaign.village(upload.village_code)
        findings = [as_rule(one) for one in findings_of(session, upload_id)]
        since = follow_up(session, upload, findings)
        title = f"{campaign.town(village.town_code).name}{village.name}申报材料第{upload.version}版 问题清单"
        return annotation(
            findings,
            title=title,
            compared=since.progress if since else None,
            earlier=since.earlier if since else 0,
        )
