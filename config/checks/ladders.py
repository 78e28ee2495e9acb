"""What must hold in ``ladders.yaml``."""

from __future__ import annotations

from collections.abc import Iterator

from config.checks.conditions import Draft, among, holds, unique
from config.mistakes import Mistake
from rules.campaign import ROLES, Ladder

DUTY_KINDS = ("survey", "dossier", "paper", "correction", "visit", "gate")
HOLDER = "holder"
"""In a rung: whoever owes the duty."""


def check_ladders(draft: Draft) -> Iterator[Mistake]:
    file = "ladders.yaml"
    ladders: tuple[Ladder, ...] = draft["ladders"]
    yield from unique(file, "ladders", (ladder.name for ladder in ladders))
    for n, ladder in enumerate(ladders):
        key = f"ladders[{n}]"
        days = [rung.days for rung in ladder.rungs]
        yield from holds(
            bool(days) and days == sorted(days), file, f"{key}.rungs", days, "days 须由小到大,至少一档"
        )
        yield from unique(file, f"{key}.rungs", (rung.key for rung in ladder.rungs))
        yield from holds(ladder.repeat_days > 0, file, f"{key}.repeat_days", ladder.repeat_days, "须大于0")
        for m, rung in enumerate(ladder.rungs):
            yield from among(file, f"{key}.rungs[{m}].role", rung.role, (*ROLES, HOLDER))
    kinds = [kind for kind, _ in draft["duty_ladders"]]
    for missing in set(DUTY_KINDS) - set(kinds):
        yield Mistake(file, f"duty_ladders.{missing}", "缺少", "每种待办须有提醒档")
    for kind, name in draft["duty_ladders"]:
        yield from among(file, f"duty_ladders.{kind}", kind, DUTY_KINDS)
        yield from among(file, f"duty_ladders.{kind}", name, [ladder.name for ladder in ladders])
