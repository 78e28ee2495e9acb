"""Settings kept in the state folder: read below the environment, refused by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.mistakes import SettingsMistake
from config.settings import SETTINGS, read_settings
from config.settings_file import FILE, read_file, write_file


def home_with(tmp_path: Path, text: str) -> dict[str, str]:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    return {"HQE_HOME": str(tmp_path)}


def test_settings_of_the_file_are_those_of_every_command(tmp_path: Path) -> None:
    env = home_with(
        tmp_path, "# 注释\n\nexport HQE_PUBLIC_URL = 'https://a.example.invalid/hqe/'\nHQE_PORTAL_PORT=81\r\n"
    )

    settings = read_settings(env)

    assert (settings.public_url, settings.portal_port) == ("https://a.example.invalid/hqe", 81)


@pytest.mark.parametrize("given", ["https://b.example.invalid", "", "  "])
def test_environment_wins_where_it_says_something(tmp_path: Path, given: str) -> None:
    env = home_with(tmp_path, "HQE_PUBLIC_URL=https://a.example.invalid\n")

    assert read_settings({**env, "HQE_PUBLIC_URL": given}).public_url == (
        given.strip() or "https://a.example.invalid"
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("HQE_PUBLIC_URL：https://a", "第1行 HQE_PUBLIC_URL：https://a 的值不可用;须为“名称=值”"),
        ("\nHQE_PUBLIK_URL=https://a", "第2行 HQE_PUBLIK_URL 的值不可用;没有这项设置,可用:HQE_AUDIT_HEAD_TO"),
        ("HQE_HOME=/elsewhere", "第1行 HQE_HOME 的值不可用;没有这项设置"),
        ("HQE_PORTAL_PORT=http", "settings.env HQE_PORTAL_PORT 的值不可用;须为 1 至 65535 的端口号"),
    ],
)
def test_file_with_a_mistake_is_refused_by_its_name_and_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SettingsMistake) as caught:
        read_settings(home_with(tmp_path, text))

    assert str(caught.value).startswith(str(tmp_path / FILE))
    assert told in str(caught.value)


def test_bad_variable_is_blamed_on_the_environment_and_not_on_the_file(tmp_path: Path) -> None:
    env = home_with(tmp_path, "HQE_PORTAL_PORT=81\n")

    with pytest.raises(SettingsMistake, match=r"^环境变量 HQE_PORTAL_PORT"):
        read_settings({**env, "HQE_PORTAL_PORT": "http"})


def test_every_setting_of_a_child_process_may_stand_in_the_file(tmp_path: Path) -> None:
    passed = read_settings({"HQE_HOME": str(tmp_path)}).environment()

    assert set(passed) - {"HQE_HOME"} <= set(SETTINGS)


def test_file_is_kept_for_its_user_only_and_read_back_as_it_was_written(tmp_path: Path) -> None:
    values = {"HQE_SMTP_URL": "smtps://a:b%3D@h:465?from=a@b.example.invalid", "HQE_PORTAL_PORT": "81"}

    file = write_file(tmp_path, {**values, "HQE_PUBLIC_URL": ""})

    assert (read_file(tmp_path, SETTINGS), file.stat().st_mode & 0o777) == (values, 0o600)
