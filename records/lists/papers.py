"""Papers from templates: every edition that was made."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from records.tables.lists import PaperRow


def papers_of(session: Session, campaign_id: str) -> list[PaperRow]:
    """All editions, by number, the newest edition first."""
    wanted = select(PaperRow).where(PaperRow.campaign_id == campaign_id)
    return list(session.scalars(wanted.order_by(PaperRow.number, PaperRow.edition.desc())))


def newest_edition(session: Session, campaign_id: str, kind: str, about: str) -> PaperRow | None:
    mine = (PaperRow.campaign_id == campaign_id) & (PaperRow.kind == kind) & (PaperRow.about == about)
    return session.scalar(select(PaperRow).where(mine).order_by(PaperRow.edition.desc()).limit(1))


def next_number(session: Session, campaign_id: str) -> int:
    """Papers of a campaign are numbered as they are first made; the caller keeps others from doing the same."""
    highest = select(func.max(PaperRow.number)).where(PaperRow.campaign_id == campaign_id)
    return (session.scalar(highest) or 0) + 1


def place_of(paper: PaperRow) -> str:
    """Where its sealed bytes belong."""
    return f"paper:{paper.campaign_id}:{paper.kind}:{paper.about}:{paper.edition}"
