"""Every state of a stage, a gate, a duty and a village's dossier, and every move between them."""

from __future__ import annotations

from collections.abc import Mapping

from rules.refusals import Refused

MOVES: Mapping[tuple[str, str, str], str] = {
    ("stage", "waiting", "open"): "open",
    ("stage", "open", "close"): "closed",
    ("stage", "closed", "reopen"): "open",
    ("gate", "open", "close"): "closed",
    ("gate", "open", "supersede"): "superseded",
    ("gate", "closed", "supersede"): "superseded",
    ("duty", "open", "finish"): "done",
    ("duty", "open", "finish_late"): "late",
    ("duty", "open", "lapse"): "lapsed",
    ("duty", "open", "cancel"): "cancelled",
    ("duty", "lapsed", "revive"): "open",
    ("duty", "cancelled", "revive"): "open",
    ("duty", "done", "reopen"): "open",
    ("duty", "late", "reopen"): "open",
    ("village", "invited", "take_part"): "taking_part",
    ("village", "invited", "stay_out"): "out",
    ("village", "invited", "lapse"): "lapsed",
    ("village", "lapsed", "take_part"): "taking_part",
    ("village", "lapsed", "stay_out"): "out",
    ("village", "taking_part", "accept"): "submitted",
    ("village", "taking_part", "lapse"): "lapsed",
    ("village", "lapsed", "accept"): "submitted",
    ("village", "submitted", "withdraw"): "taking_part",
    ("village", "submitted", "withdraw_correction"): "returned",
    ("village", "under_review", "withdraw"): "taking_part",
    ("village", "under_review", "withdraw_correction"): "returned",
    ("village", "submitted", "begin_review"): "under_review",
    ("village", "under_review", "return"): "returned",
    ("village", "returned", "accept"): "under_review",
    ("village", "returned", "lapse"): "lapsed",
    ("village", "under_review", "recognise"): "recognised",
    ("village", "under_review", "refuse"): "not_recognised",
    ("village", "under_review", "veto"): "vetoed",
    ("village", "returned", "reconsider"): "under_review",
    ("village", "recognised", "reconsider"): "under_review",
    ("village", "not_recognised", "reconsider"): "under_review",
    ("village", "vetoed", "reconsider"): "under_review",
}
"""(kind, state, move) and the state it leads to; what is not listed is refused."""

FIRST: Mapping[str, str] = {"stage": "waiting", "gate": "open", "duty": "open", "village": "invited"}
"""The state in which each kind begins."""

TITLES: Mapping[tuple[str, str], str] = {
    ("stage", "waiting"): "未开始",
    ("stage", "open"): "进行中",
    ("stage", "closed"): "已结束",
    ("gate", "open"): "待审批",
    ("gate", "closed"): "已审批",
    ("gate", "superseded"): "已作废，另行提请",
    ("duty", "open"): "待办",
    ("duty", "done"): "已办结",
    ("duty", "late"): "逾期办结",
    ("duty", "lapsed"): "逾期未办",
    ("duty", "cancelled"): "已撤销",
    ("village", "invited"): "待确认参与",
    ("village", "taking_part"): "参与建设",
    ("village", "out"): "不参与",
    ("village", "submitted"): "已上报",
    ("village", "under_review"): "审核中",
    ("village", "returned"): "退回补正",
    ("village", "recognised"): "已认定",
    ("village", "not_recognised"): "不予认定",
    ("village", "vetoed"): "一票否决",
    ("village", "lapsed"): "逾期未报",
}

KINDS: Mapping[str, str] = {"stage": "阶段", "gate": "审批点", "duty": "待办", "village": "社区(村)"}

ACTS: Mapping[str, str] = {
    "open": "开启",
    "close": "结束",
    "reopen": "重新开启",
    "supersede": "取代",
    "finish": "办结",
    "finish_late": "逾期办结",
    "lapse": "按逾期处理",
    "cancel": "撤销",
    "revive": "恢复",
    "take_part": "确认参与",
    "stay_out": "确认不参与",
    "accept": "受理材料",
    "withdraw": "撤回材料",
    "withdraw_correction": "撤回补正材料",
    "begin_review": "开始审核",
    "return": "退回补正",
    "recognise": "认定",
    "refuse": "不予认定",
    "veto": "一票否决",
    "reconsider": "重新审核",
}


def move(kind: str, state: str, act: str) -> str | Refused:
    """The state to which ``act`` leads from ``state``, or a refusal naming both in Chinese."""
    following = MOVES.get((kind, state, act))
    return following if following is not None else refuse_move(kind, state, act)


def refuse_move(kind: str, state: str, act: str) -> Refused:
    what, now, wanted = KINDS.get(kind, kind), TITLES.get((kind, state), state), ACTS.get(act, act)
    return Refused("move_not_allowed", f"{what}目前为“{now}”，不能“{wanted}”。请刷新后再操作。")
