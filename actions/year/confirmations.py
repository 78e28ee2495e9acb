"""Somebody was asked, and nothing had changed: one press for a list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from actions.year.changes import NOT_BEGUN
from actions.year.opening import place_for, subject_of_village
from actions.year.reckoning import reckon
from records import audit
from records.store import Store, repeatable
from records.tables.year import LivingPersonRow, RosterConfirmationRow
from records.year import living
from rules.refusals import Refused

NOBODY = Refused("nobody_confirmed", "没有选择人员。请在名单中勾选已核实、没有变化的人。")
NOT_THERE = Refused("not_in_roster", "名单中有人不在本社区(村)的花名册里，或已离开。请刷新后重新勾选。")
AHEAD = Refused("day_ahead", "核实日期晚于今天，请核对。")


@repeatable
def confirm_unchanged(
    store: Store, *, village_code: str, people: Sequence[str], day: date, by: str, now: datetime
) -> int | Refused:
    """These rows were asked about on ``day`` and are as they were; how many."""
    chosen = sorted(set(people))
    with store.writing() as session:
        place = place_for(session, "confirmations.confirm_unchanged", village_code, by=by)
        if isinstance(place, Refused):
            return place
        roster, today = living.locked_roster(session, village_code), now.astimezone(place.year.zone).date()
        if roster is None or not chosen or day > today:
            return NOT_BEGUN if roster is None else NOBODY if not chosen else AHEAD
        rows = living.people_with(session, chosen)
        if not all(key in rows and is_in(rows[key], village_code) for key in chosen):
            return NOT_THERE
        for row in rows.values():
            row.confirmed = max(row.confirmed, day)
        living.add_confirmation(
            session,
            RosterConfirmationRow(
                village_code=village_code, day=day, people=chosen, recorded_by=by, recorded_at=now
            ),
        )
        changes = living.changes_about(session, store.vault, chosen)
        reckon(session, store, place.year, roster, changes, today=today)
        facts = {"people": len(chosen), "day": day.isoformat()}
        subject = subject_of_village(village_code)
        audit.note(session, at=now, actor=by, act="confirm_unchanged", subject=subject, facts=facts)
    return len(chosen)


def is_in(row: LivingPersonRow, village_code: str) -> bool:
    return row.there and row.village_code == village_code
