"""What may be recorded as a service: kinds that there are, days that have been, nobody twice without a word."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from rules.refusals import Refused
from rules.year.plan import COUNT, PEOPLE, ServiceKind

MOST = 100_000


def refuse_service(
    kind: ServiceKind | None,
    *,
    people: Collection[str],
    count: int,
    day: date,
    today: date,
    corrects: bool,
) -> Refused | None:
    """Why it cannot be recorded; a record that corrects another may be of nobody, and takes that one back."""
    if kind is None:
        return Refused("no_such_service", "没有这种服务，请核对年度配置（year.yaml）里的种类。")
    if day > today:
        return Refused("day_ahead", f"日期{day}晚于今天，请核对。")
    if not 0 <= count <= MOST:
        return Refused("odd_count", f"人数或件数须在0至{MOST}之间。")
    if corrects and not people and not count:
        return None
    if kind.served == PEOPLE and not people:
        return Refused("who_was_served", f"登记“{kind.title}”须写明服务了谁。")
    if kind.served == COUNT and people:
        return Refused("only_counted", f"“{kind.title}”只记人数或件数，不写明服务了谁。")
    return None if people or count else Refused("nobody_served", "请写明服务了谁，或人数、件数。")


def served_before(same: Iterable[Collection[str]], people: Collection[str]) -> Refused | None:
    """Among the records of the same kind and day in the village: who was served already, or that any was kept."""
    earlier = list(same)
    if not people:
        counted = any(not one for one in earlier)
        return _said_twice("这一天已有一条同样的服务记录") if counted else None
    twice = {key for one in earlier for key in one}.intersection(people)
    return _said_twice(f"其中{len(twice)}人这一天已有同样的服务记录") if twice else None


def _said_twice(what: str) -> Refused:
    return Refused("served_already", f"{what}。确是另一次的，请注明“另一次”再登记。")
