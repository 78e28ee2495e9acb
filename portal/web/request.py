"""A request: the house it enters, the cookie it brings, who asks, and for which objects."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from jinja2 import Environment
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from config.settings import Settings
from portal.web.board_cache import Boards
from portal.web.language import Language, language_of
from portal.web.path_objects import Found
from records.store import Store
from records.tables.people import PersonRow
from rules.campaign.campaign import Person
from rules.entries import read_day, read_row_number
from rules.people.rights import may
from rules.refusals import Refused

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})


@dataclass(frozen=True, slots=True)
class House:
    """What one process of the portal works with."""

    store: Store
    settings: Settings
    pages: Mapping[str, Environment]
    """By language."""
    boards: Boards = field(default_factory=Boards)


@dataclass(frozen=True, slots=True)
class PublicAsked:
    """A request with its browser's token, which may or may not be a session."""

    house: House
    request: Request
    token: str
    now: datetime
    form: FormData = field(default_factory=FormData)

    @property
    def store(self) -> Store:
        return self.house.store

    @property
    def language(self) -> Language:
        return language_of(self.request)

    @property
    def address(self) -> str:
        """From where the request comes, as far as the trusted proxy says; empty where nobody can tell."""
        return self.request.client.host if self.request.client else ""

    def field(self, name: str) -> str:
        """What was typed into a field of the form; empty when it is not there or a file."""
        value = self.form.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def number(self, name: str) -> int:
        """The number of a row in a field that our own page filled; 0, which no row has, for anything else."""
        return read_row_number(self.field(name))

    def day(self, name: str) -> date | Refused:
        """The day that was typed or picked."""
        return read_day(self.field(name))

    def fields(self, name: str) -> list[str]:
        """Everything of one name: the boxes that were ticked."""
        return [value.strip() for value in self.form.getlist(name) if isinstance(value, str)]

    def files(self, name: str) -> list[UploadFile]:
        """The files chosen in a field of the form; a field without any brings one that has no name."""
        found = [one for one in self.form.getlist(name) if isinstance(one, UploadFile)]
        return [one for one in found if one.filename]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(PublicAsked):
    """A request that was let in: whose, and the objects named in its path."""

    person: PersonRow
    rule_person: Person
    session_hash: str
    found: Found

    def may(self, right: str) -> bool:
        """Whether this person has another right on the same object too: for buttons and links."""
        return may(right, self.rule_person, self.found.place)


def house_of(request: Request) -> House:
    house: House = request.app.state.house
    return house


def request_id(request: Request) -> str:
    """What the log calls this request."""
    return str(request.scope.get("state", {}).get("request_id", ""))


def fresh_token() -> str:
    return secrets.token_urlsafe(32)


def form_token(token: str) -> str:
    """What a form must bring back: bound to the browser's cookie, which no other site can read."""
    return hashlib.sha256(f"form:{token}".encode()).hexdigest()


def way(request: Request, settings: Settings) -> str | None:
    """``secure`` over TLS, ``plain`` where nobody listens or the operator says so, None otherwise."""
    if request.url.scheme == "https":
        return "secure"
    return "plain" if settings.plain_http or _is_here(request.url.hostname or "") else None


def _is_here(name: str) -> bool:
    """Whether a browser that calls this name reaches its own machine, whatever a name server says (RFC 6761)."""
    return name in LOOPBACK or name.endswith(".localhost")


def cookie_name(request: Request, settings: Settings) -> str:
    return "__Host-hqe" if way(request, settings) == "secure" else "hqe"


def token_in(request: Request, settings: Settings) -> str:
    return request.cookies.get(cookie_name(request, settings), "")
