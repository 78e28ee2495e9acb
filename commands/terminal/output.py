"""How commands print: sentences for people, JSON for programs.

Exit code 1 is a mistake in what was typed or found, 2 an act that the rules refuse.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from rules.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from actions.year.state import Shown
    from records.backup.archive import Progress

Done = TypeVar("Done")


def write_json(path: Path | None, content: Mapping[str, object]) -> None:
    """Write the machine-readable form where the user asked for it."""
    if path is None:
        return
    text = json.dumps(content, ensure_ascii=False, indent=2, default=_plain) + "\n"
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        refuse(f"结果没有写入 {path}（{error.strerror}）；事情本身已经办完，不必重做。请清理磁盘或另指文件。")


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"no plain form of {type(value).__name__}")


class Declined(click.ClickException):
    """The rules say no: their sentence alone on stderr, exit code 2."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.message, err=True, file=file)


def decline(refused: Refused) -> NoReturn:
    raise Declined(refused.reason)


def settled(done: Done | Refused) -> Done:
    """What came of an act; its refusal ends the command."""
    if isinstance(done, Refused):
        decline(done)
    return done


def refuse(sentence: str) -> NoReturn:
    """End with a sentence and exit code 1, without a traceback."""
    raise click.ClickException(sentence)


def say_outcome(refused: Refused | None, done: str) -> None:
    """The refusal of an act, or the sentence that it is done."""
    if refused:
        decline(refused)
    click.echo(done)


def waits(proposal: int) -> str:
    """That something is only proposed, and how it goes on."""
    return f"已提请复核(#{proposal})，由另一人确认后生效：hqe people confirm {proposal}，或在网页“账号复核”中办理。"


def echo_people(people: Iterable[Shown]) -> None:
    """Rows of a living roster, masked."""
    for one in people:
        since = f"，应于{one.since}核实" if one.since else ""
        groups = f"（{'、'.join(one.groups)}）" if one.groups else ""
        click.echo(f"{one.key} {one.name} {one.masked} {one.state or '无就业状态'}{groups}{since}")


@contextmanager
def progress_bar(what: str) -> Iterator[Progress]:
    """Says on the terminal which table is under way; silent where nobody looks."""
    from rich.console import Console

    with Console(stderr=True).status(what) as status:
        yield lambda table, rows: status.update(f"{what} {table} {rows:,}")
