"""``hqe campaign reviewers``: how reviewers differ."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import opened, under_way
from commands.terminal.options import campaign_option, home_option, json_option, seen_by_option
from commands.terminal.output import write_json


@click.command()
@seen_by_option
@campaign_option
@home_option
@json_option
def reviewers(by: str, campaign_id: str | None, home: Path | None, json_file: Path | None) -> None:
    """Show each reviewer's leniency by indicator, and the indicators on which reviewers differ most.

    Over villages that are settled; what is still reviewed blind is left out.

    审核人员各指标的宽严，以及分歧最多、表述应当修改的指标。
    """
    from actions.overview.reviewers import differences_of
    from rules.campaign.scoring_words import half_up

    with opened(home) as store, store.reading() as session:
        found = differences_of(session, under_way(store, campaign_id), reader=by)
    write_json(json_file, {"differences": found})
    click.echo(f"已有结果的社区(村){found.villages}个。")
    for one in found.leniency:
        if one.points:
            name, title = found.names[one.reviewer], found.titles.get(one.indicator, "")
            word = "偏宽" if one.points > 0 else "偏严"
            click.echo(
                f"{name} {one.indicator} {title}：{word}{half_up(abs(one.points), 2)}分（{one.lines}个村）"
            )
    for wording in found.wordings:
        title = found.titles.get(wording.indicator, "")
        click.echo(
            f"应改表述：{wording.indicator} {title}，{wording.pairs}次双评中{wording.apart}次不一致，"
            f"平均相差满分的{half_up(wording.share * 100, 1)}%"
        )
