"""Pictures as reviewers look at them: beside the indicator they prove, and what is odd about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from actions.lookup import campaign_of
from records.dossiers.pictures import copies_of, photos_of_visits, pictures_of
from records.store import Session
from records.tables.dossiers import PictureRow
from rules.dossiers.pictures import TROUBLES


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture: where it stands, why it is not shown, and where else the same photo was."""

    row: PictureRow
    place: str
    trouble: str
    elsewhere: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The pictures of one dossier. ``beside`` goes by indicator, ``apart`` by sheet, nowhere last."""

    beside: Mapping[str, Sequence[Shown]]
    apart: Mapping[str, Sequence[Shown]]
    repeated: int
    """How many of them show a photo that another village or year has shown too."""


def evidence_of(session: Session, upload_id: int) -> Evidence:
    shown = look_at(session, pictures_of(session, upload_id))
    beside: dict[str, list[Shown]] = {}
    apart: dict[str, list[Shown]] = {}
    for one in shown:
        group, key = (beside, one.row.indicator) if one.row.indicator else (apart, one.row.sheet)
        group.setdefault(key, []).append(one)
    return Evidence(beside, apart, sum(bool(one.elsewhere) for one in shown))


def photos_by_visit(session: Session, campaign_id: str, village_code: str) -> dict[int | None, list[Shown]]:
    """Photos of each visit; those of a visit that is not recorded yet under None."""
    found: dict[int | None, list[Shown]] = {}
    for one in look_at(session, photos_of_visits(session, campaign_id, village_code)):
        found.setdefault(one.row.visit_id, []).append(one)
    return found


def look_at(session: Session, rows: Sequence[PictureRow]) -> list[Shown]:
    copies = copies_of(session, [row.id for row in rows]) if rows else {}
    return [
        Shown(
            row=row,
            place=" ".join(part for part in (row.sheet, row.ref) if part),
            trouble=TROUBLES.get(row.trouble, ""),
            elsewhere=tuple(dict.fromkeys(whereabouts(session, other) for other in copies.get(row.id, ()))),
        )
        for row in rows
    ]


def whereabouts(session: Session, other: PictureRow) -> str:
    """``2019年 八都镇大坦村（附件1 G4）``."""
    campaign = campaign_of(session, other.campaign_id)
    village = campaign.village(other.village_code)
    where = " ".join(part for part in (other.sheet, other.ref) if part)
    where = where if other.upload_id is not None else "现场照片"
    return f"{campaign.year}年 {campaign.town(village.town_code).name}{village.name}" + (
        f"（{where}）" if where else ""
    )
