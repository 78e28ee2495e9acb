"""``hqe rehearse``: the whole campaign on a simulated clock."""

from __future__ import annotations

import signal
import time
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.terminal.options import folder_option, json_option
from commands.terminal.output import refuse, write_json

if TYPE_CHECKING:
    from rehearsal.rehearsal import Played


class DayOrRole(click.ParamType[date | str]):
    """``2020-11-18``, or a role: a day at which it has something to do."""

    name = "DAY|ROLE"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date | str:
        from rules.campaign.campaign import ROLES
        from rules.entries import read_day
        from rules.refusals import Refused

        if isinstance(value, date):
            return value
        if str(value) in ROLES:
            return str(value)
        day = read_day(str(value))
        if isinstance(day, Refused):
            self.fail(f"“{value}”: a day such as 2020-11-18, or one of {', '.join(ROLES)}", param, ctx)
        return day


@click.command()
@folder_option
@click.option("--villages", type=click.IntRange(1), help="Only so many villages (default: all).")
@click.option(
    "--publicity",
    type=click.IntRange(0),
    default=0,
    help="Working days of publicity (default: the campaign's).",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Same seed, same outcome.")
@click.option(
    "--until",
    type=DayOrRole(),
    help="Stop at the end of this day, or once this role has work (town_clerk, reviewer, bureau_leader, finance …);"
    " the next start goes on.",
)
@click.option(
    "--serve", is_flag=True, help="Keep portal and Prefect UI running afterwards, until Ctrl-C; invites you."
)
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for database, mails and logs (default: var/rehearsal/<campaign>-<villages>-<seed>).",
)
@click.option("--fresh", is_flag=True, help="Forget an interrupted rehearsal instead of going on with it.")
@click.option("--through-portal", is_flag=True, help="People work in the portal's pages, over HTTP.")
@click.option("--prefect-database", metavar="URL", help="Prefect's database (default: SQLite in the folder).")
@json_option
def rehearse(
    campaign_id: str,
    villages: int | None,
    publicity: int,
    seed: int,
    until: date | str | None,
    serve: bool,
    home: Path | None,
    fresh: bool,
    through_portal: bool,
    prefect_database: str | None,
    json_file: Path | None,
) -> None:
    """Play a whole campaign with simulated people, mails and clock; touches nothing real.

    演练:用模拟时间和模拟人员走完全部阶段,不接触真实数据库和真实邮箱。
    """
    import shutil

    from config.mistakes import CampaignMistakes
    from rehearsal.clock_driver import Stuck
    from rehearsal.rehearsal import Script, play

    folder = (
        home or Path("var/rehearsal") / f"{Path(campaign_id).name}-{villages or 'all'}-{seed}"
    ).resolve()
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
    with _bar() as progress:
        script = Script(
            home=folder,
            campaign_id=campaign_id,
            villages=villages,
            seed=seed,
            publicity=publicity,
            prefect_database_url=prefect_database,
            through_portal=through_portal,
            until=until if isinstance(until, date) else None,
            until_role=until if isinstance(until, str) else "",
            visitors=serve,
            progress=progress,
        )
        try:
            played = play(script)
        except CampaignMistakes as error:
            refuse(str(error))
        except Stuck as error:
            refuse(f"the rehearsal does not get on: {error}\nLogs: {folder / 'logs'}")
    try:
        write_json(json_file, played.report)
        _print(played.report, folder)
        if serve:
            _wait(played, folder)
    finally:
        played.stop()
    if not until and any(played.report["flow_runs"][name] for name in ("failed", "crashed", "suspended")):
        refuse("some runs did not end well; see the Prefect UI with --serve")


class _Bar:
    """A progress bar from the first to the last planned day, with the business date."""

    def __init__(self) -> None:
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TimeElapsedColumn(),
            transient=True,
        )
        self._task = self._progress.add_task("starting Prefect …", total=62)
        self._first: datetime | None = None

    def __enter__(self) -> _Bar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def __call__(self, moment: datetime) -> None:
        from zoneinfo import ZoneInfo

        local = moment.astimezone(ZoneInfo("Asia/Shanghai"))
        self._first = self._first or local
        self._progress.update(
            self._task,
            completed=(local - self._first).days,
            description=f"{local:%Y-%m-%d %H:%M}",
        )


def _bar() -> _Bar:
    return _Bar()


def _print(report: dict[str, Any], folder: Path) -> None:
    from rich.console import Console

    from commands.terminal.rehearsal_table import table_of

    Console().print(table_of(report))
    click.echo(f"mails: {folder / 'mails'}    logs: {folder / 'logs'}")


def _wait(played: Played, folder: Path) -> None:
    """Keep serving until Ctrl-C or TERM; the clock stands still, people may go on working."""
    password = (folder / "prefect" / "password").read_text(encoding="utf-8")
    click.echo(f"Prefect UI: {played.stack.prefect_url}  (sign in with {password})")
    click.echo("The portal, as one of these people (a link works once, choose any password):")
    for visitor in played.visitors:
        click.echo(f"  {visitor.role} {visitor.name}: {visitor.link}")
        for task in visitor.tasks:
            click.echo(f"      待办：{task}")
        if not visitor.tasks:
            click.echo(f"      现在没有待办。{visitor.hint}")
    for number in (signal.SIGTERM, signal.SIGINT):
        # INT as well: a process started with `&` may have inherited it as ignored.
        signal.signal(number, signal.default_int_handler)
    try:
        click.echo("Ctrl-C ends it.")
        while True:
            # One long pause would sleep through a signal that comes just before it.
            time.sleep(1)
    except KeyboardInterrupt:
        click.echo("stopping")
