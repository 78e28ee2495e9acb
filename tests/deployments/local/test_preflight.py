"""What `up` makes and what it refuses before anything is started."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from config.places import LOOPBACK
from config.settings import Settings, read_settings
from deployments.local.preflight import Unfit, alone, is_taken, prepared
from deployments.prefect_server import server
from records import clock
from records.dossiers import files
from records.schema import migrate
from records.store import Store, open_engine
from records.tables.campaign import CampaignRow
from records.tables.dossiers import UploadRow
from records.tables.people import PersonRow
from tests.conftest import database_for

NOON = datetime(2020, 10, 20, 4, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """An installation of its own, without tables: these tests spoil schemas."""
    with database_for(request.param, tmp_path / "hqe.db") as url:
        yield read_settings(
            {
                "HQE_HOME": str(tmp_path / "home"),
                "HQE_DATABASE_URL": url,
                "HQE_PREFECT_PORT": str(server.free_port()),
                "HQE_PORTAL_PORT": str(server.free_port()),
            }
        )


@pytest.fixture
def house(settings: Settings) -> Iterator[Store]:
    with prepared(settings) as premises:
        yield premises.store


def refusal(settings: Settings) -> str:
    with pytest.raises(Unfit) as refused, prepared(settings):
        pass
    return str(refused.value)


def stamp(settings: Settings, statement: str) -> None:
    engine = open_engine(settings.database_url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def test_first_start_makes_key_and_tables_and_the_second_only_looks(settings: Settings) -> None:
    found = []
    for _ in range(2):
        with prepared(settings) as premises:
            assert migrate.differences(premises.store.engine) == []
            found.append((premises.key_is_new, premises.database_is_new))

    assert (found, settings.key_file.stat().st_mode & 0o777) == ([(True, True), (False, False)], 0o600)


def test_simulated_clock_is_refused(house: Store, settings: Settings) -> None:
    clock.simulate(house, NOON)

    assert "模拟时钟" in refusal(settings)


@pytest.mark.parametrize(("revision", "advice"), [("0001", "./hqe upgrade"), ("9999", "换用新版程序")])
@pytest.mark.usefixtures("house")
def test_database_of_another_version_is_refused_with_what_to_do(
    settings: Settings, revision: str, advice: str
) -> None:
    stamp(settings, f"UPDATE alembic_version SET version_num = '{revision}'")

    assert advice in refusal(settings)


def test_database_of_another_program_is_refused_and_left_alone(settings: Settings) -> None:
    settings.home.mkdir()
    stamp(settings, "CREATE TABLE somebody_elses (id INTEGER)")

    assert "别的程序" in refusal(settings)
    assert not settings.key_file.exists()


def test_database_that_does_not_answer_is_refused_without_its_password(settings: Settings) -> None:
    url = f"postgresql+psycopg://hqe:not-shown@127.0.0.1:{server.free_port()}/hqe"

    sentence = refusal(replace(settings, database_url=url))

    assert ("连接不上" in sentence, "not-shown" in sentence) == (True, False)


@pytest.mark.usefixtures("house")
def test_key_missing_beside_a_database_is_refused_and_no_new_one_made(settings: Settings) -> None:
    settings.key_file.unlink()

    assert str(settings.key_file) in refusal(settings)
    assert not settings.key_file.exists()


def test_key_that_does_not_open_the_dossiers_is_refused(house: Store, settings: Settings) -> None:
    keep_dossier(house)
    settings.key_file.write_text(bytes(range(32)).hex())

    assert "不是原来的密钥" in refusal(settings)


def keep_dossier(store: Store) -> None:
    with store.writing() as session:
        session.add(CampaignRow(id="c", frozen="", rules_version="1", opened_at=NOON))
        session.add(PersonRow(id="p", name="", email="", roles=[], town_code="", conflicts=[], deputy=""))
        session.flush()
        blob = files.keep(session, store.vault, b"dossier", about="upload:c/v/1")
        session.add(
            UploadRow(
                campaign_id="c", village_code="v", version=1, blob_id=blob, sha256="", size=7, filed_by="p",
                received_at=NOON, late=False, state="received", facts={},
            )
        )  # fmt: skip


@pytest.mark.parametrize("setting", ["HQE_PREFECT_PORT", "HQE_PORTAL_PORT"])
def test_taken_port_is_refused_by_number_and_setting(settings: Settings, setting: str) -> None:
    port = settings.prefect_port if setting == "HQE_PREFECT_PORT" else settings.portal_port
    with socket.socket() as other:
        other.bind((LOOPBACK, port))
        other.listen()

        sentence = refusal(settings)

    assert (f"端口 {port} 已被" in sentence, setting in sentence) == (True, True)


@pytest.mark.parametrize(
    "url", ["smtp://mail.example.invalid", "smtp://user:pw@mail.example.invalid?from=a@b.cn"]
)
def test_mail_setting_with_which_no_worker_could_start_is_refused(settings: Settings, url: str) -> None:
    sentence = refusal(replace(settings, smtp_url=url))

    assert ("HQE_SMTP_URL" in sentence, "pw" in sentence) == (True, False)


def test_home_is_held_by_one_at_a_time_and_free_again_afterwards(tmp_path: Path) -> None:
    with alone(tmp_path):
        held = is_taken(tmp_path)
        with pytest.raises(Unfit, match="已有一个 hqe up 在运行"), alone(tmp_path):
            pass

    assert (held, is_taken(tmp_path), is_taken(tmp_path / "nobody")) == (True, False, False)
