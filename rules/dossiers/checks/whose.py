"""The stage of identity: whose dossier it is, wherever it speaks of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from rules.campaign.campaign import Campaign
from rules.dossiers.cell_values import is_blank, one_of
from rules.dossiers.checks.findings import found
from rules.dossiers.checks.subject import Checked
from rules.dossiers.dossier import Cell, Finding
from rules.dossiers.tolerances import folded

IDENTITY: Mapping[str, str] = {
    "campaign": "活动编号",
    "form_version": "表格版本",
    "town_code": "乡镇(街道)代码",
    "village_code": "社区(村)代码",
}
"""What the hidden sheet holds, by key."""

CODE = re.compile("[0-9]{12}")
PLACE = re.compile(r"^[0-9]+$|(?:村|社区|乡|镇|街道|居委会|村委会)(?:\([^()]*\))?$")
YEAR = re.compile("(20[0-9]{2})年")
FORM = re.compile("附件[0-9一二三四五六七八九十]+")


def check_identity(checked: Checked) -> Iterator[Finding]:
    campaign = checked.campaign
    town, village = campaign.town(checked.town_code), campaign.village(checked.village_code)
    missing = [title for key, title in IDENTITY.items() if is_blank(told(checked, key))]
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


def same(key: str, code: str, checked: Checked, names: tuple[str, ...]) -> Iterator[Finding]:
    """A finding unless the identity cell holds one of ``names``, the first of which is the code."""
    cell = told(checked, key)
    if not is_blank(cell) and not one_of(cell, "text", names):
        expected = f"{names[1]}({names[0]})" if len(names) > 1 else names[0]
        yield found(code, cell, value=named(checked.campaign, cell.text), expected=expected)


def named(campaign: Campaign, code: str) -> str:
    """A code with the name that goes with it, when the campaign knows one."""
    known = {one.code: one.name for one in campaign.towns} | {one.code: one.name for one in campaign.villages}
    return f"{known[code]}({code})" if code in known else code


# --- where the sheets speak of themselves ----------------------------------------------------------------


def check_heading(checked: Checked, cell: Cell) -> Iterator[Finding]:
    """A title above an annex names this year, this annex and this village, as far as it names any."""
    text, campaign = folded(cell.text), checked.campaign
    years = YEAR.findall(text)
    named = {str(campaign.year), *YEAR.findall(folded(campaign.title))}
    if years and named.isdisjoint(years):
        yield found("other_year", cell, value=f"{years[0]}年", expected=f"{campaign.year}年")
    annexes, mine = FORM.findall(text), FORM.findall(folded(cell.sheet))
    if annexes and mine and not set(mine) & set(annexes):
        yield found("other_form", cell, value=annexes[0], expected=mine[0])
    elsewhere = other_place(checked, text)
    if elsewhere:
        yield found("other_heading", cell, value=elsewhere, expected=whole_name(checked))


def other_place(checked: Checked, text: str) -> str:
    """The village or town that a text names instead of this one; empty when it names none, or this one."""
    campaign = checked.campaign
    codes = CODE.findall(text)
    if codes:
        return "" if checked.village_code in codes else named(campaign, codes[0])
    town, village = campaign.town(checked.town_code), campaign.village(checked.village_code)
    villages = [name for one in campaign.villages for name in (one.name, *one.aliases)]
    towns = [name for one in campaign.towns for name in (one.name, *one.aliases)]
    return foreign(text, villages, (village.name, *village.aliases)) or foreign(
        text, towns, (town.name, *town.aliases)
    )


def foreign(text: str, names: list[str], own: tuple[str, ...]) -> str:
    """The longest of ``names`` in a text, unless it is one of its own."""
    there = max((name for name in names if folded(name) in text), key=len, default="")
    return "" if there in own else there


def whole_name(checked: Checked) -> str:
    village = checked.campaign.village(checked.village_code)
    return f"{village.name}({village.code})"


# --- where its answers do --------------------------------------------------------------------------------


def check_places(checked: Checked) -> Iterator[Finding]:
    """Annexes 3 and 4 say which village and town they are about."""
    campaign, dossier = checked.campaign, checked.dossier
    town, village = campaign.town(checked.town_code), campaign.village(checked.village_code)
    names = {
        "village": (village.name, *village.aliases, village.code, whole_name(checked)),
        "village_code": (village.code,),
        "town": (town.name, *town.aliases, town.code, f"{town.name}({town.code})"),
    }
    before = tuple(map(folded, (campaign.county, town.name, *town.aliases)))
    asked = [(field, dossier.survey) for field in campaign.forms.survey]
    asked += [(field, dossier.recommendation) for field in campaign.forms.recommendation]
    for field, cells in asked:
        cell = cells.get(field.key)
        if field.key in names and cell is not None and not is_blank(cell):
            text = folded(cell.text)
            if not {text, without(text, before)} & set(map(folded, names[field.key])):
                value, code = named(campaign, cell.text), "other_place" if is_place(text) else "place_unclear"
                yield found(code, cell, title=field.title, value=value, expected=names[field.key][0])


def is_place(text: str) -> bool:
    """Whether a folded text is a code or ends as the names of villages and towns do."""
    return PLACE.search(text) is not None


def without(text: str, before: tuple[str, ...]) -> str:
    """A place's name without those of the county and the town in front of it."""
    for name in before:
        text = text.removeprefix(name)
    return text
