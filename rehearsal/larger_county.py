"""A county made larger for measuring: the same towns, villages and clerks again under other codes."""

from __future__ import annotations

from dataclasses import replace

from rules.campaign.campaign import Campaign, Person, Town, Village


def enlarge(campaign: Campaign, times: int) -> Campaign:
    """The campaign with ``times`` as many towns and villages; targets and quota grow with it."""
    if times == 1:
        return campaign
    return replace(
        campaign,
        taking_part=campaign.taking_part * times,
        recognised_at_least=campaign.recognised_at_least * times,
        quota_upward=campaign.quota_upward * times,
        towns=tuple(_town(campaign, town, copy) for copy in range(times) for town in campaign.towns),
        villages=tuple(
            _village(campaign, village, copy) for copy in range(times) for village in campaign.villages
        ),
        people=(
            *(person for person in campaign.people if not person.town_code),
            *(
                _person(campaign, person, copy)
                for copy in range(times)
                for person in campaign.people
                if person.town_code
            ),
        ),
    )


def _moved(campaign: Campaign, text: str, copy: int) -> str:
    """A code, or an id made of one, in the next county but ``copy - 1``."""
    return text.replace(campaign.county_code, str(int(campaign.county_code) + copy), 1)


def _town(campaign: Campaign, town: Town, copy: int) -> Town:
    return replace(town, code=_moved(campaign, town.code, copy))


def _village(campaign: Campaign, village: Village, copy: int) -> Village:
    code, town_code = _moved(campaign, village.code, copy), _moved(campaign, village.town_code, copy)
    return replace(village, code=code, town_code=town_code, predecessors=())


def _person(campaign: Campaign, person: Person, copy: int) -> Person:
    return replace(
        person,
        id=_moved(campaign, person.id, copy),
        email=_moved(campaign, person.email, copy),
        town_code=_moved(campaign, person.town_code, copy),
        deputy=_moved(campaign, person.deputy, copy),
    )
