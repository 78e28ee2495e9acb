"""``hqe doctor``: what an operator should see to, each with what to do, and what can be repaired at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal.installation import settings_of
from commands.terminal.options import home_option, json_option
from commands.terminal.output import write_json

if TYPE_CHECKING:
    from actions.upkeep.troubles import Trouble


@click.command()
@click.option("--repair", is_flag=True, help="Mend what can be mended without a person.")
@home_option
@json_option
def doctor(repair: bool, home: Path | None, json_file: Path | None) -> None:
    """List every trouble: what, where, what to do; works with Prefect down. Exit code 1 while one is left.

    体检:列出运行中的每个问题、所在位置和处理办法;--repair 修复能自动修复的。
    """
    from deployments.doctor.checkup import check_up

    checkup, store = check_up(settings_of(home))
    repaired = _mend(checkup.troubles) if repair else []
    if store is not None:
        store.close()
    for trouble in checkup.troubles:
        click.echo(trouble.line + ("\n    已修复" if trouble in repaired else ""))
    write_json(
        json_file,
        {
            "troubles": [_plain(trouble, repaired=trouble in repaired) for trouble in checkup.troubles],
            "audit": {"length": checkup.audit_length, "head": checkup.audit_head},
        },
    )
    left = len(checkup.troubles) - len(repaired)
    if left:
        click.echo(f"共{left}个问题待处理。")
        raise SystemExit(1)
    click.echo(f"没有待处理的问题。审计日志{checkup.audit_length}条，末条 {checkup.audit_head[:16]}。")


def _mend(troubles: list[Trouble]) -> list[Trouble]:
    mended = [trouble for trouble in troubles if trouble.mend is not None]
    for trouble in mended:
        assert trouble.mend is not None
        trouble.mend()
    return mended


def _plain(trouble: Trouble, *, repaired: bool) -> dict[str, object]:
    return {
        "code": trouble.code,
        "what": trouble.what,
        "where": trouble.where,
        "remedy": trouble.remedy,
        "repairable": trouble.mend is not None,
        "repaired": repaired,
    }
