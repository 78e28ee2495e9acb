"""The year as it was opened: the county's places and forms, beside the plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from rules.campaign.campaign import Campaign, Town, Village
from rules.campaign.forms import Column, Forms
from rules.dossiers.id_numbers import age_on, birth_date, sex
from rules.year.plan import ServiceKind, YearPlan


@dataclass(frozen=True, slots=True)
class OpenedYear:
    """What acts of the year start from; the rosters have the columns of annex 2."""

    county: str
    time_zone: str
    retention_months: int
    towns: tuple[Town, ...]
    villages: tuple[Village, ...]
    forms: Forms
    plan: YearPlan

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def village(self, code: str) -> Village | None:
        return next((one for one in self.villages if one.code == code), None)

    def service(self, key: str) -> ServiceKind | None:
        return next((one for one in self.plan.services if one.key == key), None)

    def columns(self) -> dict[str, Column]:
        return {one.key: one for one in self.forms.roster}

    def is_of_working_age(self, number: str, day: date) -> bool:
        """By the identity number; of whom it says no birthday, nobody knows."""
        if birth_date(number) is None:
            return False
        spans = {one.sex: one for one in self.forms.ages}
        span = spans.get(sex(number))
        return span is not None and span.youngest <= age_on(number, day) <= span.oldest


def opened_with(campaign: Campaign, plan: YearPlan) -> OpenedYear:
    """The year of a campaign folder."""
    return OpenedYear(
        county=campaign.county,
        time_zone=campaign.time_zone,
        retention_months=campaign.retention_months,
        towns=campaign.towns,
        villages=campaign.villages,
        forms=campaign.forms,
        plan=plan,
    )
