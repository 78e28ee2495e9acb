"""What a row says of a person in free words: name, household, telephone; what nobody can have meant is asked back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from rules.campaign.forms import Column
from rules.dossiers.cell_values import is_blank, is_uncalculated, read_date
from rules.dossiers.checks.findings import found
from rules.dossiers.checks.subject import Checked
from rules.dossiers.dossier import ODD, Cell, Finding, RosterRow
from rules.dossiers.id_numbers import SHAPE, mask, normalise_id
from rules.dossiers.roster import HOUSEHOLD
from rules.dossiers.tolerances import DITTO, EMPTY_VALUES, TOTALS, folded

FREE = ("text", "paragraph")
"""Kinds that take any text."""
SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[eE]\+[0-9]{1,2}")
NAME, PHONE = "name", "phone"
NUMBERED = (HOUSEHOLD, PHONE)
"""Columns of numbers that Excel may take for days."""

ID_LIKE = 15
LONG_NUMBER = re.compile("[0-9]{7}")
LONGEST_NAME, LONGEST = 50, 1_000
UNKNOWN = ("无", "没有", "暂无", "不详", "未知", "不清楚", "空", "空白", "-", "--", "—", "/")
NOBODY = frozenset({*UNKNOWN, "姓名", "名字", "户主", "男", "女", "是", "否"})
"""What is written for somebody without a name, and what slipped in from another column."""
HIDDEN = re.compile(r"[*_□●○✕×]|某+$")
"""Signs for what somebody would not write out."""
SEVERAL = re.compile(r"[^、,;/&|][、,;/&|]+[^、,;/&|]")
APART = re.compile(r"[\u4e00-\u9fff]{2,3}\s+[\u4e00-\u9fff]{2,3}")
POINT = re.compile(r"[0-9]+\.0+")
MOBILE = re.compile("1[3-9](?:[0-9]{7,8}|[0-9]{10,})")
SHORTEST_PHONE = re.compile("[0-9]{5}")
"""Short numbers of a village's own net have five or six digits."""


def check_persons(checked: Checked) -> Iterator[Finding]:
    """Answers in free words; of equal answers that are right one is looked at."""
    free = [one for one in checked.campaign.forms.roster if one.kind in FREE and one.need != "automatic"]
    right: set[object] = set()
    for n, row in enumerate(checked.dossier.roster):
        for column in free:
            value = checked.table[column.key][n]
            if value is None or (column.key, value) in right:
                continue
            told = list(check_words(row, row.cells[column.key], column))
            yield from told
            if not told and value is not ODD:
                right.add((column.key, value))


def check_words(row: RosterRow, cell: Cell, column: Column) -> Iterator[Finding]:
    facts = {"title": column.title, "value": cell.text}
    if is_blank(cell) or is_uncalculated(cell) or garbled(cell) or cell.kind == "error":
        return
    if folded(cell.text) in DITTO:
        yield found("same_as_above", cell, **facts)
    elif column.key == NAME:
        yield from check_name(row, cell, column.title)
    elif column.key in NUMBERED and cell.kind == "date":
        yield found("text_garbled", cell, **facts, how="被Excel改成了日期")
    elif column.key == PHONE:
        yield from check_phone(cell, column.title)
    elif column.kind == "text" and len(cell.text) > LONGEST:
        yield found("text_long", cell, title=column.title, value=str(len(cell.text)))


def garbled(cell: Cell) -> str:
    """Why a free answer cannot be what was meant; empty when it can."""
    if cell.kind == "flag":
        return "是逻辑值，不是文字"
    if "\ufffd" in cell.text:
        return "有乱码"
    text = folded(cell.text)
    if text.lower() in EMPTY_VALUES:
        return "是程序给空格写的字，不是填的内容"
    return "被改成了科学计数，后几位已经丢失" if SCIENTIFIC.fullmatch(text) else ""


def check_name(row: RosterRow, cell: Cell, title: str) -> Iterator[Finding]:
    why = no_name(cell, row)
    if why:
        yield found("no_name", cell, title=title, value=cell.text, how=why)
    elif APART.fullmatch(cell.text):
        yield found("name_of_two", cell, title=title, value=cell.text)


def no_name(name: Cell, row: RosterRow) -> str:
    """Why this is nobody's name; empty when it may be."""
    text, number = folded(name.text), row.cells.get("id_number")
    if number is not None and len(text) >= ID_LIKE and text == folded(number.text):
        return "与身份证号相同"
    if read_date(name) is not None:
        return "是日期"
    if text.replace(".", "").isdigit():
        return "全是数字"
    return next((why for why, holds in NO_NAMES if holds(text)), "")


NO_NAMES: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("有问号，可能是没能转换的字", lambda text: "?" in text),
    ("是合计，不是人员", lambda text: text in TOTALS),
    ("不是人的名字", lambda text: text in NOBODY or text.upper() in ("TRUE", "FALSE")),
    ("用符号或“某”代替了字", lambda text: HIDDEN.search(text) is not None),
    ("不止一个人，每人要填一行", lambda text: SEVERAL.search(text) is not None),
    ("含有号码", lambda text: LONG_NUMBER.search(text) is not None),
    (f"超过{LONGEST_NAME}个字", lambda text: len(text) > LONGEST_NAME),
)


def check_phone(cell: Cell, title: str) -> Iterator[Finding]:
    number, _ = normalise_id(cell.text)
    if SHAPE.fullmatch(number):
        yield found("phone_is_id", cell, title=title, value=mask(number))
    elif why := odd_phone(folded(cell.text)):
        yield found("phone_odd", cell, title=title, value=cell.text, how=why)


def odd_phone(text: str) -> str:
    """Why this is nobody's telephone number; empty when it may be."""
    if text in UNKNOWN:
        return ""
    if POINT.fullmatch(text):
        return "末尾多了“.0”"
    if MOBILE.fullmatch(text):
        return "手机号码应为11位"
    return "" if SHORTEST_PHONE.search(text) else "没有号码"
