"""A roster is listed masked; one number is shown by a right, for a reason, and noted without itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from actions.dossiers import roster
from actions.dossiers.roster import MOST_A_DAY, PAGE, RosterPage
from actions.dossiers.uploads import read_upload
from records.dossiers import files
from records.people.people import with_role
from records.store import Store
from records.tables.dossiers import UploadRow
from records.tables.review import GateRow
from records.tables.upkeep import AuditRow
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from tests.actions.conftest import HandIn, local
from tests.conftest import rows_of
from workbooks.confined.roster import list_roster

HOST_NOW = datetime(2020, 11, 16, tzinfo=UTC)


def unmask(store: Store, campaign: Campaign, **changed: object) -> str | Refused:
    usual: dict[str, object] = {
        "upload_id": 1,
        "row": 4,
        "by": "coordinator-1",
        "reason": "与社保数据核对",
        "now": local(campaign, 11, 16),
        "host_now": HOST_NOW,
    }
    return roster.unmask(store, **{**usual, **changed})  # type: ignore[arg-type]


def numbers(store: Store, campaign: Campaign) -> dict[int, str]:
    lines = list_roster(read_upload(store, 1)[1], campaign=campaign)
    return {line.number: str(line.answers["id_number"]) for line in lines}


def test_roster_is_listed_masked_page_by_page(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    whole = numbers(submitting, campaign)

    pages = [
        roster.list_people(submitting, upload_id=1, by="coordinator-1", page=page) for page in (1, 2, 99)
    ]

    assert all(isinstance(page, RosterPage) for page in pages)
    first, second, beyond = (page for page in pages if isinstance(page, RosterPage))
    assert beyond == second
    assert {one.row: one.masked for one in (*first.people, *second.people)} == {
        row: "*" * 16 + number[-2:] for row, number in whole.items()
    }
    assert (len(first.people), first.pages, first.count) == (PAGE, 2, len(whole))
    assert all(one.name for one in first.people)


def test_number_unmasked_is_the_rows_and_its_note_holds_who_why_and_where_but_not_the_number(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    whole = numbers(submitting, campaign)

    number = unmask(submitting, campaign, row=7, reason=f"核对 {whole[7]}")

    note = rows_of(submitting, AuditRow)[-1]
    assert number == whole[7]
    assert (note.act, note.actor, note.subject) == (
        "unmask", "coordinator-1", f"{campaign.id}/{campaign.villages[0].code}",
    )  # fmt: skip
    facts = json.loads(note.facts)
    assert (facts["row"], facts["version"], facts["reason"]) == (7, 1, f"核对 {'*' * 16}{whole[7][-2:]}")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"reason": "  "}, "no_reason_to_unmask"),
        ({"row": 1}, "no_such_row"),
        ({"by": "clerk-331181100"}, "not_your_roster"),
        ({"by": "auditor-1"}, "not_your_roster"),
        ({"by": "nobody"}, "not_your_roster"),
        ({"upload_id": 99}, "not_your_roster"),
    ],
)
def test_number_without_right_reason_or_row_is_refused_and_nothing_noted(
    submitting: Store, at_desk: GateRow, campaign: Campaign, changed: dict[str, object], code: str
) -> None:
    before = len(rows_of(submitting, AuditRow))

    refused = unmask(submitting, campaign, **changed)

    assert isinstance(refused, Refused)
    assert (refused.code, len(rows_of(submitting, AuditRow))) == (code, before)


def test_only_the_reviewers_who_were_asked_see_the_roster(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    with submitting.reading() as session:
        reviewers = [one.id for one in with_role(session, "reviewer")]

    shown = {one for one in reviewers if isinstance(unmask(submitting, campaign, by=one), str)}

    assert 1 <= len(shown) < len(reviewers)
    for one in reviewers:
        listed = roster.list_people(submitting, upload_id=1, by=one, page=1)
        assert isinstance(listed, RosterPage) is (one in shown)


def test_numbers_beyond_the_days_limit_are_refused_until_the_next_day(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    for _ in range(MOST_A_DAY):
        assert isinstance(unmask(submitting, campaign), str)

    refused = unmask(submitting, campaign)

    assert isinstance(refused, Refused)
    assert refused.code == "too_many_unmasked"
    assert isinstance(unmask(submitting, campaign, host_now=HOST_NOW + timedelta(days=1)), str)


def test_roster_that_was_not_accepted_or_was_erased_is_refused(
    submitting: Store, hand_in: HandIn, campaign: Campaign
) -> None:
    upload = hand_in()
    assert isinstance(upload, UploadRow)
    unchecked = roster.list_people(submitting, upload_id=upload.id, by="coordinator-1", page=1)
    with submitting.writing() as session:
        files.erase(session, upload.blob_id, at=local(campaign, 11, 3))

    erased = roster.list_people(submitting, upload_id=upload.id, by="coordinator-1", page=1)

    assert isinstance(unchecked, Refused)
    assert isinstance(erased, Refused)
    assert (unchecked.code, erased.code) == ("no_roster", "erased")
