"""Channels: one way to send, whatever service the configured URL names."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterable
from datetime import datetime
from threading import Lock
from types import TracebackType
from typing import TypeVar

from apprise import Apprise, AppriseAsset, LogCapture, NotifyBase, NotifyFormat

from notifications.message import Address, Failed, Message, Sent, readable
from notifications.robots import NOT_SENT as NOT_TAKEN
from notifications.robots import ROBOTS, Robot
from notifications.smtp import NOT_SENT, BureauMail, Envelope

# It logs the URLs that it cannot use, tokens and all; what it has to say of a message is read by ``_post``.
logging.getLogger("apprise").propagate = False
logging.getLogger("apprise").addHandler(logging.NullHandler())

OUR_SCHEMES = {
    "smtp": BureauMail.protocol,
    "smtps": BureauMail.secure_protocol,
    BureauMail.protocol: BureauMail.protocol,
    BureauMail.secure_protocol: BureauMail.secure_protocol,
}
"""How a setting may spell our own mail service -> the scheme it is."""


SEPARATORS = re.compile(r"[/:@?&=,#]+")
SHORTEST_SECRET = 6


class UnusableChannel(ValueError):
    """The setting names no service, or lacks something; the URL is not repeated: it may hold a password."""


class Channel:
    """Sends through our own mail (``smtp://``, ``smtps://``), a group's robot (``dingtalk://``, ``wecombot://``,
    ``feishu://``) or any other Apprise URL.

    One message at a time, from any thread. Only mail reaches one person alone, so other services
    (group robots and the like) refuse private messages.
    """

    def __init__(self, url: str, *, reply_to: str = "") -> None:
        self._reply_to = reply_to
        scheme, _, rest = url.partition("://")
        ours = OUR_SCHEMES.get(scheme.lower())
        self._secrets = [part for part in SEPARATORS.split(rest) if len(part) >= SHORTEST_SECRET]
        self._lock = Lock()
        robot = ROBOTS.get(scheme.lower())
        self._service: BureauMail | Robot | Apprise
        if robot is not None:
            self._service = _ours(robot, f"{robot.protocol}://{rest}")
        else:
            self._service = _ours(BureauMail, f"{ours}://{rest}") if ours else _other_service(url)

    def send(self, message: Message, *, to: Address, key: str, at: datetime) -> Sent | Failed:
        """``key`` names the message for good: sent again, it bears the same Message-ID. ``at`` is a mail's date, and
        to a robot the machine's time, by which its vendor checks the signature.
        """
        with self._lock:
            if isinstance(self._service, BureauMail):
                return _mail(
                    self._service,
                    message,
                    envelope=Envelope(
                        to=to, key=key, at=at, reply_to=self._reply_to, html=message.html, due=message.due
                    ),
                )
            if message.private:
                return Failed("此渠道不是发给本人的，不能发送一次性授权码", temporary=False)
            if isinstance(self._service, Robot):
                self._service.at_moment, self._service.outcome = at, NOT_TAKEN
                _notify(self._service, message)
                return self._service.outcome
            return _post(self._service, message, secrets=self._secrets)

    def close(self) -> None:
        with self._lock:
            if isinstance(self._service, BureauMail):
                self._service.close()

    def __enter__(self) -> Channel:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_channels(urls: Iterable[tuple[str, str]]) -> tuple[dict[str, Channel], dict[str, str]]:
    """Name -> channel of those that are usable, and name -> what is wrong with the others."""
    usable, wrong = dict[str, Channel](), dict[str, str]()
    for name, url in urls:
        try:
            usable[name] = Channel(url)
        except UnusableChannel as error:
            wrong[name] = str(error)
    return usable, wrong


Ours = TypeVar("Ours", BureauMail, Robot)


def _ours(kind: type[Ours], url: str) -> Ours:
    parts = kind.parse_url(url)
    if parts is None:
        raise UnusableChannel("the URL names no host")
    try:
        return kind(**parts)
    except (TypeError, ValueError) as error:
        raise UnusableChannel(str(error)) from error


def _other_service(url: str) -> Apprise:
    service = Apprise(asset=AppriseAsset(async_mode=False))
    with warnings.catch_warnings():
        # The first use loads all of Apprise's plugins, one of which imports the deprecated imghdr.
        warnings.simplefilter("ignore", DeprecationWarning)
        if not service.add(url):
            raise UnusableChannel("no Apprise service understands the channel's URL")
    return service


def _mail(service: BureauMail, message: Message, *, envelope: Envelope) -> Sent | Failed:
    service.envelope, service.answer = envelope, NOT_SENT
    _notify(service, message)
    answer = service.answer
    return (
        Sent(str(answer))
        if answer.accepted
        else Failed(str(answer), temporary=answer.temporary, away=answer.away)
    )


def _post(service: Apprise, message: Message, *, secrets: Iterable[str]) -> Sent | Failed:
    """Apprise keeps a service's answer only in its log, and never says whether it is final; what of it repeats the
    channel's URL is left out."""
    with LogCapture(level=logging.WARNING, fmt="%(message)s") as log:  # type: ignore[no-untyped-call]
        sent = _notify(service, message)
        words = log.getvalue().strip().splitlines()
    if sent:
        return Sent("已送出")
    said = words[-1] if words else "发送失败"
    for secret in secrets:
        said = said.replace(secret, "…")
    return Failed(readable(said), temporary=True)


def _notify(service: Apprise | NotifyBase, message: Message) -> bool:
    return bool(service.notify(title=message.subject, body=message.body, body_format=NotifyFormat.TEXT))
