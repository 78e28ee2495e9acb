"""Business data beside claims: imported sealed, matched by keyed hash, shown masked, deleted by retention."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from sqlalchemy import select

from actions.overview.business_data import Compared, compare, import_extract
from actions.upkeep.retention import erase_outlived
from records.dossiers import rosters
from records.dossiers.extracts import newest_extracts
from records.store import Store
from records.tables.dossiers import BlobRow, ExtractRow, UploadRow
from records.tables.review import GateRow
from records.tables.upkeep import AuditRow
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, close_campaign, local
from tests.conftest import rows_of

COORDINATOR = "coordinator-1"


def numbers(store: Store, upload_id: int) -> dict[int, str]:
    with store.reading() as session:
        rows = list(rosters.lookups_of(session, upload_id))
        return rosters.numbers_at(session, store.vault, upload_id, rows)


def brought(
    store: Store, campaign: Campaign, lines: list[list[str]], **changed: object
) -> ExtractRow | Refused:
    text = "\n".join(",".join(line) for line in lines)
    usual: dict[str, object] = {
        "campaign_id": CAMPAIGN_ID, "source": "insurance", "name": "参保.csv", "data": text.encode("gb18030"),
        "by": COORDINATOR, "now": local(campaign, 11, 16),
    }  # fmt: skip
    return import_extract(store, **{**usual, **changed})  # type: ignore[arg-type]


def held(store: Store, gate: GateRow, by: str = COORDINATOR) -> Compared:
    found = compare(store, upload_id=gate.upload_id or 0, by=by)
    assert isinstance(found, Compared), found
    return found


def test_each_number_shows_claim_data_difference_and_who_is_behind_it(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    known = numbers(submitting, at_desk.upload_id or 0)
    everybody = [["姓名", "身份证号", "参保状态"], *(["某", number, "正常参保"] for number in known.values())]
    made = brought(submitting, campaign, everybody)
    assert isinstance(made, ExtractRow)

    [one] = held(submitting, at_desk).numbers

    assert (made.rows, made.unread, one.known, one.only_claimed) == (len(known), 0, len(known), ())
    assert one.claimed + len(one.only_known) == len(known)
    assert all(behind.name and behind.masked.startswith("*" * 16) for behind in one.only_known)
    assert held(submitting, at_desk).spot_checks == {"B1.3": tuple(behind.row for behind in one.only_known)}
    assert not any(number in repr(held(submitting, at_desk)) for number in known.values())


def test_workbook_is_read_and_replaces_the_extract_before_it(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    brought(submitting, campaign, [["身份证号", "参保状态"]])
    book, known = openpyxl.Workbook(), numbers(submitting, at_desk.upload_id or 0)
    for line in [["身份证号", "参保状态"], [next(iter(known.values())), "参保缴费"]]:
        book.active.append(line)  # type: ignore[union-attr]
    written = BytesIO()
    book.save(written)

    done = brought(submitting, campaign, [], name="参保.xlsx", data=written.getvalue())

    assert isinstance(done, ExtractRow)
    with submitting.reading() as session:
        first, second = session.scalars(select(ExtractRow).order_by(ExtractRow.id)).all()
        blobs = [session.get_one(BlobRow, row.blob_id) for row in (first, second)]
        assert [blob.erased_at is None for blob in blobs] == [False, True]
        assert not any(number.encode() in blobs[1].sealed for number in known.values())
    assert held(submitting, at_desk).numbers[0].known == 1


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"by": "clerk-331181100"}, "not_your_business_data"),
        ({"source": "weather"}, "no_such_source"),
        ({"data": "姓名\n甲".encode()}, "no_id_column"),
        ({"data": b"\xff\xff\xff"}, "not_a_table"),
        ({"name": "a.xlsx", "data": b"no workbook"}, "not_a_workbook"),
    ],
)
def test_what_cannot_be_held_against_anything_is_refused(
    submitting: Store, campaign: Campaign, changed: dict[str, object], code: str
) -> None:
    refused = brought(submitting, campaign, [["身份证号"]], **changed)

    assert isinstance(refused, Refused)
    assert refused.code == code
    assert rows_of(submitting, ExtractRow) == []


def test_town_and_reviewer_of_another_village_see_none_of_it(submitting: Store, at_desk: GateRow) -> None:
    for by in ("clerk-331181100", "reviewer-6", "leader-1"):
        refused = compare(submitting, upload_id=at_desk.upload_id or 0, by=by)
        assert isinstance(refused, Refused)
        assert refused.code == "not_your_business_data"


def test_business_data_goes_with_the_rosters_when_their_time_is_over(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    brought(
        submitting,
        campaign,
        [["身份证号", "参保状态"], *([one, "在保"] for one in numbers(submitting, 1).values())],
    )
    close_campaign(submitting, now=local(campaign, 12, 31))

    erase_outlived(submitting, by="operator", now=local(campaign, 12, 31) + timedelta(days=365 * 4))

    with submitting.reading() as session:
        assert newest_extracts(session, CAMPAIGN_ID) == {}
        assert {
            blob.sealed for blob in session.scalars(select(BlobRow)) if blob.about.startswith("extract")
        } == {b""}
    assert "erase_extracts" in [row.act for row in rows_of(submitting, AuditRow)]
    assert rows_of(submitting, UploadRow)
