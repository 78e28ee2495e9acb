"""All checks of a campaign folder, and what each of them needs to have been read."""

from __future__ import annotations

from collections.abc import Callable

from config.checks import (
    campaign,
    dates,
    forms,
    gates,
    hints,
    indicators,
    ladders,
    ledger,
    people,
    units,
    year,
)
from config.checks.conditions import Draft, Mistakes
from config.mistakes import Mistake

Check = tuple[Callable[[Draft], Mistakes], tuple[str, ...]]

PAGE = ("stages", "correction_workdays", "visit_workdays")

CHECKS: tuple[Check, ...] = (
    (campaign.check_page, ()),
    (campaign.check_visits, ("visits",)),
    (campaign.check_business, ("business", "forms", "scheme")),
    (campaign.check_id, ("id",)),
    (campaign.check_targets, ("taking_part", "recognised_at_least")),
    (campaign.check_paid_since, ("paid_since", "year")),
    (campaign.check_awards, ("awards",)),
    (campaign.check_stages, ("stages",)),
    (campaign.check_year, ("stages", "year")),
    (dates.check_published, ("stages", "year", "corrections", "calendar")),
    (dates.check_chain, (*PAGE, "calendar")),
    (units.check_town_rows, ("rows:towns",)),
    (units.check_town_sums, ("towns", "taking_part", "recognised_at_least")),
    (units.check_village_rows, ("rows:villages",)),
    (units.check_villages_of_towns, ("rows:villages", "town_codes")),
    (units.check_village_numbers, ("villages", "town_codes")),
    (ledger.check_ledger_rows, ("rows:ledger",)),
    (ledger.check_ledger_years, ("rows:ledger", "year")),
    (ledger.check_ledger_levels, ("rows:ledger", "awards")),
    (people.check_people_rows, ("rows:people",)),
    (people.check_places, ("rows:people", "town_codes")),
    (people.check_deputies, ("rows:people", "people")),
    (people.check_posts, ("people", "town_codes")),
    (gates.check_gates, ("gates",)),
    (gates.check_gate_ladders, ("gates", "ladders")),
    (people.check_seats, ("gates", "people", "town_codes")),
    (dates.check_gate_room, ("gates", "stages", "calendar")),
    (ladders.check_ladders, ("ladders",)),
    (ladders.check_duty_ladders, ("ladders", "duty_ladders")),
    (forms.check_forms, ("forms",)),
    (indicators.check_scheme, ("scheme",)),
    (indicators.check_parts, ("scheme", "parts", "full_marks")),
    (indicators.check_numbers, ("scheme", "forms")),
    (year.check_plan, ("year_plan",)),
    (year.check_groups, ("year_plan", "forms")),
)

HINTS: tuple[Check, ...] = (
    (dates.hint_tight_verification, ("gates", "stages", "visit_workdays", "calendar")),
    (hints.hint_folder_name, ("folder", "id")),
    (hints.hint_unread_files, ("folder", "files")),
    (hints.hint_sample, ("scheme",)),
    (hints.hint_shared_mailboxes, ("people",)),
    (hints.hint_payments_of_nobody, ("rows:ledger", "villages")),
    (hints.hint_nobody_to_escalate_to, ("rows:people", "ladders")),
)


def run(checks: tuple[Check, ...], draft: Draft) -> list[Mistake]:
    """What the checks find; one that needs something that could not be read is left out, not guessed at."""
    return [mistake for check, needed in checks if set(needed) <= draft.keys() for mistake in check(draft)]
