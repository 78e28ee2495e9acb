"""Every table of the business, gathered so that the metadata knows them all."""

from __future__ import annotations

from records.duties import absences, extension_requests, handovers
from records.lists import lists
from records.people import invitations
from records.review import objections, reopenings, return_items
from records.runs import ticks
from records.sealing import key_changes
from records.tables.columns import Base

__all__ = [
    "Base",
    "absences",
    "accounts",
    "all_tables",
    "extension_requests",
    "handovers",
    "invitations",
    "key_changes",
    "lists",
    "objections",
    "pictures",
    "reopenings",
    "return_items",
    "ticks",
    "tokens",
]
