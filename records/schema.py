"""Every table of the business, gathered so that the metadata knows them all."""

from __future__ import annotations

from records import handovers, invitations, tables
from records.columns import Base

__all__ = ["Base", "handovers", "invitations", "tables"]
