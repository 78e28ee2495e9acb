"""What must hold in ``gates.yaml``."""

from __future__ import annotations

from collections.abc import Iterator

from config.checks.conditions import Draft, among, holds, unique
from config.mistakes import Mistake
from rules.campaign import ROLES, GatePlan


def check_gates(draft: Draft) -> Iterator[Mistake]:
    file = "gates.yaml"
    gates: tuple[GatePlan, ...] = draft["gates"]
    yield from unique(file, "gates", (gate.name for gate in gates))
    for n, gate in enumerate(gates):
        key = f"gates[{n}]"
        for seat in gate.seats:
            yield from among(file, f"{key}.seats.role", seat.role, ROLES)
        yield from unique(file, f"{key}.seats", (seat.name for seat in gate.seats))
        right = 1 <= gate.quorum <= len(gate.seats)
        yield from holds(right, file, f"{key}.quorum", gate.quorum, f"须在1与席位数{len(gate.seats)}之间")
        answers = [answer for answer, _ in gate.answers]
        yield from holds(len(answers) > 1, file, f"{key}.answers", "、".join(answers), "至少两项,同意在前")
        for answer in gate.reason_needed:
            yield from among(file, f"{key}.reason_needed", answer, answers)
        yield from holds(gate.workdays > 0, file, f"{key}.workdays", gate.workdays, "须大于0")


def check_gate_ladders(draft: Draft) -> Iterator[Mistake]:
    names = [ladder.name for ladder in draft["ladders"]]
    for n, gate in enumerate(draft["gates"]):
        yield from among("gates.yaml", f"gates[{n}].ladder", gate.ladder, names)
