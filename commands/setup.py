"""``hqe setup``: the settings of this machine, asked one after the other and kept in the state folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from commands.terminal.installation import opened, settings_of
from commands.terminal.options import home_option
from commands.terminal.output import decline, refuse

if TYPE_CHECKING:
    from config.settings import Settings
    from records.store import Store

LOCAL = ("localhost", "127.0.0.1", "::1")
COORDINATOR = "coordinator-1"
KEY_COPY = "hqe-{fingerprint}.key"

ADDRESS = "1/4 乡镇用哪个网址打开办理页面,如 https://hqe.example.invalid(回车:只在本机)"
PLAIN = "    这个网址不加密,口令会明文经过办公网络。确定这样用吗"
MAIL = "2/4 发信服务器,如 smtps://用户:口令@主机:465?from=发件邮箱(回车:暂不发信)"
TRY_MAIL = "    测试邮件发到哪个邮箱(回车:不试)"
COPY = "3/4 密钥副本存到哪个文件夹,如 U 盘(回车:以后自己复制)"
NAME = "4/4 首位活动协调员姓名(回车:由活动文件夹带来)"
EMAIL = "    此人的邮箱"


@click.command()
@click.option("--public-url", help="Address at which the towns open the portal.")
@click.option("--plain-http", is_flag=True, help="Passwords may cross the office network readable (http://).")
@click.option("--smtp-url", help="smtps://user:password@host:465?from=address")
@click.option("--test-mail", "try_mail", metavar="ADDRESS", help="Send a test mail there.")
@click.option(
    "--key-copy", type=click.Path(path_type=Path, file_okay=False), help="Copy the key into this folder."
)
@click.option("--coordinator", nargs=2, metavar="NAME EMAIL", help="The first coordinator.")
@click.option(
    "--yes", is_flag=True, help="Ask nothing: take the options, and for the rest what is set already."
)
@home_option
def setup(
    public_url: str | None,
    plain_http: bool,
    smtp_url: str | None,
    try_mail: str | None,
    key_copy: Path | None,
    coordinator: tuple[str, str] | None,
    yes: bool,
    home: Path | None,
) -> None:
    """Set up this machine, step by step: address, mail (with a test), a copy of the key, the first coordinator.

    逐项设置本机:网址、发信(可试发)、密钥副本、首位活动协调员;写入状态文件夹,hqe up 和全部命令都读它。
    """
    ask = _take if yes else _ask
    settings = settings_of(home)
    address = _address(ask, settings, public_url, plain_http)
    mail = _mail(ask, settings, smtp_url, try_mail)
    settings = _keep(home, settings, {**address, **mail})
    with _house(settings, home) as store:
        _copy_key(ask, settings, key_copy)
        _coordinator(ask, store, settings, coordinator)
    click.echo("设置完毕。启动:./hqe up;已在运行的,停止后重新启动才会采用。")
    click.echo("Done. Start with ./hqe up; one that runs already has to be started again.")


Ask = Callable[..., str]


def _ask(question: str, given: str | None, now: str = "", *, shown: bool = True) -> str:
    if given is not None:
        return given.strip()
    kept = (
        f"{question}\n    现在是 {now if shown else '已设置的值(含口令,不显示)'},回车保留"
        if now
        else question
    )
    return str(click.prompt(kept, default=now, show_default=False)).strip()


def _take(_question: str, given: str | None, now: str = "", **_said: bool) -> str:
    return now if given is None else given.strip()


def _address(ask: Ask, settings: Settings, given: str | None, plain: bool) -> dict[str, str]:
    """Where the towns find the portal; over plain HTTP only when somebody says so."""
    url = _until_fit(
        lambda first: ask(ADDRESS, given if first else None, settings.public_url),
        "HQE_PUBLIC_URL",
        again=ask is _ask,
    )
    parts = urlsplit(url)
    found = {"HQE_PUBLIC_URL": url.rstrip("/")}
    if parts.scheme != "http" or parts.hostname in LOCAL:
        return found
    if not (plain or settings.plain_http) and (ask is _take or not click.confirm(PLAIN)):
        refuse("不加密的网址须写明同意:--plain-http;最好在前面加一个 HTTPS 代理,见 docs/runbook.md。")
    return {**found, "HQE_PLAIN_HTTP": "1", "HQE_PORTAL_HOST": "0.0.0.0", **_port_of(parts.port)}


def _port_of(port: int | None) -> dict[str, str]:
    return {"HQE_PORTAL_PORT": str(port or 80)}


def _mail(ask: Ask, settings: Settings, given: str | None, try_mail: str | None) -> dict[str, str]:
    url = _until_fit(
        lambda first: ask(MAIL, given if first else None, settings.smtp_url, shown=False),
        "HQE_SMTP_URL",
        again=ask is _ask,
    )
    to = ask(TRY_MAIL, try_mail) if url else ""
    if to:
        _try_mail(url, to)
    return {"HQE_SMTP_URL": url}


def _until_fit(asked: Callable[[bool], str], variable: str, *, again: bool) -> str:
    """The answer, asked again until it can be used; a script is refused instead."""
    first = True
    while True:
        url = asked(first)
        wrong = _wrong(variable, url)
        if not wrong:
            return url
        if not again:
            refuse(wrong)
        click.secho(f"    {wrong}", fg="yellow")
        first = False


def _wrong(variable: str, value: str) -> str:
    """Why a setting cannot be used; empty when it can."""
    from config.mistakes import SettingsMistake
    from config.settings import settings_from
    from deployments.local.preflight import Unfit, refuse_unusable_mail

    try:
        refuse_unusable_mail(settings_from({variable: value}, Path()).smtp_url)
    except SettingsMistake as error:
        return f"此值不可用;{error.allowed}"
    except Unfit as error:
        return str(error)
    return ""


def _try_mail(url: str, to: str) -> None:
    """Send a mail and say what the server answered; the settings are kept either way."""
    from notifications.channels import Channel
    from notifications.message import Address, Failed, Message
    from records import clock

    now = clock.host_now()
    message = Message(
        "测试邮件", "收到此邮件,说明发信设置正确。\nThis test mail shows that the mail setting works.\n"
    )
    with Channel(url) as channel:
        answer = channel.send(message, to=Address("", to), key=f"setup:{now.isoformat()}", at=now)
    if isinstance(answer, Failed):
        click.secho(f"    测试邮件没有发出,服务器答复:{answer.answer}", fg="yellow")
    else:
        click.echo(f"    测试邮件已交给服务器({answer.answer}),请到 {to} 查收。")


def _keep(home: Path | None, settings: Settings, values: dict[str, str]) -> Settings:
    from config.settings import SETTINGS
    from config.settings_file import read_file, write_file

    file = write_file(settings.home, {**read_file(settings.home, SETTINGS), **values})
    click.echo(f"已写入 {file}")
    return settings_of(home)


@contextmanager
def _house(settings: Settings, home: Path | None) -> Iterator[Store]:
    """Key and database, made if they are missing; those of the running house while there is one."""
    from deployments.local.preflight import Unfit, alone, is_taken, prepared

    if is_taken(settings.home):
        with opened(home) as store:
            yield store
        return
    try:
        with alone(settings.home), prepared(settings) as premises:
            yield premises.store
    except Unfit as error:
        refuse(str(error))


def _copy_key(ask: Ask, settings: Settings, given: Path | None) -> None:
    from commands.terminal.installation import fingerprint_of
    from config.settings_file import PRIVATE_FILE

    place = ask(COPY, str(given) if given else None)
    if not place:
        click.secho(f"! 密钥 {settings.key_file} 还没有副本;没有它,申报材料无法打开。", fg="yellow")
        return
    folder = Path(place).expanduser().absolute()
    if folder == settings.home or settings.home in folder.parents:
        refuse(f"{folder} 就在状态文件夹里,一起丢失就都没有了。请换一处,如 U 盘。")
    copy = folder / KEY_COPY.format(fingerprint=fingerprint_of(settings.key_file))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        copy.touch(mode=PRIVATE_FILE)
        copy.write_bytes(settings.key_file.read_bytes())
    except OSError as error:
        refuse(f"密钥没有复制到 {folder}({error.strerror})。请检查文件夹,再运行一次 ./hqe setup。")
    click.echo(f"密钥已复制到 {copy}。请取下来,存放在别处。")


def _coordinator(ask: Ask, store: Store, settings: Settings, given: tuple[str, str] | None) -> None:
    """The first coordinator, unless there is one; then the invitation, as long as nobody took one up."""
    from actions.people.staff import import_people
    from commands.terminal.up_words import say_first_invitation
    from config.checks.people import check_people_rows
    from records import clock
    from records.people import people
    from rules.campaign.campaign import Person
    from rules.refusals import Refused

    with store.reading() as session:
        there = bool(people.with_role(session, "coordinator"))
    name = "" if there else ask(NAME, given[0] if given else None)
    if name:
        email = ask(EMAIL, given[1] if given else None)
        first = Person(COORDINATOR, name, email, ("coordinator",))
        wrong = [*check_people_rows({"rows:people": [(1, first)]})]
        if wrong:
            refuse("\n".join(f"{one.value}:{one.allowed}" for one in wrong))
        done = import_people(store, [first], by="operator", now=clock.now(store))
        if isinstance(done, Refused):
            decline(done)
    say_first_invitation(store, settings)
