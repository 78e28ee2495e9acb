"""What must hold in ``people.csv``."""

from __future__ import annotations

from collections.abc import Iterator

from config.checks.conditions import Draft, among, holds, unique
from config.mistakes import Mistake
from rules.campaign import ROLES, Person, Town

TOWN_ROLES = ("town_clerk", "deputy_head")


def check_people(draft: Draft) -> Iterator[Mistake]:
    file = "people.csv"
    people: tuple[Person, ...] = draft["people"]
    towns = {town.code for town in draft["towns"]}
    ids = {person.id for person in people}
    yield from unique(file, "id", (person.id for person in people))
    for line, person in enumerate(people, 2):
        key = f"第{line}行"
        for role in person.roles:
            yield from among(file, f"{key}.roles", role, ROLES)
        of_town = not set(TOWN_ROLES).isdisjoint(person.roles)
        placed = person.town_code in towns if of_town or person.town_code else True
        yield from holds(placed, file, f"{key}.town_code", person.town_code, "须为 towns.csv 中的编码")
        for code in person.conflicts:
            yield from holds(code in towns, file, f"{key}.conflicts", code, "须为 towns.csv 中的编码")
        known = not person.deputy or (person.deputy in ids and person.deputy != person.id)
        yield from holds(known, file, f"{key}.deputy", person.deputy, "须为另一人的 id")
        yield from holds("@" in person.email, file, f"{key}.email", person.email, "须为邮箱地址")
    yield from check_posts(people, draft["towns"])


def check_posts(people: tuple[Person, ...], towns: tuple[Town, ...]) -> Iterator[Mistake]:
    """Every duty needs somebody who can act on it: nobody missing in any town or role."""
    there = {(role, person.town_code) for person in people for role in person.roles}
    for town in towns:
        for role in TOWN_ROLES:
            yield from holds((role, town.code) in there, "people.csv", town.code, "无", f"须有{ROLES[role]}")
    held = {role for role, _ in there}
    for role in set(ROLES) - set(TOWN_ROLES) - held:
        yield Mistake("people.csv", "roles", "无", f"须有{ROLES[role]}({role})")
