"""Posts and duties when people change: who may not hold a duty any more passes it on, and nothing is left to nobody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from actions.duties.eligibility import refuse_acting
from actions.duties.handover import pass_to_deputy
from actions.duties.posting import title_of
from actions.lookup import campaign_of
from config.checks.people import check_posts, check_seats
from records.campaign.campaigns import open_campaigns
from records.duties.duties import duties_held
from records.people import people
from records.store import Session
from records.tables.duties import DutyRow
from records.tables.people import PersonRow
from rules.campaign.campaign import Town
from rules.refusals import Refused


def towns_in_use(session: Session) -> list[Town]:
    """The towns of all campaigns under way, each once."""
    campaigns = [campaign_of(session, campaign_id) for campaign_id in open_campaigns(session)]
    return list({town.code: town for campaign in campaigns for town in campaign.towns}.values())


def vacancies(session: Session) -> frozenset[str]:
    """Posts of the campaigns under way that nobody active holds, and seats that nobody may take, in words."""
    active = tuple(people.as_rule(row) for row in people.everybody(session) if row.active)
    drafts = [
        {"people": active, "town_codes": {town.code: town for town in one.towns}, "gates": one.gates}
        for one in (campaign_of(session, campaign_id) for campaign_id in open_campaigns(session))
    ]
    mistakes = [found for draft in drafts for check in (check_posts, check_seats) for found in check(draft)]
    return frozenset(f"{mistake.key}{mistake.allowed}" for mistake in mistakes)


def settle(
    session: Session, person_ids: Sequence[str], vacant: frozenset[str], *, by: str, now: datetime
) -> Refused | None:
    """Pass on what these people may hold no longer; refused when a duty or a post would be nobody's."""
    new = sorted(vacancies(session) - vacant)
    if new:
        return Refused("vacant", f"这样会使岗位空缺：{'；'.join(new)}。请先安排接替人员。")
    left = [
        duty
        for person_id in person_ids
        for duty in duties_held(session, person_id)
        if _may_not_hold(session, duty) and not _passed_on(session, duty, by=by, now=now)
    ]
    if not left:
        return None
    listed = "、".join(f"#{duty.id} {title_of(duty)}" for duty in left)
    return Refused("open_duties", f"其名下有待办无人可接：{listed}。请先改派，或为其指定能够办理的代理人。")


def _may_not_hold(session: Session, duty: DutyRow) -> bool:
    """Stood down, without the duty's role in their own right, of another town, or in conflict."""
    person, campaign = session.get_one(PersonRow, duty.person_id), campaign_of(session, duty.campaign_id)
    return refuse_acting(session, campaign, duty, person) is not None


def _passed_on(session: Session, duty: DutyRow, *, by: str, now: datetime) -> bool:
    campaign = campaign_of(session, duty.campaign_id)
    reason = "承办人停用、调岗或须回避，转交代理人。"
    return pass_to_deputy(session, campaign, duty, by=by, reason=reason, now=now) is not None
