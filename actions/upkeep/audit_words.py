"""The audit log in words: who did what, when, about what, and why, readable years later."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from actions.duties.posting import TITLES
from actions.lookup import every_configuration
from actions.steps import split_subject
from records import audit
from records.duties.duties import duty_with_key
from records.people.people import everybody
from records.store import Session
from records.tables.people import PersonRow
from records.tables.upkeep import AuditRow
from rules.campaign.campaign import ROLES, Campaign, Town, Village

ACTS: Mapping[str, str] = {
    "activate": "启用人员",
    "announce_paper": "登记已寄送纸质材料",
    "add_photos": "上传现场照片",
    "answer_extension": "答复延期申请",
    "answer_outage": "答复门户中断",
    "note_outage": "记录门户中断",
    "ask_extension": "申请延期",
    "access_refused": "访问未获准",
    "accept_invitation": "接受邀请并设置密码",
    "award": "确定奖补名单",
    "backup": "备份数据库",
    "change_calendar": "更新放假安排",
    "change_key": "更换密钥",
    "change_key_begun": "开始更换密钥",
    "change_password": "修改密码",
    "choose_language": "选择邮件语言",
    "choose_channel": "选择提醒渠道",
    "record_call": "登记通话",
    "set_telephone": "登记电话",
    "set_quiet_hours": "设定免打扰时段",
    "propose_change": "提请变更账号",
    "confirmed_change": "复核确认账号变更",
    "declined_change": "不予确认账号变更",
    "expired_change": "账号变更逾期作废",
    "close_campaign": "活动结束",
    "close_stage": "阶段结束",
    "approval_code_refused": "授权码不正确",
    "code_refused": "动态口令不正确",
    "password_refused": "再次确认身份时密码不正确",
    "confirm_survey": "确认调查摸底",
    "deactivate": "停用人员",
    "decide": "作出决定",
    "declare_conflict": "本人申报回避",
    "end_absence": "结束外出",
    "enter_result": "登记上级结果或奖补变动",
    "erase_extracts": "按保存期限删除业务数据",
    "erase_roster": "按保存期限删除花名册",
    "import_extract": "导入业务数据",
    "end_session": "结束一次登录",
    "extend": "批准延期",
    "fire_rungs": "按提醒阶梯发出提醒",
    "forget_device": "清除手机口令",
    "hand_in": "上报申报材料",
    "hand_over": "转交待办",
    "import_person": "导入人员",
    "invite": "发出邀请",
    "keep_account": "清查账号，确认保留",
    "judge_upload": "校验申报材料",
    "lapse": "逾期未办，事项失效",
    "log_in": "登录",
    "log_in_refused": "登录被拒绝",
    "make_paper": "生成文书",
    "open_paper": "查看文书",
    "confirm_payout": "登记奖补发放",
    "make_token": "办理访问令牌",
    "revoke_token": "撤销访问令牌",
    "log_out_everywhere": "在所有设备上退出",
    "not_recognised": "不予认定",
    "overtake": "决定因内容变动作废",
    "open_annotated": "下载申报材料标注副本",
    "object": "对代录答复提出异议",
    "open_file": "查阅申报材料原件",
    "open_campaign": "启动活动",
    "open_gate": "提请审批",
    "open_stage": "阶段开始",
    "withhold_file": "因杀毒检查未放行文件",
    "prefill": "下载预填往年名单的模板",
    "recognised": "予以认定",
    "recommend": "确定推荐名单",
    "record_absence": "登记外出代理",
    "record_by_phone": "代录电话答复",
    "record_paper": "登记收到纸质材料",
    "reopen_gate": "重新提请审批",
    "reopen_stage": "重新开启阶段",
    "repair": "修复承办运行",
    "replace_run": "重建承办运行",
    "remind": "发出提醒",
    "request_code": "索取授权码",
    "restore": "从备份恢复数据库",
    "restore_drill": "恢复演练成功",
    "set_conflict": "登记回避",
    "set_deputy": "设置代理人",
    "revise": "调整待决清单",
    "score": "填写评分表",
    "seal_audit": "封存审计日志",
    "steer_message": "决定预告的邮件",
    "send_again": "重新发送邮件",
    "unmask": "查看完整身份证号",
    "unlock": "解锁账号",
    "upgrade": "升级数据库",
    "vetoed": "一票否决",
    "visit": "记录现场核查",
    "wake_campaign": "活动因上级结果重新办理奖补",
    "make_up_delay": "因局里逾期顺延补正期限",
    "press_in_prefect": "在Prefect 页面操作",
    "plan_visits": "安排现场核查",
    "open_publicity": "开始公示",
    "end_publicity": "公示期满",
    "object_publicly": "登记公示异议",
    "answer_objection": "答复公示异议",
    "sign_visit": "签字确认现场核查",
    "commit_visit_seed": "封存抽查种子",
    "reveal_visit_seed": "公开抽查种子",
    "open_year": "启用日常服务",
    "begin_roster": "建立动态台账",
    "note_changes": "登记人员变动",
    "confirm_unchanged": "核实人员没有变化",
    "record_service": "登记服务",
    "erase_left": "按保存期限删除已离开的人员",
    "withdraw": "撤回申报材料",
}
"""Every act that is ever noted; ``open_gate:name`` is found under its first half."""

FACTS: Mapping[str, str] = {
    "channel": "渠道",
    "is_set": "已登记",
    "pressed": "操作",
    "run": "运行编号",
    "person": "人员",
    "promised_on": "答应办理的日期",
    "adjustments": "调整",
    "address": "网络地址",
    "after": "变更后",
    "along": "一并延期",
    "anew": "重新计算",
    "answer": "意见",
    "attempt": "次数",
    "backup": "备份文件",
    "began": "开始时间",
    "ended": "恢复时间",
    "before": "变更前",
    "by": "程序",
    "cause": "原因",
    "columns": "变更项",
    "content": "材料指纹",
    "dated": "文件日期",
    "deputy": "代理人",
    "document": "依据文件",
    "door": "途径",
    "code": "代码",
    "commitment": "承诺值",
    "delay": "局里逾期",
    "objection": "异议",
    "plan": "计划",
    "stops": "站点数",
    "unplaced": "未排入",
    "visit": "现场核查",
    "seed": "抽查种子",
    "due": "截止",
    "earlier_payments": "往年奖补",
    "edition": "版次",
    "excluded": "剔除",
    "expires": "有效期至",
    "file": "文件",
    "findings": "问题数",
    "first": "第一天",
    "for": "代谁答复",
    "from": "原承办人",
    "gate": "审批点",
    "generation": "代次",
    "head": "末条",
    "hours": "勿扰时段",
    "how": "寄送方式",
    "invitation": "邀请",
    "kind": "事项",
    "language": "语言",
    "last": "最后一天",
    "late": "逾期",
    "length": "条数",
    "level": "级别",
    "levels": "级别",
    "lock": "停止受理",
    "moved": "由此变动",
    "outcome": "处理",
    "list": "清单",
    "messages": "邮件",
    "new_key": "新密钥指纹",
    "met": "会见人数",
    "note": "说明",
    "old_key": "旧密钥指纹",
    "paid_on": "发放日期",
    "party": "评分方",
    "people": "人数",
    "path": "页面",
    "pause": "须等候",
    "photos": "照片数",
    "proposed_by": "提请人",
    "published_until": "公布到",
    "reason": "理由",
    "right": "所需权限",
    "roles": "角色",
    "rosters": "往年名单",
    "row": "行号",
    "rows": "行数",
    "rungs": "提醒数",
    "scopes": "权限",
    "seat": "席位",
    "sha256": "文件指纹",
    "source": "来源",
    "state": "结果",
    "taken_at": "备份时间",
    "to": "现承办人",
    "token": "令牌",
    "total": "总分",
    "towns": "乡镇(街道)",
    "unsealed": "未封存条数",
    "unopened": "打不开的行数",
    "until": "保存至",
    "uploads": "版本数",
    "version": "版本",
    "villages": "社区(村)",
    "voucher": "凭证号",
    "what": "内容",
    "wanted_due": "希望延至",
    "words": "答复",
    "yuan": "金额(元)",
    "day": "日期",
    "kinds": "变动种类",
}

SUBJECTS: Mapping[str, str] = {
    "database": "数据库",
    "key": "密钥",
    "outbox": "发件箱",
    "prefect": "Prefect 页面",
    "year": "日常服务",
}
YEAR = "year/"
"""Begins the subject of whatever is done all year in a village."""
ACTORS: Mapping[str, str] = {"system": "系统", "operator": "运行维护人员"}
WORDS: Mapping[str, Mapping[str, str]] = {
    "door": {
        "portal": "网页",
        "api": "接口",
        "command": "命令行",
        "phone": "电话",
        "prefect": "Prefect界面",
        "rehearsal": "演练",
    },
    "late": {"True": "是", "False": "否"},
    "state": {"accepted": "接收", "returned": "退回"},
    "pressed": {
        "resume": "填写审批表单(Resume)",
        "set_state": "改变运行状态(Cancel、Retry)",
        "delete_run": "删除运行(Delete)",
        "pause": "暂停或恢复(开关)",
        "unpause": "恢复",
    },
    "party": {"a": "初审", "b": "复审", "town": "乡镇(街道)", "final": "核定"},
}


JUDGING = frozenset(
    [
        "score",
        "decide",
        "record_by_phone",
        "object",
        "reopen_gate",
        "recognised",
        "not_recognised",
        "vetoed",
        "open_gate",
        "overtake",
    ]
)
"""Acts in whose facts somebody's judgement of a village may stand."""
NEUTRAL = frozenset({"gate", "party", "attempt", "seat", "door"})
"""What may be told of them while the second review goes on."""
WITHHELD = "复审办结前不予显示"


@dataclass(frozen=True, slots=True)
class Told:
    """One entry in words; ``why`` holds its facts by their titles."""

    seq: int
    at: datetime
    who: str
    what: str
    about: str
    why: dict[str, str]
    hash: str


class Teller:
    """Knows the names of one database's people, places and gates, and of which villages a first review is
    still ``sealed`` from whoever reads."""

    def __init__(self, session: Session, sealed: frozenset[str] = frozenset()) -> None:
        self._session, self._sealed = session, sealed
        self._campaigns = {one.id: one for one in every_configuration(session)}
        zones = [campaign.zone for campaign in self._campaigns.values()]
        self._zone: tzinfo = zones[-1] if zones else UTC

    def tell(self, row: AuditRow) -> Told:
        act, _, gate = row.act.partition(":")
        facts = {**({"gate": gate} if gate else {}), **json.loads(row.facts)}
        campaign = self._campaign(row.subject)
        secret = row.subject in self._sealed and act in JUDGING and not _is_of_second(facts)
        told = {name: facts[name] for name in facts if not secret or name in NEUTRAL}
        return Told(
            seq=row.seq,
            at=row.at.astimezone(self._zone),
            who=self._person(row.actor),
            what=ACTS.get(act, act),
            about=self._about(row.subject),
            why={
                **{FACTS.get(name, name): self._fact(campaign, facts, name) for name in told},
                **({FACTS["note"]: WITHHELD} if secret else {}),
            },
            hash=row.hash,
        )

    def subject_named(self, name: str) -> str:
        """What to look for in the log's subjects: the code of the town or village of this name, else the name."""
        for campaign in self._campaigns.values():
            units: list[Village | Town] = [*campaign.villages, *campaign.towns]
            for unit in units:
                if name in (unit.name, *unit.aliases):
                    return unit.code
        return next((row.id for row in everybody(self._session) if row.name == name), name)

    def _campaign(self, subject: str) -> Campaign | None:
        return next((one for key, one in self._campaigns.items() if key in subject), None)

    def _person(self, person_id: str) -> str:
        person = self._session.get(PersonRow, person_id)
        if person is None:
            return ACTORS.get(person_id, person_id)
        return f"{person.name}（{'、'.join(ROLES.get(role, role) for role in person.roles)}）"

    def _about(self, subject: str) -> str:
        kind, _, person_id = subject.partition(":")
        if kind == "person":
            return self._person(person_id)
        if kind == "proposal":
            return f"账号变更#{person_id}"
        if subject.startswith(YEAR):
            return self._village_of_year(subject.removeprefix(YEAR))
        campaign = self._campaign(subject)
        if campaign is None:
            return SUBJECTS.get(subject, subject)
        duty = duty_with_key(self._session, campaign.id, subject.removeprefix(f"{campaign.id}:"))
        if duty is not None:
            place = _place(campaign, duty.village_code or duty.town_code)
            return f"{place}{duty.facts.get('gate') or TITLES[duty.kind]}"
        return _place(campaign, split_subject(subject)[1])

    def _village_of_year(self, code: str) -> str:
        """By the newest campaign that knows its name."""
        named = [place for one in self._campaigns.values() if (place := _place(one, code)) != code]
        return f"{SUBJECTS['year']} {named[-1] if named else code}"

    def _fact(self, campaign: Campaign | None, facts: Mapping[str, object], name: str) -> str:
        value = facts[name]
        if name in ("deputy", "for", "from", "proposed_by", "to"):
            return self._person(str(value))
        if campaign is None:
            return _plainly(name, value)
        titles = {gate.name: gate.title for gate in campaign.gates}
        if name in ("gate", "list"):
            return titles.get(str(value), str(value))
        if name == "villages" and isinstance(value, list):
            return "、".join(_place(campaign, code) for code in value) or "无"
        if name == "excluded" and isinstance(value, Mapping):
            return "、".join(f"{_place(campaign, code)}（{why}）" for code, why in value.items()) or "无"
        if name == "answer" and facts.get("gate") in titles:
            return dict(campaign.gate(str(facts["gate"])).answers).get(str(value), str(value))
        return _plainly(name, value)


def _is_of_second(facts: Mapping[str, object]) -> bool:
    return facts.get("gate") == "second_review" or facts.get("party") == "b"


def _place(campaign: Campaign, code: str) -> str:
    """The name of a village with its town's, of a town or of a stage; the campaign's title without a code."""
    towns = {town.code: town.name for town in campaign.towns}
    villages = {one.code: f"{towns.get(one.town_code, '')}{one.name}" for one in campaign.villages}
    stages = {stage.name: stage.title for stage in campaign.stages}
    return {**stages, **towns, **villages}.get(code, code) if code else campaign.title


def _plainly(name: str, value: object) -> str:
    if isinstance(value, Mapping):
        return "、".join(f"{key}={one}" for key, one in value.items()) or "无"
    if isinstance(value, list):
        return "、".join(map(str, value)) or "无"
    return WORDS.get(name, {}).get(str(value), str(value))


def tell(
    session: Session,
    *,
    subject: str = "",
    act: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
    limit: int | None = None,
    sealed: frozenset[str] = frozenset(),
) -> list[Told]:
    """The newest ``limit`` entries about a subject (a name, a code, a person), the oldest first; of one act,
    between two moments, and older than the entry with the number ``before`` where these are named."""
    teller = Teller(session, sealed)
    about = teller.subject_named(subject)
    rows = audit.entries(session, about=about, act=act, since=since, until=until, before=before, limit=limit)
    return [teller.tell(row) for row in rows]
