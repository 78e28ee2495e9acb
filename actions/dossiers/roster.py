"""The people of an accepted roster: listed masked, and one number shown in full by a right and for a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from actions.dossiers.originals import refuse_erased
from actions.dossiers.uploads import read_upload
from actions.lookup import campaign_of
from actions.steps import subject_of
from records import audit
from records.dossiers import files, rosters
from records.people import accounts, people
from records.review.assignments import assigned_to_village
from records.store import Session, Store, repeatable
from records.tables.campaign import VillageRow
from records.tables.dossiers import UploadRow
from records.tables.people import PersonRow
from rules.dossiers.checks.findings import shown
from rules.dossiers.id_numbers import mask
from rules.dossiers.roster import counted_in
from rules.people.rights import Place, may
from rules.refusals import Refused
from rules.signs import says_nothing
from workbooks.confined.client import list_roster_apart

PAGE = 30
"""People on a page."""
A_DAY = timedelta(days=1)
MOST_A_DAY = 60
"""Numbers that one person may see in full within a day: a check needs a few, copying a roster needs all."""

NOT_YOURS = Refused("not_your_roster", "您没有查看这份花名册的权限：不在您的办理范围内，或须回避。")
NO_ROSTER = Refused("no_roster", "这一版材料没有校验通过，没有花名册可看。请查看校验通过的版本。")
NO_ROW = Refused("no_such_row", "花名册里没有这一行，请核对行号。")
NO_REASON = Refused("no_reason_to_unmask", "请写明查看完整身份证号的理由，查看会记入审计日志。")
TOO_MANY = Refused("too_many_unmasked", f"一天内最多查看{MOST_A_DAY}个完整号码，今天已到上限。请明天再查。")


@dataclass(frozen=True, slots=True)
class Listed:
    """A person as the list shows one: the row in Excel, the name, the number masked."""

    row: int
    name: str
    masked: str


@dataclass(frozen=True, slots=True)
class RosterPage:
    """One page of a roster's people, and how many people and pages there are."""

    people: tuple[Listed, ...]
    page: int
    pages: int
    count: int
    title: str = ""
    """What the people listed are counted as; empty for everybody."""


def list_people(store: Store, *, upload_id: int, by: str, page: int, count: str = "") -> RosterPage | Refused:
    """A page of the roster, masked, of all people or of those in a ``count`` of the forms; a page that is not
    there becomes the nearest."""
    with store.reading() as session:
        refused = _refuse(session, upload_id, by=by, right="roster.read")
        if refused:
            return refused
        campaign = campaign_of(session, session.get_one(UploadRow, upload_id).campaign_id)
    lines = list_roster_apart(read_upload(store, upload_id)[1], campaign=campaign)
    wanted = next((one for one in campaign.forms.counts if one.key == count), None)
    if wanted is not None:
        lines = [line for line in lines if counted_in(campaign.forms, line.answers, wanted)]
    pages = max(1, -(-len(lines) // PAGE))
    page = min(max(1, page), pages)
    here = lines[(page - 1) * PAGE : page * PAGE]
    with store.reading() as session:
        numbers = rosters.numbers_at(session, store.vault, upload_id, [line.number for line in here])
    listed = (
        Listed(line.number, str(line.answers.get("name", "")), mask(numbers.get(line.number, "")))
        for line in here
    )
    title = wanted.title if wanted else ""
    return RosterPage(tuple(listed), page, pages, len(lines), title)


@repeatable
def unmask(
    store: Store, *, upload_id: int, row: int, by: str, reason: str, now: datetime, host_now: datetime
) -> str | Refused:
    """The ID number in one row; who saw it and why is noted first, the number is not."""
    with store.writing() as session:
        refused = _refuse(session, upload_id, by=by, right="roster.unmask")
        if refused or says_nothing(reason):
            return refused or NO_REASON
        if accounts.count_try(session, f"unmask:{by}", window=A_DAY, host_now=host_now) > MOST_A_DAY:
            return TOO_MANY
        number = rosters.numbers_at(session, store.vault, upload_id, [row]).get(row)
        if number is None:
            return NO_ROW
        upload = session.get_one(UploadRow, upload_id)
        subject = subject_of(upload.campaign_id, upload.village_code)
        facts = {"version": upload.version, "row": row, "reason": shown(reason.strip())}
        audit.note(session, at=now, actor=by, act="unmask", subject=subject, facts=facts)
    return number


def _refuse(session: Session, upload_id: int, *, by: str, right: str) -> Refused | None:
    upload, person = session.get(UploadRow, upload_id), session.get(PersonRow, by)
    if upload is None or person is None or not person.active:
        return NOT_YOURS
    village = session.get_one(VillageRow, (upload.campaign_id, upload.village_code))
    assigned = assigned_to_village(session, upload.campaign_id, upload.village_code)
    if not may(right, people.as_rule(person), Place(village.town_code, assigned)):
        return NOT_YOURS
    gone = files.erased_at(session, upload.blob_id)
    if gone is not None:
        return refuse_erased(gone.astimezone(campaign_of(session, upload.campaign_id).zone))
    return None if rosters.has_people(session, upload_id) else NO_ROSTER
