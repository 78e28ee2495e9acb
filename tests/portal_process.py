"""A house on disk and a program's token, for tests of what only a portal that runs as a process shows."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from actions.people.login import hash_token
from records import clock
from records.schema.migrate import migrate
from records.sealing.vault import make_key, open_vault
from records.store import Store
from records.tables.people import TokenRow
from rules.people.rights import SCOPES


def make_house(home: Path) -> Store:
    """What ``hqe up`` leaves on a machine, in SQLite."""
    make_key(home / "secret.key")
    store = Store(f"sqlite:///{home / 'hqe.db'}", vault=open_vault(home / "secret.key"), home=home)
    migrate(store.engine)
    return store


def token_for(store: Store, person_id: str, text: str = "hqe_test") -> dict[str, str]:
    """The header of a program that acts as this person."""
    now = clock.host_now()
    with store.writing() as session:
        row = TokenRow(
            person_id=person_id, token_hash=hash_token(text), name="程序", scopes=list(SCOPES),
            made_by=person_id, made_at=now, expires_at=now + timedelta(days=1),
        )  # fmt: skip
        session.add(row)
    return {"Authorization": f"Bearer {text}"}
