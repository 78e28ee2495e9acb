"""Where tasks work: the store of this process and the business time."""

from __future__ import annotations

import os
from datetime import datetime

from config.settings import read_settings
from records import clock
from records.store import Store
from records.vault import open_vault

_stores: list[Store] = []


def use(store: Store) -> None:
    """Let tasks of this process work on a store that is open already."""
    _stores[:] = [store]


def store() -> Store:
    """The shared database of the environment this process was started with, opened on first use."""
    if not _stores:
        settings = read_settings(os.environ)
        _stores.append(Store(settings.database_url, vault=open_vault(settings.key_file), home=settings.home))
    return _stores[0]


def now() -> datetime:
    return clock.now(store())
