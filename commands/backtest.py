"""``hqe backtest``: another indicator table on a finished campaign."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import opened
from commands.terminal.options import home_option, json_option
from commands.terminal.output import decline, refuse, write_json


@click.command()
@click.argument("indicators", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("campaign")
@home_option
@json_option
def backtest(indicators: Path, campaign: str, home: Path | None, json_file: Path | None) -> None:
    """Score the finished CAMPAIGN once more with the table in INDICATORS (a YAML file); show who would change.

    The facts are those the bureau went by: the dossier with what reviewers and visits changed.

    用另一份指标表重算一个已结束的活动，列出结论会变的社区(村)。
    """
    from actions.overview.backtest import backtest_campaign, finished
    from config.campaign_folder import read_indicators_file
    from config.mistakes import CampaignMistakes
    from rules.campaign.scoring_words import rounded
    from rules.refusals import Refused

    words = {"pass": "达到认定线", "fail": "未达到认定线", "veto": "一票否决"}
    with opened(home) as store:
        with store.reading() as session:
            known = finished(session, campaign)
        if isinstance(known, Refused):
            decline(known)
        try:
            scheme = read_indicators_file(indicators, forms=known.forms)
        except CampaignMistakes as error:
            refuse(str(error))
        found = backtest_campaign(store, campaign_id=campaign, scheme=scheme)
    if isinstance(found, Refused):
        decline(found)
    write_json(
        json_file,
        {"campaign": campaign, "old": known.scheme.id, "new": scheme.id, "villages": found.changes,
         "would_change": [one.village_code for one in found.changes if one.changes], "unknown": found.unknown},
    )  # fmt: skip
    for one in found.changes:
        village = known.village(one.village_code)
        mark = "变" if one.changes else "同"
        was, new = (
            f"{rounded(end.total)}分 {words[end.verdict]}{' 推荐' if end.recommended else ''}"
            for end in (one.was, one.would_be)
        )
        click.echo(f"[{mark}] {known.town(village.town_code).name}{village.name}：{was} → {new}")
        for key, (before, after) in one.lines.items():
            said = ["无此项" if points is None else rounded(points) for points in (before, after)]
            click.echo(f"      {key} {said[0]} → {said[1]}")
    if found.unknown:
        click.echo(f"材料里没有、按0计的数据：{'、'.join(found.unknown)}")
    click.echo(f"共{len(found.changes)}个，结论会变的{sum(one.changes for one in found.changes)}个。")
