"""Keeps what the Prefect server must know as it should be: whoever has its password could pause or delete it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from deployments.worker.execution import one_client
from deployments.worker.ringer import is_away

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

log = logging.getLogger("hqe.keeper")

LOOK_EVERY = 60.0


class Keeper(threading.Thread):
    """Compares deployments and pool with our table each minute, and mends what differs."""

    def __init__(self, register: Callable[[SyncPrefectClient], None]) -> None:
        super().__init__(name="keeper")
        self._register = register
        self._stopping = threading.Event()

    def run(self) -> None:
        with one_client() as client:
            while not self._stopping.wait(LOOK_EVERY):
                self.look(client)

    def look(self, client: SyncPrefectClient) -> None:
        """Once; a server that is away is asked again at the next look."""
        try:
            self._register(client)
        except Exception as error:
            log.log(logging.WARNING if is_away(error) else logging.ERROR, "not compared: %r", error)

    def stop(self) -> None:
        """Finish the look in hand, then return."""
        self._stopping.set()
        self.join()
