"""The table that a rehearsal prints: what happened to whom, in the bureau's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.table import Table

STAGES = {"survey": "调查摸底", "submission": "汇总上报", "verification": "核查认定",
          "recommendation": "择优推荐", "award": "奖补"}  # fmt: skip

WORDS = {
    "received": "收到", "accepted": "受理", "returned": "退回", "late": "逾期",
    "done": "按期办结", "lapsed": "逾期未办", "extended": "延期",
    "decided": "作出决定", "escalated": "逾期上报", "deputised": "代理人办理", "second_reviews": "复审",
    "reconciliations": "裁定",
    "sent": "发出", "duplicate": "重复",
    "completed": "完成", "suspended": "休眠", "failed": "失败", "crashed": "崩溃", "other": "其他",
}  # fmt: skip


def table_of(report: Mapping[str, Any]) -> Table:
    """The report of ``rehearse --json`` for people; stages with their local dates first."""
    table = Table(title=f"{report['campaign']} · seed {report['seed']}", show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, times in report["stages"].items():
        table.add_row(STAGES[name], f"{_day(times['opened'])}开始，{_day(times['closed'])}结束")
    table.add_section()
    for title, text in _lines(report):
        table.add_row(title, text)
    return table


def _day(moment: str | None) -> str:
    if not moment:
        return "未"
    local = datetime.fromisoformat(moment).astimezone(ZoneInfo("Asia/Shanghai"))
    return f"{local.month}月{local.day}日"


def _lines(report: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "乡镇(街道)、社区(村) towns, villages", f"{report['towns']}、{report['villages']}"
    yield "花名册 roster rows", f"{report['roster_rows']:,}人"
    yield "材料 uploads", _counted(report["uploads"])
    yield "待办 duties", _counted(report["duties"])
    yield "审批 gates", _counted(report["gates"])
    yield "认定 recognition", _recognition(report)
    yield "推荐 recommended", f"{report['recommended']}个"
    before = f"；{report['paid_before']}个以前年度已奖补" if report["paid_before"] else ""
    later = [("一年后补差", report["topped_up_yuan"]), ("追回", report["taken_back_yuan"])]
    after = "".join(f"；{what}{yuan:,}元" for what, yuan in later if yuan)
    yield "奖补 awards", f"{report['awards_total_yuan']:,}元{before}{after}"
    yield "邮件 mails", _counted(report["messages"])
    if report["through_portal"]:
        made = report["portal"]
        slowest = f"请求{made['requests']}次，登录{made['log_ins']}次，最慢{made['slowest_ms']}毫秒"
        yield "经门户办理 portal", slowest
    yield "Prefect 运行 runs", _counted(report["flow_runs"])
    yield "唤醒 wake-ups", str(report["wakeups"])
    yield "结果指纹 outcome", report["outcome_sha256"][:16]
    yield "用时 duration", f"{report['duration_s']}秒"


def _recognition(report: Mapping[str, Any]) -> str:
    told = (
        f"认定{report['recognised']}，不予认定{report['not_recognised']}，一票否决{report['vetoed']}，"
        f"逾期未报{report['lapsed']}"
    )
    later = report["supplementary"]
    return f"{told}；其中{later}个列入补充名单" if later else told


def _counted(counts: Mapping[str, int]) -> str:
    """What there was of it; the first count also when there was none."""
    first = next(iter(counts))
    return "，".join(f"{WORDS[name]}{count}" for name, count in counts.items() if count or name == first)
