"""Whether a newer program may take over campaigns in flight: their rules, their gates, their configuration.

Reads single columns only: the database still has the tables of the older version.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from actions.campaign.lifecycle import RULES_VERSION
from config.frozen import thaw
from config.mistakes import CampaignMistakes
from records.campaign.campaigns import Flying, flying
from records.review.gates import OpenGate, open_gates_of
from records.store import Session
from rules.campaign.campaign import Campaign
from rules.review.gates import OPTIONAL

GATES: Mapping[str, int] = {
    "desk_review": 1,
    "second_review": 1,
    "reconciliation": 1,
    "recognition": 1,
    "recommendation": 1,
    "award": 1,
}
"""Every gate that this program asks, and the version of its question.

Raise the version when an answer would mean something else than before; a campaign keeps the questions
with which it was opened, so a gate that it does not have cannot be put to it in mid-flight.
"""


def obstacles(session: Session) -> list[str]:
    """Why this program must not take over, a sentence for each reason; empty when it may."""
    return [sentence for campaign in flying(session) for sentence in _about(session, campaign)]


def _about(session: Session, row: Flying) -> Iterator[str]:
    if row.rules_version != RULES_VERSION:
        yield (
            f"活动 {row.id} 按第{row.rules_version}版规则启动，本程序是第{RULES_VERSION}版。"
            "请用原来的程序办完这次活动，再升级。"
        )
    try:
        campaign = thaw(row.frozen)
    except (CampaignMistakes, ValueError) as error:
        yield f"活动 {row.id} 启动时的配置，本程序读不懂：{error}。请用原来的程序办完这次活动，再升级。"
        return
    yield from _missing(campaign)
    for gate in open_gates_of(session, row.id):
        yield from _about_gate(campaign, gate)


def _missing(campaign: Campaign) -> Iterator[str]:
    known = {gate.name for gate in campaign.gates}
    for name in GATES:
        if name not in known and name not in OPTIONAL:
            yield (
                f"本程序要问审批点“{name}”，而活动 {campaign.id} 启动时没有它。"
                "办理到一半不能加入新的审批点，请用原来的程序办完这次活动，再升级。"
            )


def _about_gate(campaign: Campaign, gate: OpenGate) -> Iterator[str]:
    titles = {plan.name: plan.title for plan in campaign.gates}
    where = f"{titles.get(gate.name, gate.name)}（{gate.subject}，第{gate.attempt}次）"
    if gate.name not in GATES:
        yield f"待审批的 {where} 本程序不再询问，没有人会处理它的结果。请先在原来的程序里办结，再升级。"
    elif gate.version != GATES[gate.name]:
        yield (
            f"待审批的 {where} 是第{gate.version}版问题，本程序是第{GATES[gate.name]}版，"
            "旧答案不能当作新问题的答案。请先在原来的程序里办结，再升级。"
        )
