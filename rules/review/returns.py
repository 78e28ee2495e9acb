"""Returning a dossier: what is wrong, item by item, and by when it is to be put right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rules.campaign.calendar import Calendar, add_workdays
from rules.campaign.campaign import Campaign
from rules.dossiers.checks.findings import LONG_NUMBER
from rules.refusals import Refused
from rules.signs import says_nothing

MOST_ITEMS = 30
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class ReturnItem:
    """One thing to put right: ``about`` an indicator (``B1.3``) or a form (``roster``), empty for neither."""

    about: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Window:
    """Days on which a correction may be due; ``usual`` is what counts when nobody proposes one."""

    first: date
    usual: date
    last: date


def subjects(campaign: Campaign) -> dict[str, str]:
    """What an item may be about, with its title: the annexes, then what annex 1 asks."""
    scheme = campaign.scheme
    asked = {one.id: f"{one.id} {one.name}" for one in scheme.indicators + scheme.bonus}
    return {
        **dict(campaign.forms.sheets),
        **asked,
        **{one.id: f"{one.id} {one.name}" for one in scheme.vetoes},
    }


def told(item: ReturnItem, titles: dict[str, str]) -> str:
    """An item as one sentence: what it is about, and what is wrong."""
    return f"{titles[item.about]}：{item.sentence}" if item.about in titles else item.sentence


def as_reason(items: Sequence[ReturnItem], titles: dict[str, str]) -> str:
    """All items as the one reason of a decision; a single one as it is."""
    sentences = [told(item, titles) for item in items]
    if len(sentences) < 2:
        return "".join(sentences)
    return "；".join(f"{number}. {one.rstrip('。；;')}" for number, one in enumerate(sentences, 1)) + "。"


def refuse_items(items: Sequence[ReturnItem], titles: dict[str, str], *, returning: bool) -> Refused | None:
    """None when these items can go to the town with this answer."""
    if items and not returning:
        return Refused(
            "items_without_return", "您写了需要补正的问题，但没有选择退回。请改选退回，或删去这些问题。"
        )
    if returning and not items:
        return Refused("no_items", "退回时至少写明一条需要补正的问题。")
    if len(items) > MOST_ITEMS:
        return Refused("too_many_items", f"一次最多写{MOST_ITEMS}条问题，请合并同类的问题。")
    return next(filter(None, (refuse_item(number, one, titles) for number, one in enumerate(items, 1))), None)


def refuse_item(number: int, item: ReturnItem, titles: dict[str, str]) -> Refused | None:
    if item.about and item.about not in titles:
        return Refused("unknown_subject", f"第{number}条问题针对的项目不在评价指标和附件之内，请重新选择。")
    if says_nothing(item.sentence):
        return Refused("empty_item", f"第{number}条问题没有写明缺什么、错在哪里。请补写，或删去这一条。")
    if len(item.sentence) > LONGEST:
        return Refused("long_item", f"第{number}条问题超过{LONGEST}字，请写得简短些，或分成几条。")
    if LONG_NUMBER.search(item.sentence):
        return Refused("id_in_item", f"第{number}条问题里有身份证号之类的长数字，请改写为花名册的行号。")
    return None


def correction_window(calendar: Calendar, today: date, *, usual: int, closes: date) -> Window | Refused:
    """From the next working day to the last one before ``closes``, the end of the verification; never
    shorter than the ``usual`` number of working days. Refused beyond the published calendar."""
    first, day, last = (
        add_workdays(calendar, today, 1),
        add_workdays(calendar, today, usual),
        add_workdays(calendar, closes, -1),
    )
    for one in (first, day, last):
        if isinstance(one, Refused):
            return one
    assert isinstance(first, date)
    assert isinstance(day, date)
    assert isinstance(last, date)
    return Window(min(first, day), day, max(day, last))


def refuse_day(calendar: Calendar, window: Window, day: date) -> Refused | None:
    """None when a correction may be due on this day."""
    if not window.first <= day <= window.last:
        return Refused(
            "outside_window",
            f"补正期限只能在{clock_day(window.first)}至{clock_day(window.last)}之间；不填则为{clock_day(window.usual)}。",
        )
    if calendar.is_workday(day) is not True:
        return Refused("not_a_workday", f"{clock_day(day)}不是工作日，请另选一天。")
    return None


def clock_day(day: date) -> str:
    return f"{day.month}月{day.day}日"
