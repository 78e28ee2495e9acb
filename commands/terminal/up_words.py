"""What ``hqe up`` tells the operator: where to look, and what to do now."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from config.settings import Settings
    from deployments.local.preflight import Premises
    from records.store import Session, Store

PORTAL_WITHIN = 60.0
"""Seconds until a portal that starts answers."""

NEW_KEY = (
    "新密钥 {key}：没有它，申报材料无法打开。请现在复制一份存放在别处，不要与数据库备份放在一起。",
    "A new key was made; without it dossiers are lost. Copy it now, not to where the backups are.",
)
NO_MAIL = (
    "未设置 HQE_SMTP_URL：邮件留在发件箱，不会发出；./hqe setup 设置，./hqe doctor 会列出。",
    "HQE_SMTP_URL is not set: mails wait in the outbox; set it with ./hqe setup, ./hqe doctor lists them.",
)
NO_ADDRESS = (
    "未设置 HQE_PUBLIC_URL：邮件中的链接为空。请用 ./hqe setup 设为乡镇能打开的网址。",
    "HQE_PUBLIC_URL is not set: mails carry no link. Set with ./hqe setup the address that the towns can open.",
)
NO_CAMPAIGN = (
    "没有进行中的活动。另开一个终端启动：./hqe campaign open 活动文件夹。",
    "No campaign is open. Open one from another terminal: ./hqe campaign open FOLDER.",
)
INVITATION = (
    "请 {name} 用此链接设置登录密码(只显示这一次，七天内有效，用后作废)：{link}",
    "One-time invitation for the first coordinator, shown once, good for seven days: {link}",
)


def say_up(settings: Settings, premises: Premises, *, prefect_url: str) -> None:
    """Where everything is, now that it runs."""
    from deployments.prefect_server.server import password

    click.secho("hqe 已启动 · hqe is up", bold=True)
    click.echo(f"  办理页面 portal: {settings.portal_url}")
    click.echo(
        f"  Prefect 页面 UI: {settings.machine_room}  用办理页面的账号 with one's account of the portal"
    )
    click.echo(
        f"    运行维护人员 for the operator: {prefect_url}  口令 sign in with {password(settings.home)}"
    )
    say_where(settings, premises)
    click.echo("Ctrl-C 全部停止 · Ctrl-C stops everything as one")


def say_where_the_link_leads(settings: Settings) -> None:
    """Ask the public address once the portal answers here; says something only when it leads elsewhere."""
    from deployments.doctor.public_link import HEALTH, local_address, where_it_leads_instead
    from deployments.prefect_server.server import answers

    deadline = time.monotonic() + PORTAL_WITHIN
    while not answers(f"{local_address(settings)}{HEALTH}") and time.monotonic() < deadline:
        time.sleep(0.2)
    astray = where_it_leads_instead(settings)
    if astray:
        click.secho(f"! {astray}\n  The public address does not lead here.", fg="yellow")


def say_where(settings: Settings, premises: Premises) -> None:
    """Folders first, then what wants doing."""
    from records.store import shown

    lines = {
        "状态文件夹 state": settings.home,
        "数据库 database": shown(settings.database_url),
        "密钥 key": settings.key_file,
        "日志 logs": settings.home / "logs",
    }
    for name, value in lines.items():
        click.echo(f"  {name}: {value}")
    for chinese, english in _wants_doing(settings, premises):
        click.secho(f"! {chinese}\n  {english}", fg="yellow")


def _wants_doing(settings: Settings, premises: Premises) -> list[tuple[str, str]]:
    from records.campaign.campaigns import open_campaigns

    with premises.store.reading() as session:
        no_campaign = not open_campaigns(session)
        coordinator = _to_invite(session)
    found = {
        NEW_KEY: premises.key_is_new,
        NO_MAIL: not settings.smtp_url,
        NO_ADDRESS: not settings.public_url,
        NO_CAMPAIGN: no_campaign,
    }
    told = [_filled(note, key=str(settings.key_file)) for note, applies in found.items() if applies]
    return told + ([_invitation(premises.store, settings, coordinator)] if coordinator else [])


def say_first_invitation(store: Store, settings: Settings) -> None:
    """The link for the first coordinator, as long as no coordinator has taken one up."""
    with store.reading() as session:
        coordinator = _to_invite(session)
    if coordinator:
        chinese, english = _invitation(store, settings, coordinator)
        click.secho(f"! {chinese}\n  {english}", fg="yellow")


def _to_invite(session: Session) -> str | None:
    from actions.people.invitations import uninvited_coordinator

    return uninvited_coordinator(session)


def _invitation(store: Store, settings: Settings, person_id: str) -> tuple[str, str]:
    from actions.people.invitations import invite
    from records import clock
    from rules.refusals import Refused

    made = invite(store, person_id=person_id, by="operator", now=clock.now(store), host_now=clock.host_now())
    if isinstance(made, Refused):
        return made.reason, made.code
    return _filled(INVITATION, name=made.name, link=made.link(settings.portal_url))


def _filled(note: tuple[str, str], **facts: str) -> tuple[str, str]:
    chinese, english = note
    return chinese.format(**facts), english.format(**facts)
