"""An English mail says what the Chinese one says: dates, days left and all that is asked, in English."""

from __future__ import annotations

import re

import pytest

from notifications.catalog import MESSAGES, facts_needed
from notifications.english import in_english
from notifications.html import html_of
from notifications.message import Message
from notifications.rendering import headed, render

LINK = "https://hqe.example.invalid/duties/17"
LEFT, CALL = "，还剩5天", "+86 578 0000000"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LATIN: dict[str, object] = {
    "missing": ["Village A", "Village B"], "reasons": ["Reason A", "Reason B"], "changes": ["Change A"],
    "findings": [{"message": "Finding A"}], "sums": ["Sum A"], "rows": 412, "yuan": 15000, "late_days": 2,
    "number": 2, "version": 2, "length": 1204, "items": ["Visit A，11月15日(星期日)前(含当日，还剩5天)"],
    "schedule": [{"name": "Stage A", "due": "10月23日(星期五)", "left": LEFT}],
    "counts": [{"name": "Count A", "value": 48}], "received": "2020年11月13日(星期五) 16:30:05",
    "due": "11月15日(星期日)", "lock": "11月18日(星期三)", "until": "11月17日(星期二)", "link": LINK,
}  # fmt: skip


def in_latin(template: str, **more: object) -> Message:
    """The English mail, all names and words of people in Latin letters."""
    facts = {name: LATIN.get(name, f"{name.title()} A") for name in facts_needed(template)}
    return render(template, {**facts, **more}, language="en")


@pytest.mark.parametrize("template", sorted(MESSAGES))
def test_english_mail_is_english_throughout(template: str) -> None:
    message = in_latin(template, left=LEFT, contact=CALL)

    page = html_of(message.subject, message.body, link=LINK, language="en")
    # Between a thing and its address stands the sign that the page is made by.
    said = re.sub("[，：]", "", f"{message.subject}\n{message.body}")
    assert CHINESE.findall(said) == []
    assert message.body.count(LINK) == 1
    assert '<html lang="en">' in page
    assert f'<a class="go" href="{LINK}">Open the page</a>' in page
    assert "\n\n\n" not in message.body


@pytest.mark.parametrize("template", sorted(name for name, (_, facts) in MESSAGES.items() if "due" in facts))
def test_english_mail_says_weekday_and_days_left(template: str) -> None:
    body = in_latin(template, left=LEFT).body

    assert "Sunday 15 November" in body
    assert ("overdue by 2 days" if template.endswith("_late") else "5 days left") in body


@pytest.mark.parametrize("template", sorted(MESSAGES))
def test_english_mail_lists_what_the_chinese_one_lists(template: str) -> None:
    body = in_latin(template).body

    listed = [name for name in ("missing", "reasons", "changes") if name in facts_needed(template)]
    wanted = [one for name in listed for one in LATIN[name]]  # type: ignore[attr-defined]
    assert [one for one in wanted if one not in body] == []


@pytest.mark.parametrize(
    ("said", "english"),
    [
        ("2020年11月13日(星期五) 16:30:05", "Friday 13 November 2020 16:30:05"),
        ("，还剩1天", ", 1 day left"),
        ("，今天截止", ", due today"),
        ("，已逾期3天", ", overdue by 3 days"),
        ("八都镇", "八都镇"),
        ("现场核查", "visit"),
    ],
)
def test_facts_in_words_are_said_in_english(said: str, english: str) -> None:
    assert in_english(said) == english


def test_late_english_mail_says_so_in_english() -> None:
    note = "本邮件写于11月13日(星期五)，因邮件发送中断迟到。原定期限11月15日(星期日)已过，请尽快办理。"

    body = headed(Message("s", "b\n"), note, language="en").body

    assert body == (
        "(This mail was written on Friday 13 November; mail was interrupted. "
        "The date Sunday 15 November has passed; please do it soon.)\n\nb\n"
    )
