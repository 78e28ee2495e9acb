"""A small disk for a test that is to fill it; skipped where this user may mount none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rehearsal.stress import small_disk as disks
from rehearsal.stress.small_disk import empty, fill, make_readonly

__all__ = ["empty", "fill", "make_readonly", "small_disk"]


@contextmanager
def small_disk(folder: Path, *, megabytes: int) -> Iterator[Path]:
    with disks.small_disk(folder, megabytes=megabytes) as disk:
        if disk is None:
            pytest.skip("only root may mount a small disk")
        yield disk
