"""Handing in: what is refused, what is late, and that nothing is lost."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from actions.dossiers import uploads
from actions.duties import duties
from actions.people.login import TOO_OFTEN
from records.duties.duties import open_duties
from records.people.accounts import count_try
from records.store import Store
from records.tables.campaign import StageRow, VillageRow
from records.tables.dossiers import RosterPersonRow, UploadRow
from records.tables.messages import OutboxRow
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, HandIn, dossier_of, judge, local
from tests.conftest import rows_of


def test_dossier_handed_in_is_kept_as_it_came(submitting: Store, hand_in: HandIn, campaign: Campaign) -> None:
    upload = hand_in()

    assert isinstance(upload, UploadRow)
    assert (upload.version, upload.state, upload.late) == (1, "received", False)
    assert uploads.read_upload(submitting, upload.id)[1] == dossier_of(campaign.villages[0].code)


def test_dossier_good_is_accepted_counted_and_confirmed(
    submitting: Store, hand_in: HandIn, campaign: Campaign
) -> None:
    upload = hand_in()
    assert isinstance(upload, UploadRow)

    state = judge(submitting, upload, now=local(campaign, 11, 2, 11))

    with submitting.reading() as session:
        stored = session.get_one(UploadRow, upload.id)
        people = session.scalars(select(RosterPersonRow).where(RosterPersonRow.upload_id == upload.id)).all()
        templates = set(session.scalars(select(OutboxRow.template)))
        village = session.get_one(VillageRow, (CAMPAIGN_ID, upload.village_code))
    assert (state, stored.state, village.state) == ("accepted", "accepted", "submitted")
    assert len(people) == stored.rows >= 40
    assert {"dossier_received", "dossier_accepted"} <= templates


def test_dossier_with_mistakes_is_returned_with_each_of_them(
    submitting: Store, hand_in: HandIn, campaign: Campaign
) -> None:
    upload = hand_in(data=dossier_of(campaign.villages[0].code, plot="mistakes"))
    assert isinstance(upload, UploadRow)

    state = judge(submitting, upload, now=local(campaign, 11, 2, 11))

    with submitting.reading() as session:
        message = session.scalars(select(OutboxRow).where(OutboxRow.template == "dossier_findings")).one()
        still = open_duties(session, CAMPAIGN_ID, kind="dossier", village_code=upload.village_code)
    assert state == "returned"
    assert len(message.facts["findings"]) >= 3
    assert len(still) == 1


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"village_code": "331181999200"}, "no_such_village"),
        ({"by": "clerk-331181103"}, "not_your_town"),
        ({"by": "reviewer-1"}, "not_your_town"),
        ({"by": "nobody"}, "not_your_town"),
    ],
)
def test_dossier_of_the_wrong_hand_is_refused(hand_in: HandIn, changed: dict[str, object], code: str) -> None:
    refused = hand_in(**changed)

    assert isinstance(refused, Refused)
    assert refused.code == code


def test_file_that_is_no_workbook_is_refused_and_kept_nowhere(submitting: Store, hand_in: HandIn) -> None:
    refused = hand_in(data=b"no workbook")

    assert isinstance(refused, Refused)
    assert rows_of(submitting, UploadRow) == []


def test_town_that_has_sent_too_much_in_a_day_is_refused_until_the_next(
    submitting: Store, hand_in: HandIn, campaign: Campaign
) -> None:
    village, host_now = campaign.villages[0], local(campaign, 11, 2)
    with submitting.writing() as session:
        for _ in range(uploads.MOST_UPLOADS):
            count_try(session, f"uploads:{village.town_code}", window=uploads.A_DAY, host_now=host_now)

    refused = hand_in(host_now=host_now)
    taken = hand_in(host_now=host_now + uploads.A_DAY + timedelta(seconds=1))

    assert refused == TOO_OFTEN
    assert isinstance(taken, UploadRow)


def test_dossier_identical_to_an_earlier_version_is_refused(hand_in: HandIn) -> None:
    hand_in()
    refused = hand_in()

    assert isinstance(refused, Refused)
    assert refused.code == "identical"


def test_dossier_on_the_due_day_is_on_time_and_the_day_after_late(
    hand_in: HandIn, campaign: Campaign
) -> None:
    code = campaign.villages[0].code
    last = hand_in(now=campaign.end_of(campaign.stage("submission").due))
    late = hand_in(data=dossier_of(code, 2), now=local(campaign, 11, 16))

    assert isinstance(last, UploadRow)
    assert isinstance(late, UploadRow)
    assert (last.late, late.late) == (False, True)


def test_dossier_after_the_lock_date_is_refused_until_extended(
    submitting: Store, hand_in: HandIn, campaign: Campaign
) -> None:
    with submitting.reading() as session:
        lock_at = session.get_one(StageRow, (CAMPAIGN_ID, "submission")).lock_at
    assert lock_at == campaign.end_of(date(2020, 11, 18))
    locked = lock_at + timedelta(seconds=1)
    refused = hand_in(now=locked)
    assert isinstance(refused, Refused)
    with submitting.reading() as session:
        duty = open_duties(session, CAMPAIGN_ID, kind="dossier", village_code=campaign.villages[0].code)[0]

    extended = duties.extend(
        submitting,
        duty_id=duty.id,
        by="coordinator-1",
        due_at=locked + timedelta(days=2),
        lock_at=locked + timedelta(days=2),
        reason="台风停电两天",
        now=locked,
    )

    assert (refused.code, extended) == ("locked", None)
    assert isinstance(hand_in(now=locked + timedelta(hours=1)), UploadRow)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"by": "clerk-331181100"}, "not_coordinator"),
        ({"reason": " "}, "no_reason"),
        ({"days": -30}, "not_later"),
    ],
)
def test_extension_without_right_reason_or_future_is_refused(
    submitting: Store, campaign: Campaign, changed: dict[str, object], code: str
) -> None:
    with submitting.reading() as session:
        duty = open_duties(session, CAMPAIGN_ID, kind="dossier")[0]
    usual: dict[str, object] = {"by": "coordinator-1", "reason": "停电", "days": 2}
    given = {**usual, **changed}

    refused = duties.extend(
        submitting,
        duty_id=duty.id,
        by=str(given["by"]),
        due_at=duty.due_at + timedelta(days=int(str(given["days"]))),
        lock_at=None,
        reason=str(given["reason"]),
        now=local(campaign, 11, 2),
    )

    assert isinstance(refused, Refused)
    assert refused.code == code
