"""The documents agree with the project: every link leads somewhere, every room is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from commands.test import ROOMS
from config.places import ROOT

PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_page_links_only_to_what_is_there(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("room", ROOMS)
def test_readme_names_every_room(room: str) -> None:
    assert f"`{room}/`" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_flow_files_are_named_like_no_other_room() -> None:
    names = {file.stem for file in (ROOT / "flows").glob("*.py")} - {"__init__"}

    assert names & set(ROOMS) == set()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_lock_names_versions_and_hashes_and_no_address(lock: str) -> None:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if "://" in line or line.startswith("--index")] == []
    assert sum("--hash=sha256:" in line for line in lines) > 100
