"""A real Prefect server, and a campaign on real rows, for tests that run the real flows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from records.store import Store
from tasks import context
from tests.actions.conftest import at_desk, campaign, hand_in, opened, submitting
from tests.prefect_server import prefect_client, prefect_server

__all__ = ["at_desk", "campaign", "hand_in", "opened", "prefect_client", "prefect_server", "submitting"]


@pytest.fixture
def at_work(store: Store, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store, in the environment in which the tasks of this process look for it."""
    (store.home / "secret.key").write_text(bytes(range(32)).hex())
    monkeypatch.setenv("HQE_HOME", str(store.home))
    monkeypatch.setenv("HQE_DATABASE_URL", database_url)
    context.store.cache_clear()
    yield store
    context.store().close()
    context.store.cache_clear()
