"""Who may look at a rehearsal: an invitation for one person of each role, whoever has most to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from actions.overview.board import Waiting, board
from actions.people.invitations import Invitation, invite
from notifications.wording import day_text
from records import clock
from records.duties.duties import open_duties
from records.people import accounts
from records.people.people import everybody
from records.store import Session, Store
from rules.campaign.campaign import ROLES, Campaign


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody's role and name, and the one-time link (seven days) by which a visitor becomes them."""

    role: str
    name: str
    link: str
    tasks: tuple[str, ...] = ()
    """What waits for them now, the first due first."""
    hint: str = ""
    """What to look at, and when to come for work, where nothing waits."""


MOST_TASKS = 3
HINTS = {
    "town_clerk": "可看本乡镇各村的材料、校验结果和回执；要上传材料，用 --until town_clerk",
    "deputy_head": "可看本乡镇的进度和材料；经办人外出时由您接手",
    "reviewer": "可看已办事项；要审材料，用 --until reviewer",
    "coordinator": "可看进度总览，批延期、改派、提醒、提前结束或重开阶段",
    "bureau_leader": "可看进度总览；要作认定，用 --until bureau_leader",
    "finance": "可看名单；要审奖补，用 --until finance",
    "auditor": "可看审计日志、进度总览和全部邮件",
}
"""Role -> what can be tried in it when nothing waits."""

WORK = {
    "town_clerk": ("dossier",),
    "deputy_head": ("dossier",),
    "reviewer": ("gate",),
    "bureau_leader": ("gate",),
    "finance": ("gate",),
    "coordinator": ("dossier",),
    "auditor": ("gate",),
}
"""Role -> kinds of duty of which one must be open for a visitor in it to have something to do or to see."""
OWN = ("town_clerk", "reviewer", "bureau_leader", "finance")


def has_work(store: Store, campaign_id: str, role: str) -> bool:
    """Whether somebody in this role could do now what the role is for."""
    with store.reading() as session:
        return any(
            duty.kind in WORK[role] and (role not in OWN or duty.role == role)
            for duty in open_duties(session, campaign_id)
        )


def let_in_visitors(store: Store, campaign: Campaign, portal: str) -> list[Visitor]:
    """Links for one person of each role, in the order of ``ROLES``; the simulated person's own password ends."""
    now, host_now = clock.now(store), clock.host_now()
    with store.reading() as session:
        chosen = _busiest(session, campaign.id)
        waiting = board(session, campaign.id, now).waiting
    with store.writing() as session:
        for person_id in chosen.values():
            accounts.forget_credential(session, person_id)
    invited = {
        role: invite(store, person_id=person_id, by="system", now=now, host_now=host_now)
        for role, person_id in chosen.items()
    }
    return [
        Visitor(
            ROLES[role], one.name, one.link(portal), _tasks(campaign, waiting, one.person_id), HINTS[role]
        )
        for role, one in invited.items()
        if isinstance(one, Invitation)
    ]


def _tasks(campaign: Campaign, waiting: Sequence[Waiting], person_id: str) -> tuple[str, ...]:
    mine = [one for one in waiting if one.person_id == person_id]
    return tuple(
        f"{one.where}{one.what}，{day_text(one.due_at.astimezone(campaign.zone))}截止"
        for one in mine[:MOST_TASKS]
    )


def _busiest(session: Session, campaign_id: str) -> dict[str, str]:
    """Role -> the active person in it with the most open duties."""
    load = Counter(duty.person_id for duty in open_duties(session, campaign_id))
    people = [person for person in everybody(session) if person.active]
    return {
        role: max(inside, key=lambda person: load[person.id]).id
        for role in ROLES
        if (inside := [person for person in people if role in person.roles])
    }
