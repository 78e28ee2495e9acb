"""What must hold in ``ledger.csv``: what villages were paid in earlier years."""

from __future__ import annotations

from config.checks.conditions import Draft, Mistakes, among, digits, holds, unique
from rules.campaign.campaign import Paid

FILE = "ledger.csv"


def check_ledger_rows(draft: Draft) -> Mistakes:
    rows: list[tuple[int, Paid]] = draft["rows:ledger"]
    yield from unique(FILE, "village_code、year、level、document", (named(paid) for _, paid in rows))
    for line, paid in rows:
        yield from digits(FILE, f"第{line}行.village_code", paid.village_code, length=12)
        allowed = "须为整数元,追回的写负数,不得为0"
        yield from holds(paid.yuan != 0, FILE, f"第{line}行.yuan", paid.yuan, allowed)


def named(paid: Paid) -> str:
    """What names a row. A recovery stands beside the payment of the same year and level, even by one document."""
    sign = " 追回" if paid.yuan < 0 else ""
    return f"{paid.village_code} {paid.year} {paid.level} {paid.document}".rstrip() + sign


def check_ledger_years(draft: Draft) -> Mistakes:
    year: int = draft["year"]
    for line, paid in draft["rows:ledger"]:
        earlier = 1990 <= paid.year < year
        yield from holds(earlier, FILE, f"第{line}行.year", paid.year, f"须为早于 year({year})的四位年份")


def check_ledger_levels(draft: Draft) -> Mistakes:
    levels = [award.level for award in draft["awards"]]
    for line, paid in draft["rows:ledger"]:
        yield from among(FILE, f"第{line}行.level", paid.level, levels)
