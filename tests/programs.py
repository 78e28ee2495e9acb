"""Which tests start programs or ask a server: they say so, and ``--quick`` leaves them out."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from os import fsdecode
from pathlib import Path

import pytest

from tests.order import in_order

SERVERS = frozenset(
    ("prefect_server", "migrated_schema", "prefect_on_postgresql", "chromium", "undisturbed", "straight")
)
"""Fixtures behind which stands a server, a browser or a rehearsal: who asks for one needs no mark."""
ALLOWED = frozenset(("workbooks.confined.process", "fc-list"))
"""What any test may start: the process that reads workbooks belongs to the acts, and fonts are looked for."""
PROGRAMS = "programs"

running: list[pytest.Item] = []
"""The test that runs now, or none."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--quick", action="store_true", help="leave out tests that start programs or ask servers"
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", f"{PROGRAMS}: starts programs; --quick leaves it out")
    sys.addaudithook(look_out)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    in_order(items)
    if config.getoption("--quick"):
        config.hook.pytest_deselected(items=[item for item in items if not is_quick(item)])
        items[:] = [item for item in items if is_quick(item)]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    running[:] = [item]
    try:
        return (yield)
    finally:
        running.clear()


def is_quick(item: pytest.Item) -> bool:
    """Whether it starts no program and asks no server."""
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    asked = SERVERS.intersection(getattr(item, "fixturenames", ()))
    return not asked and "postgresql" not in parameters.values() and not item.get_closest_marker(PROGRAMS)


def look_out(event: str, told: tuple[object, ...]) -> None:
    """Hears of each program before it is started, and refuses one of which its test says nothing."""
    if event == "subprocess.Popen" and running and is_quick(running[0]):
        command = words_of(told[1])
        if not any(Path(word).name in ALLOWED for word in command):
            pytest.fail(f"mark this test with pytest.mark.{PROGRAMS}: it starts {' '.join(command)}")


def words_of(command: object) -> Sequence[str]:
    words = command if isinstance(command, list | tuple) else [command]
    return [fsdecode(word) for word in words if isinstance(word, str | bytes | Path)]
