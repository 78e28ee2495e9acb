"""``hqe audit seal``: what the key does not hold yet is sealed, by somebody who has looked."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import settings_of, store_under_key
from commands.terminal.options import home_option, json_option
from commands.terminal.output import refuse, write_json


@click.command()
@click.option("--reason", required=True, help="What it was compared with; stands in the audit log.")
@home_option
@json_option
def seal(reason: str, home: Path | None, json_file: Path | None) -> None:
    """Seal entries that the key does not hold: written without the key, or sealed by one that is lost.

    封存审计日志:没有密钥时写下的、或密钥已失的各条,与外来的末条核对后用现在的密钥封存。
    """
    from actions.upkeep.audit_seal import seal_log
    from records import clock
    from rules.refusals import Refused

    settings = settings_of(home)
    if not settings.key_file.exists():
        refuse(f"没有密钥文件 {settings.key_file}。请把密钥放回原处，再封存。")
    with store_under_key(settings) as store:
        sealed = seal_log(store, reason=reason, now=clock.now(store))
    if isinstance(sealed, Refused):
        refuse(sealed.reason)
    write_json(json_file, {"sealed": sealed})
    click.echo(f"已封存审计日志{sealed}条。")
