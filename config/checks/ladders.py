"""What must hold in ``ladders.yaml``."""

from __future__ import annotations

import re

from config.checks.conditions import Draft, Mistakes, among, holds, unique
from config.mistakes import Mistake
from rules.campaign.campaign import ROLES, Ladder

FILE = "ladders.yaml"
DUTY_KINDS = ("survey", "dossier", "paper", "correction", "visit", "gate")
TEMPLATES = ("reminder", "late")
"""What a rung sends; with the kind of duty it makes the message's name: ``dossier_late``."""
CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
HOLDER = "holder"
"""In a rung: whoever owes the duty."""


def check_ladders(draft: Draft) -> Mistakes:
    ladders: tuple[Ladder, ...] = draft["ladders"]
    yield from unique(FILE, "ladders.name", (ladder.name for ladder in ladders))
    for n, ladder in enumerate(ladders):
        key = f"ladders[{n}]"
        days = [rung.days for rung in ladder.rungs]
        rising = bool(days) and days == sorted(days)
        yield from holds(rising, FILE, f"{key}.rungs", days, "days 须由小到大,至少一档")
        yield from unique(FILE, f"{key}.rungs.key", (rung.key for rung in ladder.rungs))
        yield from holds(ladder.repeat_days > 0, FILE, f"{key}.repeat_days", ladder.repeat_days, "须大于0")
        said = not ladder.digest_at or CLOCK.fullmatch(ladder.digest_at) is not None
        allowed = '须为加引号的时刻,如 "09:30";不写即逐项发送'
        yield from holds(said, FILE, f"{key}.digest_at", ladder.digest_at, allowed)
        for m, rung in enumerate(ladder.rungs):
            yield from among(FILE, f"{key}.rungs[{m}].role", rung.role, (*ROLES, HOLDER))
            yield from among(FILE, f"{key}.rungs[{m}].template", rung.template, TEMPLATES)


def check_duty_ladders(draft: Draft) -> Mistakes:
    names = [ladder.name for ladder in draft["ladders"]]
    kinds = [kind for kind, _ in draft["duty_ladders"]]
    for missing in [kind for kind in DUTY_KINDS if kind not in kinds]:
        yield Mistake(FILE, f"duty_ladders.{missing}", "缺少", f"每种待办须有提醒档,可用:{'、'.join(names)}")
    for kind, name in draft["duty_ladders"]:
        yield from among(FILE, f"duty_ladders.{kind}", kind, DUTY_KINDS)
        yield from among(FILE, f"duty_ladders.{kind}", name, names)
