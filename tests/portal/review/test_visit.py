"""The visit's form on a telephone: photos in several goes, what was typed kept, wrong files answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from actions.review import verification
from portal.web.rendering import SAID
from portal.web.security import VISIT_BYTES
from records.duties.duties import duty_with_key
from records.tables.dossiers import PictureRow
from records.tables.review import GateRow, VisitDraftRow, VisitRow
from rules.campaign.campaign import Campaign
from rules.review.visits import PHOTO_MEGABYTES, PHOTOS_AT_ONCE
from tests.actions.conftest import CAMPAIGN_ID, decide_latest, local
from tests.conftest import rows_of
from tests.portal.conftest import Browser, Portal
from tests.workbooks.photos import photo
from tests.workbooks.pictures.test_pictures import png_header

At = Callable[[int, int], None]


@pytest.fixture
def village(campaign: Campaign) -> str:
    return campaign.villages[0].code


@pytest.fixture
def path(village: str) -> str:
    return f"/campaigns/{CAMPAIGN_ID}/villages/{village}/visit"


@pytest.fixture
def visitor(portal: Portal, at_desk: GateRow, campaign: Campaign, village: str, at: At, path: str) -> Browser:
    """The reviewer who has to see the first village, at the form on 17 November."""
    at(11, 17)
    subject = f"{CAMPAIGN_ID}/{village}"
    decide_latest(portal.store, "desk_review", subject, by="reviewer-2", answer="pass")
    verification.site_visit(portal.store, subject=subject, now=local(campaign, 11, 17))
    with portal.store.reading() as session:
        duty = duty_with_key(session, CAMPAIGN_ID, f"visit:{village}")
        assert duty is not None
    browser = portal.as_(duty.person_id)
    browser.look(path)
    return browser


def send(
    browser: Browser, path: str, data: dict[str, Any], *photos: tuple[str, bytes], field: str = "album"
) -> httpx.Response:
    files = [(field, (name, body, "image/jpeg")) for name, body in photos]
    return browser.fill_in(path, data, files=files or [("album", ("", b"", "application/octet-stream"))])


def test_visit_is_recorded_from_its_form(portal: Portal, visitor: Browser, path: str) -> None:
    assert path in visitor.look("/")
    visitor.look(path)
    silent = send(visitor, path, {"fact:B1.1/2": "0", "met:cadres": "2"})
    assert (silent.status_code, "请写明现场核查情况" in silent.text) == (422, True)
    assert 'name="met:cadres" value="2"' in silent.text

    done = send(
        visitor,
        path,
        {"fact:B1.1/2": "0", "met:cadres": "2", "position": "便民服务中心", "notes": "服务窗口没有场地"},
        ("门口.jpg", photo(1)),
    )

    assert SAID["visited"] in done.text
    (visit,) = rows_of(portal.store, VisitRow)
    assert (visit.notes, visit.adjustments) == ("服务窗口没有场地", {"B1.1/2": "0"})
    assert (visit.met, visit.position) == ({"cadres": 2}, "便民服务中心")
    assert [row.visit_id for row in rows_of(portal.store, PictureRow)] == [visit.id]


def test_photos_and_words_are_saved_in_several_goes(portal: Portal, visitor: Browser, path: str) -> None:
    first = send(visitor, path, {"act": "save", "notes": "到村"}, ("一.jpg", photo(1)), field="camera")
    again = send(visitor, path, {"act": "save", "notes": "到村，已看窗口"}, ("二.jpg", photo(2)))

    assert SAID["visit_saved"] in first.text
    assert again.text.count("/thumbnail") == 2
    assert "到村，已看窗口" in visitor.look(path)
    assert rows_of(portal.store, VisitRow) == []


def test_photo_is_shown_to_the_reviewer_and_not_to_the_town(
    portal: Portal, visitor: Browser, path: str
) -> None:
    send(visitor, path, {"act": "save"}, ("一.jpg", photo(1)))
    (row,) = rows_of(portal.store, PictureRow)

    picture = visitor.get(f"/pictures/{row.id}")

    assert (picture.headers["content-type"], picture.content[:2]) == ("image/jpeg", b"\xff\xd8")
    assert len(visitor.get(f"/pictures/{row.id}/thumbnail").content) < len(picture.content)
    portal.as_("clerk-331181100").look(f"/pictures/{row.id}", status=404)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("合同.pdf", b"%PDF-1.7", "“合同.pdf”不是可以显示的照片"),
        ("../../一.jpg", b"", "“一.jpg”不是可以显示的照片"),
        ("C:\\照片\\大.png", png_header(60_000, 60_000), "照片“大.png”的像素过大"),
        ("大.jpg", b"\xff" * (PHOTO_MEGABYTES * 2**20 + 1), f"超过{PHOTO_MEGABYTES}MB"),
        ("<b>.jpg", b"x", "“&lt;b&gt;.jpg”不是"),
    ],
)
def test_wrong_photo_is_answered_with_a_sentence_and_nothing_is_kept(
    portal: Portal, visitor: Browser, path: str, name: str, data: bytes, said: str
) -> None:
    answer = send(visitor, path, {"notes": "写好的话"}, ("好.jpg", photo(1)), (name, data))

    assert (answer.status_code, said in answer.text, "写好的话" in answer.text) == (422, True, True)
    assert (rows_of(portal.store, PictureRow), rows_of(portal.store, VisitRow)) == ([], [])


def test_too_many_photos_at_once_are_refused(portal: Portal, visitor: Browser, path: str) -> None:
    many = [(f"{n}.jpg", photo(n, (60, 60))) for n in range(PHOTOS_AT_ONCE + 1)]

    answer = send(visitor, path, {"act": "save"}, *many)

    assert (answer.status_code, f"一次最多上传{PHOTOS_AT_ONCE}张" in answer.text) == (422, True)
    assert rows_of(portal.store, PictureRow) == []


def test_more_than_a_visit_may_bring_is_cut_off(portal: Portal, visitor: Browser, path: str) -> None:
    answer = send(visitor, path, {"act": "save"}, ("一.jpg", b"\0" * (VISIT_BYTES + 1)))

    assert (answer.status_code, "照片太大" in answer.text) == (413, True)
    assert rows_of(portal.store, VisitDraftRow) == []


def test_people_met_are_whole_numbers(portal: Portal, visitor: Browser, path: str) -> None:
    answer = send(visitor, path, {"notes": "看过", "met:cadres": "张三"})

    assert (answer.status_code, "会见人数请填整数：村(社区)干部" in answer.text) == (422, True)
    assert rows_of(portal.store, VisitRow) == []
