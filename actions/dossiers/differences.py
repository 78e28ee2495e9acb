"""Two versions of a village's dossier held against each other, from the bytes as they were stored."""

from __future__ import annotations

from actions.dossiers.uploads import read_upload
from actions.lookup import campaign_of
from records.dossiers.files import erased_among
from records.dossiers.uploads import uploads_before, uploads_of
from records.store import Session, Store
from records.tables.campaign import VillageRow
from records.tables.dossiers import UploadRow
from rules.campaign.campaign import Campaign
from rules.dossiers.differences import Difference
from rules.refusals import Refused
from workbooks.confined.client import compare_apart


def compare_versions(
    store: Store, *, campaign_id: str, village_code: str, before: int, after: int
) -> Difference | Refused:
    """What changed from version ``before`` to version ``after``; no identity number is told."""
    with store.reading() as session:
        campaign = campaign_of(session, campaign_id)
        village = session.get(VillageRow, (campaign_id, village_code))
        uploads = {one.version: one for one in uploads_of(session, village)} if village else {}
        gone = erased_among(session, (one.blob_id for one in uploads.values()))
    known = {version: one.id for version, one in uploads.items()}
    missing = [number for number in (before, after) if number not in known]
    if missing:
        listed = "、".join(map(str, known)) or "无"
        return Refused("no_such_version", f"没有第{missing[0]}版材料，请核对版本号。已有版本：{listed}。")
    if before == after:
        return Refused("same_version", "请选择两个不同的版本进行比较。")
    if gone & {uploads[before].blob_id, uploads[after].blob_id}:
        return Refused("erased", "这两版中有材料原件已按保存期限删除，无法比较。")
    return _compare(store, campaign, known[before], known[after])


def _compare(store: Store, campaign: Campaign, before: int, after: int) -> Difference | Refused:
    old, new = (read_upload(store, upload_id)[1] for upload_id in (before, after))
    return compare(old, new, campaign=campaign)


def compare(before: bytes, after: bytes, *, campaign: Campaign) -> Difference | Refused:
    """The same for bytes that nobody has handed in."""
    return compare_apart(before, after, campaign=campaign)


def version_before(session: Session, upload: UploadRow) -> int | None:
    """The version that this one replaced: the newest earlier one that had passed its checks, else the newest."""
    earlier = uploads_before(session, upload)
    passed = [one for one in earlier if one.rows] or earlier
    return passed[-1].version if passed else None


def versions_since(session: Session, upload: UploadRow, *, seen_hash: str) -> tuple[int, int] | None:
    """(the version that somebody saw, the newest accepted one) when another has come; else None."""
    village = session.get_one(VillageRow, (upload.campaign_id, upload.village_code))
    uploads = uploads_of(session, village)
    seen = next((one for one in uploads if one.sha256 == seen_hash), upload)
    newest = next((one for one in reversed(uploads) if one.state == "accepted"), seen)
    return (seen.version, newest.version) if newest.id != seen.id else None
