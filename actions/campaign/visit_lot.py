"""The lot that draws whom a visit looks at more closely: its seed is committed to first and told afterwards."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from records import audit, clock
from records.review.visit_plans import place_of_seed, seed_of
from records.sealing.vault import VAULT, Vault
from records.store import Session
from records.tables.visits import VisitSeedRow
from rules.campaign.campaign import Campaign
from rules.review.visit_sample import commitment


def commit_seed(session: Session, campaign: Campaign, *, now: datetime) -> VisitSeedRow:
    """Fix the seed once, sealed, and note in the audit log by what it will be known."""
    there = seed_of(session, campaign.id)
    if there is not None:
        return there
    seed = _seed(session, campaign)
    vault: Vault = session.info[VAULT]
    row = VisitSeedRow(
        campaign_id=campaign.id,
        commitment=commitment(seed),
        sealed=vault.seal(seed.encode(), about=place_of_seed(campaign.id)),
        committed_at=now,
    )
    session.add(row)
    session.flush()
    facts = {"commitment": row.commitment}
    audit.note(session, at=now, actor="system", act="commit_visit_seed", subject=campaign.id, facts=facts)
    return row


def _seed(session: Session, campaign: Campaign) -> str:
    """Nobody's choice; in a rehearsal the same each time, so that it comes to the same outcome."""
    if clock.is_simulated(session):
        return hashlib.sha256(f"rehearsal {campaign.id}".encode()).hexdigest()
    return secrets.token_hex(32)


def open_seed(session: Session, row: VisitSeedRow) -> str:
    """The seed, told or not: for drawing, never for showing."""
    vault: Vault = session.info[VAULT]
    return row.seed or vault.open(row.sealed, about=place_of_seed(row.campaign_id)).decode()


def reveal_seed(session: Session, row: VisitSeedRow, *, now: datetime) -> bool:
    """Tell the seed, once: from now on anybody can draw again."""
    if row.revealed_at is not None:
        return False
    row.seed, row.revealed_at = open_seed(session, row), now
    facts = {"seed": row.seed, "commitment": row.commitment}
    audit.note(session, at=now, actor="system", act="reveal_visit_seed", subject=row.campaign_id, facts=facts)
    return True
