"""Who may be late, and when nobody needs to call again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from rules.duties.calls import Call, Signs, is_settled, refuse_call, refuse_telephone, why_call
from tests.rules.samples import local

OPENED, DUE = local(10, 24), local(11, 15)
FRESH = Signs("dossier", OPENED, DUE, last_in=OPENED)


@pytest.mark.parametrize(
    ("changed", "days", "why"),
    [
        ({}, -6, []),
        ({}, -5, ["一次也没有上传"]),
        ({"last_in": None}, -1, ["从未登录", "一次也没有上传"]),
        ({"last_in": OPENED - timedelta(days=1)}, -1, ["要求办理以来没有登录", "一次也没有上传"]),
        ({"version": "received"}, 1, []),
        ({"version": "failed"}, -1, ["上一版没有通过校验"]),
        ({"version": "returned", "returns": 1}, -1, []),
        ({"version": "returned", "returns": 2}, -1, ["已退回2次"]),
        ({"kind": "survey"}, -1, ["还没有确认参加的社区(村)"]),
        ({"kind": "paper"}, -1, ["还没有登记寄送"]),
        ({"kind": "paper", "announced": True}, 3, []),
        ({"version": "failed", "late_before": 3}, -1, ["上一版没有通过校验", "上次活动有3项逾期或未办"]),
        ({"version": "failed", "lost_mails": 1}, -1, ["上一版没有通过校验", "有1封邮件没有送达"]),
        ({}, 0.5, ["今天刚过截止时间", "一次也没有上传"]),
        ({}, 2, ["已逾期2天", "一次也没有上传"]),
    ],
)
def test_town_is_called_about_what_may_be_late_and_why(
    changed: dict[str, object], days: float, why: list[str]
) -> None:
    signs = replace(FRESH, **changed)  # type: ignore[arg-type]

    assert why_call(signs, now=DUE + timedelta(days=days)) == why


@pytest.mark.parametrize(
    ("call", "due", "settled"),
    [
        (None, 1, False),
        (Call(DUE, "no_answer"), 1, False),
        (Call(DUE, "reached"), 1, True),
        (Call(DUE - timedelta(hours=20), "reached"), 1, False),
        (Call(DUE - timedelta(hours=2), "reached"), -1 / 24, False),
        (Call(DUE - timedelta(days=3), "promised", date(2020, 11, 15)), 1, True),
        (Call(DUE - timedelta(days=3), "promised", date(2020, 11, 14)), 1, False),
    ],
)
def test_call_settles_until_its_day_or_until_something_becomes_overdue(
    call: Call | None, due: float, settled: bool
) -> None:
    dues = iter([DUE + timedelta(days=due)])

    assert is_settled(call, dues, now=DUE, today=date(2020, 11, 15)) == settled


@pytest.mark.parametrize(
    ("outcome", "note", "promised", "code"),
    [
        ("reached", "", None, ""),
        ("promised", "好", date(2020, 11, 16), ""),
        ("shouted", "", None, "no_outcome"),
        ("reached", "长" * 501, None, "long_note"),
        ("promised", "", None, "no_promise"),
        ("reached", "", date(2020, 11, 16), "no_promise"),
        ("promised", "", date(2020, 11, 14), "past_promise"),
        ("promised", "", date(2020, 12, 16), ""),
        ("promised", "", date(2020, 12, 17), "far_promise"),
        ("promised", "", date(2120, 11, 14), "far_promise"),
    ],
)
def test_call_that_says_nothing_is_refused(outcome: str, note: str, promised: date | None, code: str) -> None:
    refused = refuse_call(outcome, note, promised, today=date(2020, 11, 15))

    assert (refused.code if refused else "") == code


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("0578-7212345 转 801", True),
        ("", True),
        ("13800000000", True),
        ("打给老王", False),
        ("-", False),
        ("1" * 31, False),
    ],
)
def test_telephone_is_digits_and_what_stands_between_them(text: str, good: bool) -> None:
    assert (refuse_telephone(text) is None) == good
