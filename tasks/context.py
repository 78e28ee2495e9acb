"""Where tasks work: the store of this process and the business time."""

from __future__ import annotations

import os
from datetime import datetime
from functools import lru_cache

from config.places import keep_private
from config.settings import read_settings
from records import clock
from records.sealing.vault import open_vault
from records.store import Store


@lru_cache(maxsize=1)
def store() -> Store:
    """The shared database of the environment this process was started with, opened on first use."""
    keep_private()
    settings = read_settings(os.environ)
    return Store(settings.database_url, vault=open_vault(settings.key_file), home=settings.home)


def offices() -> tuple[str, ...]:
    """Who gets the head of the audit log each day."""
    return read_settings(os.environ).audit_head_to


def audit_export() -> str:
    """Where the entries of the audit log go besides."""
    return read_settings(os.environ).audit_export


def now() -> datetime:
    return clock.now(store())
