"""Every long table of the bureau's pages as a workbook, with all its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from actions.overview.counts import COLUMNS as COUNTED
from actions.overview.counts import columns_of
from notifications.wording import instant_text
from portal.overview.audit import asked_for
from portal.overview.messages import STATES, TITLES
from portal.web.path_objects import need
from portal.web.rendering import as_file
from portal.web.request import Asked
from portal.web.routes import Route
from records import outbox
from records.lists.ledger import entries_of, payouts_of
from records.people import accounts
from records.people.people import everybody, names_of
from records.store import Session
from rules.campaign.campaign import ROLES, Campaign
from rules.dossiers.dossier import Value
from workbooks.papers.printed_list import write_list

MOST_ROWS = 5_000
"""Of messages and of the audit log, the newest; the command line exports all."""
KINDS = {"payment": "奖补", "recovery": "追回", "correction": "更正"}

Rows = Sequence[Sequence[Value]]


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its name in the address, its title, who may read it and how its rows are read."""

    name: str
    title: str
    right: str
    rows: Callable[[Asked, Session, Campaign], Rows]


def _towns(asked: Asked, session: Session, campaign: Campaign) -> Rows:
    """Every stage of every town; a stage leaves empty what it does not count."""
    shown = asked.house.boards.board_of(session, campaign.id, asked.now)
    return [
        [
            cell.town,
            campaign.stage(cell.stage).title,
            *(getattr(cell.counts, name) if name in columns_of(cell.stage) else "" for name in COUNTED),
            "、".join(cell.ball),
            cell.late_workdays,
        ]
        for cell in shown.cells
    ]


def _duties(asked: Asked, session: Session, campaign: Campaign) -> Rows:
    shown = asked.house.boards.board_of(session, campaign.id, asked.now)
    return [
        [
            str(one.duty_id), one.where, one.what, one.role_title, one.person, _at(one.due_at, campaign),
            one.late_workdays or "",
        ]
        for one in shown.waiting
    ]  # fmt: skip


def _people(_asked: Asked, session: Session, campaign: Campaign) -> Rows:
    names, inside = names_of(session), accounts.with_password(session)
    towns = {town.code: town.name for town in campaign.towns}
    return [
        [
            one.name, one.id, "、".join(ROLES[role] for role in one.roles), towns.get(one.town_code, ""),
            "、".join(towns.get(code, code) for code in one.conflicts), names.get(one.deputy, ""), one.email,
            "已停用" if not one.active else "已设置密码" if one.id in inside else "尚未设置",
        ]
        for one in everybody(session)
    ]  # fmt: skip


def _messages(_asked: Asked, session: Session, campaign: Campaign) -> Rows:
    """Without their texts, which a second reviewer may not all read."""
    names = names_of(session)
    return [
        [
            _at(row.sent_at or row.not_before, campaign), TITLES.get(row.template, row.template),
            f"{row.facts.get('town', '')}{row.facts.get('village', '')}", names.get(row.person_id, ""),
            STATES[row.state],
        ]
        for row in outbox.messages_of(session, campaign.id, states=tuple(STATES), limit=MOST_ROWS)
    ]  # fmt: skip


def _audit(asked: Asked, session: Session, campaign: Campaign) -> Rows:
    """What the page's own filters leave."""
    return [
        [
            str(one.seq), _at(one.at, campaign), one.who, one.what, one.about,
            "；".join(f"{title}：{value}" for title, value in one.why.items()), one.hash,
        ]
        for one in asked_for(asked, session, campaign, limit=MOST_ROWS)
    ]  # fmt: skip


def _ledger(_asked: Asked, session: Session, campaign: Campaign) -> Rows:
    rows = entries_of(session, campaign.id)
    paid = payouts_of(session, [row.id for row in rows])
    return [
        [
            campaign.village(row.village_code).name, campaign.award(row.level).title, KINDS[row.kind],
            row.payable_yuan, row.document, _at(row.decided_at, campaign),
            str(paid[row.id].paid_on) if row.id in paid else "", paid[row.id].voucher if row.id in paid else "",
        ]
        for row in rows
    ]  # fmt: skip


def _at(moment: datetime, campaign: Campaign) -> str:
    return f"{moment.astimezone(campaign.zone).year}年{instant_text(moment, campaign.zone)}"


COLUMNS = {
    "towns": ("乡镇(街道)", "阶段", *COUNTED.values(), "在谁手里", "逾期工作日"),
    "duties": ("编号", "地点", "事项", "角色", "承办人", "截止", "逾期工作日"),
    "people": ("姓名", "账号", "角色", "乡镇(街道)", "回避", "代理人", "邮箱", "登录"),
    "messages": ("时间", "消息", "关于", "收件人", "状态"),
    "audit": ("序号", "时间", "何人", "何事", "对象", "要素", "指纹"),
    "ledger": ("社区(村)", "级别", "事项", "金额(元)", "文件", "决定时间", "发放日期", "凭证"),
}
TABLES = (
    Table("towns", "各乡镇进度", "board.read", _towns),
    Table("duties", "未办事项", "board.read", _duties),
    Table("people", "人员", "people.read", _people),
    Table("messages", "消息", "messages.read", _messages),
    Table("audit", "审计日志", "audit.read", _audit),
    Table("ledger", "奖补台账", "document.read", _ledger),
)


def _route(table: Table) -> Route:
    def send(asked: Asked) -> Response:
        campaign = need(asked.found.campaign)
        with asked.store.reading() as session:
            rows = table.rows(asked, session, campaign)
        data = write_list(f"{campaign.title}{table.title}", COLUMNS[table.name], rows)
        return as_file(data, name=f"{campaign.title}{table.title}.xlsx")

    return Route("GET", f"/campaigns/{{campaign_id}}/tables/{table.name}.xlsx", table.right, send)


ROUTES = tuple(_route(table) for table in TABLES)
