"""``hqe bench judgement``: what it costs to judge a campaign anew."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.options import folder_option, json_option
from commands.terminal.output import refuse, write_json


@click.command()
@folder_option
@click.option("--villages", type=click.IntRange(1), default=48, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed, the same villages.")
@json_option
def judgement(campaign_id: str, villages: int, seed: int, json_file: Path | None) -> None:
    """Score, compare, reconcile and hash every village anew; the ratio is to scoring the towns' sheets alone.

    重算全部社区(村)的各方评分、分歧、核定和指纹。
    """
    from config.campaign_folder import campaign_folder, read_campaign
    from rehearsal.bench.judgement import BUDGET, VILLAGES, judge_all

    done = judge_all(read_campaign(campaign_folder(campaign_id)), villages=villages, seed=seed)
    click.echo(f"{done.villages} villages judged anew in {done.seconds:.3f} s")
    click.echo(f"{done.ratio:.1f} times what the towns' sheets alone take")
    click.echo(f"digest {done.digest}")
    allowed = BUDGET * max(1.0, villages / VILLAGES)
    write_json(
        json_file,
        {"villages": villages, "seconds": done.seconds, "ratio": done.ratio, "digest": done.digest,
         "allowed_s": allowed},
    )  # fmt: skip
    if done.seconds > allowed:
        refuse(f"that is more than {allowed:.1f} s")
