"""Mail goes through a real server: it survives, it is recognised, and the server's words are kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from notifications.channels import Channel, UnusableChannel
from notifications.message import Address, Failed, Message, Sent
from notifications.smtp import message_id
from rehearsal.mailbox import Mail, Postbox, count_duplicates, read_mails

Send = Callable[..., Sent | Failed]

NOON = datetime(2020, 11, 13, 12, tzinfo=UTC)


def only_file(postbox: Postbox) -> bytes:
    (path,) = postbox.folder.glob("*.eml")
    return path.read_bytes()


def test_mail_in_chinese_arrives_as_written(send: Send, postbox: Postbox, message: Message) -> None:
    assert send(key="duty:17:rung:-7") == Sent("250 2.0.0 OK kept")

    assert read_mails(postbox.folder) == [
        Mail(
            key="duty:17:rung:-7",
            message_id=message_id("duty:17:rung:-7", "example.invalid"),
            to="clerk@example.invalid",
            subject=message.subject,
            body=message.body,
        )
    ]


def test_mail_bears_the_headers_of_an_automatic_message(send: Send, postbox: Postbox) -> None:
    send()

    mail = message_from_bytes(only_file(postbox), EmailMessage, policy=default)
    assert mail["From"] == "就业局 <hqe@example.invalid>"
    assert mail["To"].addresses[0].display_name == "测试甲(八都镇, 经办人)"
    assert mail["Date"].datetime == NOON
    assert mail["Auto-Submitted"] == "auto-generated"


def test_mail_on_the_wire_is_ascii_in_short_lines(send: Send, postbox: Postbox) -> None:
    send(key="gate:" + "recognition:331181102201:" * 6)

    assert only_file(postbox).isascii()
    assert read_mails(postbox.folder)[0].key == "gate:" + "recognition:331181102201:" * 6


def test_mail_with_a_long_body_arrives_whole(channel: Channel, postbox: Postbox) -> None:
    body = "".join(f"{row}. 花名册第{row}行：身份证号码校验位不对\n" for row in range(3000))

    channel.send(Message("校验结果", body), to=Address("甲", "clerk@example.invalid"), key="long", at=NOON)

    assert read_mails(postbox.folder)[0].body == body


def test_mail_without_a_body_fails_whatever_was_sent_before(send: Send, channel: Channel) -> None:
    send()

    to = Address("甲", "clerk@example.invalid")
    assert isinstance(channel.send(Message("主题", ""), to=to, key="k", at=NOON), Failed)


def test_mail_sent_again_bears_the_same_message_id(send: Send, postbox: Postbox) -> None:
    send(key="once"), send(key="once"), send(key="other")

    mails = read_mails(postbox.folder)
    assert len({mail.message_id for mail in mails}) == 2
    assert count_duplicates(mails) == {"once": 2}


def test_many_mails_share_one_connection(send: Send, postbox: Postbox) -> None:
    answers = [send(key=f"key:{number}") for number in range(60)]

    assert answers == [Sent("250 2.0.0 OK kept")] * 60
    assert (postbox.connections, len(read_mails(postbox.folder))) == (1, 60)


def test_mail_answered_451_fails_for_now_and_succeeds_later(send: Send) -> None:
    assert send("busy") == Failed("451 4.3.0 later", temporary=True)
    assert send("busy") == Sent("250 2.0.0 OK kept")


def test_mail_answered_550_fails_for_good(send: Send) -> None:
    assert send("gone") == Failed("550 5.1.1 no such mailbox", temporary=False)


def test_mail_answered_421_is_followed_by_a_new_connection(send: Send, postbox: Postbox) -> None:
    assert send("closing") == Failed("421 4.3.2 closing", temporary=True)
    assert send() == Sent("250 2.0.0 OK kept")
    assert postbox.connections == 2


def test_mail_on_a_dropped_connection_fails_for_now_and_the_next_succeeds(
    send: Send, postbox: Postbox
) -> None:
    failed = send("cut")

    assert isinstance(failed, Failed)
    assert failed.temporary
    assert failed.answer.startswith("未能与邮件服务器完成通信")
    assert send("cut") == Sent("250 2.0.0 OK kept")
    assert (postbox.connections, len(read_mails(postbox.folder))) == (2, 1)


def test_mail_whose_answer_is_lost_is_a_copy_with_the_same_message_id(send: Send, postbox: Postbox) -> None:
    failed, sent = send("lost", "k"), send("lost", "k")

    assert isinstance(failed, Failed)
    assert failed.temporary
    assert sent == Sent("250 2.0.0 OK kept")
    first, copy = read_mails(postbox.folder)
    assert first == copy


def test_mail_after_the_channel_was_closed_opens_a_new_connection(
    send: Send, postbox: Postbox, channel: Channel
) -> None:
    send()
    channel.close()

    assert send() == Sent("250 2.0.0 OK kept")
    assert postbox.connections == 2


def test_mail_on_a_connection_the_server_gave_up_opens_a_new_one(send: Send, postbox: Postbox) -> None:
    send()
    postbox.hang_up()

    assert send() == Sent("250 2.0.0 OK kept")
    assert postbox.connections == 2


def test_mail_without_a_server_fails_for_now(send: Send, postbox: Postbox) -> None:
    postbox.stop()

    failed = send()

    assert isinstance(failed, Failed)
    assert failed.temporary


@pytest.mark.parametrize("who", ["", "two words", "经办人", "x\r\nBcc: y", "a@b", "<>", "a..b", "a@["])
def test_mail_to_an_address_that_is_none_fails_for_good(send: Send, who: str, postbox: Postbox) -> None:
    failed = send(who)

    assert isinstance(failed, Failed)
    assert not failed.temporary
    assert read_mails(postbox.folder) == []


def test_mail_from_a_long_domain_keeps_its_message_id_whole(postbox: Postbox, message: Message) -> None:
    domain = "mail." + "county-" * 8 + "bureau.example.invalid"
    url = postbox.start().replace("example.invalid", domain)
    key = "八都镇:第一村:" + "rung:" * 40

    with Channel(url) as channel:
        channel.send(message, to=Address("甲", "clerk@example.invalid"), key=key, at=NOON)

    (mail,) = read_mails(postbox.folder)
    assert (mail.key, mail.message_id) == (key, message_id(key, domain))


@pytest.mark.parametrize(
    "url",
    [
        "smtp://127.0.0.1:25",
        "smtp://user:secret@127.0.0.1:25?from=a@example.invalid",
        "smtp://?from=a@example.invalid",
        "nosuchservice://secret",
        "",
    ],
)
def test_channel_with_an_unusable_url_says_so_without_the_url(url: str) -> None:
    with pytest.raises(UnusableChannel) as caught:
        Channel(url)

    assert "secret" not in str(caught.value)
