"""Business data beside claims (notice, five, three: 查阅业务数据): imported, sealed, held against each roster."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from actions.dossiers.uploads import read_upload
from actions.lookup import campaign_of, is_entitled
from records import audit
from records.dossiers import extracts, rosters
from records.dossiers.files import erased_at
from records.review.assignments import assigned_to_village
from records.store import Session, Store, repeatable
from records.tables.campaign import VillageRow
from records.tables.dossiers import ExtractRow, UploadRow
from rules.campaign.business import BusinessSource
from rules.campaign.campaign import Campaign
from rules.dossiers.business import Extract, Held, read_extract, to_spot_check
from rules.dossiers.id_numbers import mask
from rules.dossiers.roster import counted_in
from rules.people.acts import Matter
from rules.refusals import Refused
from workbooks.confined.client import list_roster_apart, table_apart
from workbooks.confined.roster import RosterLine

NOT_YOURS = Refused(
    "not_your_business_data", "您没有导入或查看业务数据的权限：不在您的办理范围内，或须回避。"
)


@repeatable
def import_extract(
    store: Store, *, campaign_id: str, source: str, name: str, data: bytes, by: str, now: datetime
) -> ExtractRow | Refused:
    """Keep whom an extract of the bureau's business data names; the one before of the same source is deleted."""
    with store.reading() as session:
        campaign = campaign_of(session, campaign_id)
        if not is_entitled(session, "business_data.import_extract", by=by):
            return NOT_YOURS
    wanted = next((one for one in campaign.business if one.key == source), None)
    if wanted is None:
        listed = "、".join(one.key for one in campaign.business) or "无"
        return Refused("no_such_source", f"活动没有设置“{source}”这种业务数据，已设置的有：{listed}。")
    table = table_apart(data, name=name)
    read = table if isinstance(table, Refused) else read_extract(wanted, table)
    if isinstance(read, Refused):
        return read
    return _keep(store, campaign, wanted, read, sha256=hashlib.sha256(data).hexdigest(), by=by, now=now)


@repeatable
def _keep(
    store: Store,
    campaign: Campaign,
    source: BusinessSource,
    read: Extract,
    *,
    sha256: str,
    by: str,
    now: datetime,
) -> ExtractRow:
    with store.writing() as session:
        extracts.erase_older(session, campaign.id, source.key, at=now)
        row = ExtractRow(
            campaign_id=campaign.id,
            source=source.key,
            rows=len(read.numbers),
            unread=read.unread,
            sha256=sha256,
            imported_by=by,
            imported_at=now,
        )
        extracts.keep(session, store.vault, row, read.numbers)
        facts = {"source": source.title, "people": row.rows, "sha256": sha256}
        audit.note(session, at=now, actor=by, act="import_extract", subject=campaign.id, facts=facts)
    return row


@dataclass(frozen=True, slots=True)
class Behind:
    """Somebody on whom roster and extract disagree, masked."""

    row: int
    name: str
    masked: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """One number of the roster beside the business data, and who is behind the difference."""

    source: BusinessSource
    title: str
    claimed: int
    known: int
    imported_at: datetime
    only_claimed: tuple[Behind, ...]
    only_known: tuple[Behind, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """Every number that business data speaks of; ``spot_checks`` has rows by indicator."""

    numbers: tuple[Comparison, ...]
    spot_checks: Mapping[str, tuple[int, ...]]


def compare(store: Store, *, upload_id: int, by: str) -> Compared | Refused:
    """The claims of an accepted dossier beside the newest extracts."""
    with store.reading() as session:
        refused = _refuse(session, upload_id, by=by)
        if refused:
            return refused
        upload = session.get_one(UploadRow, upload_id)
        campaign = campaign_of(session, upload.campaign_id)
    lines = list_roster_apart(read_upload(store, upload_id)[1], campaign=campaign)
    titles = {one.key: one.title for one in campaign.forms.counts}
    with store.reading() as session:
        newest = extracts.newest_extracts(session, campaign.id)
        held = _held(session, store, campaign, lines, newest, upload_id=upload_id)
        rows = sorted({row for one in held for row in (*one.only_claimed, *one.only_known)})
        numbers = rosters.numbers_at(session, store.vault, upload_id, rows)
    masked = {row: mask(number) for row, number in numbers.items()}
    names = {line.number: str(line.answers.get("name", "")) for line in lines}
    behind = partial(_behind, names=names, masked=masked)
    return Compared(
        tuple(
            Comparison(
                one.source,
                titles[one.source.count],
                len(one.claimed),
                len(one.known),
                newest[one.source.key].imported_at,
                behind(one.only_claimed),
                behind(one.only_known),
            )
            for one in held
        ),
        {
            indicator: to_spot_check(held, indicator)
            for indicator in dict.fromkeys(key for one in held for key in one.source.about)
        },
    )


def _held(
    session: Session,
    store: Store,
    campaign: Campaign,
    lines: Sequence[RosterLine],
    newest: Mapping[str, ExtractRow],
    *,
    upload_id: int,
) -> list[Held]:
    """Of each source with an extract: who is claimed by the roster, and who the extract knows."""
    counts = {one.key: one for one in campaign.forms.counts}
    people = rosters.lookups_of(session, upload_id)
    return [
        Held(
            source,
            frozenset(
                line.number
                for line in lines
                if counted_in(campaign.forms, line.answers, counts[source.count])
            ),
            _rows_known(people, extracts.lookups_in(session, store.vault, newest[source.key])),
        )
        for source in campaign.business
        if source.key in newest
    ]


def _behind(
    rows: tuple[int, ...], *, names: Mapping[int, str], masked: Mapping[int, str]
) -> tuple[Behind, ...]:
    return tuple(Behind(row, names.get(row, ""), masked.get(row, "")) for row in rows)


def _rows_known(people: Mapping[int, str], lookups: frozenset[str]) -> frozenset[int]:
    return frozenset(row for row, lookup in people.items() if lookup in lookups)


def _refuse(session: Session, upload_id: int, *, by: str) -> Refused | None:
    upload = session.get(UploadRow, upload_id)
    if upload is None or not rosters.has_people(session, upload_id):
        return Refused("no_roster", "这一版材料没有校验通过，没有花名册可看。请查看校验通过的版本。")
    village = session.get_one(VillageRow, (upload.campaign_id, upload.village_code))
    asked = assigned_to_village(session, upload.campaign_id, upload.village_code)
    matter = Matter(village.town_code, asked)
    if not is_entitled(session, "business_data.compare", by=by, matter=matter):
        return NOT_YOURS
    if erased_at(session, upload.blob_id) is not None:
        return Refused("erased", "材料原件已按保存期限删除，不能再对照业务数据。")
    return None
