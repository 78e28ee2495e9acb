"""A house as an operator has one: state folder, key, database; and a campaign in it at a simulated date."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from commands.main import main
from records import clock
from records.schema.migrate import migrate
from records.sealing.vault import make_key, open_vault
from records.store import Store
from tests.actions.conftest import at_desk, campaign, hand_in, opened, submitting

__all__ = ["at_desk", "campaign", "hand_in", "opened", "submitting"]

Run = Callable[..., Result]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """What ``hqe up`` leaves on a machine, in SQLite."""
    make_key(tmp_path / "secret.key")
    made = Store(f"sqlite:///{tmp_path / 'hqe.db'}", vault=open_vault(tmp_path / "secret.key"), home=tmp_path)
    migrate(made.engine)
    yield made
    made.close()


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Type a command in that house, at a business time where one is given."""
    for variable in ("HQE_DATABASE_URL", "HQE_KEY_FILE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HQE_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")

    def typed(*arguments: object, typing: str = "") -> Result:
        return CliRunner().invoke(main, [str(one) for one in arguments], input=typing)

    return typed


def set_clock(store: Store, moment: datetime) -> None:
    clock.simulate(store, moment)
