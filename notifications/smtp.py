"""Mail as an Apprise service of our own: one kept connection, repeatable Message-IDs, the server's words."""

from __future__ import annotations

import re
import smtplib
import ssl
from base64 import encodebytes
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email import headerregistry
from email.errors import MessageError
from email.message import Message as MailMessage
from email.utils import format_datetime
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from apprise import NotifyBase

from notifications.headers import WIRE, address_line, words_of
from notifications.ics import DueDate, ics_of
from notifications.message import Address

CLOSING = 421
NOT_THE_MAIL = (CLOSING, 530, 534, 535, 538)
"""Answers about the connection or the login: the same mail is worth another try later."""

ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+", re.ASCII)
"""What the email library parses without surprises; stricter than the standard, wide enough for people."""

NOT_A_LETTER = re.compile(r"[^A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the mail server said; ``code`` 0 means that it said nothing."""

    code: int
    text: str
    away: bool = False
    """The server was not there, or let nobody in: what was to be sent never came to it."""

    @property
    def accepted(self) -> bool:
        return 200 <= self.code < 300

    @property
    def temporary(self) -> bool:
        return self.code < 500 or self.code in NOT_THE_MAIL

    def __str__(self) -> str:
        return f"{self.code} {self.text}" if self.code else self.text


NOT_SENT = Answer(0, "尚未发送")


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a mail needs besides its text: for whom, under which key, and when."""

    to: Address
    key: str
    at: datetime
    html: str = ""
    due: DueDate | None = None
    reply_to: str = ""
    """Whoever reads answers; empty: nobody does."""


class ConnectionFailed(Exception):
    """The mail server could not be reached, refused the login or cannot do TLS."""


class BureauMail(NotifyBase):  # type: ignore[no-untyped-call]
    """``hqesmtp://[user:password@]host[:port]?from=ADDRESS[&name=NAME][&starttls=yes][&verify=no]``.

    ``hqesmtps://`` speaks TLS from the first byte. Set ``envelope`` before and read ``answer`` after
    ``notify``. A URL without ``from``, or with a password but without TLS, raises TypeError.
    """

    service_name: str = "HQE mail"  # type: ignore[assignment]
    protocol: str = "hqesmtp"  # type: ignore[assignment]
    secure_protocol: str = "hqesmtps"  # type: ignore[assignment]
    request_rate_per_sec = 0.0
    socket_read_timeout = 30.0
    title_maxlen = 998

    envelope: Envelope | None = None
    answer = NOT_SENT

    def __init__(
        self, *, sender: str = "", sender_name: str = "", starttls: bool = False, **parts: object
    ) -> None:
        super().__init__(**parts)  # type: ignore[no-untyped-call]
        if not ADDRESS.fullmatch(sender):
            raise TypeError("the mail URL needs from=ADDRESS")
        if self.user and not (self.secure or starttls):
            raise TypeError("a password needs hqesmtps:// or starttls=yes")
        self.sender = headerregistry.Address(sender_name, addr_spec=sender)
        self.starttls = starttls
        self._server: smtplib.SMTP | None = None

    @staticmethod
    def parse_url(url: str, *args: bool, **kwargs: bool) -> dict[str, Any] | None:
        parts = NotifyBase.parse_url(url, *args, **kwargs)
        if parts is None:
            return None
        query = parts["qsd"]
        starttls = query.get("starttls", "no").lower() in ("yes", "true", "1")
        named = {"sender": query.get("from", ""), "sender_name": query.get("name", "")}
        return {**parts, **named, "starttls": starttls}

    def url(self, *_args: object, **_kwargs: object) -> str:
        """The address alone; who may sign in stays with the setting."""
        schema = self.secure_protocol if self.secure else self.protocol
        return f"{schema}://{self.host}:{self._port}?from={quote(self.sender.addr_spec)}"

    def send(self, body: str, title: str = "", *_args: object, **_kwargs: object) -> bool:
        if self.envelope is None:
            raise ValueError("set the envelope before sending")
        self.answer = self._deliver(title, body, envelope=self.envelope)
        return self.answer.accepted

    def close(self) -> None:
        """Says goodbye to the mail server; the next mail opens a new connection."""
        server, self._server = self._server, None
        if server is None:
            return
        with suppress(smtplib.SMTPException, OSError):
            server.quit()
        server.close()

    @property
    def _port(self) -> int:
        return int(self.port or (465 if self.secure else 587 if self.starttls else 25))

    def _deliver(self, title: str, body: str, *, envelope: Envelope) -> Answer:
        try:
            mail = compose(title, body, sender=self.sender, envelope=envelope).as_bytes()
        except (ValueError, MessageError) as error:
            return Answer(553, f"收件人地址无法使用: {error}")
        try:
            return self._hand_over(mail, to=envelope.to.email)
        except smtplib.SMTPResponseException as error:
            self.close()
            return Answer(error.smtp_code, _words(error.smtp_error))
        except ConnectionFailed as error:
            return Answer(0, f"未能与邮件服务器完成通信: {error}", away=True)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            return Answer(0, f"未能与邮件服务器完成通信: {error}")

    def _hand_over(self, mail: bytes, *, to: str) -> Answer:
        server, code, words = self._begin()
        if 200 <= code < 300:
            code, words = server.rcpt(to)
        if not 200 <= code < 300:
            return self._refused(Answer(code, _words(words)))
        code, words = server.data(mail)
        answer = Answer(code, _words(words))
        return answer if answer.accepted else self._refused(answer)

    def _begin(self) -> tuple[smtplib.SMTP, int, bytes]:
        """The envelope's first line; a kept connection that the server has closed meanwhile is opened anew."""
        kept = self._server
        if kept is not None:
            try:
                code, words = kept.mail(self.sender.addr_spec)
            except (smtplib.SMTPException, OSError):
                code, words = CLOSING, b""
            if code != CLOSING:
                return kept, code, words
            self.close()
        server = self._connected()
        return (server, *server.mail(self.sender.addr_spec))

    def _refused(self, answer: Answer) -> Answer:
        """A refused mail leaves the session in doubt, and a refusal is rare: begin anew."""
        self.close()
        return answer

    def _connected(self) -> smtplib.SMTP:
        if self._server is None:
            self._server = self._connect()
        return self._server

    def _connect(self) -> smtplib.SMTP:
        try:
            server = self._open()
        except (smtplib.SMTPException, OSError) as error:
            raise ConnectionFailed(str(error)) from error
        try:
            self._sign_in(server)
        except (smtplib.SMTPException, OSError) as error:
            server.close()
            raise ConnectionFailed(str(error)) from error
        return server

    def _open(self) -> smtplib.SMTP:
        # Said at EHLO; without it smtplib asks the name service for this machine's name, which may take long.
        name, timeout = self.sender.domain, self.socket_read_timeout
        if self.secure:
            return smtplib.SMTP_SSL(self.host, self._port, name, timeout=timeout, context=self._tls())
        return smtplib.SMTP(self.host, self._port, name, timeout=timeout)

    def _sign_in(self, server: smtplib.SMTP) -> None:
        server.ehlo_or_helo_if_needed()
        if self.starttls:
            server.starttls(context=self._tls())
        if self.user:
            server.login(self.user, self.password or "")

    def _tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if not self.verify_certificate:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


def message_id(key: str, domain: str) -> str:
    """The same key always bears the same Message-ID, so that a copy is known as a copy."""
    readable = NOT_A_LETTER.sub("-", key).strip("-")[:24].rstrip("-")
    return f"<{sha256(key.encode()).hexdigest()[:20]}.{readable or 'key'}@{domain}>"


def compose(title: str, body: str, *, sender: headerregistry.Address, envelope: Envelope) -> MailMessage:
    """A mail any mail program shows as written; ValueError or MessageError for an address that is none.

    Built of parts whose headers are written out already: the newer interface parses each one several times.
    """
    if not ADDRESS.fullmatch(envelope.to.email):
        raise ValueError(envelope.to.email)
    headerregistry.Address(addr_spec=envelope.to.email)
    mail = _content(body, envelope)
    mail["From"] = address_line(sender.display_name, sender.addr_spec)
    mail["To"] = address_line(envelope.to.name, envelope.to.email)
    mail["Subject"] = words_of(title)
    mail["Date"] = format_datetime(envelope.at)
    mail["Message-ID"] = message_id(envelope.key, sender.domain)
    mail["X-HQE-Key"] = "".join(envelope.key.split())
    if envelope.reply_to:
        mail["Reply-To"] = envelope.reply_to
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    return mail


def _content(body: str, envelope: Envelope) -> MailMessage:
    """Plain text alone, or before its page; a date for the reader's calendar hangs on it."""
    mail: MailMessage = _part(body, "plain")
    if envelope.html:
        mail = _together("alternative", [mail, _part(envelope.html, "html")])
    if envelope.due is None:
        return mail
    event = _part(ics_of(envelope.due, at=envelope.at), "calendar")
    event.set_param("method", envelope.due.method)
    event.add_header("Content-Disposition", "attachment", filename="due.ics")
    return _together("mixed", [mail, event])


def _part(text: str, kind: str) -> MailMessage:
    part = MailMessage(policy=WIRE)
    part["MIME-Version"] = "1.0"
    part["Content-Type"] = f'text/{kind}; charset="utf-8"'
    part["Content-Transfer-Encoding"] = "base64"
    lines = "\r\n".join(text.splitlines()) + "\r\n"
    part.set_payload(encodebytes(lines.encode()).decode())
    return part


def _together(kind: str, parts: list[MailMessage]) -> MailMessage:
    whole = MailMessage(policy=WIRE)
    whole["MIME-Version"] = "1.0"
    whole["Content-Type"] = f"multipart/{kind}"
    for part in parts:
        del part["MIME-Version"]
        whole.attach(part)
    return whole


def _words(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer
