"""Paper copies on their way: what a town says before the bureau has signed for them."""

from __future__ import annotations

from datetime import datetime

from actions.duties.duties import end_duty
from actions.lookup import is_entitled
from actions.steps import subject_of
from records import audit
from records.duties.duties import lock_duty_with_key
from records.store import Store, repeatable
from records.tables.people import PersonRow
from rules.campaign.campaign import TOWN_ROLES
from rules.refusals import Refused
from rules.signs import says_nothing


@repeatable
def announce_paper(
    store: Store, *, campaign_id: str, town_code: str, how: str, by: str, now: datetime
) -> Refused | None:
    """The town has sent its paper copies; the duty stays open until the bureau has them in hand."""
    with store.writing() as session:
        person = session.get(PersonRow, by)
        if person is None or not person.active or person.town_code != town_code:
            return Refused("not_your_town", "您不是该乡镇(街道)的经办人，不能代为登记。")
        if not TOWN_ROLES.intersection(person.roles):
            return Refused("wrong_role", "只有乡镇(街道)经办人或分管领导可以登记纸质材料。")
        duty = lock_duty_with_key(session, campaign_id, f"paper:{town_code}")
        if duty is None or duty.state != "open":
            return Refused("not_open", "目前没有待报送的纸质材料。")
        if says_nothing(how):
            return Refused("no_way", "请写明寄送方式，如专人送达、邮寄及单号。")
        duty.facts = {**duty.facts, "sent": now.isoformat(), "sent_how": how.strip()}
        subject = subject_of(campaign_id, town_code)
        audit.note(
            session, at=now, actor=by, act="announce_paper", subject=subject, facts={"how": how.strip()}
        )
    return None


@repeatable
def record_paper(store: Store, *, campaign_id: str, town_code: str, by: str, now: datetime) -> Refused | None:
    """The bureau has received the town's paper copies; the paper must equal the electronic version."""
    with store.writing() as session:
        if not is_entitled(session, "paper.record_paper", by=by):
            return Refused("wrong_role", "纸质材料由局里签收，请联系活动协调员。")
        duty = lock_duty_with_key(session, campaign_id, f"paper:{town_code}")
        if duty is None:
            return Refused("not_open", "该乡镇(街道)没有待签收的纸质材料。")
        refused = end_duty(session, duty, act="finish", now=now)
        if refused is None:
            audit.note(
                session, at=now, actor=by, act="record_paper", subject=subject_of(campaign_id, town_code)
            )
        return refused
