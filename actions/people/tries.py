"""Tries to log in: counted by account and address, apart for a browser that its person is known at."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from actions.people.notices import tell_tried
from records.people import accounts
from records.sealing.vault import Vault
from records.store import Session
from records.tables.people import PersonRow
from rules.people import tries as rules
from rules.people.tries import AT_ONE_ADDRESS, MEMORY, OF_AN_ACCOUNT, OF_AN_ADDRESS, Patience
from rules.refusals import Refused

Keys = Mapping[str, Patience]
MOST_KNOWN = 6
"""People whom one browser remembers: an office computer has several."""
MARK_LENGTH = 32


def keys_of(person: PersonRow | None, name: str, *, address: str, browser: str, vault: Vault) -> Keys:
    """Under what a try is counted. At a browser where this person is known only that browser's own tries count,
    so that nobody elsewhere, not even at the same address, can make them wait."""
    # Hashed where nobody is known: what people type here may be somebody's password.
    account = person.id if person else hashlib.sha256(name.strip().lower().encode()).hexdigest()
    if person is not None and knows(vault, browser, person.id):
        return {f"login:{account}@known {browser.partition('.')[0]}": AT_ONE_ADDRESS}
    return {
        f"login:{account}@{address}": AT_ONE_ADDRESS,
        f"account:{account}": OF_AN_ACCOUNT,
        f"address:{address}": OF_AN_ADDRESS,
    }


def count(session: Session, keys: Keys, *, host_now: datetime) -> Refused | None:
    """Count a try before it is looked at, or say how long it has to wait; one that waits does not count."""
    rows = {key: accounts.tries_row(session, key, memory=MEMORY, host_now=host_now) for key in sorted(keys)}
    waits = [
        rules.not_before(keys[key], tries=row.tries, last=row.window_ends_at - MEMORY) - host_now
        for key, row in rows.items()
    ]
    wait = max(waits)
    if wait.total_seconds() > 0:
        text = rules.wait_text(wait)
        return Refused("too_often", f"尝试次数过多，请{text}后再试。忘记密码的，请联系活动协调员重新邀请。")
    for row in rows.values():
        row.tries, row.window_ends_at = row.tries + 1, host_now + MEMORY
    return None


def forgive(session: Session, keys: Keys) -> None:
    """The password was right: this try is no wrong one, and those of this account here are forgotten."""
    for key in sorted(keys):
        if key.startswith("login:"):
            accounts.forget_tries(session, key)
        else:
            accounts.take_back_try(session, key)


def forgive_all(session: Session, person_id: str) -> None:
    """A coordinator unlocks an account, wherever it was tried."""
    for start in (f"login:{person_id}@", f"account:{person_id}"):
        accounts.forget_tries_under(session, start)


def tell(session: Session, person: PersonRow, keys: Keys, *, address: str, now: datetime) -> None:
    """Let a person know, once a day, that somebody keeps trying at a browser where they are not known."""
    if accounts.tries_of(session, f"account:{person.id}") >= rules.TOLD_AFTER and len(keys) > 1:
        tell_tried(session, person.id, address=address, now=now)


def pause_text(session: Session, keys: Keys) -> str:
    """How long the next try has to wait now, for the log; empty where it need not."""
    pause = max(keys[key].pause(accounts.tries_of(session, key)) for key in keys)
    return rules.wait_text(pause) if pause else ""


# --- known browsers -------------------------------------------------------------------------------


def knows(vault: Vault, browser: str, person_id: str) -> bool:
    """Whether this person has logged in whole at the browser that brings this cookie."""
    number, *marks = browser.split(".")
    return bool(number) and any(
        mark[:MARK_LENGTH] in marks for mark in vault.lookups(_about(number, person_id))
    )


def remembering(vault: Vault, browser: str, person_id: str, *, fresh: str) -> str:
    """The browser's cookie with this person in it; ``fresh`` is the number of a browser that has none."""
    number, *marks = browser.split(".")
    number = number or fresh
    mine = vault.lookup(_about(number, person_id))[:MARK_LENGTH]
    return ".".join([number, mine, *[mark for mark in marks if mark != mine][: MOST_KNOWN - 1]])


def _about(number: str, person_id: str) -> str:
    return f"known browser:{number}:{person_id}"
