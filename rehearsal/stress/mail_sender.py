"""A sender as a process of its own, to be killed: sends whatever the outbox holds until it is told to end."""

from __future__ import annotations

import sys
import time
from datetime import datetime
from pathlib import Path

from actions.messages.delivery import Sender, deliver
from deployments.worker.leases import owner_name
from deployments.worker.outbox_sender import evict_dead_senders
from notifications.channels import Channel
from records import clock
from records.sealing.vault import Vault
from records.store import Store

REST_S = 0.02


def send(url: str, home: Path, mail_server: str, now: datetime) -> None:
    store = Store(url, vault=Vault(bytes(32)), home=home)
    sender = Sender(owner_name("outbox"), Channel(mail_server), link="", domain="example.invalid")
    while True:
        evict_dead_senders(store)
        if not deliver(store, sender, now=now, host_now=clock.host_now()):
            time.sleep(REST_S)


if __name__ == "__main__":
    send(sys.argv[1], Path(sys.argv[2]), sys.argv[3], datetime.fromisoformat(sys.argv[4]))
