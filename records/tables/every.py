"""Every table of the business, gathered so that the metadata knows them all."""

from __future__ import annotations

from records.tables import (
    campaign,
    dossiers,
    duties,
    lists,
    messages,
    people,
    publicity,
    review,
    runs,
    upkeep,
    visits,
    year,
)
from records.tables.columns import Base

__all__ = [
    "Base",
    "campaign",
    "dossiers",
    "duties",
    "lists",
    "messages",
    "people",
    "publicity",
    "review",
    "runs",
    "upkeep",
    "visits",
    "year",
]
