"""The year as it was opened: the county's places and the columns of its rosters, beside the plan."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from rules.campaign.campaign import Campaign, Town, Village
from rules.campaign.forms import Column
from rules.year.plan import Group, ServiceKind, YearPlan


@dataclass(frozen=True, slots=True)
class OpenedYear:
    """What acts of the year start from; ``columns`` are those of annex 2."""

    county: str
    time_zone: str
    retention_months: int
    towns: tuple[Town, ...]
    villages: tuple[Village, ...]
    columns: tuple[Column, ...]
    plan: YearPlan

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def groups(self) -> tuple[Group, ...]:
        return self.plan.groups

    def village(self, code: str) -> Village | None:
        return next((one for one in self.villages if code in one.codes), None)

    def service(self, key: str) -> ServiceKind | None:
        return next((one for one in self.plan.services if one.key == key), None)


def opened_with(campaign: Campaign, plan: YearPlan) -> OpenedYear:
    """The year of a campaign folder."""
    return OpenedYear(
        county=campaign.county,
        time_zone=campaign.time_zone,
        retention_months=campaign.retention_months,
        towns=campaign.towns,
        villages=campaign.villages,
        columns=campaign.forms.roster,
        plan=plan,
    )
