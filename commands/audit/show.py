"""``hqe audit show``: what the log says."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import existing_store, settings_of
from commands.terminal.options import home_option, json_option, seen_by_option
from commands.terminal.output import refuse, write_json


@click.command()
@click.option("--subject", default="", help="A village, town or person: name, code or id (default: all).")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="The newest so many.")
@seen_by_option
@home_option
@json_option
def show(subject: str, limit: int, by: str, home: Path | None, json_file: Path | None) -> None:
    """Print who did what, when, about what, and why.

    用中文列出审计日志:谁、何时、对什么、做了什么、理由。

    What a first review came to is left out while the second one goes on, unless `--by` may know it.
    """
    from actions.upkeep.audit_words import tell
    from notifications.wording import moment_text
    from records.review.blindness import sealed_from

    with existing_store(settings_of(home)) as store, store.reading() as session:
        entries = tell(session, subject=subject, limit=limit, sealed=sealed_from(session, by))
    write_json(
        json_file,
        {
            "entries": [
                {"seq": one.seq, "at": one.at.isoformat(), "who": one.who, "what": one.what,
                 "about": one.about, "why": one.why, "hash": one.hash}
                for one in entries
            ]
        },
    )  # fmt: skip
    if not entries:
        refuse(f"审计日志里没有关于“{subject}”的记录。请检查名称或代码；不带 --subject 则列出全部。")
    for one in entries:
        why = "；".join(f"{title}：{value}" for title, value in one.why.items())
        click.echo(f"{one.seq}  {moment_text(one.at)}  {one.who}  {one.what}：{one.about}")
        if why:
            click.echo(f"      {why}")
