"""``hqe explain``: how a village came to its result, stored against reckoned anew."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import opened, under_way
from commands.terminal.options import campaign_option, home_option, json_option, seen_by_option
from commands.terminal.output import decline, write_json


@click.command()
@click.argument("village")
@seen_by_option
@campaign_option
@home_option
@json_option
def explain(
    village: str, by: str, campaign_id: str | None, home: Path | None, json_file: Path | None
) -> None:
    """Explain the result of VILLAGE (its 12-digit code): cell, value, rule, scores, decisions, rank, payment.

    Everything is reckoned anew with the campaign's frozen rules; exits 1 where what is stored departs.

    说明一个社区(村)从申报数据到奖补的全过程,并按活动启动时的规则重算核对。
    """
    from actions.overview import explanation
    from rules.refusals import Refused
    from rules.review.explanation import STEPS
    from rules.review.parties import PARTIES

    with opened(home) as store:
        found = explanation.explain(
            store, campaign_id=under_way(store, campaign_id), village_code=village, reader=by
        )
    if isinstance(found, Refused):
        decline(found)
    write_json(
        json_file,
        {"explanation": found, "digest": found.digest, "anew": found.anew, "departs": found.departures},
    )
    click.secho(f"{found.place}({found.village_code})", bold=True)
    for line in found.lines:
        points = " ".join(f"{PARTIES[party]}{value}" for party, value in line.points.items())
        click.echo(f"{line.id} {line.name}：{points}\n    {line.rule}")
        for fact in line.facts:
            click.echo(f"    {fact.title}＝{fact.value}（{fact.cell}）")
    for one in found.links:
        mark = "不符" if one.departs else "相符" if one.anew else "无从重算"
        click.echo(f"[{mark}] {STEPS[one.step]} {one.what}：{one.said}（{one.role}）{one.stored[:12]}")
    for note in found.notes:
        click.echo(note)
    click.echo(f"存档指纹：{found.digest}\n重算指纹：{found.anew}")
    if found.departures:
        click.secho(f"有{len(found.departures)}处与重算不符。", fg="red")
        raise SystemExit(1)
    click.echo("全部与重算相符。")
