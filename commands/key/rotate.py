"""``hqe key rotate``: a new key, and everything sealed anew with it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal.backup import back_up
from commands.terminal.installation import settings_of, store_under_key
from commands.terminal.options import home_option, json_option
from commands.terminal.output import refuse, write_json

if TYPE_CHECKING:
    from config.settings import Settings
    from records.sealing.vault import Vault
    from records.store import Store


@dataclass(frozen=True, slots=True)
class Rotated:
    """A finished change: both fingerprints, how much was sealed anew, what no key opens, where the old one lies."""

    old_key: str
    new_key: str
    rows: int
    unopened: list[str]
    aside: str


@click.command()
@home_option
@json_option
def rotate(home: Path | None, json_file: Path | None) -> None:
    """Make a new key and seal everything anew with it; stopped anywhere, the same command goes on.

    更换密钥:先备份,再换一把新密钥,把全部文件和身份证号重新加密;须先停止 ./hqe up。中断后再运行一次即可接着做。
    """
    from deployments.local.preflight import Unfit, alone

    settings = settings_of(home)
    if not settings.key_file.exists():
        refuse(f"没有密钥文件 {settings.key_file}。请把密钥的备份放回原处，再更换。")
    try:
        with alone(settings.home), store_under_key(settings) as store:
            _refuse_others(store)
            told = _rotate(settings, store)
    except Unfit as error:
        refuse(str(error))
    except KeyboardInterrupt:
        refuse("已中断，没有丢失任何数据。换完之前不能启动 ./hqe up；再运行 ./hqe key rotate 会接着做。")
    write_json(json_file, asdict(told))
    click.echo(f"密钥已更换：{told.old_key} → {told.new_key}，重新加密{told.rows:,}处。")
    for name in told.unopened:
        click.echo(f"注意：{name} 用哪一把密钥都打不开，保持原样（更换之前就已打不开）。", err=True)
    click.echo(f"请立即把新密钥 {settings.key_file} 另存一处，不要与备份放在一起。")
    click.echo(f"旧密钥另存为 {told.aside}：更换之前的备份要用它才能打开。")
    click.echo("不再需要那些备份时，把旧密钥连同备份一起销毁（./hqe key status 列出还有哪些备份要用它）。")


def _refuse_others(store: Store) -> None:
    from actions.dossiers.uploads import key_fits
    from records import clock
    from records.runs import carriers

    with store.reading() as session:
        at_work = carriers.holders(session, host_now=clock.host_now())
    if at_work:
        refuse(
            f"有程序正在运行（{'、'.join(at_work)}）。更换密钥时别的程序不能写入："
            "请停止所有机器上的 ./hqe up 和承办进程，再试一次。"
        )
    if not key_fits(store):
        refuse("密钥打不开库中的申报材料，不是原来的密钥。请先把原密钥放回原处，再更换。")


def _rotate(settings: Settings, store: Store) -> Rotated:
    from actions.upkeep import key_change
    from records import clock
    from records.sealing import keys
    from records.sealing.vault import make_key, open_next_vault

    under_way = key_change.standing(store)
    old_key = under_way.old_key if under_way else store.vault.fingerprint()
    if under_way is None:
        file, _ = back_up(settings, None)
        click.echo(f"更换之前的备份：{file}（要用旧密钥 {old_key} 打开）")
        make_key(keys.next_of(settings.key_file))
    else:
        click.echo(f"接着做上次没有做完的更换：{under_way.old_key} → {under_way.new_key}")
    # Between the exchange of the files and the last note the new key is already the one in use.
    vault = open_next_vault(settings.key_file) if keys.next_of(settings.key_file).exists() else store.vault
    refused = key_change.begin(store, vault, old_key=old_key, now=clock.now(store))
    if refused:
        refuse(refused.reason)
    unopened, rows = _reseal(store, vault)
    aside = keys.exchange(settings.key_file, fingerprint=old_key)
    refused = key_change.finish(store, vault, unopened=len(unopened), now=clock.now(store))
    if refused:
        refuse(refused.reason)
    return Rotated(old_key, vault.fingerprint(), rows, unopened, str(aside))


def _reseal(store: Store, vault: Vault) -> tuple[list[str], int]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from actions.upkeep import key_change
    from records.upkeep import reseal

    with store.reading() as session:
        total = reseal.left(session, vault)
    columns = (TextColumn("重新加密"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=total)
        unopened = key_change.reseal(store, vault, heard=lambda done: progress.update(task, completed=done))
    return unopened, total - len(unopened)
