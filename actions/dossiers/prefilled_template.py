"""A template with last year's accepted roster in it, ID numbers masked; and the numbers that come back with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from actions.dossiers.originals import NOT_YOURS, refuse_erased
from actions.dossiers.uploads import read_upload
from actions.lookup import campaign_of, every_configuration, is_entitled
from actions.steps import subject_of
from records import audit
from records.dossiers import files, rosters
from records.dossiers.uploads import accepted_of
from records.store import Session, Store, repeatable
from records.tables.dossiers import UploadRow
from rules.campaign.campaign import Campaign, Village
from rules.dossiers.prefill import Earlier, place_of, prefilled_rows
from rules.people.acts import Matter
from rules.refusals import Refused
from workbooks.confined.client import list_roster_apart
from workbooks.template.template import make_template

NOTHING = Refused("no_earlier_roster", "没有这个社区(村)往年校验通过的花名册，无法预填。请下载空白模板填写。")
UNREADABLE = Refused("earlier_unreadable", "往年的花名册无法读取，不能预填。请下载空白模板填写。")


@repeatable
def prefilled_template(
    store: Store, *, campaign_id: str, village_code: str, by: str, now: datetime
) -> bytes | Refused:
    """The village's template with its newest accepted roster, or those of the villages merged into it."""
    with store.reading() as session:
        campaign = campaign_of(session, campaign_id)
        place = Matter(campaign.village(village_code).town_code)
        if not is_entitled(session, "prefilled_template.prefilled_template", by=by, matter=place):
            return NOT_YOURS
        newest = newest_rosters(session, campaign.village(village_code))
        gone = [at for one in newest if (at := files.erased_at(session, one.blob_id))]
    if not newest:
        return NOTHING
    if gone:
        return refuse_erased(gone[0].astimezone(campaign.zone))
    people = [person for upload in newest for person in _people_of(store, upload)]
    if not people:
        return UNREADABLE
    with store.writing() as session:
        from_ = "、".join(f"{one.campaign_id} 第{one.version}版" for one in newest)
        facts = {"rosters": from_, "people": len(people)}
        subject = subject_of(campaign_id, village_code)
        audit.note(session, at=now, actor=by, act="prefill", subject=subject, facts=facts)
    return make_template(campaign, village_code, roster=prefilled_rows(campaign, people))


def newest_rosters(session: Session, village: Village) -> list[UploadRow]:
    """The village's own newest accepted dossier; without one, the newest of each code it had before."""
    accepted = accepted_of(session, _codes_of(session, village))
    by_code = {upload.village_code: upload for upload in reversed(accepted)}
    own = by_code.get(village.code)
    return [own] if own else sorted(by_code.values(), key=lambda upload: upload.village_code)


def _codes_of(session: Session, village: Village) -> frozenset[str]:
    """The village's code and those it had, also where an earlier campaign knew it by one of its aliases."""
    names = {village.name, *village.aliases}
    earlier = (one for campaign in every_configuration(session) for one in campaign.villages)
    alias = {
        one.code
        for one in earlier
        if one.town_code == village.town_code and not names.isdisjoint((one.name, *one.aliases))
    }
    return village.codes | alias


def _people_of(store: Store, upload: UploadRow) -> list[Earlier]:
    with store.reading() as session:
        campaign = campaign_of(session, upload.campaign_id)
    lines = list_roster_apart(read_upload(store, upload.id)[1], campaign=campaign)
    with store.reading() as session:
        rows = [line.number for line in lines]
        numbers = rosters.numbers_at(session, store.vault, upload.id, rows)
    return [
        Earlier(place_of(upload.id, line.number), numbers[line.number], line.answers)
        for line in lines
        if line.number in numbers
    ]


def earlier_numbers(
    store: Store, campaign: Campaign, village_code: str, places: Sequence[str]
) -> Mapping[str, str]:
    """The ID numbers at these places, as far as they are this village's own; by place."""
    wanted: dict[int, list[int]] = {}
    for place in places:
        whose, _, row = place.partition(".")
        if _is_number(whose) and _is_number(row):
            wanted.setdefault(int(whose), []).append(int(row))
    with store.reading() as session:
        codes = _codes_of(session, campaign.village(village_code))
        return {
            place_of(upload_id, row): number
            for upload_id, rows in wanted.items()
            if (upload := session.get(UploadRow, upload_id)) is not None and upload.village_code in codes
            for row, number in rosters.numbers_at(session, store.vault, upload_id, rows).items()
        }


def _is_number(text: str) -> bool:
    """Few enough digits for every database's numbers."""
    return text.isascii() and text.isdecimal() and len(text) < 10
