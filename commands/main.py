"""The command line, made from the tree: ``hqe gate decide`` is ``commands/gate/decide.py``.

A trailing underscore stands where the word is one of Python's own: ``hqe people import`` is
``commands/people/import_.py``. The docstring of a package is the help of its group.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from importlib import import_module
from pkgutil import iter_modules

import click

from commands.terminal.faults import Whole

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
NO_COMMANDS = frozenset({"commands.main", "commands.terminal"})


class Commands(MutableMapping[str, click.Command]):
    """The commands in a package by their words; each is imported only when it is asked for."""

    def __init__(self, package: str) -> None:
        places = [f"{package}.{found.name}" for found in iter_modules(import_module(package).__path__)]
        self._known: dict[str, str | click.Command] = {
            word_of(place): place for place in places if place not in NO_COMMANDS
        }

    def __getitem__(self, word: str) -> click.Command:
        known = self._known[word]
        if isinstance(known, str):
            known = self._known[word] = command_at(known)
        return known

    def __setitem__(self, word: str, command: click.Command) -> None:
        self._known[word] = command

    def __delitem__(self, word: str) -> None:
        del self._known[word]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def word_of(place: str) -> str:
    """What is typed for a module or package."""
    return place.rpartition(".")[2].removesuffix("_").replace("_", "-")


def command_at(place: str) -> click.Command:
    """The one command in a module, or the group that a package is."""
    module = import_module(place)
    if hasattr(module, "__path__"):
        return group_at(place)
    [command] = [one for one in vars(module).values() if isinstance(one, click.Command)]
    return command


def group_at(package: str, *, made: type[click.Group] = click.Group) -> click.Group:
    help_text = import_module(package).__doc__
    return made(word_of(package), Commands(package), help=help_text, context_settings=SETTINGS)


main = group_at("commands", made=Whole)
