"""What the doctor finds on the machine, in the database and in Prefect."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import delete, text

from actions.upkeep.troubles import Trouble
from commands.main import main
from config.places import PRIVATE
from config.settings import Settings, read_settings
from deployments.doctor import checkup, machine, runs
from deployments.doctor.checkup import check_up
from deployments.doctor.machine import version_troubles
from deployments.local.preflight import alone, prepared
from deployments.prefect_server import server
from deployments.worker.register import register
from records import audit, clock
from records.runs import bells, carriers, ticks
from records.store import Store
from records.tables.campaign import CampaignRow
from records.tables.runs import CarrierRow
from records.tables.upkeep import AuditSealRow
from records.upkeep import condition
from rehearsal.bench.portal_process import serving
from tests.conftest import tampering
from tests.prefect_server import Running, deployment_of
from tests.small_disk import make_readonly, small_disk
from tests.workbooks.clamd import SmallClamd, small_clamd

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

NOON = datetime(2020, 10, 20, 4, tzinfo=UTC)
NAPPER = deployment_of("napper", "tests.deployments.nappers")


@pytest.fixture(autouse=True)
def private() -> Iterator[None]:
    """As every program of the house begins."""
    before = os.umask(PRIVATE)
    yield
    os.umask(before)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Settings:
    """An installation whose Prefect is down, unless the test asks for the server that others have started too."""
    if not {"prefect_client", "prefect_server"}.intersection(request.fixturenames):
        for name in ("PREFECT_API_URL", "PREFECT_API_AUTH_STRING"):
            monkeypatch.delenv(name, raising=False)
    prefect, portal = str(server.free_port()), str(server.free_port())
    return read_settings(
        {"HQE_HOME": str(tmp_path / "home"), "HQE_PREFECT_PORT": prefect, "HQE_PORTAL_PORT": portal}
    )


@pytest.fixture
def house(settings: Settings) -> Iterator[Store]:
    with prepared(settings) as premises:
        yield premises.store


def look(settings: Settings) -> list[Trouble]:
    found, store = check_up(settings)
    if store is not None:
        store.close()
    return found.troubles


def codes(settings: Settings) -> list[str]:
    return [trouble.code for trouble in look(settings)]


@pytest.mark.usefixtures("house")
def test_prefect_away_is_told_and_does_not_hide_the_rest(settings: Settings) -> None:
    settings.key_file.chmod(0o644)

    found = look(settings)

    assert [trouble.code for trouble in found] == ["key_open", "prefect_away"]
    assert found[0].mend is not None
    found[0].mend()
    assert settings.key_file.stat().st_mode & 0o777 == 0o600


def test_simulated_clock_is_told(house: Store, settings: Settings) -> None:
    clock.simulate(house, NOON)

    assert codes(settings) == ["clock_simulated", "prefect_away"]


def began(store: Store, *, ago: timedelta) -> None:
    with store.writing() as session:
        opened = clock.host_now() - ago
        session.add(CampaignRow(id="c", frozen="{}", rules_version="1", opened_at=opened, closed_at=None))


def of_tick(store: Store) -> list[str]:
    return [one.what for one in checkup._of_tick(store)]


def test_tick_that_has_not_come_for_long_is_told(house: Store) -> None:
    with house.writing() as session:
        ticks.note_tick(session, host_now=clock.host_now() - timedelta(minutes=20))
    idle = of_tick(house)
    began(house, ago=timedelta(days=1))

    assert (idle, of_tick(house)) == ([], ["定时检查已有20分钟没有运行过"])


def test_tick_that_never_came_is_told_once_a_campaign_has_begun(house: Store) -> None:
    before = of_tick(house)
    began(house, ago=timedelta(minutes=90))

    assert (before, of_tick(house)) == ([], ["活动启动已90分钟，定时检查一次也没有运行过"])


def test_tick_that_could_not_come_yet_is_not_missed(house: Store) -> None:
    began(house, ago=timedelta(minutes=1))

    assert of_tick(house) == []


def test_files_open_to_others_are_told_and_closed(house: Store, settings: Settings) -> None:
    file = house.home / "logs.txt"
    file.write_text("x")
    file.chmod(0o644)

    [trouble] = [one for one in look(settings) if one.code == "home_open"]
    assert trouble.mend is not None
    trouble.mend()
    assert (file.stat().st_mode & 0o077, "home_open" in codes(settings)) == (0, False)


def test_what_a_command_writes_is_for_its_user_only(house: Store) -> None:
    os.umask(0o022)

    CliRunner().invoke(main, ["backup", "--home", str(house.home)])

    written = house.home / "backups"
    assert [one.stat().st_mode & 0o077 for one in (written, *written.iterdir())] == [0, 0]


def test_log_that_lost_its_seal_is_told(house: Store, settings: Settings) -> None:
    with house.writing() as session:
        audit.note(session, at=NOON, actor="a", act="b", subject="c")
    with house.writing() as session:
        session.execute(delete(AuditSealRow))

    assert codes(settings) == ["audit_unsealed", "prefect_away"]


def test_changed_audit_entry_is_told(house: Store, settings: Settings) -> None:
    with house.writing() as session:
        audit.note(session, at=NOON, actor="a", act="b", subject="c")
    with tampering(house) as connection:
        connection.execute(text("UPDATE audit SET actor = 'x'"))

    assert codes(settings) == ["audit_broken", "prefect_away"]


@pytest.mark.usefixtures("house")
def test_key_missing_or_spoilt_is_told_and_the_rest_still_looked_at(settings: Settings) -> None:
    settings.key_file.write_text("not a key")
    spoilt = codes(settings)
    settings.key_file.unlink()

    assert (spoilt, codes(settings)) == (["key_broken", "prefect_away"], ["key_missing", "prefect_away"])


@pytest.mark.usefixtures("house")
def test_mail_setting_with_which_no_worker_starts_is_told(settings: Settings) -> None:
    spoilt = replace(settings, smtp_url="smtp://mail.example.invalid")

    assert codes(spoilt) == ["mail_setting", "prefect_away"]


@pytest.mark.usefixtures("house")
def test_portal_that_does_not_answer_while_up_runs_is_told(settings: Settings) -> None:
    with alone(settings.home):
        assert codes(settings) == ["portal_away", "prefect_away"]


def test_database_of_another_version_is_told_and_not_looked_into(house: Store, settings: Settings) -> None:
    with house.writing() as session:
        session.connection().execute(text("UPDATE alembic_version SET version_num = '9999'"))

    assert codes(settings) == ["schema"]


@pytest.mark.usefixtures("house")
def test_full_disk_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "LEAST_FREE", 2**62)

    assert codes(settings) == ["disk_full", "prefect_away"]


def test_clock_that_went_back_is_told(house: Store, settings: Settings) -> None:
    with house.writing() as session:
        audit.note(session, at=clock.host_now() + timedelta(days=1), actor="a", act="b", subject="c")

    assert codes(settings) == ["clock_back", "prefect_away"]


def test_database_that_somebody_holds_is_told_and_the_machine_still_looked_at(
    house: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(condition, "SHORT_MS", 10)
    settings.key_file.chmod(0o644)

    with house.writing() as session:
        session.get(CampaignRow, "c")
        found = codes(settings)

    assert found == ["key_open", "database_locked"]


@pytest.mark.programs
def test_home_that_can_only_be_read_is_told(settings: Settings) -> None:
    with small_disk(settings.home, megabytes=4) as disk:
        with prepared(settings):
            pass
        make_readonly(disk)

        found = codes(settings)

    assert found[:2] == ["disk_full", "home_readonly"]
    # The root of the small disk is open to all.
    assert found[2:] in (["home_open", "database_readonly"], ["home_open", "database_unusable"])


def test_library_that_differs_from_the_lock_is_named(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text(
        "click==0.1 \\\n    --hash=sha256:00\nno-such-library==1.0 \\\n    --hash=sha256:00\n"
        "colours-of-windows==1.0 ; sys_platform == 'win32' \\\n    --hash=sha256:00\n"
    )

    [trouble] = version_troubles(lock)

    assert ("click" in trouble.where, "no-such-library 未安装" in trouble.where) == (True, True)
    assert "windows" not in trouble.where


def test_libraries_of_this_installation_are_the_locked_ones() -> None:
    assert list(version_troubles()) == []


def carry(store: Store, run_id: object) -> tuple[str, str]:
    """A subject that is asleep under this run."""
    subject = uuid4().hex[:8]
    with store.writing() as session:
        if session.get(CampaignRow, "c") is None:
            session.add(CampaignRow(id="c", frozen="", rules_version="1", opened_at=NOON, closed_at=NOON))
            session.flush()
        carriers.enlist(session, kind="napper", subject=subject, campaign_id="c", label="", tags=[], at=NOON)
        bells.answer(session, "napper", subject, up_to=10**9)
        row = session.get_one(CarrierRow, ("napper", subject))
        row.state, row.flow_run_id = "asleep", str(run_id)
    return "napper", subject


def rung(store: Store) -> set[tuple[str, str]]:
    with store.reading() as session:
        return bells.subjects_rung(session)


@pytest.mark.usefixtures("prefect_server")
def test_runs_dead_deleted_and_stuck_are_told_and_rung_by_repair(
    house: Store, settings: Settings, prefect_client: SyncPrefectClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prefect.states import Cancelled, Pending, Suspended
    from prefect.states import Running as UnderWay

    register(prefect_client, deployments=(NAPPER,))
    deployment = prefect_client.read_deployment_by_name("napper/napper")

    def run(*states: object) -> object:
        made = prefect_client.create_flow_run_from_deployment(deployment.id, parameters={"subject": "x"})
        for state in states:
            prefect_client.set_flow_run_state(made.id, state, force=True)  # type: ignore[arg-type]
        return made.id

    carry(house, run(Pending(), UnderWay(), Suspended(timeout_seconds=600)))
    stuck_run = run(Pending(), UnderWay())
    dead = {carry(house, run(Cancelled())), carry(house, uuid4())}
    stuck = carry(house, stuck_run)
    monkeypatch.setattr(runs, "STUCK_AFTER", timedelta(0))

    found = runs.run_troubles(house, settings, now=NOON)
    for trouble in found:
        assert trouble.mend is not None
        trouble.mend()

    assert sorted(trouble.code for trouble in found) == ["run_gone", "run_gone", "run_stuck"]
    assert rung(house) == {*dead, stuck}
    assert prefect_client.read_flow_run(stuck_run).state_name == "Crashed"  # type: ignore[arg-type]


def test_prefect_that_does_not_take_the_password_is_told(
    house: Store, settings: Settings, prefect_server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", "hqe:another")
    carry(house, uuid4())

    found = runs.run_troubles(house, settings, now=NOON)

    assert [trouble.code for trouble in found] == ["prefect_refuses"]


def doctor(settings: Settings, *arguments: str) -> Result:
    environment = {"HQE_PREFECT_PORT": str(settings.prefect_port), "PREFECT_API_URL": ""}
    return CliRunner(env=environment).invoke(main, ["doctor", "--home", str(settings.home), *arguments])


@pytest.mark.usefixtures("house")
def test_doctor_prints_what_where_and_what_to_do_and_fails_while_something_is_left(
    settings: Settings, tmp_path: Path
) -> None:
    settings.key_file.chmod(0o644)
    out = tmp_path / "doctor.json"

    told = doctor(settings, "--repair", "--json", str(out))

    written = json.loads(out.read_text())
    assert told.exit_code == 1
    assert [(one["code"], one["repaired"]) for one in written["troubles"]] == [
        ("key_open", True),
        ("prefect_away", False),
    ]
    for one in written["troubles"]:
        assert all(one[part] in told.output for part in ("code", "what", "where", "remedy"))
    assert "共1个问题待处理" in told.output


@pytest.mark.programs
def test_public_address_that_leads_elsewhere_is_told_while_up_runs(settings: Settings, house: Store) -> None:
    with alone(settings.home), serving(settings.home, port=settings.portal_port) as (_, address):
        here = codes(replace(settings, public_url=address))
        [astray] = [
            one for one in look(replace(settings, public_url=f"{address}/login")) if one.code == "public_link"
        ]

    assert "public_link" not in here
    assert "没有通到办理页面" in astray.what


@pytest.mark.usefixtures("house")
def test_scanner_that_is_away_or_knows_only_old_viruses_is_told(settings: Settings) -> None:
    today = clock.host_now().strftime("%a %b %d %H:%M:%S %Y").encode()
    said = []
    for version in (b"ClamAV 1.4.3/27500/Mon Jan  6 10:00:00 2020", b"ClamAV 1.4.3/27500/" + today):
        with small_clamd(SmallClamd(version=version)) as scanner:
            said.append(codes(replace(settings, clamd=scanner)))

    assert said == [["scanner_old", "prefect_away"], ["prefect_away"]]
    assert codes(replace(settings, clamd=scanner)) == ["scanner_away", "prefect_away"]
