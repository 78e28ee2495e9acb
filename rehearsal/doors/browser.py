"""A browser without a window: it keeps its cookies, follows redirects, and sends what the page's forms ask for."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

from rehearsal.doors.actions import Unanswered
from rehearsal.doors.forms import Form, NotOffered, Typed, forms_of
from rules.refusals import Refused

TIMEOUT_S = 60.0
TRY_AGAIN_S = 0.1
GIVE_UP_S = 60.0
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ALERT = re.compile(r'role="alert">(.*?)</p>', re.DOTALL)


@dataclass
class Tally:
    """How many requests all browsers made, and which took longest, in seconds."""

    requests: int = 0
    log_ins: int = 0
    slowest_s: float = 0.0
    slowest: str = ""

    def note(self, request: str, seconds: float) -> None:
        self.requests += 1
        if seconds > self.slowest_s:
            self.slowest_s, self.slowest = seconds, request


@dataclass(frozen=True, slots=True)
class Page:
    """What somebody looks at."""

    path: str
    status: int
    text: str

    def form(self, action: str) -> Form:
        """The form that goes to ``action``, or to the page's own address."""
        for form in forms_of(self.text):
            if (form.action or self.path) == action:
                return form
        raise NotOffered(f"{self.path} ({self.status}) has no form for {action}: {self.refusal}")

    @property
    def refusal(self) -> Refused | None:
        """The sentence with which the portal says no; None on every other page."""
        if self.status < httpx.codes.BAD_REQUEST:
            return None
        said = ALERT.search(self.text)
        return Refused(f"page_{self.status}", html.unescape(said[1]) if said else f"{self.path}没有受理。")


@dataclass
class Browser:
    """One person's browser. ``look_after`` is called while the portal does not answer: it may start it again."""

    address: str
    tally: Tally
    look_after: Callable[[], object] = field(default=lambda: None)

    def __post_init__(self) -> None:
        self._client = httpx.Client(base_url=self.address, timeout=TIMEOUT_S, trust_env=False)

    def look(self, path: str) -> Page:
        return self._follow("GET", path)

    def send(self, page: Page, action: str, typed: Typed, *, file: bytes | None = None) -> Page:
        """Fill in the page's form for ``action``; the page that comes back, after redirects."""
        fields = page.form(action).fill(typed)
        files = None if file is None else {"dossier": ("申报材料.xlsx", file, XLSX)}
        return self._follow("POST", action, data=fields, files=files, headers={"Origin": self.address})

    def _follow(self, method: str, path: str, **sent: object) -> Page:
        answer = self._ask(method, path, **sent)
        while answer.is_redirect:
            path = str(answer.next_request.url.raw_path, "ascii") if answer.next_request else "/"
            answer = self._ask("GET", path)
        return Page(urlsplit(path).path, answer.status_code, answer.text)

    def _ask(self, method: str, path: str, **sent: object) -> httpx.Response:
        """Ask until the portal can be reached; what was sent may be sent again only while it cannot."""
        patience = time.monotonic() + GIVE_UP_S
        while True:
            started = time.perf_counter()
            try:
                answer = self._client.request(method, path, **sent)  # type: ignore[arg-type]
            except httpx.ConnectError:
                if time.monotonic() > patience:
                    raise
                self.look_after()
                time.sleep(TRY_AGAIN_S)
            except httpx.TransportError as error:
                raise Unanswered(f"{method} {path}") from error
            else:
                self.tally.note(f"{method} {path}", time.perf_counter() - started)
                if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
                    self.look_after()
                    raise Unanswered(f"{method} {path} could not be done for a moment")
                return answer

    def close(self) -> None:
        self._client.close()
