"""What was understood of a dossier, read back to its town in at most ten lines: totals, points, what was tidied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from rules.campaign.campaign import Campaign
from rules.campaign.forms import Count
from rules.campaign.scoring import score
from rules.campaign.scoring_words import plain
from rules.dossiers.checks.findings import places
from rules.dossiers.dossier import Finding

MOST_LINES, FIXED_LINES = 10, 4
"""So many lines a page has room for; so many are always there, the others share the counts."""

Facts = Mapping[str, Fraction | int]


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it is about, and what was understood."""

    title: str
    text: str


def read_back(
    campaign: Campaign, facts: Facts, findings: Sequence[Finding], *, rows: int
) -> tuple[Line, ...]:
    """The lines of an accepted dossier. What they say is what counts, whatever a sheet's own formulas show."""
    return (
        Line("花名册", f"读到{rows}人"),
        *counted(campaign, facts),
        points(campaign, facts),
        vetoes(campaign, facts),
        tidied(findings),
    )


def counted(campaign: Campaign, facts: Facts) -> list[Line]:
    """Every count of the roster, some to a line."""
    there = [one for one in campaign.forms.counts if one.key in facts]
    lines = MOST_LINES - FIXED_LINES
    size = max(1, -(-len(there) // lines))
    groups = [there[n : n + size] for n in range(0, len(there), size)]
    return [Line("人数", "，".join(count_text(one, facts) for one in group)) for group in groups]


def count_text(one: Count, facts: Facts) -> str:
    return f"{one.title.removesuffix('人数').removesuffix('数')}{plain(Fraction(facts[one.key]))}人"


def points(campaign: Campaign, facts: Facts) -> Line:
    sheet = score(campaign.scheme, facts)
    parts = [f"第{name}部分{plain(total)}分" for name, total in sheet.part_totals.items()]
    told = "，".join([*parts, f"加分{plain(sheet.bonus)}分", f"合计{plain(sheet.total)}分"])
    return Line("得分", told)


def vetoes(campaign: Campaign, facts: Facts) -> Line:
    names = {veto.id: veto.name for veto in campaign.scheme.vetoes}
    held = score(campaign.scheme, facts).vetoes
    return Line("一票否决", "、".join(names[one] for one in held) or "没有")


def tidied(findings: Sequence[Finding]) -> Line:
    """What was folded or corrected, with its places by sheet."""
    by_sheet: dict[str, list[str]] = {}
    for one in findings:
        if one.severity == "corrected":
            by_sheet.setdefault(one.sheet, []).append(one.ref or "合计")
    told = "；".join(f"“{sheet}”{places(refs)}" for sheet, refs in by_sheet.items())
    return Line("自动整理", told or "没有")
