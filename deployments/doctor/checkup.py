"""Everything an operator should see to on this machine: the records first, then machine, database and Prefect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from actions.dossiers.uploads import key_fits
from actions.people.account_review import accounts_of
from actions.upkeep import key_change
from actions.upkeep.troubles import PATIENCE, Trouble, carrier_troubles, duty_troubles, mail_troubles
from config.settings import Settings
from deployments.doctor.channels import channel_troubles
from deployments.doctor.machine import (
    disk_troubles,
    home_troubles,
    key_troubles,
    open_troubles,
    version_troubles,
)
from deployments.doctor.outside import export_troubles, offsite_troubles, time_troubles
from deployments.doctor.public_link import local_address, where_it_leads_instead
from deployments.doctor.runs import run_troubles
from deployments.doctor.scanner import scanner_troubles
from deployments.local.preflight import MISFITS, Unfit, is_taken, refuse_unusable_mail
from deployments.prefect_server.server import answers
from records import audit, clock
from records.campaign.campaigns import open_since
from records.faults import Kind
from records.runs import ticks
from records.schema.version import Unreachable, schema_standing
from records.sealing.vault import vault_at_hand
from records.store import Store, shown
from records.upkeep.condition import clock_went_back, why_unwritable
from rules.people.account_review import Account, overdue, unconfirmed

MOST_NAMED = 10
MOST_BACK = timedelta(minutes=2)
"""So far two machines' clocks may differ."""


@dataclass(frozen=True, slots=True)
class Checkup:
    """What was found, and how far the audit chain reaches (length 0 where it could not be read)."""

    troubles: list[Trouble]
    audit_length: int = 0
    audit_head: str = ""


def check_up(settings: Settings) -> tuple[Checkup, Store | None]:
    """One look at everything; the store is open for the mending and the caller's to close, None without one."""
    machine = [
        *disk_troubles(settings),
        *home_troubles(settings),
        *open_troubles(settings),
        *key_troubles(settings),
        *version_troubles(),
        *_of_mail_setting(settings),
        *_of_portal(settings),
        *time_troubles(),
        *scanner_troubles(settings, host_now=clock.host_now()),
    ]
    unusable = database_troubles(settings)
    if unusable:
        return Checkup([*machine, *unusable]), None
    store = Store(settings.database_url, vault=vault_at_hand(settings.key_file), home=settings.home)
    found, whole = _chain(store)
    now = clock.now(store)
    troubles = [
        *machine,
        *found,
        *_of_clock(store, settings),
        *export_troubles(store, settings, host_now=clock.host_now()),
        *offsite_troubles(store, settings),
        *_of_accounts(store),
        *channel_troubles(store, settings),
        *_of_tick(store),
        *_of_key(store, settings),
        *_of_key_change(store, settings),
        *carrier_troubles(store, now=now),
        *duty_troubles(store, now=now),
        *mail_troubles(store, now=now, mail_is_set=bool(settings.smtp_url)),
        *run_troubles(store, settings, now=now),
    ]
    return Checkup(troubles, whole.length, whole.head), store


def database_troubles(settings: Settings) -> list[Trouble]:
    """Why the database cannot be looked into at all."""
    where = shown(settings.database_url)
    try:
        standing = schema_standing(settings.database_url)
    except Unreachable as error:
        return [_unwritable(settings, error.kind or "away")]
    if standing == "empty":
        return [
            Trouble(
                "no_database", "还没有数据库", where, "首次启动 ./hqe up 时自动建立；路径不对请用 --home。"
            )
        ]
    if standing == "current":
        return _of_writing(settings)
    return [Trouble("schema", "数据库结构与程序版本不符", where, MISFITS[standing].format(url=where))]


UNWRITABLE: dict[Kind, tuple[str, str, str]] = {
    "full": (
        "database_full",
        "磁盘已满，数据库写不进去",
        "清理磁盘：旧日志(logs)、旧备份；不要删除 hqe.db 和 secret.key。",
    ),
    "readonly": (
        "database_readonly",
        "数据库只能读取",
        "检查数据库文件及其文件夹的权限，或数据库服务是否为只读的备机。",
    ),
    "unusable": (
        "database_unusable",
        "数据库文件读写失败",
        "检查磁盘和文件权限；文件损坏时从备份恢复(docs/survival.md)。",
    ),
    "busy": (
        "database_locked",
        "数据库被别的程序占用，不能办理",
        "找出占用它的程序(备份、数据库工具、卡住的进程)并结束它。",
    ),
    "away": ("database_away", "数据库连接不上", "启动数据库服务，检查 HQE_DATABASE_URL。"),
}
"""Code, what is wrong and what to do, by why nothing can be written."""


def _of_writing(settings: Settings) -> list[Trouble]:
    why = why_unwritable(settings.database_url)
    return [_unwritable(settings, why)] if why else []


def _unwritable(settings: Settings, why: Kind) -> Trouble:
    code, what, remedy = UNWRITABLE[why]
    return Trouble(code, what, shown(settings.database_url), remedy)


def _of_mail_setting(settings: Settings) -> list[Trouble]:
    try:
        refuse_unusable_mail(settings.smtp_url)
    except Unfit as error:
        remedy = "改正后重新启动 ./hqe up；改好之前承办进程无法启动。"
        return [Trouble("mail_setting", str(error), "环境变量 HQE_SMTP_URL", remedy)]
    return []


def _of_portal(settings: Settings) -> list[Trouble]:
    """Asked only while `up` runs here: elsewhere the portal may stand on another machine."""
    url = local_address(settings)
    if not is_taken(settings.home):
        return []
    if answers(f"{url}/healthz"):
        return _of_public_link(settings)
    remedy = "看日志 logs/portal.log；乡镇暂时可用 ./hqe workbook submit 上报。"
    return [Trouble("portal_away", "办理页面没有应答", url, remedy)]


def _of_public_link(settings: Settings) -> list[Trouble]:
    astray = where_it_leads_instead(settings)
    remedy = "改好之前，邮件中的链接打不开；办法见 docs/runbook.md 的“Behind a TLS proxy”。"
    return [Trouble("public_link", astray, "环境变量 HQE_PUBLIC_URL", remedy)] if astray else []


def _chain(store: Store) -> tuple[list[Trouble], audit.Verified]:
    with store.reading() as session:
        whole = audit.verify(session)
    if whole.broken is None:
        return list(_of_seal(whole)), whole
    remedy = "数据库可能被改动过：停止程序，保留现场，从备份恢复并核对(./hqe audit verify)。"
    where = f"审计日志第{whole.broken.seq}条"
    return [Trouble("audit_broken", f"审计日志不完整：{whole.broken.problem}", where, remedy)], whole


def _of_seal(whole: audit.Verified) -> Iterator[Trouble]:
    remedy = "先与寄出的末条或备份核对(./hqe audit verify --head)，查明没有问题后运行 ./hqe audit seal。"
    if whole.strange_key:
        what = f"审计日志由另一把密钥（指纹 {whole.strange_key}）封存，本机没有它，无法核对"
        yield Trouble("audit_strange_key", what, "审计日志", "把那把密钥放回原处；" + remedy)
    elif whole.unsealed:
        what = f"审计日志最后{whole.unsealed:,}条没有用密钥封存，能改数据库的人改了也看不出来"
        yield Trouble("audit_unsealed", what, f"审计日志第{whole.length - whole.unsealed + 1}条起", remedy)


def _of_clock(store: Store, settings: Settings) -> list[Trouble]:
    with store.reading() as session:
        is_simulated = clock.is_simulated(session)
        back = clock_went_back(session, now=clock.read(session), host_now=clock.host_now())
    found = []
    if is_simulated:
        remedy = "这是演练用的数据库，不能正式使用：请另指 HQE_DATABASE_URL 或 --home。"
        found.append(Trouble("clock_simulated", "数据库用的是模拟时钟", shown(settings.database_url), remedy))
    if back > MOST_BACK:
        what = (
            f"现在的时间比记录过的最近时间早{int(back.total_seconds() // 60)}分钟：时钟被往回拨过，或曾经走快"
        )
        remedy = "核对本机时间和对时服务(NTP)；时间走快时到期的提醒、锁定不会自动收回，请逐项核对审计日志。"
        found.append(Trouble("clock_back", what, "本机时钟", remedy))
    return found


def _of_accounts(store: Store) -> Iterator[Trouble]:
    """Simulated people vouch for nobody."""
    with store.reading() as session:
        if clock.is_simulated(session):
            return
        known, now = accounts_of(session), clock.read(session)
    late, alone = overdue(known, now=now), unconfirmed(known)
    remedy = (
        "请活动协调员运行 ./hqe people review 逐个清查：保留的用 --keep，不用的用 people deactivate 停用。"
    )
    if late:
        yield Trouble("accounts_unreviewed", f"{len(late)}个账号已逾一季度没有清查", _listed(late), remedy)
    if alone:
        what = f"{len(alone)}个能审批或监督的账号从未由第二人确认"
        remedy = "由本人以外的人核实身份和角色后，运行 ./hqe people review --keep 编号 --by 确认人。"
        yield Trouble("accounts_unconfirmed", what, _listed(alone), remedy)


def _listed(found: list[Account]) -> str:
    named = "、".join(one.person_id for one in found[:MOST_NAMED])
    return f"{named}等" if len(found) > MOST_NAMED else named


def _of_tick(store: Store) -> Iterator[Trouble]:
    """Nobody may be owed anything just now: then only the age of the last tick says that none comes."""
    with store.reading() as session:
        last, opened, now = ticks.last_tick(session), open_since(session), clock.read(session)
    if opened is None:
        return
    age = clock.host_now() - last if last else now - opened
    if age > PATIENCE:
        minutes = f"{age // timedelta(minutes=1):,}分钟"
        what = (
            f"定时检查已有{minutes}没有运行过" if last else f"活动启动已{minutes}，定时检查一次也没有运行过"
        )
        remedy = "启动 ./hqe up；它在运行时，看 logs/worker.log，并在 Prefect 中查看 tick 的计划和工作池是否被暂停。"
        yield Trouble("tick_old", what, "Prefect 的 tick", remedy)


def _of_key(store: Store, settings: Settings) -> list[Trouble]:
    if not settings.key_file.exists() or key_fits(store):
        return []
    remedy = "把原来的密钥文件从备份处放回。"
    return [Trouble("key_wrong", "密钥打不开库中的申报材料", str(settings.key_file), remedy)]


def _of_key_change(store: Store, settings: Settings) -> list[Trouble]:
    change = key_change.standing(store)
    if change is None:
        return []
    what = f"更换密钥没有做完：{change.old_key} → {change.new_key}，还有{change.left:,}处"
    remedy = "运行 ./hqe key rotate 接着做完；做完之前不能启动 ./hqe up。"
    return [Trouble("key_half_changed", what, str(settings.key_file), remedy)]
