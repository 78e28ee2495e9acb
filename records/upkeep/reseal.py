"""Everything that is sealed or looked up by the key, column by column, and sealing it anew in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import ColumnElement, LargeBinary, func, select, tuple_
from sqlalchemy.orm import Session

from records.dossiers import drafts, rosters
from records.people import accounts
from records.review import publicity, visit_plans
from records.sealing.vault import Vault, mark_of
from records.store import Store
from records.tables.columns import Base
from records.tables.dossiers import BlobRow, FormDraftRow, RosterPersonRow
from records.tables.people import CredentialRow
from records.tables.publicity import PublicObjectionRow
from records.tables.visits import VisitSeedRow
from records.tables.year import LivingPersonRow, RosterChangeRow
from records.year import living

AT_ONCE = 200
FILES_AT_ONCE = 8
"""An upload may have fifteen megabytes, and all rows of a batch are in memory together."""

Key = Sequence[Any]
Heard = Callable[[int], object]
"""Hears how many rows are through."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A column of sealed bytes: where a row's bytes belong, and the look-up of the same text if there is one.

    A row is changed as a whole, so its sealed bytes say by which key its look-up was made.
    """

    table: type[Base]
    column: str
    about: Callable[[Any], str]
    lookup: str = ""
    at_once: int = AT_ONCE

    def filled(self) -> ColumnElement[bool]:
        return func.length(self._bytes()) > 0

    def begins(self, mark: bytes) -> ColumnElement[bool]:
        head = func.substr(self._bytes(), 1, len(mark), type_=LargeBinary())
        return head == mark

    def _bytes(self) -> ColumnElement[bytes]:
        column: ColumnElement[bytes] = getattr(self.table, self.column)
        return column

    def key(self) -> tuple[ColumnElement[Any], ...]:
        return tuple(self.table.__table__.primary_key)


SEALED = (
    Sealed(BlobRow, "sealed", lambda row: row.about, at_once=FILES_AT_ONCE),
    Sealed(CredentialRow, "totp_sealed", lambda row: accounts.place_of_secret(row.person_id)),
    Sealed(FormDraftRow, "sealed", drafts.place_of),
    Sealed(VisitSeedRow, "sealed", lambda row: visit_plans.place_of_seed(row.campaign_id)),
    Sealed(PublicObjectionRow, "objector_sealed", lambda row: publicity.place_of(row.gate_id)),
    Sealed(RosterPersonRow, "sealed", lambda row: rosters.place_of(row.upload_id), lookup="lookup"),
    Sealed(LivingPersonRow, "sealed", lambda row: living.place_of_number(row.key), lookup="lookup"),
    Sealed(RosterChangeRow, "sealed", lambda row: living.place_of_change(row.person, row.kind, row.day)),
)
"""Whoever adds a sealed column adds it here; a test compares this with the tables."""


def count(session: Session, fingerprint: str = "") -> int:
    """How many rows are sealed; with a fingerprint, how many by this key."""
    return sum(
        session.scalar(
            select(func.count())
            .select_from(one.table)
            .where(one.filled(), *([one.begins(mark_of(fingerprint))] if fingerprint else []))
        )
        or 0
        for one in SEALED
    )


def left(session: Session, vault: Vault) -> int:
    """How many rows are not sealed by the vault's present key."""
    return count(session) - count(session, vault.fingerprint())


def reseal(store: Store, vault: Vault, *, heard: Heard) -> list[str]:
    """Seal everything anew that is not sealed by the vault's present key; what no key of its opens is named.

    Each batch is a transaction, so it may be stopped anywhere and begun again.
    """
    done, unopened = 0, list[str]()
    for one in SEALED:
        after: Key | None = None
        while True:
            with store.writing() as session:
                rows = _some(session, one, vault, after)
                unopened += list(_change(rows, one, vault))
                after = _key_of(one, rows[-1]) if rows else None
            if after is None:
                break
            done += len(rows)
            heard(done)
    return unopened


def _some(session: Session, one: Sealed, vault: Vault, after: Key | None) -> Sequence[Base]:
    wanted = select(one.table).where(one.filled(), ~one.begins(vault.mark))
    if after is not None:
        wanted = wanted.where(tuple_(*one.key()) > tuple_(*after))
    return session.scalars(wanted.order_by(*one.key()).limit(one.at_once).with_for_update()).all()


def _key_of(one: Sealed, row: Base) -> Key:
    return [getattr(row, column.key or "") for column in one.key()]


def _change(rows: Sequence[Base], one: Sealed, vault: Vault) -> Iterator[str]:
    for row in rows:
        about = one.about(row)
        try:
            data = vault.open(getattr(row, one.column), about=about)
        except (InvalidTag, ValueError):
            yield f"{row.__tablename__} {'/'.join(map(str, _key_of(one, row)))}"
            continue
        setattr(row, one.column, vault.seal(data, about=about))
        if one.lookup:
            setattr(row, one.lookup, vault.lookup(data.decode()))
