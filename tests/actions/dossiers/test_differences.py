"""Versions of a village's dossier held against each other, and what came since somebody looked."""

from __future__ import annotations

import pytest

from actions.dossiers import differences
from records.store import Store
from records.tables.dossiers import UploadRow
from rules.campaign.campaign import Campaign
from rules.dossiers.differences import Difference
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, HandIn, dossier_of, judge, local


@pytest.fixture
def two(submitting: Store, hand_in: HandIn, campaign: Campaign) -> list[UploadRow]:
    """A returned first version and an accepted second one."""
    code = campaign.villages[0].code
    made = []
    for data in (dossier_of(code, plot="mistakes"), dossier_of(code, 2)):
        upload = hand_in(data=data)
        assert isinstance(upload, UploadRow)
        judge(submitting, upload, now=local(campaign, 11, 2, 11))
        made.append(upload)
    return made


def test_versions_are_compared_from_the_stored_bytes(
    submitting: Store, two: list[UploadRow], campaign: Campaign
) -> None:
    found = differences.compare_versions(
        submitting, campaign_id=CAMPAIGN_ID, village_code=campaign.villages[0].code, before=1, after=2
    )

    assert isinstance(found, Difference)
    titles = {cell.title for row in found.roster.rows_changed for cell in row.cells}
    assert {"身份证号", "文化程度", "培训就业意愿"} <= titles
    assert [cell.title for form in found.forms for cell in form.cells] == ["就业人数"]


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [(1, 3, "no_such_version"), (0, 1, "no_such_version"), (2, 2, "same_version")],
)
def test_versions_that_are_not_there_or_the_same_are_refused(
    submitting: Store, two: list[UploadRow], campaign: Campaign, before: int, after: int, code: str
) -> None:
    village = campaign.villages[0].code
    found = differences.compare_versions(
        submitting, campaign_id=CAMPAIGN_ID, village_code=village, before=before, after=after
    )

    assert isinstance(found, Refused)
    assert found.code == code


def test_versions_of_no_village_are_refused(submitting: Store) -> None:
    found = differences.compare_versions(
        submitting, campaign_id=CAMPAIGN_ID, village_code="331181999999", before=1, after=2
    )

    assert isinstance(found, Refused)


def test_version_before_is_the_last_that_had_passed(submitting: Store, two: list[UploadRow]) -> None:
    with submitting.reading() as session:
        first, second = (session.get_one(UploadRow, one.id) for one in two)
        assert differences.version_before(session, first) is None
        assert differences.version_before(session, second) == 1


def test_newer_content_is_named_with_what_was_seen(submitting: Store, two: list[UploadRow]) -> None:
    with submitting.reading() as session:
        first, second = (session.get_one(UploadRow, one.id) for one in two)

        assert differences.versions_since(session, second, seen_hash=first.sha256) == (1, 2)
        assert differences.versions_since(session, first, seen_hash="?") == (1, 2)
        assert differences.versions_since(session, second, seen_hash=second.sha256) is None
