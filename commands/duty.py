"""A duty as an operator names it: its number, or its kind and code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.house import under_way
from commands.printing import decline

if TYPE_CHECKING:
    from records.store import Store


def number_of(store: Store, duty: str, campaign_id: str | None) -> int:
    """The number of ``12`` or ``dossier:331181100200``; ends the command where there is no such duty."""
    from records.duties.duties import duty_with_key
    from records.tables.duties import DutyRow
    from rules.refusals import Refused

    with store.reading() as session:
        found = (
            session.get(DutyRow, int(duty))
            if duty.isdecimal()
            else duty_with_key(session, under_way(store, campaign_id), duty)
        )
    if found is None:
        decline(Refused("no_such_duty", f"没有“{duty}”这项待办，请用 campaign status --duties 查看编号。"))
    return found.id
