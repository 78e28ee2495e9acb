"""Every message that is ever sent: its title and the facts its template needs."""

from __future__ import annotations

COMMON = ("campaign", "county", "recipient", "link")
"""Facts of every message: the campaign's title, the county, the recipient's name, a URL that navigates."""

OPTIONAL = (
    "code",
    "contact",
    "progress",
    "under_way",
    "along",
    "reply",
    "every",
    "left",
    "honour",
    "first_honour",
    "said",
)
"""Facts that may be left out: a one-time code, a telephone number or room to ask at, a sentence on what became of the
findings of the version before, whether the review of a corrected dossier goes on at once, what is extended with
the duty, whether an answer to the mail is read, all that a message speaks of where its subject names only the first,
how far its date is from the day on which it goes out, what a village of a level is called, the same with the
first level's name, and what the bureau says besides."""

_TOWN_DUTY = ("town", "due", "lock")
_TOWN_LATE = (*_TOWN_DUTY, "late_days")
_VISIT = ("town", "village", "due")
_GATE = ("gate", "subject", "due")

MESSAGES: dict[str, tuple[str, tuple[str, ...]]] = {
    "account_invited": ("账号邀请", ("valid",)),
    "account_changed": ("账号变更通知", ("what", "changed_by")),
    "proposal_opened": ("账号变更待复核", ("what", "proposed_by", "until")),
    "proposal_announced": ("账号变更提请通知", ("what", "proposed_by", "until")),
    "proposal_ended": ("账号变更未生效通知", ("what", "outcome")),
    "account_secured": ("登录方式变更通知", ("what",)),
    "login_tried": ("账号登录异常提醒", ("tries", "address")),
    "campaign_opened": ("活动启动通知", ("town", "schedule")),
    "survey_opened": ("调查摸底开始", _TOWN_DUTY),
    "survey_reminder": ("调查摸底提醒", _TOWN_DUTY),
    "survey_late": ("调查摸底逾期", _TOWN_LATE),
    "dossier_opened": ("申报材料开始报送", (*_TOWN_DUTY, "missing")),
    "dossier_reminder": ("申报材料报送提醒", (*_TOWN_DUTY, "missing")),
    "dossier_late": ("申报材料逾期", (*_TOWN_LATE, "missing")),
    "dossier_received": ("申报材料收件回执", ("town", "village", "received", "sha256")),
    "dossier_accepted": (
        "申报材料校验通过回执",
        ("town", "village", "received", "sha256", "rows", "score", "sums", "due"),
    ),
    "dossier_findings": ("申报材料校验未通过", (*_TOWN_DUTY, "village", "findings")),
    "dossier_withdrawn": ("申报材料撤回", (*_TOWN_DUTY, "village", "version", "withdrawn_by")),
    "people_elsewhere": ("花名册人员重复提示", ("town", "village", "reasons")),
    "paper_reminder": ("纸质材料报送提醒", (*_TOWN_DUTY, "missing")),
    "paper_late": ("纸质材料逾期", (*_TOWN_LATE, "missing")),
    "correction_opened": ("申报材料退回补正", (*_TOWN_DUTY, "village", "reasons")),
    "correction_reminder": ("补正提醒", (*_TOWN_DUTY, "village", "reasons")),
    "correction_late": ("补正逾期", (*_TOWN_LATE, "village", "reasons")),
    "visit_opened": ("现场核查任务", _VISIT),
    "visit_reminder": ("现场核查提醒", _VISIT),
    "visit_late": ("现场核查逾期", (*_VISIT, "late_days")),
    "visit_planned": ("现场核查计划", ("number", "changes")),
    "signature_opened": ("现场核查签字", _VISIT),
    "signature_reminder": ("现场核查签字提醒", _VISIT),
    "signature_late": ("现场核查签字逾期", (*_VISIT, "late_days")),
    "objection_opened": ("公示异议待答复", _VISIT),
    "objection_reminder": ("公示异议答复提醒", _VISIT),
    "objection_late": ("公示异议答复逾期", (*_VISIT, "late_days")),
    "gate_opened": ("审批事项待办", _GATE),
    "gate_reminder": ("审批事项提醒", _GATE),
    "gate_late": ("审批事项逾期", (*_GATE, "late_days", "missing")),
    "gate_withdrawn": ("审批事项因撤回终止", ("gate", "subject", "version")),
    "calendar_opened": ("请录入放假安排", ("until", "due")),
    "calendar_reminder": ("放假安排录入提醒", ("until", "due")),
    "calendar_late": ("放假安排录入逾期", ("until", "due", "late_days")),
    "accounts_opened": ("请清查账号", ("due",)),
    "accounts_reminder": ("账号清查提醒", ("due",)),
    "accounts_late": ("账号清查逾期", ("due", "late_days")),
    "calendar_moved": ("期限随放假安排调整通知", ("subject", "due", "reason")),
    "revision_opened": ("名单退回修订", ("list", "due", "reasons")),
    "revision_reminder": ("名单修订提醒", ("list", "due", "reasons")),
    "revision_late": ("名单修订逾期", ("list", "due", "late_days", "reasons")),
    "decision_made": ("审批结果通知", ("town", "gate", "subject", "answer", "decided_by", "reason")),
    "decision_recorded": (
        "代录电话答复通知",
        ("gate", "subject", "answer", "reason", "recorded_by", "note", "until"),
    ),
    "answer_disputed": (
        "代录答复异议",
        ("gate", "subject", "answer", "person", "recorded_by", "words", "outcome"),
    ),
    "decision_overtaken": ("决定作废通知", ("gate", "subject", "answer", "reason")),
    "gate_reopened": ("重新审批通知", ("gate", "subject", "answer", "reason")),
    "village_recognised": ("认定通过通知", ("town", "village", "score")),
    "village_refused": ("未予认定通知", ("town", "village", "score", "reasons")),
    "stage_closed": ("阶段结束通报", ("stage", "counts")),
    "duty_extended": ("延期通知", ("town", "village", "subject", "due")),
    "duty_passed": ("待办转交通知", ("subject", "due", "taken_by", "reason")),
    "duty_stuck": ("待办无人可接", ("subject", "due", "person")),
    "digest": ("待办汇总", ("items", "due")),
    "duty_ended": ("事项终止通知", ("what", "why")),
    "duty_lapsed": ("事项截止未办结通知", ("town", "village", "subject", "lock")),
    "recommendation_sent": ("择优推荐通知", ("town", "village", "level")),
    "award_decided": ("奖补决定通知", ("town", "village", "level", "yuan", "note")),
    "audit_head": ("审计日志末条", ("day", "length", "head")),
    "portal_outage": ("门户中断，待定是否延期", ("when", "number")),
    "carrier_parked": ("运行停办告警", ("subject", "reason")),
}
"""Template name -> (title, facts it needs besides the common ones).

``missing``, ``reasons`` and ``items`` are lists of text, ``sums`` the lines that show how the score adds up,
``findings`` a list of {message}, ``counts`` of {name, value}, ``schedule`` of {name, due}. ``due``
and ``lock`` are days already in words, ``received`` a moment in words, ``late_days``, ``rows`` and
``yuan`` whole numbers, ``score`` text.
"""

OWED = ("survey", "dossier", "paper", "correction", "visit", "gate", "revision", "calendar", "accounts")
"""What somebody can owe: the kinds of duty."""
ASKING = (
    frozenset(f"{kind}_{what}" for kind in OWED for what in ("opened", "reminder", "late")) & MESSAGES.keys()
)
"""Messages that ask for something; each is held against what is owed when it goes out."""
REPEATED = frozenset(name for name in ASKING if not name.endswith("_opened"))
"""Messages of which only the newest is worth reading."""
AT_ANY_HOUR = frozenset(
    {
        "account_invited", "account_secured", "login_tried", "dossier_received", "dossier_accepted",
        "dossier_findings", "dossier_withdrawn", "decision_recorded",
    }
)  # fmt: skip
"""Receipts, codes and warnings: whoever waits for them is awake."""
RELAYED = ASKING | {"digest", "duty_extended", "duty_passed", "duty_ended", "duty_lapsed"}
"""Messages that go out once more in short where their reader chose another channel besides: subject and page."""
PRIVATE = frozenset({"account_invited"})
"""Messages whose link is a secret of its reader."""


def facts_needed(template: str) -> frozenset[str]:
    """The facts without which ``template`` cannot be rendered."""
    return frozenset(COMMON) | frozenset(MESSAGES[template][1])


def facts_taken(template: str) -> frozenset[str]:
    """All that ``template`` may show."""
    return facts_needed(template) | frozenset(OPTIONAL)
