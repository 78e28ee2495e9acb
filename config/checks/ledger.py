"""What must hold in ``ledger.csv``: what villages were paid in earlier years."""

from __future__ import annotations

from collections.abc import Iterator

from config.checks.conditions import Draft, among, holds, unique
from config.mistakes import Mistake
from rules.campaign import Paid


def check_ledger(draft: Draft) -> Iterator[Mistake]:
    file = "ledger.csv"
    ledger: tuple[Paid, ...] = draft["ledger"]
    levels = [award.level for award in draft["awards"]]
    yield from unique(
        file,
        "village_code、year、level",
        (f"{paid.village_code} {paid.year} {paid.level}" for paid in ledger),
    )
    for line, paid in enumerate(ledger, 2):
        at = f"第{line}行"
        right = len(paid.village_code) == 12 and paid.village_code.isdecimal()
        yield from holds(right, file, f"{at}.village_code", paid.village_code, "须为12位数字的社区(村)编码")
        earlier = paid.year < draft["year"]
        yield from holds(earlier, file, f"{at}.year", paid.year, f"须早于本次活动的年份{draft['year']}")
        yield from among(file, f"{at}.level", paid.level, levels)
        yield from holds(paid.yuan != 0, file, f"{at}.yuan", paid.yuan, "须为整数元,追回的写负数,不得为0")
