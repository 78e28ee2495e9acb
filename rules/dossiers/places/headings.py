"""What stands above an annex: the places, years and annexes that it is for, not those that it only mentions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from unicodedata import normalize

from rules.campaign.campaign import Campaign
from rules.dossiers.places.names import (
    folded_names,
    looks_like_a_place,
    names_of_towns,
    names_of_villages,
    parted,
)
from rules.dossiers.tolerances import INVISIBLE, folded

BETWEEN = re.compile(r"[\s,;:、。()/|_-]+")
"""What stands between the words of a heading."""
NEW_VILLAGE = re.compile(r"[\u4e00-\u9fff]{1,6}?(?:村|社区)(?!\()")
"""What may be a village's name behind that of its town; in 社区(村) it is a word for all of them."""
GENERAL = re.compile(
    "就业|示范|行政|自然|建制|文明|美丽|所辖|所属|辖区|有关|下属|各|全|本|该|[农乡城名个等和与及]$|^[村乡城]?$"
)
"""Words before 村 or 社区 that make no name of it."""

CITES = "依据|根据|按照|参照|遵照|依照|执行|沿用|对照|对比|比较|较|自|从"
YEAR = re.compile("20[0-9]{2}(?=年|[-—–~至到/]20[0-9]{2}年)")
CITED = re.compile(
    rf"(?:{CITES})(?:《[^》]*》|[^,;。年]{{0,12}}?20[0-9]{{2}}年)"
    r"|《[^》]*》的?(?:通知|要求|规定|精神|文件|意见|办法)"
    r"|[〔\[]20[0-9]{2}[〕\]]"
    r"|20[0-9]{2}年[^,;。年]{0,8}?(?:号文|号|文件|规定|办法|印发|发布|修订|以来|起|以前|之前|对照|对比|相比)"
)
"""Years of documents that are cited, and of figures that are compared."""
NUMERALS = str.maketrans("〇○零Oo一二三四五六七八九壹贰叁肆伍陆柒捌玖", "00000123456789123456789")
SPELT_YEAR = re.compile("[二贰][〇○零Oo0][〇○零Oo0一二三四五六七八九壹贰叁肆伍陆柒捌玖]{2}(?=年)")
APART = re.compile(r"(?<=[0-9])\s+(?=年)")

ANNEX = re.compile("附件(?:[0-9]+|[一二三四五六七八九])")
SEVERAL = re.compile("附件(?:[0-9]+|[一二三四五六七八九])[-—–~至到]")
"""From one annex to another: what stands there is about all of them."""
FROM_ANNEX = re.compile(
    rf"(?:见|引自|抄自|来自|取自|由|与|和|及|同|{CITES})[^,;。]{{0,6}}?{ANNEX.pattern}"
    rf"|{ANNEX.pattern}[^,;。]{{0,10}}?(?:自动|统计得|统计数|核对|一致|相符|计算|得出|相加|生成)"
)
"""Annexes from which figures are taken."""


CODE = re.compile("(?<![0-9])[1-9][0-9]{11}(?![0-9])")
"""A village's code; telephone numbers begin with 0 or are shorter."""


# --- places ------------------------------------------------------------------------------------------------


def places_in(text: str, campaign: Campaign) -> frozenset[str]:
    """The campaign's places that a text names; an alias without 村, 镇 or the like only where it stands alone."""
    known = names_of_villages(campaign) | names_of_towns(campaign)
    words = {folded(word) for word in BETWEEN.split(spaced(text))}
    alone = {name for name in known if name in words or name == folded(text)}
    return frozenset(whole_names(known).findall(folded(text))) | alone


@lru_cache(maxsize=8)
def whole_names(known: frozenset[str]) -> re.Pattern[str]:
    whole = sorted((name for name in known if parted(name)[1]), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, whole)) or "(?!)")


def spaced(text: str) -> str:
    return INVISIBLE.sub("", normalize("NFKC", text))


def unknown_places(text: str, towns: tuple[str, ...]) -> Iterator[str]:
    """Names that no campaign knows and that can only be a place's: behind a town's name, or words for themselves."""
    tight = folded(text)
    ends = [tight.find(town) + len(town) for town in sorted(folded_names(towns)) if town in tight]
    behind = [found[0] for end in ends if (found := NEW_VILLAGE.match(tight, end))]
    words = [word for word in map(folded, BETWEEN.split(spaced(text))) if looks_like_a_place(word)]
    yield from filter(is_name, (*behind, *words))


def is_name(text: str) -> bool:
    return not text.isdecimal() and len(text) <= 8 and not GENERAL.search(parted(text)[0])


# --- years and annexes -------------------------------------------------------------------------------------


def years_of(text: str) -> list[str]:
    """The years that a heading is for."""
    joined = ",".join(APART.sub("", spaced(text)).split())
    digits = SPELT_YEAR.sub(lambda found: found[0].translate(NUMERALS), joined)
    return YEAR.findall(CITED.sub("", digits))


def annexes_of(text: str) -> list[str]:
    """The annexes that a heading is for, with their numbers in digits."""
    joined = ",".join(spaced(text).split())
    if SEVERAL.search(joined):
        return []
    return [one.translate(NUMERALS) for one in ANNEX.findall(FROM_ANNEX.sub("", joined))]
