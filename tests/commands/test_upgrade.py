"""``hqe upgrade`` from every released version, and what it refuses.

``tests/records/releases`` holds a dump of one small campaign for each revision that was ever released: one
village at its desk review, synthetic people, sealed with the key 00 01 02 ... 1f.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from actions.dossiers.examination import examine_upload
from actions.upkeep.upgrade import GATES
from config.campaign_folder import campaign_folder, read_campaign
from config.places import ROOT
from deployments.local.preflight import alone
from records.schema import migrate
from records.sealing.vault import Vault
from records.store import Store, open_engine
from records.tables.campaign import CampaignRow
from records.tables.review import GateRow
from tests.commands.conftest import typed
from tests.conftest import database_for

RELEASES = sorted((ROOT / "tests" / "records" / "releases").glob("*.sql"))
KEY = bytes(range(32))
IN_THE_WAY = {
    "0001": "CREATE TABLE handover (id INTEGER PRIMARY KEY)",
    "0014": "ALTER TABLE api_token ADD COLUMN second_factor BOOLEAN",
}
"""Release -> what a migration after it stumbles over."""


@pytest.fixture(params=RELEASES, ids=lambda file: file.stem)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A state folder as that release left it."""
    (tmp_path / "secret.key").write_text(KEY.hex())
    sql(tmp_path, request.param.read_text(encoding="utf-8"))
    return tmp_path


def sql(home: Path, script: str) -> None:
    with closing(sqlite3.connect(home / "hqe.db")) as connection:
        connection.executescript(script)


def revision(home: Path) -> str:
    with closing(sqlite3.connect(home / "hqe.db")) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def test_upgrade_keeps_everything_and_leaves_a_backup_of_before(old: Path) -> None:
    before = revision(old)

    done = typed("upgrade", "--home", str(old), "--json", str(old / "o.json"))

    assert done.exit_code == 0, done.output
    store = Store(f"sqlite:///{old / 'hqe.db'}", vault=Vault(KEY), home=old)
    assert migrate.differences(store.engine) == []
    assert examine_upload(store, upload_id=1).findings == ()
    store.close()
    told = json.loads((old / "o.json").read_text())
    assert told["steps"] == [one for one in migrate.known_revisions()[::-1] if one >= before]
    into = ("--dry-run", "--into", str(old / "new"))
    assert typed("restore", told["backup"], *into, HQE_KEY_FILE=str(old / "secret.key")).exit_code == 0
    assert typed("audit", "verify", "--home", str(old)).exit_code == 0
    assert "升级数据库：数据库" in typed("audit", "show", "--home", str(old)).output


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_backup_of_an_older_version_is_migrated_when_it_is_restored(
    old: Path, tmp_path: Path, kind: str
) -> None:
    file = tmp_path / "one.hqe-backup"
    assert typed("backup", "--home", str(old), "--to", str(file)).exit_code == 0

    with database_for(kind, tmp_path / "new" / "hqe.db") as url:
        known = {"HQE_DATABASE_URL": url, "HQE_KEY_FILE": str(old / "secret.key")}
        done = typed("restore", str(file), "--into", str(tmp_path / "new"), **known)
        engine = open_engine(url)
        differences = migrate.differences(engine)
        engine.dispose()

    assert (done.exit_code, differences) == (0, [])


def test_upgrade_dry_run_changes_nothing(old: Path) -> None:
    before = revision(old)

    done = typed("upgrade", "--home", str(old), "--dry-run")

    assert (done.exit_code, "可以升级" in done.output, revision(old)) == (0, True, before)
    assert not (old / "backups").exists()


def test_upgrade_twice_has_nothing_to_do(old: Path) -> None:
    typed("upgrade", "--home", str(old))

    done = typed("upgrade", "--home", str(old))

    assert (done.exit_code, "无需升级" in done.output) == (0, True)


def test_upgrade_beside_a_running_house_is_refused(old: Path) -> None:
    before = revision(old)
    with alone(old):
        done = typed("upgrade", "--home", str(old))

    assert (done.exit_code, "在运行" in done.output, revision(old)) == (1, True, before)


def test_upgrade_beside_a_worker_of_another_machine_is_refused(old: Path) -> None:
    until = (datetime.now(UTC) + timedelta(seconds=30)).replace(tzinfo=None)
    sql(old, f"UPDATE carrier SET lease_owner = 'elsewhere/1/0/ringer', lease_until = '{until}'")

    done = typed("upgrade", "--home", str(old))

    assert (done.exit_code, "elsewhere/1/0/ringer" in done.output) == (1, True)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("UPDATE campaign SET rules_version = '0'", "按第0版规则启动"),
        ("UPDATE campaign SET frozen = '{}'", "本程序读不懂"),
        ("UPDATE gate SET version = 7", "第7版问题"),
        ("UPDATE gate SET name = 'paper_review'", "本程序不再询问"),
        (
            'UPDATE campaign SET frozen = replace(frozen, \'"name":"recognition"\', \'"name":"old"\')',
            "启动时没有它",
        ),
        ("DELETE FROM audit WHERE seq = 2", "审计日志在第2条处不完整"),
    ],
    ids=["rules", "configuration", "gate version", "gate gone", "gate inserted", "audit"],
)
def test_upgrade_that_would_hurt_a_campaign_in_flight_is_refused(
    old: Path, change: str, sentence: str
) -> None:
    before = revision(old)
    sql(old, change)

    done = typed("upgrade", "--home", str(old))

    assert (done.exit_code, sentence in done.output) == (1, True), done.output
    assert revision(old) == before
    assert not (old / "backups").exists()


def test_upgrade_that_fails_leaves_the_database_as_it_was(old: Path) -> None:
    before = revision(old)
    sql(old, IN_THE_WAY[before])

    done = typed("upgrade", "--home", str(old))

    assert (done.exit_code, "数据库仍是原样" in done.output, revision(old)) == (1, True, before)


def test_every_gate_of_the_sample_campaign_is_known_in_its_version() -> None:
    campaign = read_campaign(campaign_folder("longquan-2020"))

    assert {gate.name: gate.version for gate in campaign.gates} == GATES


def test_open_gate_of_the_dump_is_where_the_village_waits(old: Path) -> None:
    typed("upgrade", "--home", str(old))
    store = Store(f"sqlite:///{old / 'hqe.db'}", vault=Vault(KEY), home=old)

    with store.reading() as session:
        waiting = session.execute(select(CampaignRow.id, GateRow.name).join(GateRow)).all()
    store.close()

    assert [tuple(row) for row in waiting] == [("longquan-2020", "desk_review")]
