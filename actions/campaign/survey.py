"""The survey: by 23 October every town says which of its villages take part (notice, five, one)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from actions.campaign.stages import join_submission
from actions.duties.assignment import clerk_of
from actions.duties.duties import Owed, end_duty, open_duty
from actions.lookup import campaign_of, is_entitled
from actions.steps import split_subject, subject_of
from records import audit
from records.campaign.villages import villages_of
from records.duties.duties import duty_with_key, lock_duty_with_key
from records.store import Session, Store, repeatable
from records.tables.campaign import StageRow, VillageRow
from rules.campaign.states import move
from rules.people.acts import Matter
from rules.refusals import Refused


@repeatable
def ask_for_survey(store: Store, *, subject: str, now: datetime) -> None:
    """Open the town's survey duty, once."""
    campaign_id, town_code = split_subject(subject)
    with store.writing() as session:
        campaign, stage = (
            campaign_of(session, campaign_id),
            session.get_one(StageRow, (campaign_id, "survey")),
        )
        owed = Owed(
            key=f"survey:{town_code}",
            kind="survey",
            carrier=("survey", subject),
            town_code=town_code,
            role="town_clerk",
            person_id=clerk_of(session, town_code),
            due_at=stage.due_at,
            lock_at=stage.lock_at,
            template="survey_opened",
        )
        open_duty(session, campaign, owed, now=now)


@repeatable
def confirm_survey(
    store: Store, *, campaign_id: str, town_code: str, villages: Sequence[str], by: str, now: datetime
) -> Refused | None:
    """The town names the villages that take part; all its others stay out."""
    with store.writing() as session:
        duty = lock_duty_with_key(session, campaign_id, f"survey:{town_code}")
        refused = _refuse_survey(session, town_code=town_code, by=by)
        if refused or duty is None:
            return refused or Refused("not_open", "调查摸底阶段尚未开始，请等待通知。")
        own = villages_of(session, campaign_id, town_code=town_code)
        foreign = set(villages) - {village.code for village in own}
        if foreign:
            return Refused(
                "foreign_village", f"代码{'、'.join(sorted(foreign))}不属于本乡镇(街道)，请核对后重报。"
            )
        if duty.lock_at is not None and now > duty.lock_at:
            return Refused("locked", "调查摸底已截止，如需补报请联系活动协调员申请延期。")
        refused = end_duty(session, duty, act="finish", now=now)
        if refused:
            return Refused("already_confirmed", "本乡镇(街道)的调查摸底已确认，无需重复提交。")
        for village in own:
            _place(village, taking_part=village.code in villages)
        join_submission(session, campaign_of(session, campaign_id), town_code, now=now)
        facts = {"villages": sorted(villages)}
        audit.note(
            session,
            at=now,
            actor=by,
            act="confirm_survey",
            subject=subject_of(campaign_id, town_code),
            facts=facts,
        )
    return None


def _refuse_survey(session: Session, *, town_code: str, by: str) -> Refused | None:
    if not is_entitled(session, "survey.confirm_survey", by=by, matter=Matter(town_code)):
        return Refused("not_your_town", "您不是该乡镇(街道)的经办人，不能代为确认。")
    return None


def _place(village: VillageRow, *, taking_part: bool) -> None:
    state = move("village", village.state, "take_part" if taking_part else "stay_out")
    assert not isinstance(state, Refused), state.reason
    village.state = state


def survey_stands(session: Session, subject: str) -> str:
    """unasked, asked, or settled once the town has confirmed or its duty has lapsed."""
    campaign_id, town_code = split_subject(subject)
    duty = duty_with_key(session, campaign_id, f"survey:{town_code}")
    if duty is None:
        return "unasked"
    return "asked" if duty.state == "open" else "settled"
