"""In which order several processes take the tests: the longest first, so that none is left alone at the end."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from config.places import ROOT

if TYPE_CHECKING:
    from xdist.scheduler import LoadFileScheduling

LONGEST = (
    "tests/test_readmes.py",
    "tests/rehearsal/stress/test_chaos.py",
    "tests/rehearsal/test_survival.py",
    "tests/commands/test_bundle.py",
    "tests/rehearsal/doors/test_portal.py",
    "tests/flows/test_processes.py",
    "tests/rehearsal/test_rehearsal.py",
    "tests/rehearsal",
    "tests/flows",
    "tests/test_contributing.py",
    "tests/deployments",
    "tests/commands/test_up.py",
    "tests/portal/test_accessibility.py",
    "tests/portal/test_browser.py",
    "tests/workbooks",
    "tests/portal",
)
"""Files and folders, the longest first; the first that holds a test says when it begins."""
APART = "tests/rehearsal/test_rehearsal.py"
"""A file whose tests share nothing but what is shared by all processes: each is handed out by itself."""


def in_order(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: rank(item.path.relative_to(ROOT)))


def rank(file: Path) -> int:
    holding = (place for place, name in enumerate(LONGEST) if file.is_relative_to(name))
    return next(holding, len(LONGEST))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling:
    from xdist.scheduler import LoadFileScheduling

    class ByFile(LoadFileScheduling):
        """A file in one process, so that what its tests share is made once."""

        def _split_scope(self, nodeid: str) -> str:
            return nodeid.split("[")[0] if nodeid.startswith(APART) else super()._split_scope(nodeid)

    return ByFile(config, log)
