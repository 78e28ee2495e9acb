"""From the portal into the machine room, which has another name and so another cookie: by a ticket, then a pass.

The portal gives a ticket to a browser that is logged in; it is good for half a minute and only at the browser
that asked for it. The pass that comes of it names the session of the portal and is worth nothing once that ends.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from records.sealing.vault import Vault
from rules.entries import read_row_number

GOOD_FOR = timedelta(seconds=30)
TICKET, PASS = "ticket to the machine room", "pass of the machine room"


@dataclass(frozen=True, slots=True)
class Passes:
    """Makes and reads both; whoever does not hold the key of this house can make neither."""

    vault: Vault

    def ticket(self, session_hash: str, *, asked_by: str, host_now: datetime) -> str:
        """For the browser whose cookie in the machine room is ``asked_by``."""
        until = f"{(host_now + GOOD_FOR).timestamp():.0f}"
        return f"{session_hash}.{until}.{self.vault.lookup(_ticket(session_hash, until, asked_by))}"

    def read_ticket(self, ticket: str, *, asked_by: str, host_now: datetime) -> str | None:
        """Of which session; None for a ticket that is old, changed, or of another browser."""
        session_hash, _, rest = ticket.partition(".")
        until, _, seal = rest.partition(".")
        if not asked_by or host_now.timestamp() >= read_row_number(until):
            return None
        return session_hash if self._sealed(_ticket(session_hash, until, asked_by), seal) else None

    def make_pass(self, session_hash: str) -> str:
        return f"{session_hash}.{self.vault.lookup(_pass(session_hash))}"

    def read_pass(self, brought: str) -> str | None:
        """Of which session; whether that still goes on is asked of the rows."""
        session_hash, _, seal = brought.partition(".")
        return session_hash if self._sealed(_pass(session_hash), seal) else None

    def _sealed(self, text: str, seal: str) -> bool:
        return any(hmac.compare_digest(one.encode(), seal.encode()) for one in self.vault.lookups(text))


def _ticket(session_hash: str, until: str, asked_by: str) -> str:
    return f"{TICKET}\0{session_hash}\0{until}\0{asked_by}"


def _pass(session_hash: str) -> str:
    return f"{PASS}\0{session_hash}"
