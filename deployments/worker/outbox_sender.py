"""Sends the outbox beside the ringer: one message after another, by the channel of this installation."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from urllib.parse import urlsplit

from actions.messages.delivery import Sender, deliver_next
from config.settings import Settings
from deployments.worker.backoff import Restful
from deployments.worker.leases import is_dead, owner_name
from notifications.channels import Channel
from records import clock, outbox
from records.store import Store

log = logging.getLogger("hqe.worker")


class OutboxSender(threading.Thread):
    """Sends the outbox, one message after another, beside the ringer."""

    def __init__(self, send_next: Callable[[], bool]) -> None:
        super().__init__(name="outbox")
        self._send_next = send_next
        self._stopping = threading.Event()

    def run(self) -> None:
        restful = Restful()
        while not self._stopping.is_set():
            try:
                sent = self._send_next()
            except Exception:
                log.exception("a message could not be sent")
                sent = False
            if sent:
                restful = Restful()
            else:
                self._stopping.wait(restful.pause())

    def stop(self) -> None:
        """Finish the message in hand, then return."""
        self._stopping.set()
        self.join()


def sending(store: Store, settings: Settings) -> Callable[[], bool]:
    """What sends the next message; it says False when there was none to send."""
    if not settings.smtp_url:
        return lambda: False
    sender = Sender(
        name=owner_name("outbox"),
        channel=Channel(settings.smtp_url),
        link=settings.public_url,
        domain=urlsplit(settings.public_url).hostname or "localhost",
    )
    _evict_dead_senders(store)
    return lambda: deliver_next(store, sender, now=clock.now(store), host_now=clock.host_now())


def _evict_dead_senders(store: Store) -> None:
    with store.writing() as session:
        for name in outbox.senders(session):
            if is_dead(name):
                outbox.evict(session, owner=name)
