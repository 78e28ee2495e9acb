"""Keeps pages in Prefect as artifacts: one for each key, written again only when it changed and nobody waits.

Beside the ringer, never in a wake-up, which is a handful of requests to Prefect's server itself.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from actions.overview.prefect_pages import Page
from deployments.worker.execution import one_client
from deployments.worker.ringer import is_away

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

log = logging.getLogger("hqe.publishing")

LOOK_EVERY = 5.0
SHARE = 20
"""A look at a large county takes a while: the next one waits so many times as long."""
PAUSE = 0.2
AT_ONCE = 200
NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class Posted:
    """The newest artifact under a key."""

    artifact_id: UUID
    run_id: str | None
    text: str


class NoticeBoard:
    """What stands in Prefect now; read once, then remembered."""

    def __init__(self, client: SyncPrefectClient) -> None:
        self._client = client
        self._posted: dict[str, Posted] | None = None

    def differing(self, pages: Iterable[Page]) -> list[Page]:
        """The pages that are not there as they should be."""
        if self._posted is None:
            self._posted = self._read()
        return [page for page in pages if self._differs(page, self._posted.get(page.key))]

    def _differs(self, page: Page, posted: Posted | None) -> bool:
        if posted is None:
            return not page.ended
        return (page.run_id, page.text) != (posted.run_id, posted.text)

    def _read(self) -> dict[str, Posted]:
        posted: dict[str, Posted] = {}
        while found := self._client.read_latest_artifacts(limit=AT_ONCE, offset=len(posted)):
            for one in found:
                run_id = str(one.flow_run_id) if one.flow_run_id else None
                posted[one.key] = Posted(one.latest_id, run_id, str(one.data))
        return posted

    def put(self, page: Page) -> None:
        """Write a page with one request: over the one that is there, or anew for another run."""
        from prefect.client.schemas.actions import ArtifactUpdate
        from prefect.exceptions import PrefectHTTPStatusError

        assert self._posted is not None
        posted = self._posted.get(page.key)
        if posted is None or posted.run_id != page.run_id:
            self._posted[page.key] = self._create(page)
            return
        try:
            self._client.update_artifact(
                posted.artifact_id, ArtifactUpdate(data=page.text, description=page.title)
            )
            self._posted[page.key] = Posted(posted.artifact_id, page.run_id, page.text)
        except PrefectHTTPStatusError as error:
            if error.response.status_code != NOT_FOUND:
                raise
            # Somebody deleted it, or Prefect's whole database.
            self._posted = {**self._read(), page.key: self._create(page)}

    def _create(self, page: Page) -> Posted:
        from prefect.client.schemas.actions import ArtifactCreate

        made = self._client.create_artifact(
            ArtifactCreate(
                key=page.key,
                type="markdown",
                description=page.title,
                data=page.text,
                flow_run_id=UUID(page.run_id) if page.run_id else None,
            )
        )
        return Posted(made.id, page.run_id, page.text)


class Publisher(threading.Thread):
    """Looks every few seconds for pages that changed, and puts them up one after another with a pause between.

    While ``is_busy`` says that bells wait it puts up one page for each look, the campaign's progress first: the
    others change again with the next bell, and the server has runs to serve.
    """

    def __init__(
        self, look: Callable[[], Sequence[Page]], *, is_busy: Callable[[], bool] = lambda: False
    ) -> None:
        super().__init__(name="pages")
        self._look = look
        self._is_busy = is_busy
        self._rest = LOOK_EVERY
        self._pages: Sequence[Page] = ()
        self._stopping = threading.Event()

    def run(self) -> None:
        with one_client() as client:
            board = NoticeBoard(client)
            while not self._stopping.wait(self._rest):
                try:
                    self.publish(board)
                except Exception as error:
                    log.log(logging.WARNING if is_away(error) else logging.ERROR, "pages wait: %r", error)

    def publish(self, board: NoticeBoard) -> None:
        """One look, and as many of the pages that differ as there is time for."""
        started = time.monotonic()
        self._pages = self._look() or self._pages
        self._rest = max(LOOK_EVERY, SHARE * (time.monotonic() - started))
        for page in board.differing(self._pages):
            board.put(page)
            if self._stopping.wait(PAUSE) or self._is_busy():
                return

    def stop(self) -> None:
        """Finish the page in hand, then return."""
        self._stopping.set()
        self.join()
