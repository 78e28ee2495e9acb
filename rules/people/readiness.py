"""What is not ready before a campaign can run by itself: people, addresses, deputies, calendar and the machine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from rules.campaign.campaign import TOWN_ROLES, Person, Town
from rules.entries import day_in_words
from rules.people.rights import needs_one_time_password

UNREACHABLE = (".invalid", ".example", ".test", ".localhost")
"""Names that no mail server has (RFC 2606, RFC 6761): samples keep them until somebody writes real ones."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who is to work in the campaign, and how far their account has come."""

    person: Person
    invited: bool
    has_password: bool
    logged_in: bool
    second_factor: bool


@dataclass(frozen=True, slots=True)
class Machine:
    """What the installation was told."""

    mail: bool
    address: bool
    contact: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the list: what should be so, whom or what it still lacks, and what to do about it."""

    name: str
    title: str
    lacking: tuple[str, ...]
    advice: str

    @property
    def done(self) -> bool:
        return not self.lacking


def is_reachable(address: str) -> bool:
    """Whether mail to this address can arrive at all."""
    return bool(address) and not f".{address.rpartition('@')[2].lower()}".endswith(UNREACHABLE)


def readiness(
    accounts: Sequence[Account],
    towns: Sequence[Town],
    machine: Machine,
    *,
    published_until: date,
    ends_on: date,
) -> tuple[Item, ...]:
    """The whole list, what is done too, in the order in which one would see to it.

    ``ends_on`` is the last day of the campaign that is reckoned in working days.
    """
    return (
        *_of_machine(machine),
        *_of_people(accounts),
        _of_towns(accounts, towns),
        _of_calendar(published_until, ends_on),
    )


def _of_machine(machine: Machine) -> tuple[Item, ...]:
    return (
        Item(
            "mail",
            "邮件",
            () if machine.mail else ("还没有设置发信服务器",),
            "运行 hqe setup，填写邮箱并发一封测试邮件。",
        ),
        Item(
            "address",
            "网址",
            () if machine.address else ("还没有设置乡镇打开本系统的网址",),
            "运行 hqe setup，填写网址；邮件里的链接都由它而来。",
        ),
        Item(
            "contact",
            "联系人",
            () if machine.contact else ("页面和邮件上还没有可以打电话问的人",),
            "在设置中写明 HQE_CONTACT：姓名、电话、办公时间。",
        ),
    )


def _of_people(accounts: Sequence[Account]) -> tuple[Item, ...]:
    def those(lacks: Callable[[Account], bool]) -> tuple[str, ...]:
        return tuple(one.person.name for one in accounts if lacks(one))

    return (
        Item(
            "addresses",
            "邮箱",
            those(lambda one: not is_reachable(one.person.email)),
            "在“人员”中改为本人真实的邮箱；没有邮箱的收不到邀请和提醒。",
        ),
        Item(
            "invited",
            "已邀请",
            those(lambda one: not one.invited and not one.has_password),
            "在本页一次邀请全部，或在“人员”中逐个邀请。",
        ),
        Item(
            "logged_in",
            "已登录过",
            those(lambda one: (one.invited or one.has_password) and not one.logged_in),
            "请对方打开邀请邮件设置密码；邀请过期的，在“人员”中重新邀请。",
        ),
        Item(
            "second_factor",
            "已绑定动态口令",
            those(
                lambda one: (
                    one.has_password and needs_one_time_password(one.person.roles) and not one.second_factor
                )
            ),
            "局里人员首次登录时绑定手机动态口令，未绑定不能进入。",
        ),
    )


def _of_towns(accounts: Sequence[Account], towns: Sequence[Town]) -> Item:
    """A town needs two people who may hand in, or one with a deputy."""
    covered = {
        town.code
        for town in towns
        for at in [[one.person for one in accounts if one.person.town_code == town.code]]
        if len([one for one in at if TOWN_ROLES & set(one.roles)]) > 1 or any(one.deputy for one in at)
    }
    lacking = tuple(town.name for town in towns if town.code not in covered)
    return Item(
        "deputies", "乡镇有人代办", lacking, "给该乡镇再加一人，或为经办人指定代理人，有人请假时才不误期。"
    )


def _of_calendar(published_until: date, ends_on: date) -> Item:
    told = f"只录到{day_in_words(published_until)}，活动要算到{day_in_words(ends_on)}"
    return Item(
        "calendar",
        "放假安排",
        (told,) if published_until < ends_on else (),
        "公布后在“放假安排”中录入；未录入前，算不出的日期只给出范围。",
    )
