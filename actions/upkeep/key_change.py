"""Changing the master key: begun, everything sealed anew, finished; stopped anywhere, it goes on later.

Nobody else may write meanwhile: who opened the vault before would seal with the old key to the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from records import audit
from records.sealing.vault import VAULT, Vault
from records.store import Session, Store, repeatable
from records.tables.upkeep import KeyChangeRow
from records.upkeep import key_changes
from records.upkeep import reseal as reseal_rows
from records.upkeep.reseal import Heard
from rules.refusals import Refused

SUBJECT = "key"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a change of the key stands: the fingerprints of both keys, and how many rows are still to do."""

    old_key: str
    new_key: str
    begun_at: datetime
    left: int


def standing(store: Store) -> Standing | None:
    """The change that is not finished, if there is one."""
    with store.reading() as session:
        change = key_changes.unfinished(session)
        if change is None:
            return None
        left = reseal_rows.count(session) - reseal_rows.count(session, change.new_key)
        return Standing(change.old_key, change.new_key, change.begun_at, left)


@repeatable
def begin(store: Store, vault: Vault, *, old_key: str, now: datetime) -> Refused | None:
    """Note that ``vault``'s key takes over; does nothing when that is noted already."""
    with store.writing() as session:
        change = key_changes.unfinished(session)
        if change is None:
            change = KeyChangeRow(old_key=old_key, new_key=vault.fingerprint(), begun_at=now)
            session.add(change)
            _note(session, change, "change_key_begun", now=now)
    known = set(vault.fingerprints())
    if change.new_key != vault.fingerprint() or change.old_key not in known:
        return Refused(
            "other_key",
            f"上次更换密钥没有做完：由 {change.old_key} 换为 {change.new_key}，本机的密钥文件不是这两把"
            f"（现有 {'、'.join(sorted(known))}）。请把这两把密钥放回原处，再试一次。",
        )
    return None


def reseal(store: Store, vault: Vault, *, heard: Heard) -> list[str]:
    """Seal everything anew; what no key opens is named and stays as it is."""
    return reseal_rows.reseal(store, vault, heard=heard)


@repeatable
def finish(store: Store, vault: Vault, *, unopened: int, now: datetime) -> Refused | None:
    """Note that nothing needs the old key any more."""
    with store.writing() as session:
        change = key_changes.unfinished(session)
        left = reseal_rows.left(session, vault)
        if left > unopened:
            return Refused("not_yet", f"还有{left}处未换密钥：更换期间有人写入。请停止所有程序，再试一次。")
        if change is not None:
            change.finished_at = now
            _hand_over_seal(session, vault)
            done = reseal_rows.count(session, vault.fingerprint())
            _note(session, change, "change_key", now=now, rows=done, unopened=unopened)
    return None


def _hand_over_seal(session: Session, vault: Vault) -> None:
    """The audit chain is sealed anew; one that does not hold keeps the seal that says so, and the key it needs."""
    session.info[VAULT] = vault
    whole = audit.verify(session)
    if not whole.unsealed and not whole.strange_key:
        audit.seal_whole(session, vault)


def _note(session: Session, change: KeyChangeRow, act: str, *, now: datetime, **more: int) -> None:
    facts = {"old_key": change.old_key, "new_key": change.new_key, **more}
    audit.note(session, at=now, actor="operator", act=act, subject=SUBJECT, facts=facts)
