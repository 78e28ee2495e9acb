"""Dossiers: asked for, handed in, checked, returned or accepted (notice, five, two)."""

from __future__ import annotations

from datetime import datetime

from actions.duties.asking import ask_for_all
from actions.duties.assignment import clerk_of
from actions.duties.duties import Owed, is_over, open_duty
from actions.lookup import campaign_of
from actions.steps import Step, split_subject
from records.campaign.villages import villages_of
from records.duties.duties import duty_with_key, open_duties
from records.store import Session, Store, repeatable
from records.tables.campaign import StageRow, VillageRow


@repeatable
def ask_for_dossiers(store: Store, *, subject: str, now: datetime) -> None:
    """Open a dossier duty for each taking part village of the town and one for its paper copies."""
    campaign_id, town_code = split_subject(subject)
    with store.writing() as session:
        campaign, stage = (
            campaign_of(session, campaign_id),
            session.get_one(StageRow, (campaign_id, "submission")),
        )
        villages = villages_of(session, campaign_id, town_code=town_code, states=["taking_part"])
        asked = [
            _owed(session, subject, stage, kind="dossier", village=village, missing=[village.name])
            for village in villages
        ]
        new = [owed for owed in asked if duty_with_key(session, campaign_id, owed.key) is None]
        opened = [open_duty(session, campaign, owed, now=now) for owed in new]
        timely = [duty for duty in opened if not is_over(duty, now)]
        ask_for_all(session, campaign, timely, template="dossier_opened", key="opened", now=now)
        if villages:
            names = [village.name for village in villages]
            open_duty(session, campaign, _owed(session, subject, stage, kind="paper", missing=names), now=now)


def asking_stands(session: Session, subject: str) -> Step | None:
    """Whether ``ask_for_dossiers`` is due: a village that takes part, or the town's paper, has no duty yet."""
    campaign_id, town_code = split_subject(subject)
    villages = villages_of(session, campaign_id, town_code=town_code, states=["taking_part"])
    keys = [f"dossier:{village.code}" for village in villages] + [f"paper:{town_code}"] * bool(villages)
    return Step.DUE if any(duty_with_key(session, campaign_id, key) is None for key in keys) else None


def _owed(
    session: Session,
    subject: str,
    stage: StageRow,
    *,
    kind: str,
    missing: list[str],
    village: VillageRow | None = None,
) -> Owed:
    _, town_code = split_subject(subject)
    return Owed(
        key=f"{kind}:{village.code if village else town_code}",
        kind=kind,
        carrier=("submission", subject),
        town_code=town_code,
        village_code=village.code if village else "",
        role="town_clerk",
        person_id=clerk_of(session, town_code),
        due_at=stage.due_at,
        lock_at=stage.lock_at,
        facts={"missing": missing},
    )


def submission_settled(session: Session, subject: str) -> bool:
    """Whether nothing is open any more of what the town owes in this stage."""
    campaign_id, town_code = split_subject(subject)
    return not any(
        open_duties(session, campaign_id, kind=kind, town_code=town_code) for kind in ("dossier", "paper")
    )
