"""``hqe bench``: figures as ratios against a named baseline measured in the same run."""

from __future__ import annotations

import click


@click.group()
def bench() -> None:
    """Measure; every figure is a ratio to a baseline of the same run."""
