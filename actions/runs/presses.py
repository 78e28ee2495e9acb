"""What people press in the Prefect UI: asked who may, and noted before Prefect hears of it."""

from __future__ import annotations

from datetime import datetime

from actions.lookup import is_entitled
from records import audit
from records.runs import carriers
from records.store import Store, repeatable
from rules.refusals import Refused

NOT_YOURS = Refused("not_yours_to_press", "您只能查看Prefect 页面，不能操作。需要处理的，请联系活动协调员。")


@repeatable
def press(
    store: Store, *, pressed: str, run_id: str, by: str, now: datetime, about: str = ""
) -> Refused | None:
    """Note that ``by`` presses this button, about the run where it is of one; whatever Prefect answers then.

    ``pressed`` is the name of a button (``rules.people.errands``), ``run_id`` empty where it is about no run:
    then ``about`` is what Prefect calls it.
    """
    with store.writing() as session:
        if not is_entitled(session, "presses.press", by=by):
            return NOT_YOURS
        carrier = carriers.of_run(session, run_id) if run_id else None
        subject = f"{carrier.kind}:{carrier.subject}" if carrier else "prefect"
        facts = {"pressed": pressed, **({"run": run_id} if run_id else {"path": about})}
        audit.note(session, at=now, actor=by, act="press_in_prefect", subject=subject, facts=facts)
    return None
