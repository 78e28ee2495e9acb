"""How simulated people get into the portal: an invitation by mail, a password, for the bureau a telephone.

Everybody logs in once and keeps the session: Argon2 is meant to be slow, and real people stay logged in
as well. Passwords follow from the seed; what the telephones learnt is kept in a file of the rehearsal's
folder, so that a rehearsal that was killed logs its people in again.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from actions.people import invitations
from actions.people.invitations import Invitation
from portal.people import passwords
from records import clock
from records.people import accounts, people
from records.store import Store
from rehearsal.doors.browser import Browser, Page, Tally
from rehearsal.doors.forms import Typed, forms_of
from rehearsal.mailbox import read_mails

LINK = re.compile(rf"{invitations.PATH}([\w-]+)")
SECRET = re.compile(r"<code>([A-Z2-7 ]{30,})</code>")
LOOK_EVERY_S = 0.05
GIVE_UP_S = 60.0


class Locked(Exception):
    """Somebody does not get in; the sentence says where they stand."""


class Telephones:
    """One-time passwords of all people: secrets and the last step used, in one file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._known: dict[str, list[str | int]] = json.loads(file.read_text()) if file.exists() else {}

    def learn(self, person_id: str, secret: str) -> None:
        """Kept before the first code is sent: who dies in between still has it."""
        self._keep(person_id, secret, 0)

    def code(self, person_id: str) -> str:
        """A code that was not used before. The portal takes those of one step ahead, so hardly anybody waits."""
        secret, used = self._known[person_id]
        step = max(int(time.time()) // passwords.STEP, int(used) + 1)
        while step > int(time.time()) // passwords.STEP + passwords.DRIFT:
            time.sleep(LOOK_EVERY_S)
        self._keep(person_id, str(secret), step)
        return passwords.code_at(str(secret), step)

    def _keep(self, person_id: str, secret: str, step: int) -> None:
        self._known[person_id] = [secret, step]
        self._file.write_text(json.dumps(self._known))


@dataclass
class Logins:
    """The browsers of all people of one rehearsal, each logged in when first used."""

    store: Store
    address: str
    seed: int
    campaign_id: str
    tally: Tally
    look_after: Callable[[], object]
    browsers: dict[str, Browser] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._telephones = Telephones(self.store.home / "telephones.json")
        self._mails = self.store.home / "mails"

    def browser_of(self, person_id: str) -> Browser:
        """Somebody's browser, logged in."""
        if person_id not in self.browsers:
            browser = Browser(self.address, self.tally, self.look_after)
            if person_id not in self._with_password():
                self._accept(browser, person_id)
            self.log_in(browser, person_id)
            self.browsers[person_id] = browser
        return self.browsers[person_id]

    def _with_password(self) -> frozenset[str]:
        with self.store.reading() as session:
            return accounts.with_password(session)

    def invite_everybody(self) -> None:
        """The first coordinator lets in all others, by the page on which coordinators do that."""
        with self.store.reading() as session:
            coordinator = people.with_role(session, "coordinator")[0].id
            invited = [one.id for one in people.everybody(session) if one.active and one.email]
        browser, path = self.browser_of(coordinator), f"/campaigns/{self.campaign_id}/people"
        done = self._with_password() | {one for one in invited if self._invitation_of(one)}
        wanted = {f"/people/{person_id}/invitations" for person_id in invited if person_id not in done}
        page, number = browser.look(path), 1
        while wanted:
            offered = {form.action for form in forms_of(page.text)} & wanted
            for action in sorted(offered):
                browser.send(page, action, {})
            wanted -= offered
            number += 1
            if number > len(invited) + 1:
                raise Locked(f"the page of people does not offer {sorted(wanted)}")
            page = browser.look(f"{path}?page={number}")

    def _invitation_of(self, person_id: str) -> str:
        """The token of the newest invitation in somebody's post; empty when there is none."""
        mine = [mail for mail in read_mails(self._mails) if f":account_invited:{person_id}:" in mail.key]
        found = LINK.search(mine[-1].body) if mine else None
        return found[1] if found else ""

    def _accept(self, browser: Browser, person_id: str) -> None:
        path = invitations.PATH + self._awaited_invitation(person_id)
        password = self._password(person_id)
        page = self._sent(browser, browser.look(path), path, {"password": password, "again": password})
        if page.path == "/login/code":
            page = self._enter_code(browser, page, person_id)
        self._sent(browser, page, "/logout", {})

    def _awaited_invitation(self, person_id: str) -> str:
        with self.store.reading() as session:
            first = invitations.uninvited_coordinator(session)
        if person_id == first:
            return self._printed(person_id)
        patience = time.monotonic() + GIVE_UP_S
        while not (token := self._invitation_of(person_id)):
            self.look_after()
            time.sleep(LOOK_EVERY_S)
            if time.monotonic() > patience:
                raise Locked(f"{person_id} got no invitation by mail")
        return token

    def _printed(self, person_id: str) -> str:
        """The invitation that ``hqe up`` prints for the first coordinator."""
        now, host_now = clock.now(self.store), clock.host_now()
        made = invitations.invite(self.store, person_id=person_id, by="system", now=now, host_now=host_now)
        assert isinstance(made, Invitation)
        return made.token

    def _password(self, person_id: str) -> str:
        return hashlib.sha256(f"{self.seed}:password:{person_id}".encode()).hexdigest()[:24]

    def _enter_code(self, browser: Browser, page: Page, person_id: str) -> Page:
        shown = SECRET.search(page.text)
        if shown:
            self._telephones.learn(person_id, shown[1].replace(" ", ""))
        return self._sent(browser, page, "/login/code", {"code": self._telephones.code(person_id)})

    def log_in(self, browser: Browser, person_id: str) -> None:
        """By password and, where the person's role asks for it, a code."""
        self.tally.log_ins += 1
        typed = {"name": person_id, "password": self._password(person_id)}
        page = self._sent(browser, browser.look("/login"), "/login", typed)
        if page.path == "/login/code":
            self._enter_code(browser, page, person_id)

    def _sent(self, browser: Browser, page: Page, action: str, typed: Typed) -> Page:
        answer = browser.send(page, action, typed)
        if answer.refusal:
            raise Locked(f"{action}: {answer.refusal.reason}")
        return answer

    def close(self) -> None:
        for browser in self.browsers.values():
            browser.close()
