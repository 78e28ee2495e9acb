"""Sends the outbox beside the ringer, and beside that short copies: neither waits for what the other waits for."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from urllib.parse import urlsplit

from actions.messages.delivery import Delivered, Sender, deliver
from actions.messages.relaying import Relayer, relay
from config.settings import Settings
from deployments.worker.backoff import Backoff, Restful
from deployments.worker.leases import is_dead, owner_name
from notifications.channels import Channel, open_channels
from records import clock, outbox
from records.store import Store

log = logging.getLogger("hqe.worker")


class OutboxSender(threading.Thread):
    """Sends the outbox, one batch after another, beside the ringer; where nobody takes them it asks less often."""

    def __init__(self, send_next: Callable[[], Delivered], name: str = "outbox") -> None:
        super().__init__(name=name)
        self._send_next = send_next
        self._stopping = threading.Event()

    def run(self) -> None:
        restful, patience = Restful(), Backoff()
        while not self._stopping.is_set():
            try:
                sent = self._send_next()
            except Exception:
                log.exception("a message could not be sent")
                sent = Delivered()
            if sent.away:
                self._stopping.wait(patience.pause())
                continue
            patience = Backoff()
            if sent:
                restful = Restful()
            else:
                self._stopping.wait(restful.pause())

    def stop(self) -> None:
        """Finish the message in hand, then return."""
        self._stopping.set()
        self.join()


def sending(store: Store, settings: Settings) -> Callable[[], Delivered]:
    """What sends the next messages; it says how many there were, and whether nobody took them."""
    if not settings.smtp_url:
        return Delivered
    sender = Sender(
        name=owner_name("outbox"),
        channel=Channel(settings.smtp_url, reply_to=settings.reply_to),
        link=settings.public_url,
        contact=settings.contact,
        replies=bool(settings.reply_to),
        domain=urlsplit(settings.public_url).hostname or "localhost",
    )
    evict_dead_senders(store)

    def send_next() -> Delivered:
        return deliver(store, sender, now=clock.now(store), host_now=clock.host_now())

    return send_next


def relaying(store: Store, settings: Settings) -> Callable[[], Delivered]:
    """What sends the next short copies, through the channels of this installation."""
    usable, wrong = open_channels(settings.channels)
    for name, why in wrong.items():
        log.error("HQE_CHANNELS: %s: %s", name, why)
    relayer = Relayer(usable)

    def send_next() -> Delivered:
        return Delivered(relay(store, relayer, now=clock.now(store), host_now=clock.host_now()))

    return send_next


def evict_dead_senders(store: Store) -> None:
    """Free what senders of this machine had claimed whose process is gone."""
    with store.writing() as session:
        for name in outbox.senders(session):
            if is_dead(name):
                outbox.evict(session, owner=name)
