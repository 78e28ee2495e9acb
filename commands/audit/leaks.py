"""``hqe audit leaks``: does an identity number stand anywhere unsealed?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal.installation import existing_store, settings_of
from commands.terminal.options import home_option, json_option
from commands.terminal.output import progress_bar, refuse, write_json

if TYPE_CHECKING:
    from config.settings import Settings
    from records.store import Store
    from records.upkeep.id_search import Knows
    from records.upkeep.leaks import Leak

KINDS = {"known": "花名册中的身份证号", "alike": "形似身份证号"}
MOST_SHOWN = 20


@click.command()
@home_option
@json_option
def leaks(home: Path | None, json_file: Path | None) -> None:
    """Search the state folder and both databases for identity numbers that are not sealed.

    查找未加密的身份证号:文件、日志、邮件、压缩包、两个数据库;只报位置,不显示号码。
    """
    settings = settings_of(home)
    with existing_store(settings) as store:
        knows, count = _known(settings, store)
        found = list(_search(settings, knows))
    by_place = Counter((leak.place, leak.trace.kind) for leak in found)
    write_json(
        json_file,
        {
            "numbers_known": count,
            "leaks": [
                {"place": leak.place, "kind": leak.trace.kind, "where": leak.trace.where} for leak in found
            ],
        },
    )
    if not found:
        click.echo(f"没有发现未加密的身份证号（比对了花名册中的{count:,}个号码，并查找了形似的号码）。")
        return
    first = {(leak.place, leak.trace.kind): leak.trace.where for leak in reversed(found)}
    lines = [
        f"{place}：{KINDS[kind]}{times}处，第一处在 {first[place, kind]}"
        for (place, kind), times in by_place.most_common(MOST_SHOWN)
    ]
    refuse("\n".join(["发现未加密的身份证号，请查明来源并删除（全部位置见 --json）：", *lines]))


def _known(settings: Settings, store: Store) -> tuple[Knows, int]:
    from records.sealing.vault import open_vault
    from records.upkeep.leaks import known_numbers

    if not settings.key_file.exists():
        refuse(f"没有密钥 {settings.key_file}，无法认出花名册中的号码。请把密钥放好，再试一次。")
    with store.reading() as session:
        return known_numbers(session, open_vault(settings.key_file))


def _search(settings: Settings, knows: Knows) -> Iterator[Leak]:
    from records.store import file_of, open_engine, shown
    from records.upkeep.leaks import search_database, search_file, search_home

    with progress_bar("查找") as progress:
        yield from search_home(settings.home, knows, heard=lambda path: progress(path.name, 0))
        for url in (settings.database_url, settings.prefect_database_url.replace("+aiosqlite", "")):
            file = file_of(url)
            if file is None:
                engine = open_engine(url.replace("+asyncpg", "+psycopg"))
                yield from search_database(engine, knows, place=shown(url))
                engine.dispose()
            elif file.exists() and not file.is_relative_to(settings.home):
                yield from search_file(file, knows)
