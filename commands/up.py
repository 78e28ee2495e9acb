"""``hqe up``: everything for real on this machine, as one."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal.installation import settings_of
from commands.terminal.options import home_option
from commands.terminal.output import refuse

if TYPE_CHECKING:
    from config.settings import Settings
    from deployments.local.preflight import Premises
    from records.store import Store


@click.command()
@click.option("--campaign", "campaign_id", help="Open this campaign if it is not open yet.")
@click.option("--late", is_flag=True, help="Open it although dates of it have passed.")
@click.option(
    "--worker",
    type=click.Choice(["here", "process"]),
    default="here",
    show_default=True,
    help="Who runs the flows: our worker in its own process, or Prefect's, a process for each wake-up.",
)
@click.option(
    "--port", type=click.IntRange(1, 65_535), help="Port of Prefect (default: HQE_PREFECT_PORT or 4242)."
)
@click.option("--only-prepare", is_flag=True, help="Make key and tables, say what is missing, start nothing.")
@home_option
def up(
    campaign_id: str | None, late: bool, worker: str, port: int | None, only_prepare: bool, home: Path | None
) -> None:
    """Start everything for real on this machine: Prefect server and UI, worker, mail, tick; Ctrl-C stops it.

    正式启动:Prefect、承办进程、发信、定时检查一并启动,一并停止。
    """
    from commands.terminal.up_words import say_where
    from deployments.local.preflight import Unfit, alone, prepared

    settings = settings_of(home)
    settings = replace(settings, prefect_port=port) if port else settings
    try:
        with alone(settings.home), prepared(settings) as premises:
            if campaign_id:
                _open(premises.store, campaign_id, late=late)
            if only_prepare:
                say_where(settings, premises)
            else:
                _serve(settings, premises, processes=worker == "process")
    except Unfit as error:
        refuse(str(error))


def _open(store: Store, campaign_id: str, *, late: bool) -> None:
    from commands.campaign.open import open_once
    from records import clock

    title = open_once(store, campaign_id, late=late, now=clock.now(store))
    if title:
        click.echo(f"已启动活动 · campaign opened: {title}")


def _serve(settings: Settings, premises: Premises, *, processes: bool) -> None:
    from deployments.local.processes import Stack

    stack = Stack(
        settings.home,
        environment=settings.environment(),
        port=settings.prefect_port,
        prefect_database_url=settings.prefect_database_url,
        processes=processes,
        more={"portal": ["portal.serve"]},
    )
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    click.echo("正在启动 … starting, the first time takes a minute")
    stack.serve(ready=lambda: _opened(settings, premises, prefect_url=stack.prefect_url))
    click.echo("已全部停止 · everything stopped")


def _opened(settings: Settings, premises: Premises, *, prefect_url: str) -> None:
    from commands.terminal.up_words import say_up, say_where_the_link_leads

    say_up(settings, premises, prefect_url=prefect_url)
    # Beside the watch: a public address that does not answer takes its time.
    asking = threading.Thread(target=say_where_the_link_leads, args=(settings,), name="link", daemon=True)
    asking.start()
