"""A portal in front of a small campaign, and browsers logged in as its people."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pyotp
import pytest
from fastapi import FastAPI

from actions.people import invitations, login, second_factor
from actions.people.invitations import Invitation
from actions.people.login import LoggedIn, hash_token
from config.settings import read_settings
from portal.app import make_app
from portal.people import passwords
from records import clock
from records.store import Store
from records.tables.people import TokenRow
from rules.people.rights import SCOPES
from tests.actions.conftest import at_desk, campaign, hand_in, local, opened, small_campaign, submitting

__all__ = ["at_desk", "campaign", "hand_in", "opened", "submitting"]

PASSWORD = "溪水绕山 2020 秋"
CLERK = "clerk-331181100"
HOST = "portal.example.invalid"
HERE = f"https://{HOST}"


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 with its cheapest cost: hundreds of people log in here."""
    monkeypatch.setattr(passwords, "_hasher", lambda: HASHER)


HASHER = passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Wire(httpx.BaseTransport):
    """Carries requests straight into the application, each in an event loop of its own."""

    def __init__(self, app: FastAPI) -> None:
        self._carrier = httpx.ASGITransport(app)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        return asyncio.run(self._answer(request))

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        answer = await self._carrier.handle_async_request(request)
        return httpx.Response(answer.status_code, headers=answer.headers, content=await answer.aread())


class Browser(httpx.Client):
    """A browser that fills in the forms of the page it looks at, and says where they come from."""

    page: httpx.Response

    def look(self, path: str, *, status: int = 200) -> str:
        self.page = self.get(path)
        assert self.page.status_code == status, self.page.text
        return self.page.text

    def fill_in(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> httpx.Response:
        """Send a form with the token of the page last looked at."""
        token = re.search(r'name="form_token" value="(\w+)"', self.page.text)
        assert token is not None
        form = {"form_token": token[1], **(data or {})}
        answer = self.post(path, data=form, headers={"Origin": HERE}, **more)
        if "form_token" in answer.text:
            self.page = answer
        return answer


class Portal:
    """The portal of one store, and the browsers at it."""

    def __init__(self, store: Store, home: Path) -> None:
        self.store = store
        told = {"HQE_HOME": str(home), "HQE_PUBLIC_URL": HERE, "HQE_CONTACT": "就业科 0578-0000000"}
        self.app = make_app(store, read_settings(told))
        self._sessions: dict[str, str] = {}
        self.secrets: dict[str, str] = {}
        """Person -> what their telephone knows."""

    def visitor(self) -> Browser:
        """Somebody who is not logged in."""
        return Browser(transport=Wire(self.app), base_url=HERE, follow_redirects=True)

    def as_(self, person_id: str) -> Browser:
        """A browser at which this person is logged in."""
        browser = self.visitor()
        if person_id not in self._sessions:
            self._sessions[person_id] = self._let_in(person_id)
        browser.cookies.set("__Host-hqe", self._sessions[person_id], domain=HOST, path="/")
        return browser

    def program(self, person_id: str, *scopes: str) -> httpx.Client:
        """A program with a fresh token of this person; without scopes one that was granted everything."""
        token, now = f"hqe_{secrets.token_urlsafe(8)}", clock.host_now()
        with self.store.writing() as session:
            row = TokenRow(
                person_id=person_id, token_hash=hash_token(token), name="程序", scopes=list(scopes or SCOPES),
                made_by=person_id, made_at=now, expires_at=now + timedelta(days=1),
                second_factor=True,
            )  # fmt: skip
            session.add(row)
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.Client(transport=Wire(self.app), base_url=HERE, headers=headers)

    def invite(self, person_id: str) -> str:
        """The path of a fresh invitation."""
        return self._invitation(person_id).link("")

    def _invitation(self, person_id: str) -> Invitation:
        now = clock.host_now()
        made = invitations.invite(self.store, person_id=person_id, by="system", now=now, host_now=now)
        assert isinstance(made, Invitation)
        return made

    def _let_in(self, person_id: str) -> str:
        """The token of a session, by the acts behind the pages; ``test_account.py`` goes through these."""
        times: dict[str, Any] = {
            "now": clock.now(self.store),
            "host_now": clock.host_now(),
            "address": "127.0.0.1",
        }
        kept = HASHER.hash(PASSWORD)
        done = login.accept_invitation(
            self.store, token=self._invitation(person_id).token, password_hash=kept, **times
        )
        assert isinstance(done, LoggedIn)
        return done.token if done.complete else self._enter_code(person_id, hash_token(done.token), **times)

    def _enter_code(self, person_id: str, session_hash: str, **times: Any) -> str:
        """The token that the session bears from here on."""
        fresh = passwords.fresh_secret()
        secret = second_factor.secret_to_enrol(self.store, person_id=person_id, fresh=fresh)
        self.secrets[person_id] = secret or self.secrets[person_id]
        step_of = passwords.step_of(pyotp.TOTP(self.secrets[person_id]).now())
        renewed = secrets.token_urlsafe(16)
        refused = second_factor.enter_code(
            self.store, session_hash=session_hash, renewed=renewed, step_of=step_of, **times
        )
        assert refused is None
        return renewed


@pytest.fixture
def portal(opened: Store, tmp_path: Path) -> Portal:
    """The portal on 20 October 2020."""
    clock.simulate(opened, local(small_campaign(), 10, 20))
    return Portal(opened, tmp_path)


@pytest.fixture
def at(portal: Portal) -> Callable[[int, int], None]:
    """Moves the business clock to a day of 2020."""

    def move(month: int, day: int) -> None:
        clock.simulate(portal.store, local(small_campaign(), month, day))

    return move
