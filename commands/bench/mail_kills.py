"""``hqe bench mail-kills``: senders killed between any two steps, and what arrives."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from commands.terminal.options import json_option
from commands.terminal.output import refuse, write_json


@click.command("mail-kills")
@click.option("--kills", type=click.IntRange(1), default=200, show_default=True, help="How many.")
@click.option("--seed", type=int, default=7, show_default=True, help="Same seed, same kills.")
@json_option
def mail_kills(kills: int, seed: int, json_file: Path | None) -> None:
    """Two senders killed at each step of a mail's way: nothing lost, copies only in the one allowed window.

    在领取、提交、成文、发送、登记的每两步之间强行结束发件进程：邮件不丢失，只在允许的一处可能重复，且编号相同。
    """
    import tempfile

    from rehearsal.bench.messages import CAMPAIGN, LATER, clear, opened
    from rehearsal.stress.mail_kills import Drill, kill_senders

    with opened() as (store, campaign), tempfile.TemporaryDirectory(prefix="hqe-kills-") as folder:
        clear(store)
        readers = [person.id for person in campaign.people]
        drill = Drill(store, CAMPAIGN, readers, Path(folder), now=LATER)
        figures = kill_senders(drill, kills=kills, seed=seed, say=click.echo)
    write_json(json_file, asdict(figures))
    click.echo(
        f"{figures.kills} kills, {figures.mails} mails: {figures.lost} lost, {figures.doubled} doubled "
        f"(at most {figures.most_doubled}), {figures.out_of_order} readers out of order"
    )
    if not figures.is_well:
        refuse("mails were lost, doubled elsewhere, or out of order")
