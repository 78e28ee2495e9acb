"""The server's settings; the server itself is started by the canaries."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from deployments.prefect_server import server
from deployments.prefect_server.blank_database import lay_out

pytestmark = pytest.mark.programs


def test_password_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    first, second = server.password(tmp_path), server.password(tmp_path)

    mode = stat.S_IMODE((tmp_path / "prefect" / "password").stat().st_mode)
    assert (first == second, first.startswith("hqe:"), mode) == (True, True, 0o600)


def test_settings_name_loopback_a_password_and_no_telemetry(tmp_path: Path) -> None:
    settings = server.server_environment(tmp_path, port=1234, password="hqe:x")

    assert settings["PREFECT_SERVER_API_HOST"] == "127.0.0.1"
    assert settings["PREFECT_SERVER_API_AUTH_STRING"] == "hqe:x"
    assert (settings["PREFECT_SERVER_ANALYTICS_ENABLED"], settings["DO_NOT_TRACK"]) == ("false", "1")
    assert settings["PREFECT_HOME"] == str(tmp_path / "prefect")


def test_settings_of_the_callers_shell_are_left_out() -> None:
    assert server.without_prefect({"PREFECT_API_URL": "https://elsewhere", "PATH": "/bin"}) == {
        "PATH": "/bin"
    }


def test_blank_database_is_copied_and_an_existing_one_left_alone(tmp_path: Path) -> None:
    blank, database = tmp_path / "blank.db", tmp_path / "prefect.db"
    blank.write_bytes(b"blank")

    lay_out(database, blank=blank)
    database.write_bytes(database.read_bytes() + b" and more")
    lay_out(database, blank=blank)

    assert database.read_bytes() == b"blank and more"
