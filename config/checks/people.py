"""What must hold in ``people.csv``: whoever is needed is there and may act."""

from __future__ import annotations

import re

from config.checks.conditions import Draft, Mistakes, among, holds, unique
from config.mistakes import Mistake
from rules.campaign.campaign import ROLES, GatePlan, Person, Town
from rules.duties.holding import may_stand_in
from rules.people.proposals import refuse_mixed_powers
from rules.review.gates import JUDGED_BEFORE, OF_A_VILLAGE
from rules.review.seats import seat_all
from rules.signs import is_one_line

FILE = "people.csv"
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
EMAIL = re.compile(rf"(?=.{{3,254}}\Z)(?=.{{1,64}}@){ATOM}(?:\.{ATOM})*@{LABEL}(?:\.{LABEL})+")
"""An address as every mail server takes it: letters of ASCII, no blanks, no quotes."""
ROUND_AN_ADDRESS = re.compile(r"(?i)mailto:|[<>《》〈〉“”\"'（）()\s]|[,，;；、。.]+\s*\Z")
BETWEEN_ANGLES = re.compile("[<《〈]([^<>《》〈〉]+)[>》〉]")
"""What comes along when an address is copied from a mail or a page."""
LONGEST_NAME = 40
TOWN_ROLES = ("town_clerk", "deputy_head")


def is_name(name: str) -> bool:
    """One line that a page, a mail's header and a paper can show."""
    return len(name) <= LONGEST_NAME and is_one_line(name)


def check_people_rows(draft: Draft) -> Mistakes:
    rows: list[tuple[int, Person]] = draft["rows:people"]
    yield from unique(FILE, "id", (person.id for _, person in rows))
    for line, person in rows:
        at = f"第{line}行"
        right = bool(ID.fullmatch(person.id))
        yield from holds(
            right, FILE, f"{at}.id", person.id, "须为64个以内的字母、数字和 - _ .,以字母或数字开头"
        )
        right = is_name(person.name)
        yield from holds(right, FILE, f"{at}.name", person.name, f"须为一行、{LONGEST_NAME}字以内")
        yield from holds(bool(person.roles), FILE, f"{at}.roles", "", f"可用:{'、'.join(ROLES)},用|分隔")
        apart = refuse_mixed_powers(person.roles) is None
        yield from holds(apart, FILE, f"{at}.roles", "|".join(person.roles), "审计员不能兼任其他角色")
        for role in person.roles:
            yield from among(FILE, f"{at}.roles", role, ROLES)
        yield from check_address(f"{at}.email", person.email)


def check_address(key: str, email: str) -> Mistakes:
    if EMAIL.fullmatch(email):
        return
    within = BETWEEN_ANGLES.search(email)
    mended = ROUND_AN_ADDRESS.sub("", (within[1] if within else email).translate(NARROW))
    write = (mended,) if EMAIL.fullmatch(mended) else ()
    odd = "" if email.isascii() or write else ",只能有英文字母、数字和 . _ - 等符号"
    yield Mistake(FILE, key, email, f"须为邮箱地址{odd}", write=write)


NARROW = {ord(wide): narrow for wide, narrow in zip("＠．。－＿", "@..-_", strict=True)} | {
    wide: wide - 0xFEE0 for wide in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
"""Full-width letters and digits as the half-width ones that are meant."""


def check_places(draft: Draft) -> Mistakes:
    rows: list[tuple[int, Person]] = draft["rows:people"]
    towns: dict[str, Town] = draft["town_codes"]
    for line, person in rows:
        of_town = not set(TOWN_ROLES).isdisjoint(person.roles)
        placed = person.town_code in towns if of_town or person.town_code else True
        allowed = "须为 towns.csv 中的编码" + ("(乡镇角色必填)" if of_town else "")
        yield from holds(placed, FILE, f"第{line}行.town_code", person.town_code, allowed)
        for code in person.conflicts:
            yield from holds(code in towns, FILE, f"第{line}行.conflicts", code, "须为 towns.csv 中的编码")


def check_deputies(draft: Draft) -> Mistakes:
    rows: list[tuple[int, Person]] = draft["rows:people"]
    people = {person.id: person for person in draft["people"]}
    for line, person in rows:
        at, deputy = f"第{line}行.deputy", people.get(person.deputy)
        known = not person.deputy or (deputy is not None and person.deputy != person.id)
        yield from holds(known, FILE, at, person.deputy, "须为 people.csv 中另一人的 id")
        fits = deputy is None or not known or may_stand_in(person, deputy)
        allowed = "须与本人有同一角色(乡镇角色须在同一乡镇),否则不能接手待办"
        yield from holds(fits, FILE, at, person.deputy, allowed)


def check_posts(draft: Draft) -> Mistakes:
    """Every duty needs somebody who can act on it: nobody missing in any town or role."""
    people: tuple[Person, ...] = draft["people"]
    there = {(role, person.town_code) for person in people for role in person.roles}
    for town in draft["town_codes"].values():
        for role in TOWN_ROLES:
            named = f"{town.name}({town.code})"
            yield from holds((role, town.code) in there, FILE, named, "无", f"须有{ROLES[role]}({role})")
    held = {role for role, _ in there}
    for role in [role for role in ROLES if role not in TOWN_ROLES and role not in held]:
        yield Mistake(FILE, "roles", "无", f"须有{ROLES[role]}({role})")


def check_seats(draft: Draft) -> Mistakes:
    """Nobody sits in two seats of one gate, nor for a town in conflict, nor reviews twice: is anybody left?"""
    people: tuple[Person, ...] = draft["people"]
    towns: list[Town] = list(draft["town_codes"].values())
    for n, gate in enumerate(draft["gates"]):
        for town in towns if gate.name in OF_A_VILLAGE else [None]:
            seats = wanted(gate, people, town, draft["gates"])
            if seat_all(seats) is not None:
                continue
            where = f"({town.name})" if town else ""
            free = len({person for seat in seats for person in seat})
            allowed = f"“{gate.title}”须有{len(seats)}人可坐{',除去回避的人' if town else ''}:{posts(gate)}"
            yield Mistake("gates.yaml", f"gates[{n}].seats{where}", f"{free}人", allowed)


def wanted(
    gate: GatePlan, people: tuple[Person, ...], town: Town | None, gates: tuple[GatePlan, ...]
) -> list[list[str]]:
    """Who may take each seat; whoever judged the same before may not judge it again."""
    first = [one for one in gates if one.name in JUDGED_BEFORE.get(gate.name, ())]
    free = [person for person in people if not town or town.code not in (person.town_code, *person.conflicts)]
    seats = [seat for one in (*first, gate) for seat in one.seats]
    return [[person.id for person in free if seat.role in person.roles] for seat in seats]


AFTER = {"second_review": "(初审的人除外)", "reconciliation": "(初审、复审的人除外)"}


def posts(gate: GatePlan) -> str:
    after = AFTER.get(gate.name, "")
    return "、".join(f"{seat.name}({seat.role})" for seat in gate.seats) + after
