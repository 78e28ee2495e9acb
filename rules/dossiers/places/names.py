"""Whether a text means a place: its name or alias, with or without its superiors, its suffix, its code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache

from rules.campaign.campaign import Campaign
from rules.dossiers.tolerances import folded

ENDS: Mapping[str, str] = {
    "村村民委员会": "村",
    "村民委员会": "村",
    "村村委会": "村",
    "行政村": "村",
    "村委会": "村",
    "村": "村",
    "社区居民委员会": "社区",
    "居民委员会": "社区",
    "社区居委会": "社区",
    "居委会": "社区",
    "社区": "社区",
    "镇人民政府": "镇",
    "镇政府": "镇",
    "镇": "镇",
    "乡人民政府": "乡",
    "乡政府": "乡",
    "乡": "乡",
    "街道办事处": "街道",
    "街道办": "街道",
    "街道": "街道",
}
"""How names of places end, and the kind of place; what ends with another stands before it."""
COUNTY_ENDS = "市县区旗"
ABOVE_COUNTY = re.compile("(?:.{2,8}(?:省|自治区|市))?(?:.{2,8}(?:市|州|盟|地区))?")
"""Province and city, as they may stand before the county."""
NUMBERS = re.compile("[0-9]{9,12}")
NO_LONGER_FILLED = re.compile(r"\((?:区划代码|代码|编码)?:?\)")
"""Brackets from which a code was taken."""
IN_BRACKETS = re.compile(r"\([^()]*\)$")


@dataclass(frozen=True, slots=True)
class Place:
    """A village or town: its names, the first its own; its codes; what may stand before a name, folded.

    ``alike`` are the folded names of all villages, or of all towns.
    """

    names: tuple[str, ...]
    codes: tuple[str, ...]
    before: tuple[str, ...]
    alike: frozenset[str]

    @property
    def own(self) -> frozenset[str]:
        return frozenset(map(folded, self.names))


def village_of(campaign: Campaign, code: str) -> Place:
    village = campaign.village(code)
    town = campaign.town(village.town_code)
    above = (*county_names(campaign), *with_stems((town.name, *town.aliases)))
    return Place((village.name, *village.aliases), (code,), above, names_of_villages(campaign))


def town_of(campaign: Campaign, code: str) -> Place:
    town = campaign.town(code)
    names, codes = (town.name, *town.aliases), (code, f"{code}000")
    return Place(names, codes, county_names(campaign), names_of_towns(campaign))


def county_names(campaign: Campaign) -> tuple[str, str]:
    county = folded(campaign.county)
    return county, county.rstrip(COUNTY_ENDS)


def with_stems(names: tuple[str, ...]) -> tuple[str, ...]:
    told = [folded(name) for name in names]
    return (*told, *(parted(name)[0] for name in told))


def is_told(text: str, place: Place) -> bool:
    """Whether a folded text means the place; another place's own name never does."""
    numbers = NUMBERS.findall(text)
    if not set(numbers) <= set(place.codes):
        return False
    name = NO_LONGER_FILLED.sub("", NUMBERS.sub("", text))
    if not name:
        return bool(numbers)
    own = place.own
    return means(below_city(name, place.before[0]), place.before, own, place.alike - own)


def below_city(text: str, county: str) -> str:
    """The text without the names of province and city before the county's."""
    at = text.find(county)
    return text[at:] if at > 0 and ABOVE_COUNTY.fullmatch(text[:at]) else text


def means(text: str, before: tuple[str, ...], own: AbstractSet[str], others: AbstractSet[str]) -> bool:
    """Whether a text is one of ``own`` behind any number of ``before``."""
    if text in own or (text not in others and any(same_place(text, name) for name in own)):
        return True
    return any(means(text[len(one) :], before, own, others) for one in before if text.startswith(one))


def same_place(text: str, name: str) -> bool:
    """Whether two folded names differ in how they end only, and not in the kind of place."""
    (stem, kind), (other, other_kind) = parted(text), parted(name)
    return stem == other and kind in ("", other_kind)


def parted(name: str) -> tuple[str, str]:
    """A name without its end, and the kind of place that the end tells; empty when it tells none."""
    for end, kind in ENDS.items():
        if name.endswith(end) and name != end:
            return name.removesuffix(end), kind
    return name, ""


def looks_like_a_place(text: str) -> bool:
    """Whether a folded text is a code or ends as the names of villages and towns do."""
    return text.isdecimal() or parted(IN_BRACKETS.sub("", text))[1] != ""


def names_of_villages(campaign: Campaign) -> frozenset[str]:
    return folded_names(tuple(name for one in campaign.villages for name in (one.name, *one.aliases)))


def names_of_towns(campaign: Campaign) -> frozenset[str]:
    return folded_names(tuple(name for one in campaign.towns for name in (one.name, *one.aliases)))


@lru_cache(maxsize=8)
def folded_names(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(folded, names))
