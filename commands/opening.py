"""How commands find this installation: its settings, its key if it is there, its database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.printing import refuse

if TYPE_CHECKING:
    from config.settings import Settings
    from records.backup.archive import Progress
    from records.store import Store

home_option = click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help="State folder (default: HQE_HOME or ./var).",
)


def settings_of(home: Path | None) -> Settings:
    """The settings of the environment; ``home`` replaces HQE_HOME."""
    from config.mistakes import SettingsMistake
    from config.settings import read_settings

    try:
        return read_settings({**os.environ, **({"HQE_HOME": str(home)} if home else {})})
    except SettingsMistake as error:
        refuse(str(error))


@contextmanager
def existing_store(settings: Settings) -> Iterator[Store]:
    """The database for commands that neither seal nor open, so that a missing key hinders none of them."""
    from records.sealing.vault import Vault
    from records.store import Store, file_of, is_reachable, shown

    file = file_of(settings.database_url)
    if file is not None and not file.exists():
        refuse(f"没有数据库 {file}。请检查 HQE_HOME 或 HQE_DATABASE_URL，或用 --home 指定文件夹。")
    store = Store(settings.database_url, vault=Vault(bytes(32)), home=settings.home)
    try:
        if not is_reachable(store.engine):
            refuse(f"数据库 {shown(settings.database_url)} 连接不上。请检查 HQE_DATABASE_URL 和数据库服务。")
        yield store
    finally:
        store.close()


def fingerprint_of(key_file: Path) -> str:
    """The fingerprint of the key; empty when it is not there."""
    from records.sealing.vault import open_vault

    try:
        return open_vault(key_file).fingerprint()
    except FileNotFoundError:
        return ""
    except (OSError, ValueError):
        refuse(f"密钥文件 {key_file} 无法读取。请检查权限，或用另存的副本替换它。")


@contextmanager
def progress_bar(what: str) -> Iterator[Progress]:
    """Says on the terminal which table is under way; silent where nobody looks."""
    from rich.console import Console

    with Console(stderr=True).status(what) as status:
        yield lambda table, rows: status.update(f"{what} {table} {rows:,}")
