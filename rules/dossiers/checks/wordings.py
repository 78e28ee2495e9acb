"""A finding's sentence taken apart again: what is wrong, what to do, which cells it names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from rules.dossiers.checks.kinds import FINDINGS, WHERE
from rules.dossiers.dossier import Finding

BLANK = re.compile(r"\{[a-z]+\}")
RUN = re.compile(r"([A-Z]{1,3})([0-9]{1,7})(?:至\1([0-9]{1,7}))?|第([0-9]{1,7})行(?:至第([0-9]{1,7})行)?")
"""How ``rules.dossiers.checks.findings.places`` writes cells and rows below one another."""
MOST_CELLS = 2_000
"""Of one finding: more are not marked one by one."""


def wrong_of(finding: Finding) -> str:
    return parted(finding)[0]


def parted(finding: Finding) -> tuple[str, str]:
    """What is wrong, without the place in front of it, and what to do (may be empty)."""
    text = finding.message.removeprefix(WHERE.format(sheet=finding.sheet, ref=finding.ref))
    # The sentence of the table says where its first half ends; what was filled in may hold full stops too.
    seam = seam_of(finding.code)
    at = text.rfind(seam) if seam else -1
    if at < 0:
        return text, ""
    end = at + seam.index("。") + 1
    return text[:end], text[end:]


@cache
def seam_of(code: str) -> str:
    """The fixed text around the first full stop of a kind's sentence; empty for an unknown kind."""
    kind = FINDINGS.get(code)
    pieces = BLANK.split(kind.sentence.removeprefix(WHERE)) if kind else []
    return next((piece for piece in pieces if "。" in piece), "")


def item_of(finding: Finding) -> str:
    """The column or field that a finding begins by naming; empty for kinds that name none."""
    kind = FINDINGS.get(finding.code)
    if kind is None or not kind.sentence.startswith(WHERE + "{title}"):
        return ""
    fixed = BLANK.split(kind.sentence.removeprefix(WHERE))
    text = finding.message.removeprefix(WHERE.format(sheet=finding.sheet, ref=finding.ref))
    return text.partition(fixed[1])[0]


def cells_named(finding: Finding) -> tuple[str, ...]:
    """The cells (D4) and rows (第4行) that a finding is about, its own first; empty for a whole sheet."""
    kind = FINDINGS.get(finding.code)
    named = [finding.ref] if finding.ref else []
    if kind and "{places}" in kind.sentence:
        named += runs_in(wrong_of(finding).replace(f"“{finding.sheet}”", "", 1))
    return tuple(dict.fromkeys(named))[:MOST_CELLS]


def runs_in(text: str) -> Iterator[str]:
    for column, first, last, row, last_row in RUN.findall(text):
        if column:
            yield from (f"{column}{n}" for n in span(first, last))
        else:
            yield from (f"第{n}行" for n in span(row, last_row))


def span(first: str, last: str) -> range:
    return range(int(first), min(int(last or first), int(first) + MOST_CELLS) + 1)
