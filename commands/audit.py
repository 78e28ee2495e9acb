"""``hqe audit``: is the log what was written, and what does it say?"""

from __future__ import annotations

import re
from pathlib import Path

import click

from commands.terminal.installation import existing_store, settings_of
from commands.terminal.options import home_option, json_option
from commands.terminal.output import refuse, write_json

PAPER = re.compile(r"(\d+)[:：]([0-9a-fA-F]{64})")


@click.group()
def audit() -> None:
    """Look after the append-only audit log."""


@audit.command()
@click.option("--paper", metavar="LENGTH:HEAD", help="What a paper says: the log must still hold that entry.")
@home_option
@json_option
def verify(paper: str | None, home: Path | None, json_file: Path | None) -> None:
    """Walk the hash chain; finds a changed, removed, reordered or cut-off entry."""
    from records import audit as chain

    printed = _printed(paper) if paper else None
    with existing_store(settings_of(home)) as store, store.reading() as session:
        found = chain.verify(session)
        agrees = chain.agrees_with_paper(session, length=printed[0], head=printed[1]) if printed else None
    write_json(
        json_file,
        {
            "length": found.length,
            "head": found.head,
            "agrees_with_paper": agrees,
            "broken": None
            if found.broken is None
            else {"seq": found.broken.seq, "problem": found.broken.problem},
        },
    )
    if found.broken:
        refuse(f"the audit log is broken at entry {found.broken.seq}: {found.broken.problem}")
    if agrees is False:
        refuse(f"the audit log is not the one on paper: entry {paper} is not in it")
    click.echo(f"audit log whole: {found.length} entries, head {found.head}")


def _printed(paper: str) -> tuple[int, str]:
    """Length and head as a paper shows them, with or without the blanks that make it readable."""
    match = PAPER.fullmatch(re.sub(r"\s", "", paper))
    if match is None:
        refuse(f"--paper 须为“条数:末条”，末条为64位十六进制，纸上的空格可留可去；现为：{paper}")
    return int(match[1]), match[2].lower()


@audit.command()
@home_option
@json_option
def head(home: Path | None, json_file: Path | None) -> None:
    """Print length and head of the chain, to be kept on paper outside this machine.

    打印审计日志的条数和末条指纹,写在纸上另存,日后可用 audit verify --paper 核对。
    """
    from notifications.wording import moment_text
    from records import audit as chain
    from records import clock

    with existing_store(settings_of(home)) as store, store.reading() as session:
        found, moment = chain.verify(session), clock.host_now().astimezone()
    if found.broken:
        refuse(f"the audit log is broken at entry {found.broken.seq}: {found.broken.problem}")
    write_json(json_file, {"length": found.length, "head": found.head, "at": moment.isoformat()})
    click.echo(f"审计日志 {found.length} 条 · {moment_text(moment)}")
    groups = re.findall(".{8}", found.head)
    click.echo("\n".join(" ".join(groups[at : at + 4]) for at in (0, 4)))
    click.echo(f'核对：./hqe audit verify --paper "{found.length}:{" ".join(groups)}"')


@audit.command()
@click.option("--subject", default="", help="A village, town or person: name, code or id (default: all).")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="The newest so many.")
@home_option
@json_option
def show(subject: str, limit: int, home: Path | None, json_file: Path | None) -> None:
    """Print who did what, when, about what, and why.

    用中文列出审计日志:谁、何时、对什么、做了什么、理由。
    """
    from actions.upkeep.audit_words import tell
    from notifications.wording import moment_text

    with existing_store(settings_of(home)) as store, store.reading() as session:
        entries = tell(session, subject=subject, limit=limit)
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
