"""``hqe papers make``: a paper from its template, as Word and, where a program can, as PDF."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import business_now, opened, under_way
from commands.terminal.options import by_option, campaign_option, home_option
from commands.terminal.output import decline
from rules.refusals import Refused


@click.command()
@click.argument("kind")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--about", default="", metavar="CODE", help="The village, or the gate of a payment list.")
@click.option("--why", default="", help="Why a paper that was made before is made anew.")
@click.option("--reason", default="", help="Why a paper with a telephone number or an account is opened.")
@by_option
@campaign_option
@home_option
def make(
    kind: str,
    target: Path,
    about: str,
    why: str,
    reason: str,
    by: str,
    campaign_id: str | None,
    home: Path | None,
) -> None:
    """Make the paper KIND and write it to TARGET, .docx or .pdf.

    KIND is recognition_list, publicity_notice, recommendation_letter, recommendation_form, town_summary,
    payment_list, campaign_report or visit_sheet. A paper that was made before is made anew only when its
    facts or its template have changed, as a new edition; the earlier one stays.

    生成文书；内容或模板有变化时作为新的一版，须写明理由。
    """
    from actions.lists.editions import make_paper, open_paper, open_paper_pdf

    with opened(home) as store:
        now = business_now(store)
        chosen = under_way(store, campaign_id)
        paper = make_paper(store, campaign_id=chosen, kind=kind, about=about, by=by, why=why, now=now)
        if isinstance(paper, Refused):
            decline(paper)
        read = open_paper_pdf if target.suffix == ".pdf" else open_paper
        data = read(store, paper_id=paper.id, by=by, reason=reason, now=now)
        if isinstance(data, Refused):
            decline(data)
    target.write_bytes(data)
    click.echo(f"{paper.title}，第{paper.edition}版，已写入 {target}。")
