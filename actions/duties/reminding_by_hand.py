"""A coordinator reminds somebody out of turn."""

from __future__ import annotations

from datetime import datetime

from actions.duties.duties import post_about
from actions.lookup import campaign_of
from records import audit
from records.duties.duties import lock_duty
from records.store import Store
from records.tables.people import PersonRow
from rules.refusals import Refused


def remind_now(store: Store, *, duty_id: int, by: str, now: datetime) -> Refused | None:
    """One more reminder to the holder of an open duty, at most once a day."""
    with store.writing() as session:
        duty = lock_duty(session, duty_id)
        person = session.get(PersonRow, by)
        if person is None or not person.active or "coordinator" not in person.roles:
            return Refused("not_coordinator", "只有活动协调员可以发出提醒。")
        if duty.state != "open":
            return Refused("ended", "该事项已经办结，无需提醒。")
        campaign = campaign_of(session, duty.campaign_id)
        key = f"by_hand:{now.astimezone(campaign.zone).date().isoformat()}"
        template = f"{duty.kind}_reminder"
        if not post_about(session, campaign, duty, template=template, key=key, now=now):
            return Refused("just_reminded", "今天已经手动提醒过，请明天再提醒，或直接打电话。")
        audit.note(session, at=now, actor=by, act="remind", subject=duty.key, facts={"to": duty.person_id})
    return None
