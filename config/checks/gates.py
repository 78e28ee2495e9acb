"""What must hold in ``gates.yaml``."""

from __future__ import annotations

from config.checks.conditions import Draft, Mistakes, among, holds, unique
from config.mistakes import Mistake
from rules.campaign.campaign import ROLES, GatePlan
from rules.review.gates import ANSWERS, OPTIONAL

FILE = "gates.yaml"
NOT_NEEDED = ("veto",)
"""Answers that a county may leave out."""


def check_gates(draft: Draft) -> Mistakes:
    gates: tuple[GatePlan, ...] = draft["gates"]
    yield from unique(FILE, "gates.name", (gate.name for gate in gates))
    needed = [name for name in ANSWERS if name not in OPTIONAL]
    for name in [name for name in needed if name not in {gate.name for gate in gates}]:
        yield Mistake(FILE, f"gates.{name}", "缺少", f"须有这些审批点:{'、'.join(needed)}")
    for n, gate in enumerate(gates):
        key = f"gates[{n}]"
        yield from among(FILE, f"{key}.name", gate.name, ANSWERS)
        yield from check_seating(key, gate)
        yield from check_answers(key, gate)
        yield from holds(gate.workdays > 0, FILE, f"{key}.workdays", gate.workdays, "须大于0")
        yield from holds(gate.version > 0, FILE, f"{key}.version", gate.version, "须大于0")


def check_seating(key: str, gate: GatePlan) -> Mistakes:
    for seat in gate.seats:
        yield from among(FILE, f"{key}.seats.role", seat.role, ROLES)
    yield from unique(FILE, f"{key}.seats.name", (seat.name for seat in gate.seats))
    right = 1 <= gate.quorum <= len(gate.seats)
    yield from holds(right, FILE, f"{key}.quorum", gate.quorum, f"须在1与席位数{len(gate.seats)}之间")


def check_answers(key: str, gate: GatePlan) -> Mistakes:
    answers = [answer for answer, _ in gate.answers]
    yield from unique(FILE, f"{key}.answers", answers)
    meant = ANSWERS.get(gate.name, ())
    for answer in answers if meant else ():
        yield from among(FILE, f"{key}.answers", answer, meant)
    for answer in [one for one in meant if one not in answers and one not in NOT_NEEDED]:
        yield Mistake(FILE, f"{key}.answers.{answer}", "缺少", f"“{gate.title}”须有此项回答")
    first = bool(answers) and (not meant or answers[0] == meant[0] or answers[0] not in meant)
    yield from holds(first, FILE, f"{key}.answers", "、".join(answers), "同意的一项须排在最前")
    yield from unique(FILE, f"{key}.reasons", (code for code, _ in gate.reasons))
    for answer in gate.reason_needed:
        yield from among(FILE, f"{key}.reason_needed", answer, answers)


def check_gate_ladders(draft: Draft) -> Mistakes:
    names = [ladder.name for ladder in draft["ladders"]]
    for n, gate in enumerate(draft["gates"]):
        yield from among(FILE, f"gates[{n}].ladder", gate.ladder, names)
