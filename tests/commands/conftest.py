"""A house as an operator has one: state folder, key, database; and a campaign in it at a simulated date."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from actions.campaign import lifecycle
from commands.main import main
from config.calendar import read_calendar
from config.campaign_folder import campaign_folder, read_campaign, restrict
from records import clock
from records.sealing import keys
from records.sealing.vault import make_key, open_vault
from records.store import Store
from tests.actions.conftest import at_desk, campaign, hand_in, opened, submitting
from tests.conftest import KEY, hasten

__all__ = ["at_desk", "campaign", "hand_in", "opened", "submitting"]

Run = Callable[..., Result]
AT = datetime(2020, 10, 20, 1, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path, migrated_file: Path) -> Iterator[Store]:
    """What ``hqe up`` leaves on a machine, in SQLite; the key is that of all tests."""
    keys.write(tmp_path / "secret.key", KEY)
    shutil.copy(migrated_file, tmp_path / "hqe.db")
    made = Store(f"sqlite:///{tmp_path / 'hqe.db'}", vault=open_vault(tmp_path / "secret.key"), home=tmp_path)
    hasten(made)
    yield made
    made.close()


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Type a command in that house, at a business time where one is given."""
    for variable in ("HQE_DATABASE_URL", "HQE_KEY_FILE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HQE_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")

    def entered(*arguments: object, typing: str = "") -> Result:
        return CliRunner().invoke(main, [str(one) for one in arguments], input=typing)

    return entered


def typed(*arguments: str, **environment: str) -> Result:
    """Type a command where nothing is set but these."""
    return CliRunner(env={"HQE_HOME": None, "HQE_DATABASE_URL": None, **environment}).invoke(main, arguments)


@pytest.fixture
def home(tmp_path: Path, migrated_file: Path) -> Path:
    """A state folder with an open campaign."""
    folder = tmp_path / "home"
    make_key(folder / "secret.key")
    shutil.copy(migrated_file, folder / "hqe.db")
    store = Store(f"sqlite:///{folder / 'hqe.db'}", vault=open_vault(folder / "secret.key"), home=folder)
    source = campaign_folder("longquan-2020")
    lifecycle.open_campaign(
        store,
        campaign=restrict(read_campaign(source), 3),
        calendar=read_calendar(source, (2020, 2021)),
        by="coordinator-1",
        now=AT,
    )
    store.close()
    return folder


@pytest.fixture
def taken(home: Path, tmp_path: Path) -> Path:
    """A backup of that folder."""
    assert typed("backup", "--home", str(home), "--to", str(tmp_path / "one.hqe-backup")).exit_code == 0
    return tmp_path / "one.hqe-backup"


def set_clock(store: Store, moment: datetime) -> None:
    clock.simulate(store, moment)
