"""How commands print: sentences for people, JSON for programs, mistakes with exit code 1."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

import click


def write_json(path: Path | None, content: Mapping[str, object]) -> None:
    """Write the machine-readable form where the user asked for it."""
    if path is not None:
        path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def refuse(sentence: str) -> NoReturn:
    """End with a sentence and exit code 1, without a traceback."""
    raise click.ClickException(sentence)


json_option = click.option(
    "--json",
    "json_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the result as JSON to FILE.",
)
