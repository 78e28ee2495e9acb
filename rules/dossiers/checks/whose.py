"""The stage of identity: whose dossier it is, wherever it speaks of itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rules.campaign.campaign import Campaign
from rules.dossiers.cell_values import is_blank, is_uncalculated, one_of
from rules.dossiers.checks.findings import found
from rules.dossiers.checks.subject import Checked
from rules.dossiers.dossier import Cell, Finding
from rules.dossiers.places.headings import CODE, annexes_of, places_in, unknown_places, years_of
from rules.dossiers.places.names import Place, is_told, looks_like_a_place, town_of, village_of
from rules.dossiers.tolerances import folded

IDENTITY: Mapping[str, str] = {
    "campaign": "活动编号",
    "form_version": "表格版本",
    "town_code": "乡镇(街道)代码",
    "village_code": "社区(村)代码",
}
"""What the hidden sheet holds, by key."""


def check_identity(checked: Checked) -> Iterator[Finding]:
    campaign = checked.campaign
    town, village = campaign.town(checked.town_code), campaign.village(checked.village_code)
    missing = [title for key, title in IDENTITY.items() if says_nothing(told(checked, key))]
    if missing:
        yield found("identity_missing", told(checked, "campaign"), title="、".join(missing))
    yield from same("campaign", "wrong_campaign", checked, (campaign.id, campaign.title))
    yield from same("form_version", "wrong_form_version", checked, (campaign.forms.version,))
    yield from same("town_code", "wrong_town", checked, (town.code, town.name, *town.aliases))
    yield from same("village_code", "wrong_village", checked, (village.code, village.name, *village.aliases))
    for cell in checked.dossier.headings:
        yield from check_heading(checked, cell)


def told(checked: Checked, key: str) -> Cell:
    return checked.dossier.identity.get(key, checked.blank("scores"))


def says_nothing(cell: Cell) -> bool:
    return is_blank(cell) or is_uncalculated(cell)


def same(key: str, code: str, checked: Checked, names: tuple[str, ...]) -> Iterator[Finding]:
    """A finding unless the identity cell holds one of ``names``, the first of which is the code."""
    cell = told(checked, key)
    if not says_nothing(cell) and not one_of(cell, "text", names):
        expected = f"{names[1]}({names[0]})" if len(names) > 1 else names[0]
        yield found(code, cell, value=named(checked.campaign, cell.text), expected=expected)


def named(campaign: Campaign, code: str) -> str:
    """A code with the name that goes with it, when the campaign knows one."""
    known = {one.code: one.name for one in campaign.towns} | {one.code: one.name for one in campaign.villages}
    return f"{known[code]}({code})" if code in known else code


# --- where the sheets speak of themselves ----------------------------------------------------------------


def check_heading(checked: Checked, cell: Cell) -> Iterator[Finding]:
    """A title above an annex is for this year, this annex and this village, as far as it is for any."""
    campaign, years = checked.campaign, years_of(cell.text)
    if years and {str(campaign.year), *years_of(campaign.title)}.isdisjoint(years):
        yield found("other_year", cell, value=f"{years[0]}年", expected=f"{campaign.year}年")
    annexes, mine = annexes_of(cell.text), annexes_of(cell.sheet)
    if annexes and mine and set(mine).isdisjoint(annexes):
        yield found("other_form", cell, value=annexes[0], expected=mine[0])
    elsewhere = other_place(checked, cell.text)
    if elsewhere:
        yield found("other_heading", cell, value=elsewhere, expected=whole_name(checked))


def other_place(checked: Checked, text: str) -> str:
    """The village or town that a text names instead of this one; empty when it names none, or this one."""
    campaign = checked.campaign
    village, town = places_of(checked)
    codes = [code for code in CODE.findall(folded(text)) if code not in (*village.codes, *town.codes)]
    if codes:
        return named(campaign, codes[0])
    named_here = places_in(text, campaign)
    for own, there in ((village.own, named_here & village.alike), (town.own, named_here - village.alike)):
        others = there - village.own - town.own
        if others and own.isdisjoint(there):
            return max(sorted(others), key=len)
    return "" if village.own & named_here else unknown(text, village, town)


def unknown(text: str, *own: Place) -> str:
    """The first name in a text that can only be a place's, and is not this one's in other words."""
    names = unknown_places(text, own[-1].names)
    return next((name for name in names if not any(is_told(name, one) for one in own)), "")


def places_of(checked: Checked) -> tuple[Place, Place]:
    return village_of(checked.campaign, checked.village_code), town_of(checked.campaign, checked.town_code)


def whole_name(checked: Checked) -> str:
    village = checked.campaign.village(checked.village_code)
    return f"{village.name}({village.code})"


# --- where its answers do --------------------------------------------------------------------------------


def check_places(checked: Checked) -> Iterator[Finding]:
    """Annexes 3 and 4 say which village and town they are about."""
    campaign, dossier = checked.campaign, checked.dossier
    village, town = places_of(checked)
    asked = {"village": (village, village.names[0]), "village_code": (village, village.codes[0])}
    asked["town"] = (town, town.names[0])
    fields = [(field, dossier.survey) for field in campaign.forms.survey]
    fields += [(field, dossier.recommendation) for field in campaign.forms.recommendation]
    for field, cells in fields:
        cell = cells.get(field.key)
        if field.key in asked and cell is not None and not says_nothing(cell) and cell.kind != "error":
            place, expected = asked[field.key]
            coded = field.key != "village_code" or expected in folded(cell.text)
            code = wrong_place(checked, cell, place, coded=coded)
            if code:
                yield found(
                    code, cell, title=field.title, value=named(campaign, cell.text), expected=expected
                )


def wrong_place(checked: Checked, cell: Cell, place: Place, *, coded: bool) -> str:
    """What is wrong with an answer that should be a place; empty when it is that place, in whatever words.

    ``coded``: whether it holds its code, as far as that is asked for.
    """
    text = folded(cell.text)
    if is_told(text, place):
        return "" if coded else "place_unclear"
    own = {name for one in places_of(checked) for name in one.own}
    mine = own & places_in(cell.text, checked.campaign)
    other = other_place(checked, cell.text) or (looks_like_a_place(text) and not mine)
    return "other_place" if other else "place_unclear"
