"""Every table of the business, gathered so that the metadata knows them all."""

from __future__ import annotations

from records import (
    absences,
    account_tables,
    extension_requests,
    handovers,
    invitations,
    key_changes,
    lists,
    objections,
    picture_tables,
    reopenings,
    return_items,
    tables,
    ticks,
    token_tables,
)
from records.columns import Base

__all__ = [
    "Base",
    "absences",
    "account_tables",
    "extension_requests",
    "handovers",
    "invitations",
    "key_changes",
    "lists",
    "objections",
    "picture_tables",
    "reopenings",
    "return_items",
    "tables",
    "ticks",
    "token_tables",
]
