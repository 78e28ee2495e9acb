"""The page of every command."""

from __future__ import annotations

from commands.main import main
from commands.terminal.reference import commands_page
from config.places import ROOT


def test_page_of_commands_is_their_help_as_it_is_now() -> None:
    """After a change, write what ``commands.terminal.reference.commands_page`` returns for ``main`` there."""
    assert (ROOT / "docs" / "commands.md").read_text(encoding="utf-8") == commands_page(main)
