"""Who may hold a duty or take a seat: one rule, whatever brings it to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from rules.campaign.campaign import ROLES, TOWN_ROLES, Person
from rules.refusals import Refused


@dataclass(frozen=True, slots=True)
class Post:
    """What somebody would hold: in one of which roles, about which town, and in whose hands it must not come."""

    roles: tuple[str, ...]
    town_code: str = ""
    """Empty when it is the whole campaign's."""
    filed_by: frozenset[str] = frozenset()
    """Who filed what is judged."""
    first_eyes: frozenset[str] = frozenset()
    """Who has judged, written or recorded it already, where a second pair of eyes is asked for."""
    kind: str = "gate"
    """Of which kind the duty is."""


OTHER_EYES: Mapping[str, str] = {
    "gate": "复审须由初审人员以外的同事办理，请转交其他审核人员。",
    "signature": "核查情况由其本人登记，须由另一位核查人员签字，请转交其他审核人员。",
    "objection": "异议由其本人登记，须由另一人答复，请转交其他同事。",
}
"""Kind of duty -> why it cannot be with who had the first look."""


def refuse_post(person: Person, post: Post) -> Refused | None:
    """Why this person may not have it; a role counts only in their own right, never because of a colleague's."""
    if not TOWN_ROLES.isdisjoint(post.roles):
        return refuse_other_town(person, post.town_code)
    return (
        refuse_no_role(person, post.roles)
        or refuse_own_filing(person, post.filed_by)
        or refuse_own_town(person, post.town_code)
        or refuse_same_eyes(person, post.first_eyes, kind=post.kind)
    )


def refuse_other_town(person: Person, town_code: str) -> Refused | None:
    if has_town_role(person) and person.town_code == town_code:
        return None
    return Refused("not_your_town", f"{person.name}不是该乡镇(街道)的经办人或分管领导，不能承办。")


def refuse_no_role(person: Person, roles: Collection[str]) -> Refused | None:
    if not set(roles).isdisjoint(person.roles):
        return None
    wanted = "、".join(ROLES.get(role, role) for role in roles)
    return Refused("wrong_role", f"该事项由{wanted}办理，只有本人具有该角色的人员可以办理或代理。")


def refuse_own_filing(person: Person, filed_by: frozenset[str]) -> Refused | None:
    if person.id not in filed_by:
        return None
    return Refused("own_filing", "这份材料由您本人上报，不能由您审批。请由其他同事办理。")


def refuse_own_town(person: Person, town_code: str) -> Refused | None:
    if not town_code or town_code not in (person.town_code, *person.conflicts):
        return None
    return Refused("own_town", "该社区(村)所在乡镇(街道)与您有任职或回避关系，您需要回避。请由其他同事办理。")


def refuse_same_eyes(person: Person, first_eyes: frozenset[str], *, kind: str) -> Refused | None:
    if person.id not in first_eyes:
        return None
    return Refused("same_eyes", OTHER_EYES[kind])


# --- standing in ---------------------------------------------------------------------------------


def may_stand_in(person: Person, deputy: Person) -> bool:
    """Whether ``deputy`` could hold anything of the person's: they share a role, of a town in the same one."""
    bureau = set(person.roles) - TOWN_ROLES
    same_town = has_town_role(person) and has_town_role(deputy) and person.town_code == deputy.town_code
    return same_town or not bureau.isdisjoint(deputy.roles)


def refuse_unfit(person: Person, deputy: Person) -> Refused | None:
    """Why ``deputy`` cannot be named to stand in; what they then take is judged duty by duty."""
    if may_stand_in(person, deputy):
        return None
    return Refused(
        "unfit_deputy",
        f"{deputy.name}与{person.name}没有相同的角色(乡镇角色须在同一乡镇)，不能代理。"
        "代理不授予角色，请选择本人具有该角色的人员。",
    )


def has_town_role(person: Person) -> bool:
    return not TOWN_ROLES.isdisjoint(person.roles)
