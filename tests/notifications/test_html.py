"""The HTML part says what the plain text says, harmless and readable; the calendar part moves under one name."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html import unescape

import pytest

from notifications.catalog import MESSAGES
from notifications.channels import Channel
from notifications.html import html_of
from notifications.ics import DueDate, ics_of
from notifications.message import Address, Message, Sent
from rehearsal.mailbox import Postbox

AT = datetime(2020, 11, 13, 12, tzinfo=UTC)
LINK = "https://hqe.example.invalid/duties/17"
DUE = DueDate(
    "longquan-2020:dossier:1@d.invalid",
    3,
    "八都镇第一村申报材料，第二版; 截止",
    date(2020, 11, 15),
    link=LINK,
)


@pytest.mark.parametrize("template", sorted(MESSAGES))
def test_page_says_every_line_of_the_text(template: str, rendered: Callable[..., Message]) -> None:
    message = rendered(template)

    page = html_of(message.subject, message.body, link=LINK)

    said = re.sub(r"\s|：", "", unescape(re.sub(r"<style>.*?</style>|<[^>]+>", "", page, flags=re.S)))
    shown = re.sub(
        r"：(https?://\S+)$", lambda found: "" if found[1] in page else found[0], message.body, flags=re.M
    )
    lines = (line for line in shown.splitlines() if line and not line.endswith(LINK))
    bare = (re.sub(r"\s|：", "", re.sub(r"^(\d+\. |- )", "", line)) for line in lines)
    assert [line for line in bare if line not in said] == []
    assert f'href="{LINK}"' in page


def test_text_with_markup_stays_text() -> None:
    page = html_of("<b>", 'a <script>alert("1")</script>\n\n甲：<img src=x>\n\nend')

    assert "<script" not in page
    assert "<img" not in page
    assert page.count("<b>") == 0


def test_mail_has_plain_text_first_then_html_and_the_date(channel: Channel, postbox: Postbox) -> None:
    message = Message("主题", "正文\n", html=html_of("主题", "正文\n"), due=DUE)

    sent = channel.send(message, to=Address("甲", "clerk@example.invalid"), key="k", at=AT)

    [path] = postbox.folder.glob("*.eml")
    mail = message_from_bytes(path.read_bytes(), EmailMessage, policy=default)
    kinds = [part.get_content_type() for part in mail.walk() if not part.is_multipart()]
    [event] = mail.iter_attachments()
    assert isinstance(sent, Sent)
    assert kinds == ["text/plain", "text/html", "text/calendar"]
    assert event.get_content_type() == "text/calendar"
    assert (event.get_param("method"), event.get_filename()) == ("PUBLISH", "due.ics")


def test_event_moves_and_ends_under_the_same_name() -> None:
    begun, ended = (
        ics_of(one, at=AT).replace("\r\n ", "").split("\r\n")
        for one in (DUE, DueDate(DUE.uid, 4, DUE.summary, DUE.day, cancelled=True))
    )

    assert begun[:6] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//hqe//due dates//ZH",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{DUE.uid}",
    ]
    assert {"SEQUENCE:3", "DTSTART;VALUE=DATE:20201115", "DTEND;VALUE=DATE:20201116", f"URL:{LINK}"} <= set(
        begun
    )
    assert "SUMMARY:八都镇第一村申报材料，第二版\\; 截止" in begun
    assert {"METHOD:CANCEL", "SEQUENCE:4", "STATUS:CANCELLED", f"UID:{DUE.uid}"} <= set(ended)


def test_event_lines_are_short_and_cut_no_letter() -> None:
    wire = ics_of(DueDate("u" * 120, 1, "八都镇" * 60, date(2020, 11, 15)), at=AT)

    assert max(len(line.encode()) for line in wire.split("\r\n")) <= 75
    assert f"SUMMARY:{'八都镇' * 60}\r\n" in wire.replace("\r\n ", "")
