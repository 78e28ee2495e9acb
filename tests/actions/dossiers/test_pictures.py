"""Pictures of dossiers and visits: kept sealed, compared with all others, told to nobody in the town."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from actions.dossiers import uploads
from actions.dossiers.pictures import read_picture
from actions.review import verification, visits
from actions.review.visits import Photo, add_photos, save_draft
from records.dossiers.files import Erased
from records.dossiers.pictures import copies_of, pictures_of
from records.duties.duties import duty_with_key
from records.store import Store
from records.tables.dossiers import BlobRow, FindingRow, LikenessRow, PictureRow, UploadRow
from records.tables.review import GateRow, VisitDraftRow, VisitRow
from records.tables.upkeep import AuditRow
from records.upkeep.retention import erase_upload
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from rules.review.visits import PHOTO_MEGABYTES
from tests.actions.conftest import CAMPAIGN_ID, HandIn, decide_latest, dossier_of, judge, local
from tests.conftest import rows_of
from tests.workbooks.photos import camera, photo, with_cell_pictures
from tests.workbooks.pictures.test_pictures import png_header
from workbooks.reproducible import unzipped

VILLAGE = "331181100200"
SUBJECT = f"{CAMPAIGN_ID}/{VILLAGE}"


def pictured(store: Store, campaign: Campaign, village_code: str, pictures: Mapping[str, bytes]) -> UploadRow:
    """A dossier with pictures, handed in and accepted."""
    town = campaign.village(village_code).town_code
    done = uploads.hand_in(
        store,
        campaign_id=CAMPAIGN_ID,
        village_code=village_code,
        data=with_cell_pictures(dossier_of(village_code), pictures),
        by=f"clerk-{town}",
        now=local(campaign, 11, 2),
        host_now=local(campaign, 11, 2),
    )
    assert isinstance(done, UploadRow)
    assert judge(store, done, now=local(campaign, 11, 2, 11)) == "accepted"
    return done


def test_evidence_of_an_accepted_dossier_is_kept_where_it_stands(
    submitting: Store, campaign: Campaign
) -> None:
    upload = pictured(submitting, campaign, VILLAGE, {"G4": camera(1, taken="2020:11:01 08:00:00")})

    with submitting.reading() as session:
        [row] = pictures_of(session, upload.id)
        shown = read_picture(session, submitting, row, what="shown")
        small = read_picture(session, submitting, row, what="thumbnail")
        sealed = [blob.sealed for blob in session.query(BlobRow)]
    assert (row.ref, row.indicator, row.taken, row.trouble) == ("G4", "A1.1", "2020-11-01 08:00", "")
    assert shown is not None
    assert small is not None
    assert shown.startswith(b"\xff\xd8")
    assert len(small) < len(shown)
    assert not any(shown[:64] in one for one in sealed)


def test_upload_with_pictures_keeps_its_bytes_to_the_last(submitting: Store, campaign: Campaign) -> None:
    upload = pictured(submitting, campaign, VILLAGE, {"G4": b"not even a picture"})

    [row] = rows_of(submitting, PictureRow)
    assert (row.trouble, row.shown_blob_id) == ("not_a_picture", None)
    kept = unzipped(uploads.read_upload(submitting, upload.id)[1])
    assert kept["xl/media/wps1.jpeg"] == b"not even a picture"


def test_photo_of_another_village_is_told_to_both_sides_reviewers_and_to_no_town(
    submitting: Store, campaign: Campaign
) -> None:
    first, second = campaign.villages[0].code, campaign.villages[1].code
    theirs = pictured(submitting, campaign, first, {"G4": photo(1, (1600, 1200))})

    ours = pictured(submitting, campaign, second, {"G4": photo(1, (640, 480), quality=40), "G5": photo(2)})

    with submitting.reading() as session:
        mine, other = pictures_of(session, ours.id), pictures_of(session, theirs.id)
        ids = [row.id for row in (*mine, *other)]
        copies = {
            number: [one.village_code for one in rows] for number, rows in copies_of(session, ids).items()
        }
    assert copies == {mine[0].id: [first], other[0].id: [second]}
    assert {one.code for one in rows_of(submitting, FindingRow)} == {"picture_in_cell"}


def test_photo_that_a_village_sends_again_is_sealed_once_and_like_none(
    submitting: Store, campaign: Campaign, hand_in: HandIn, at_desk: GateRow
) -> None:
    before = len(rows_of(submitting, BlobRow))
    decide_latest(submitting, "desk_review", SUBJECT, by="reviewer-2", answer="return", reason="缺照片。")
    verification.desk_review(submitting, subject=SUBJECT, now=local(campaign, 11, 17))
    for version in (2, 3):
        data = with_cell_pictures(dossier_of(VILLAGE, version), {"G4": photo(1)})
        upload = hand_in(data=data, now=local(campaign, 11, 18))
        assert isinstance(upload, UploadRow)
        if version == 2:
            judge(submitting, upload, now=local(campaign, 11, 18, 11))
            decide_again(submitting, campaign)
    judge(submitting, upload, now=local(campaign, 11, 18, 12))

    first, second = rows_of(submitting, PictureRow)
    assert (first.shown_blob_id, first.upload_id != second.upload_id) == (second.shown_blob_id, True)
    assert len(rows_of(submitting, BlobRow)) == before + 2 + 2
    assert rows_of(submitting, LikenessRow) == []


def decide_again(store: Store, campaign: Campaign) -> None:
    verification.desk_review(store, subject=SUBJECT, now=local(campaign, 11, 18, 11))
    decide_latest(store, "desk_review", SUBJECT, by="reviewer-2", answer="return", reason="还缺一张。")
    verification.desk_review(store, subject=SUBJECT, now=local(campaign, 11, 18, 11))


# --- a visit --------------------------------------------------------------------------------------------


@pytest.fixture
def visiting(submitting: Store, at_desk: GateRow, campaign: Campaign) -> Store:
    """The visit to the first village is due."""
    decide_latest(submitting, "desk_review", SUBJECT, by="reviewer-2", answer="pass")
    assert verification.desk_review(submitting, subject=SUBJECT, now=local(campaign, 11, 17)) == "pass"
    assert verification.site_visit(submitting, subject=SUBJECT, now=local(campaign, 11, 17)) is None
    return submitting


def bring(
    store: Store, campaign: Campaign, *photos: Photo, by: str = "reviewer-3", village: str = VILLAGE
) -> Refused | int:
    return add_photos(
        store,
        campaign_id=CAMPAIGN_ID,
        village_code=village,
        by=by,
        photos=photos,
        now=local(campaign, 11, 18),
    )


def test_photos_of_a_visit_come_in_several_goes_and_belong_to_it_when_it_is_recorded(
    visiting: Store, campaign: Campaign
) -> None:
    first = bring(visiting, campaign, ("一.jpg", photo(1)), ("二.jpg", photo(2)))
    again = bring(visiting, campaign, ("二.jpg", photo(2)), ("三.jpg", photo(3)), ("三.jpg", photo(3)))
    save_draft(
        visiting, campaign_id=CAMPAIGN_ID, village_code=VILLAGE, by="reviewer-3",
        typed={"notes": "写了一半"}, now=local(campaign, 11, 18),
    )  # fmt: skip

    refused = visits.record_visit(
        visiting,
        campaign_id=CAMPAIGN_ID,
        village_code=VILLAGE,
        by="reviewer-3",
        notes="属实。",
        adjustments={},
        now=local(campaign, 11, 18),
        met={"cadres": 2},
        position="便民服务中心",
    )

    [visit] = rows_of(visiting, VisitRow)
    assert (first, again, refused, visit.met, visit.position) == (2, 1, None, {"cadres": 2}, "便民服务中心")
    assert [(row.name, row.visit_id) for row in rows_of(visiting, PictureRow)] == [
        ("一.jpg", visit.id), ("二.jpg", visit.id), ("三.jpg", visit.id)
    ]  # fmt: skip
    assert rows_of(visiting, VisitDraftRow) == []
    assert code_of(bring(visiting, campaign, ("四.jpg", photo(4)))) == "not_open"


def test_photo_of_a_visit_keeps_its_original_sealed(visiting: Store, campaign: Campaign) -> None:
    original = camera(1, taken="2020:11:18 09:30:00")

    bring(visiting, campaign, ("一.jpg", original))

    [row] = rows_of(visiting, PictureRow)
    assert (row.taken, row.original_blob_id is None) == ("2020-11-18 09:30", False)
    assert not any(original[:64] in blob.sealed for blob in rows_of(visiting, BlobRow))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"photo": b"%PDF-1.7"}, "not_a_photo"),
        ({"photo": b""}, "not_a_photo"),
        ({"photo": png_header(60_000, 60_000)}, "photo_pixels"),
        ({"photo": b"\xff" * (PHOTO_MEGABYTES * 2**20 + 1)}, "photo_too_large"),
        ({"by": "clerk-331181100"}, "wrong_role"),
        ({"by": "reviewer-1"}, "own_town"),
        ({"village": "331181100201"}, "not_open"),
    ],
)
def test_photos_brought_wrongly_are_refused_whole(
    visiting: Store, campaign: Campaign, changed: dict[str, object], code: str
) -> None:
    bad = changed.get("photo", photo(2))
    changed = {name: value for name, value in changed.items() if name != "photo"}
    before = len(rows_of(visiting, BlobRow)), len(rows_of(visiting, AuditRow))

    refused = bring(visiting, campaign, ("一.jpg", photo(1)), ("坏.jpg", bad), **changed)  # type: ignore[arg-type]

    assert code_of(refused) == code
    assert rows_of(visiting, PictureRow) == []
    assert (len(rows_of(visiting, BlobRow)), len(rows_of(visiting, AuditRow))) == before


def test_draft_of_a_visit_is_each_persons_own_and_changes_nothing_else(
    visiting: Store, campaign: Campaign
) -> None:
    for notes in ("先写一点", "又写一点"):
        refused = save_draft(
            visiting, campaign_id=CAMPAIGN_ID, village_code=VILLAGE, by="reviewer-3",
            typed={"notes": notes}, now=local(campaign, 11, 18),
        )  # fmt: skip
        assert refused is None
    stranger = save_draft(
        visiting, campaign_id=CAMPAIGN_ID, village_code=VILLAGE, by="leader-1", typed={}, now=local(campaign, 11, 18)
    )  # fmt: skip

    assert [row.typed for row in rows_of(visiting, VisitDraftRow)] == [{"notes": "又写一点"}]
    assert code_of(stranger) == "wrong_role"
    with visiting.reading() as session:
        duty = duty_with_key(session, CAMPAIGN_ID, f"visit:{VILLAGE}")
        assert duty is not None
        assert duty.state == "open"


def code_of(outcome: object) -> str:
    assert isinstance(outcome, Refused)
    return outcome.code


def test_pictures_go_with_their_dossier_when_its_time_is_over(visiting: Store, campaign: Campaign) -> None:
    bring(visiting, campaign, ("一.jpg", photo(1)))
    second = campaign.villages[1].code
    upload = pictured(visiting, campaign, second, {"G4": photo(2)})
    visits.record_visit(
        visiting, campaign_id=CAMPAIGN_ID, village_code=VILLAGE, by="reviewer-3", notes="属实。",
        adjustments={}, now=local(campaign, 11, 18),
    )  # fmt: skip

    with visiting.writing() as session:
        for one in session.query(UploadRow):
            erase_upload(session, one, at=local(campaign, 12, 31))

    with visiting.reading() as session:
        [row] = pictures_of(session, upload.id)
        with pytest.raises(Erased):
            read_picture(session, visiting, row, what="shown")
    assert {blob.sealed for blob in rows_of(visiting, BlobRow)} == {b""}
