"""``hqe audit verify``: is the log what was written?"""

from __future__ import annotations

import re
from pathlib import Path

import click

from commands.terminal.installation import existing_store, settings_of
from commands.terminal.options import home_option, json_option
from commands.terminal.output import refuse, write_json

PAPER = re.compile(r"(\d+)[:：]([0-9a-fA-F]{64})")


@click.command()
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
