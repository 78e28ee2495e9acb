"""``docs/commands.md``: every command with its options, as its own help has them."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

HEAD = """# The command line

Every command, as its own `--help` tells it. `./hqe` stands for the script in the root of the repository; commands that
find something write it as JSON with `--json FILE`. Exit code 1 means that something typed or found is wrong, 2 that
the rules refuse an act (or that an option is missing); the sentence stands on stderr. [A day at the bureau's
desk](desk.md) and the [runbook](runbook.md) tell which command when. Programs may act by themselves through the
[JSON interface](api.md), with a token. This page is generated from `commands/`; change the help there, not here.
"""


def commands_page(main: click.Group) -> str:
    """The page: commands of one word first, then a section for each group."""
    root = click.Context(main, info_name="./hqe")
    return HEAD + "".join(_section(root))


def _section(context: click.Context) -> Iterator[str]:
    group = context.command
    assert isinstance(group, click.Group)
    yield f"\n## {context.command_path}\n\n{_help(group)}"
    under = {word: group.commands[word] for word in sorted(group.commands)}
    contexts = [click.Context(command, context, word) for word, command in under.items()]
    for one in contexts:
        if not isinstance(one.command, click.Group):
            yield from _command(one)
    for one in contexts:
        if isinstance(one.command, click.Group):
            yield from _section(one)


def _command(context: click.Context) -> Iterator[str]:
    command = context.command
    usage = " ".join((context.command_path, *command.collect_usage_pieces(context)))
    yield f"\n### {context.command_path.removeprefix('./hqe ')}\n\n    {usage}\n\n{_help(command)}"
    options = [one for one in command.params if isinstance(one, click.Option)]
    records = [record for one in options if (record := one.get_help_record(context))]
    if records:
        yield "\n" + "".join(f"- `{option}`: {_plain(told)}\n" for option, told in records)


def _help(command: click.Command) -> str:
    """The whole help text, a paragraph a line."""
    paragraphs = inspect.cleandoc(command.help or "").split("\n\n")
    return "\n".join(f"{_plain(paragraph)}\n" for paragraph in paragraphs)


def _plain(text: str) -> str:
    """One line that Markdown prints as it stands."""
    return " ".join(text.split()).replace("<", "\\<")
