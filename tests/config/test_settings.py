"""Settings read from an environment mapping."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.mistakes import SettingsMistake
from config.settings import Settings, read_settings


def test_settings_of_an_empty_environment_stand_below_var() -> None:
    home = Path("var").absolute()

    assert read_settings({}) == Settings(
        home=home,
        database_url=f"sqlite:///{home}/hqe.db",
        smtp_url="",
        prefect_database_url=f"sqlite+aiosqlite:///{home}/prefect/prefect.db",
        public_url="",
        key_file=home / "secret.key",
        prefect_port=4242,
        prefect_url="",
        portal_host="127.0.0.1",
        portal_port=4280,
        font="",
        plain_http=False,
        proxies=("127.0.0.1",),
        metrics_token="",
        log_format="text",
        proposal_days=7,
        proof_minutes=15,
        audit_export="",
        second_factor_for_all=False,
        audit_head_to=(),
        clamd="",
    )


@pytest.mark.parametrize("value", ["unix:///run/clamav/clamd.ctl", "tcp://127.0.0.1:3310"])
def test_scanner_listens_on_a_socket_or_a_port(value: str) -> None:
    assert read_settings({"HQE_CLAMD": value}).clamd == value


@pytest.mark.parametrize("value", ["/run/clamav/clamd.ctl", "unix:///", "tcp://127.0.0.1", "http://a:1", "1"])
def test_scanner_that_is_no_address_is_told(value: str) -> None:
    with pytest.raises(SettingsMistake, match="unix:///run"):
        read_settings({"HQE_CLAMD": value})


def test_head_of_the_log_goes_to_two_offices_or_to_nobody() -> None:
    two = "office@county.example.invalid, archive@city.example.invalid"

    assert read_settings({"HQE_AUDIT_HEAD_TO": two}).audit_head_to == tuple(two.split(", "))
    for value in ("office@county.example.invalid", "office, archive", "a@b.invalid,a@b.invalid"):
        with pytest.raises(SettingsMistake, match="两个不同的办公室"):
            read_settings({"HQE_AUDIT_HEAD_TO": value})


def test_prefect_has_another_name_than_the_portal() -> None:
    public = "https://hqe.example.invalid/hqe"

    with pytest.raises(SettingsMistake, match="不同的主机名"):
        read_settings({"HQE_PUBLIC_URL": public, "HQE_PREFECT_URL": "https://HQE.example.invalid:4242"})
    apart = read_settings({"HQE_PUBLIC_URL": public, "HQE_PREFECT_URL": "https://prefect.example.invalid/"})
    unset = read_settings({"HQE_PORTAL_PORT": "4999"})

    assert (apart.machine_room, unset.machine_room) == (
        "https://prefect.example.invalid",
        "http://prefect.localhost:4999",
    )


def test_settings_given_are_kept_with_absolute_paths(tmp_path: Path) -> None:
    settings = read_settings(
        {
            "HQE_HOME": str(tmp_path),
            "HQE_DATABASE_URL": "sqlite:///data/a.db",
            "HQE_SMTP_URL": "smtp://user:pw@mail.example.invalid:587/?from=a@example.invalid",
            "HQE_PUBLIC_URL": "https://hqe.example.invalid/",
        }
    )

    assert settings.database_url == f"sqlite:///{Path('data/a.db').absolute()}"
    assert settings.public_url == "https://hqe.example.invalid"
    assert settings.key_file == tmp_path / "secret.key"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("HQE_DATABASE_URL", "mysql://host/db"),
        ("HQE_DATABASE_URL", "hqe.db"),
        ("HQE_PREFECT_DATABASE_URL", "sqlite:///x.db"),
        ("HQE_SMTP_URL", "mail.example.invalid"),
        ("HQE_SMTP_URL", "smtp://host:notaport"),
        ("HQE_PUBLIC_URL", "ftp://host"),
        ("HQE_PREFECT_PORT", "no-port"),
        ("HQE_PREFECT_PORT", "70000"),
        ("HQE_LOG_FORMAT", "xml"),
        ("HQE_PROPOSAL_DAYS", "soon"),
        ("HQE_PROPOSAL_DAYS", "61"),
        ("HQE_PROOF_MINUTES", "61"),
        ("HQE_AUDIT_TO", "logs/audit"),
        ("HQE_OFFSITE", "mnt/elsewhere"),
        ("HQE_DRILL_DAYS", "seldom"),
        ("HQE_AUDIT_TO", "syslog://:7777"),
        ("HQE_AUDIT_TO", "file://host/path"),
        ("HQE_CHANNELS", "dingtalk://SECab@token"),
        ("HQE_CHANNELS", "工作群=token"),
        ("HQE_CHANNELS", "群=dingtalk://SECab@one 群=dingtalk://SECab@two"),
        ("HQE_PROXIES", "proxy.example.invalid"),
        ("HQE_PROXIES", "10.0.0.0/8;10.1.0.1"),
    ],
)
def test_setting_with_a_bad_value_is_refused_by_name_without_the_value(variable: str, value: str) -> None:
    with pytest.raises(SettingsMistake) as caught:
        read_settings({variable: value})

    assert caught.value.variable == variable
    assert value not in str(caught.value)


def test_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()

    with pytest.raises(SettingsMistake, match="HQE_HOME"):
        read_settings({"HQE_HOME": str(file)})


def test_channels_are_kept_by_name_and_handed_on() -> None:
    text = "工作群=dingtalk://SECab@token leaders=wecombot://key"

    settings = read_settings({"HQE_CHANNELS": text})

    assert [name for name, _ in settings.channels] == ["工作群", "leaders"]
    assert read_settings(settings.environment()).channels == settings.channels


def test_settings_of_the_portal_given_are_kept() -> None:
    settings = read_settings({"HQE_PORTAL_HOST": "0.0.0.0", "HQE_PORTAL_PORT": "8080", "HQE_PLAIN_HTTP": "1"})

    assert (settings.portal_host, settings.portal_port, settings.plain_http) == ("0.0.0.0", 8080, True)


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http"])
def test_settings_with_an_impossible_port_are_refused(port: str) -> None:
    with pytest.raises(SettingsMistake, match="HQE_PORTAL_PORT"):
        read_settings({"HQE_PORTAL_PORT": port})


def test_public_address_with_a_path_puts_the_portal_below_it() -> None:
    settings = read_settings({"HQE_PUBLIC_URL": "https://county.example.invalid/hqe/"})

    assert (settings.prefix, settings.portal_url) == ("/hqe", "https://county.example.invalid/hqe")
    assert read_settings({"HQE_PUBLIC_URL": "https://hqe.example.invalid"}).prefix == ""


def test_settings_come_back_from_the_environment_of_a_child() -> None:
    settings = read_settings(
        {
            "HQE_PROXIES": "127.0.0.1, 172.16.0.0/12",
            "HQE_METRICS_TOKEN": "t",
            "HQE_LOG_FORMAT": "json",
            "HQE_PROPOSAL_DAYS": "3",
            "HQE_OFFSITE": "/mnt/elsewhere",
            "HQE_DRILL_DAYS": "30",
        }
    )

    assert read_settings(settings.environment()) == settings
