"""The page for an assessor is whole: every requirement once, every line with a test or a reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

import pytest

from config.places import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
TEST = re.compile(r"`test_\w+`")
NUMBER = re.compile(r"(\d+\.\d+)\.(\d+)(?:-(\d+))?")

REQUIRED: Mapping[str, str] = {
    "1": "1:2 2:9 3:11 4:3 5:2",
    "2": "1:3 2:3 3:4 4:1",
    "3": "2:2 3:4 4:6 5:5 7:2",
    "4": "1:3 2:1 3:2 4:4",
    "5": "1:1 2:3 3:2 4:3",
    "6": "1:3 2:12 3:4 4:4 5:5 6:3 8:4",
    "7": "1:3 2:4 3:2 4:5 5:2 6:2",
    "8": "1:2 2:3 3:1 4:1",
    "9": "1:3 2:4",
    "10": "1:2 2:2 3:4 4:11 5:5 6:2 7:3",
    "11": "1:2 2:3 3:3 4:4 5:1 6:1",
    "12": "1:3 2:2 3:4",
    "13": "1:1 2:5 3:2 4:5",
    "14": "1:2 2:4 3:3",
    "15": "1:3 2:3 3:7",
    "16": "1:1 2:5 3:4 4:3 5:3",
    "17": "1:1 2:4 3:2",
}
"""ASVS 5.0.0, levels 1 and 2: in each section of a chapter they are the first so many."""


def rows(heading: str) -> list[list[str]]:
    """The lines of the table below a heading, as cells."""
    section = PAGE.split(f"\n## {heading}", 1)[1].split("\n## ", 1)[0]
    cells = [
        [one.strip() for one in line.strip("|").split("|")]
        for line in section.splitlines()
        if line.startswith("|")
    ]
    return cells[2:]


def required() -> Iterator[str]:
    for chapter, sections in REQUIRED.items():
        for section, most in (one.split(":") for one in sections.split()):
            yield from (f"{chapter}.{section}.{n}" for n in range(1, int(most) + 1))


def told() -> Iterator[str]:
    for row in rows("OWASP ASVS 5.0, level 2"):
        for section, first, last in NUMBER.findall(row[0]):
            yield from (f"{section}.{n}" for n in range(int(first), int(last or first) + 1))


def test_every_requirement_of_asvs_level_2_stands_on_the_page_once() -> None:
    assert Counter(told()) == Counter(required())


@pytest.mark.parametrize("heading", ["Who could do what", "OWASP ASVS 5.0, level 2", "等保2.0 二级"])
def test_every_line_has_a_test_or_says_why_it_has_none(heading: str) -> None:
    lines = rows(heading)

    bare = [
        row[0] for row in lines if not TEST.search(row[-1]) and not row[-1].startswith(("reason: ", "理由："))
    ]
    assert (bare, len(lines) > 10) == ([], True)
