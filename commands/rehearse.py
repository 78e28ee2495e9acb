"""``hqe rehearse``: the whole campaign on a simulated clock."""

from __future__ import annotations

import signal
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from commands.printing import json_option, refuse, write_json

STAGES = {"survey": "调查摸底", "submission": "汇总上报", "verification": "核查认定",
          "recommendation": "择优推荐", "award": "奖补"}  # fmt: skip


@click.command()
@click.option(
    "--campaign", "campaign_id", default="longquan-2020", show_default=True, help="Campaign folder."
)
@click.option("--villages", type=click.IntRange(1), help="Only so many villages (default: all).")
@click.option("--seed", type=int, default=1, show_default=True, help="Same seed, same outcome.")
@click.option("--serve", is_flag=True, help="Keep the Prefect UI running afterwards, until Ctrl-C.")
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for database, mails and logs (default: var/rehearsal/<campaign>-<villages>-<seed>).",
)
@click.option("--fresh", is_flag=True, help="Forget an interrupted rehearsal instead of going on with it.")
@click.option("--prefect-database", metavar="URL", help="Prefect's database (default: SQLite in the folder).")
@json_option
def rehearse(
    campaign_id: str,
    villages: int | None,
    seed: int,
    serve: bool,
    home: Path | None,
    fresh: bool,
    prefect_database: str | None,
    json_file: Path | None,
) -> None:
    """Play a whole campaign with simulated people, mails and clock; touches nothing real.

    演练:用模拟时间和模拟人员走完全部阶段,不接触真实数据库和真实邮箱。
    """
    import shutil

    from config.mistakes import CampaignMistakes
    from rehearsal.driver import Stuck
    from rehearsal.playing import Script, play

    folder = (home or Path("var/rehearsal") / f"{campaign_id}-{villages or 'all'}-{seed}").resolve()
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
    with _bar() as progress:
        script = Script(
            home=folder,
            campaign_id=campaign_id,
            villages=villages,
            seed=seed,
            prefect_database_url=prefect_database,
            progress=progress,
        )
        try:
            played = play(script)
        except CampaignMistakes as error:
            refuse("\n".join(str(mistake) for mistake in error.mistakes))
        except Stuck as error:
            refuse(f"the rehearsal does not get on: {error}\nLogs: {folder / 'logs'}")
    try:
        write_json(json_file, played.report)
        _print(played.report, folder)
        if serve:
            _wait(played.stack.prefect_url, folder)
    finally:
        played.stop()
    if any(played.report["flow_runs"][name] for name in ("failed", "crashed", "suspended")):
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
    from rich.table import Table

    table = Table(title=f"{report['campaign']} · seed {report['seed']}", show_header=False)
    for name, times in report["stages"].items():
        closed = (times["closed"] or "")[:10]
        table.add_row(STAGES[name], f"opened {(times['opened'] or '')[:10]}, closed {closed}")
    rows = {
        "乡镇 towns / 社区(村) villages": f"{report['towns']} / {report['villages']}",
        "花名册 roster rows": report["roster_rows"],
        "上报 uploads": _counts(report["uploads"]),
        "待办 duties": _counts(report["duties"]),
        "审批 gates": _counts(report["gates"]),
        "认定 recognised / 不予 not / 否决 vetoed": " / ".join(
            str(report[name]) for name in ("recognised", "not_recognised", "vetoed")
        ),
        "推荐 recommended": report["recommended"],
        "奖补 awards": f"{report['awards_total_yuan']:,} 元",
        "邮件 mails": _counts(report["messages"]),
        "Prefect runs": _counts(report["flow_runs"]),
        "wake-ups": report["wakeups"],
        "outcome": report["outcome_sha256"][:16],
        "seconds": report["duration_s"],
    }
    for name, value in rows.items():
        table.add_row(name, str(value))
    Console().print(table)
    click.echo(f"mails: {folder / 'mails'}    logs: {folder / 'logs'}")


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {value}" for name, value in counts.items())


def _wait(prefect_url: str, folder: Path) -> None:
    """Keep serving until Ctrl-C or TERM."""
    password = (folder / "prefect" / "password").read_text(encoding="utf-8")
    click.echo(f"Prefect UI: {prefect_url}  (sign in with {password})\nCtrl-C ends it.")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        signal.pause()
    except KeyboardInterrupt:
        click.echo("stopping")
