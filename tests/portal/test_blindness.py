"""Reviewer B, whatever else they are, at every page, answer, mail and artifact while their review is open."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from itertools import product

import pytest

from actions.messages.preview import text_of
from actions.overview import prefect_pages
from portal.api.routes import API_ROUTES
from portal.app import ROUTES
from portal.web.routes import Route
from records.copies.dump import rows_of
from records.store import Store
from records.tables.campaign import StageRow, VillageRow
from records.tables.dossiers import PictureRow, UploadRow
from records.tables.duties import DutyRow
from records.tables.lists import DocumentRow
from records.tables.messages import OutboxRow
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from tests import blind_review
from tests.actions.conftest import CAMPAIGN_ID, local
from tests.blind_review import DEPUTY, SECOND, leaks
from tests.portal.conftest import Portal


@pytest.fixture
def blind(portal: Portal, at_desk: GateRow, campaign: Campaign, at: Callable[[int, int], None]) -> Portal:
    blind_review.begin(portal.store, campaign)
    at(11, 19)
    return portal


def values(store: Store) -> dict[str, list[str]]:
    """Path parameter -> all that there is to put into it."""
    with store.reading() as session:
        numbers = {
            "gate_id": GateRow, "duty_id": DutyRow, "upload_id": UploadRow, "message_id": OutboxRow,
            "picture_id": PictureRow,
        }  # fmt: skip
        found = {name: [str(row.id) for row in rows_of(session, table)] for name, table in numbers.items()}
        villages = [row.code for row in rows_of(session, VillageRow)]
        return {
            **found,
            "person_id": [SECOND, "coordinator-1"],
            "campaign_id": [CAMPAIGN_ID],
            "village_code": villages,
            "town_code": sorted({row.town_code for row in rows_of(session, VillageRow)}),
            "stage_name": [row.name for row in rows_of(session, StageRow)],
            "document_key": [row.key for row in rows_of(session, DocumentRow)],
        }


ASKS = {"/campaigns/{campaign_id}/audit": ["", "?act=score", "?act=decide"],
        "/campaigns/{campaign_id}/messages/forecast": ["", "?days=14"],
        "/campaigns/{campaign_id}/villages/{village_code}/diff": ["", "?from=1&to=2"]}  # fmt: skip


def paths(routes: object, known: dict[str, list[str]]) -> Iterator[str]:
    """Every address that can be read, of every object that there is."""
    for route in routes:  # type: ignore[attr-defined]
        names = [part.strip("{}").partition(":")[0] for part in route.path.split("/") if "{" in part]
        if route.method != "GET" or not set(names) <= set(known):
            continue
        pattern = route.path.replace(":path}", "}")
        for chosen in product(*(known[name] for name in names)):
            for asked in ASKS.get(route.path, [""]):
                yield pattern.format(**dict(zip(names, chosen, strict=True))) + asked


@pytest.mark.parametrize("who", [SECOND, DEPUTY])
def test_no_page_tells_the_second_reviewer_of_the_first(blind: Portal, who: str) -> None:
    browser, found, read = blind.as_(who), dict[str, list[str]](), 0

    for path in paths([one for one in ROUTES if isinstance(one, Route)], values(blind.store)):
        answer = browser.get(path)
        assert answer.status_code < 500, path
        read += answer.status_code == 200
        if leaked := leaks(blind.store, answer.text):
            found[path] = leaked

    assert read > 60
    assert found == {}


def test_no_answer_to_a_program_tells_the_second_reviewer_of_the_first(blind: Portal) -> None:
    program, found, read = blind.program(SECOND), dict[str, list[str]](), 0

    for path in paths(API_ROUTES, values(blind.store)):
        answer = program.get(path)
        assert answer.status_code < 500, path
        read += answer.status_code == 200
        if leaked := leaks(blind.store, answer.text):
            found[path] = leaked

    assert read > 5
    assert found == {}


def test_who_only_oversees_finds_all_of_it(blind: Portal) -> None:
    browser = blind.as_("coordinator-1")

    seen = "".join(browser.get(path).text for path in paths(ROUTES, values(blind.store)))

    assert leaks(blind.store, seen) == blind_review.secrets(blind.store)


def test_once_the_second_review_is_done_its_reviewer_reads_the_first(
    blind: Portal, campaign: Campaign
) -> None:
    gate = blind_review.gate_named(blind.store, "second_review")
    browser = blind.as_(SECOND)
    browser.look(f"/gates/{gate.id}")

    browser.fill_in(
        f"/gates/{gate.id}/decisions",
        {"attempt": "1", "seen_hash": gate.content_hash, "answer": "pass", "reason": ""},
    )

    assert blind_review.SAID["sheet"] in browser.look(f"/gates/{gate.id}")


def test_no_mail_to_the_second_reviewer_and_no_artifact_tells_of_the_first(
    blind: Portal, campaign: Campaign
) -> None:
    with blind.store.reading() as session:
        mails = [text_of(session, row) for row in rows_of(session, OutboxRow) if row.person_id == SECOND]
        pages = prefect_pages.pages(session, CAMPAIGN_ID, now=local(campaign, 11, 19))

    assert mails
    assert leaks(blind.store, "\n".join([*mails, *(f"{page.title}{page.text}" for page in pages)])) == []


def test_no_log_line_tells_of_the_first_review(
    portal: Portal, at_desk: GateRow, campaign: Campaign, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        blind_review.begin(portal.store, campaign)
        portal.as_(SECOND).look(f"/gates/{blind_review.gate_named(portal.store, 'desk_review').id}")

    assert leaks(portal.store, caplog.text) == []
