"""Who may be called and where answers are read stands in each mail; what is not set leaves no empty line."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from actions.messages.delivery import Sender, deliver
from notifications.channels import Channel
from records.store import Store
from rehearsal.mailbox import Postbox
from rules.campaign.campaign import Campaign
from tests.actions.conftest import local

CALL = "张老师，0578-0000000，工作日8:30—17:00，三楼308室"


def mails(
    store: Store, campaign: Campaign, folder: Path, *, link: str, contact: str, reply_to: str
) -> list[EmailMessage]:
    postbox, now = Postbox(folder), local(campaign, 10, 20)
    with Channel(postbox.start(), reply_to=reply_to) as channel:
        sender = Sender("s", channel, link=link, domain="d.invalid", contact=contact, replies=bool(reply_to))
        deliver(store, sender, now=now, host_now=now)
    postbox.stop()
    return [
        message_from_bytes(path.read_bytes(), EmailMessage, policy=default)
        for path in sorted(folder.glob("*.eml"))
    ]


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_mail_names_whom_to_call_and_where_answers_are_read(
    opened: Store, campaign: Campaign, tmp_path: Path
) -> None:
    sent = mails(
        opened,
        campaign,
        tmp_path,
        link="https://h.invalid",
        contact=CALL,
        reply_to="office@county.example.invalid",
    )

    town = campaign.towns[0].code
    assert sent
    for mail in sent:
        assert mail["Reply-To"] == "office@county.example.invalid"
        assert f"活动协调员（{CALL}）" in text_of(mail)
        assert "请勿直接回复" not in text_of(mail)
    assert f"https://h.invalid/campaigns/{campaign.id}/towns/{town}\n" in text_of(sent[0]).replace(
        "\r\n", "\n"
    )


def test_what_is_not_set_leaves_no_empty_line(opened: Store, campaign: Campaign, tmp_path: Path) -> None:
    sent = mails(opened, campaign, tmp_path, link="", contact="", reply_to="")

    assert sent
    for mail in sent:
        assert (mail["Reply-To"], "办理页面" in text_of(mail)) == (None, False)
        assert "请勿直接回复" in text_of(mail)
