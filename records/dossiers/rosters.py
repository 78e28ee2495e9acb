"""The people of accepted rosters: who stands in more than one, found by keyed hash and never by number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from records.sealing.vault import Vault
from records.tables.campaign import VillageRow
from records.tables.dossiers import FindingRow, RosterPersonRow, UploadRow

AT_ONCE = 500
"""So many look-ups in one query: every database takes as many parameters."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """One person of another village's accepted roster: whose upload, which row, which look-up."""

    upload: UploadRow
    town_code: str
    row: int
    lookup: str


def place_of(upload_id: int) -> str:
    """Where the sealed ID numbers of an upload's people belong."""
    return f"roster:{upload_id}"


def keep_people(session: Session, vault: Vault, upload_id: int, people: Iterable[tuple[int, str]]) -> None:
    """Seal the ID numbers of an accepted roster: (row, number) each.

    Thousands of rows at once that nobody looks at again in this transaction: as objects they would cost five
    times as much.
    """
    about = place_of(upload_id)
    rows = [
        {
            "upload_id": upload_id,
            "row": row,
            "sealed": vault.seal(number.encode(), about=about),
            "lookup": vault.lookup(number),
        }
        for row, number in people
    ]
    if rows:
        session.execute(insert(RosterPersonRow.__table__), rows)  # type: ignore[arg-type]


def numbers_at(session: Session, vault: Vault, upload_id: int, rows: Sequence[int]) -> dict[int, str]:
    """The ID numbers in these rows of an accepted roster; rows that are not there are left out."""
    found: dict[int, str] = {}
    for start in range(0, len(rows), AT_ONCE):
        wanted = (RosterPersonRow.upload_id == upload_id) & RosterPersonRow.row.in_(
            rows[start : start + AT_ONCE]
        )
        for person in session.scalars(select(RosterPersonRow).where(wanted)):
            found[person.row] = vault.open(person.sealed, about=place_of(upload_id)).decode()
    return found


def lookups_of(session: Session, upload_id: int) -> dict[int, str]:
    """Row -> look-up, of everybody in an accepted roster."""
    columns = (RosterPersonRow.row, RosterPersonRow.lookup)
    wanted = select(*columns).where(RosterPersonRow.upload_id == upload_id)
    return {one.row: one.lookup for one in session.execute(wanted)}


def rows_among(session: Session, upload_id: int, rows: Iterable[int]) -> frozenset[int]:
    """Which of these rows an accepted roster has."""
    wanted = (RosterPersonRow.upload_id == upload_id) & RosterPersonRow.row.in_(list(rows))
    return frozenset(session.scalars(select(RosterPersonRow.row).where(wanted)))


def has_people(session: Session, upload_id: int) -> bool:
    """Whether an upload was accepted, so that its people are known."""
    one = select(RosterPersonRow.row).where(RosterPersonRow.upload_id == upload_id).limit(1)
    return session.scalar(one) is not None


def elsewhere(session: Session, upload: UploadRow, lookups: Sequence[str]) -> Iterator[Elsewhere]:
    """Where else in the campaign's accepted rosters the people of ``lookups`` stand."""
    for start in range(0, len(lookups), AT_ONCE):
        found = session.execute(
            select(UploadRow, VillageRow.town_code, RosterPersonRow.row, RosterPersonRow.lookup)
            .join(RosterPersonRow, RosterPersonRow.upload_id == UploadRow.id)
            .join(
                VillageRow,
                (VillageRow.campaign_id == UploadRow.campaign_id)
                & (VillageRow.code == UploadRow.village_code),
            )
            .where(
                RosterPersonRow.lookup.in_(lookups[start : start + AT_ONCE]),
                UploadRow.campaign_id == upload.campaign_id,
                UploadRow.state == "accepted",
                UploadRow.village_code != upload.village_code,
            )
            .order_by(UploadRow.id, RosterPersonRow.row)
        )
        yield from (Elsewhere(*line) for line in found)


def add_finding(session: Session, row: FindingRow) -> bool:
    """Whether the finding is new; at its position of the upload there may stand one already."""
    if session.get(FindingRow, (row.upload_id, row.position)) is not None:
        return False
    session.add(row)
    return True
