"""Pages in a real Prefect server: one artifact for each key and run, written again only when it changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from actions.overview.prefect_pages import Page
from deployments.worker import artifacts
from deployments.worker.artifacts import NoticeBoard, Publisher
from tests.prefect_server import eventually

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient


@pytest.fixture
def page() -> Page:
    return Page(f"test-{uuid4().hex[:8]}", str(uuid4()), "一句话。", "**一句话**")


def publish(board: NoticeBoard, *pages: Page) -> list[str]:
    """Put up what differs; the keys that did."""
    differing = board.differing(pages)
    for page in differing:
        board.put(page)
    return [page.key for page in differing]


def artifacts_of(client: SyncPrefectClient, page: Page) -> list[tuple[str, str | None, str]]:
    """(run, title, text) of every artifact under the page's key, the oldest first."""
    from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey

    wanted = ArtifactFilter(key=ArtifactFilterKey(any_=[page.key]))
    found = client.read_artifacts(artifact_filter=wanted)
    found = sorted(found, key=lambda one: str(one.created))
    return [(str(one.flow_run_id), one.description, str(one.data)) for one in found]


def test_changed_page_is_written_over_the_old_one(prefect_client: SyncPrefectClient, page: Page) -> None:
    board, changed = NoticeBoard(prefect_client), replace(page, title="另一句。", text="**另一句**")

    put = [publish(board, one) for one in (page, page, changed)]

    assert put == [[page.key], [], [page.key]]
    assert artifacts_of(prefect_client, page) == [(str(page.run_id), "另一句。", "**另一句**")]


def test_page_of_a_replaced_run_stands_beside_the_new_run(
    prefect_client: SyncPrefectClient, page: Page
) -> None:
    board, moved = NoticeBoard(prefect_client), replace(page, run_id=str(uuid4()))

    publish(board, page)
    publish(board, moved)

    assert [run for run, _, _ in artifacts_of(prefect_client, page)] == [page.run_id, moved.run_id]
    assert NoticeBoard(prefect_client).differing([moved]) == []


def test_board_of_a_new_process_knows_what_is_up(prefect_client: SyncPrefectClient, page: Page) -> None:
    publish(NoticeBoard(prefect_client), page)

    assert publish(NoticeBoard(prefect_client), page) == []


def test_page_that_ended_is_not_put_up_for_the_first_time(
    prefect_client: SyncPrefectClient, page: Page
) -> None:
    board, ended = NoticeBoard(prefect_client), replace(page, text="已办结。", ended=True)

    before = publish(board, ended)
    publish(board, page)

    assert (before, publish(board, ended)) == ([], [page.key])


def test_deleted_artifact_is_put_up_again_when_its_page_changes(
    prefect_client: SyncPrefectClient, page: Page
) -> None:
    board = NoticeBoard(prefect_client)
    publish(board, page)
    for artifact in prefect_client.read_latest_artifacts(limit=200):
        if artifact.key == page.key:
            prefect_client.delete_artifact(artifact.latest_id)

    publish(board, replace(page, text="**另一句**"))

    assert artifacts_of(prefect_client, page) == [(str(page.run_id), "一句话。", "**另一句**")]


def test_publisher_puts_up_what_it_sees_and_tries_again_after_a_failure(
    prefect_client: SyncPrefectClient, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(artifacts, "LOOK_EVERY", 0.05)
    looks = iter([RuntimeError("the database is away"), [page]])

    def look() -> list[Page]:
        seen = next(looks, [])
        if isinstance(seen, Exception):
            raise seen
        return seen

    publisher = Publisher(look)
    publisher.start()
    eventually(lambda: artifacts_of(prefect_client, page))
    publisher.stop()

    assert artifacts_of(prefect_client, page) == [(str(page.run_id), page.title, page.text)]


def test_publisher_puts_up_one_page_for_each_look_while_bells_wait(
    prefect_client: SyncPrefectClient, page: Page
) -> None:
    pages = [page, replace(page, key=f"{page.key}-2"), replace(page, key=f"{page.key}-3")]
    board, busy = NoticeBoard(prefect_client), iter([True, True])
    publisher = Publisher(lambda: pages, is_busy=lambda: next(busy, False))

    publisher.publish(board)
    first = [len(artifacts_of(prefect_client, one)) for one in pages]
    publisher.publish(board)

    assert first == [1, 0, 0]
    assert [len(artifacts_of(prefect_client, one)) for one in pages] == [1, 1, 0]
