"""English mails: what facts say in words, dates, days left and kinds of duty, as the templates beside say the rest."""

from __future__ import annotations

import re

WEEKDAYS = dict(
    zip(
        "一二三四五六日",
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
        strict=True,
    )
)
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DAY = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日\(星期([一二三四五六日])\)")
PHRASES = (
    (
        re.compile(r"本邮件写于(.+?)，因邮件发送中断迟到。"),
        r"This mail was written on \1; mail was interrupted. ",
    ),
    (re.compile(r"原定期限(.+?)已过，请尽快办理。"), r"The date \1 has passed; please do it soon. "),
    (re.compile(r"，还剩1天"), ", 1 day left"),
    (re.compile(r"，还剩(\d+)天"), r", \1 days left"),
    (re.compile(r"，今天截止"), ", due today"),
    (re.compile(r"，已逾期1天"), ", overdue by 1 day"),
    (re.compile(r"，已逾期(\d+)天"), r", overdue by \1 days"),
    (re.compile(r"前\(含当日"), " (that day included"),
)
WORDS = {
    "调查摸底": "survey",
    "申报材料": "dossiers",
    "纸质材料": "paper copies",
    "补正材料": "correction",
    "现场核查": "visit",
    "核查签字": "signature of the visit",
    "公示异议": "objection",
    "审批事项": "decision",
    "名单修订": "revision of a list",
    "录入放假安排": "entering the days off",
    "无": "none",
    "七天": "seven days",
    "一小时": "an hour",
}
"""Facts that are one of the house's own words; what people wrote, and names, stay as they are."""


def in_english(text: str) -> str:
    """A fact as an English mail says it."""
    text = WORDS.get(text, text)
    for pattern, said in PHRASES:
        text = pattern.sub(said, text)
    return DAY.sub(_day, text).strip()


def _day(found: re.Match[str]) -> str:
    year, month, day, weekday = found.groups()
    said = f"{WEEKDAYS[weekday]} {int(day)} {MONTHS[int(month) - 1]}"
    return f"{said} {year}" if year else said
