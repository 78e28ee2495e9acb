"""Simulated people at the portal: they open the page on which a thing is done and fill in its form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from actions.lists.results import Entry
from records.tables.duties import DutyRow
from records.tables.review import GateRow
from rehearsal.doors.browser import Page
from rehearsal.doors.forms import Typed
from rehearsal.doors.logins import Logins

LOG_IN = "/login"


@dataclass(frozen=True, slots=True)
class ThroughPortal:
    """Over HTTP, each person in a browser of their own."""

    logins: Logins
    campaign_id: str

    def confirm_survey(self, town_code: str, *, villages: Sequence[str], by: str) -> object:
        town = self._town(town_code)
        return self._do(by, town, f"{town}/survey", {"village": villages})

    def hand_in(self, village_code: str, *, data: bytes, by: str) -> object:
        village = self._village(village_code)
        return self._do(by, village, f"{village}/uploads", {}, file=data)

    def ask_extension(self, duty: DutyRow, *, until: date, reason: str, by: str) -> object:
        page = self._village(duty.village_code) if duty.village_code else self._town(duty.town_code)
        typed = {"wanted_due": until.isoformat(), "reason": reason}
        return self._do(by, page, f"/duties/{duty.id}/extension-requests", typed)

    def grant_extension(self, duty: DutyRow, *, until: date, reason: str, by: str) -> object:
        """Look at the price first; a tick that the page asks for is set."""
        page = self._look(by, f"/duties/{duty.id}?until={until.isoformat()}")
        action = f"/duties/{duty.id}/extensions"
        anyway = {"anyway": "1"} if "anyway" in page.form(action).held else {}
        return self._send(by, page, action, {"reason": reason, **anyway})

    def announce_paper(self, town_code: str, *, how: str, by: str) -> object:
        town = self._town(town_code)
        return self._do(by, town, f"{town}/paper", {"how": how})

    def record_paper(self, town_code: str, *, by: str) -> object:
        town = self._town(town_code)
        return self._do(by, town, f"{town}/paper-receipt", {})

    def hand_over(self, duty: DutyRow, *, to: str, reason: str, by: str) -> object:
        page = f"/duties/{duty.id}"
        return self._do(by, page, f"{page}/handovers", {"to": to, "reason": reason})

    def visit(self, village_code: str, *, notes: str, found: Mapping[str, str], by: str) -> object:
        page = f"{self._village(village_code)}/visit"
        return self._do(by, page, page, {"notes": notes, **_named("fact:", found)})

    def sign(self, village_code: str, *, by: str) -> object:
        page = f"{self._village(village_code)}/visit"
        return self._do(by, page, f"{page}/signature", {})

    def score(
        self, gate: GateRow, *, found: Mapping[str, str], reasons: Mapping[str, str], by: str
    ) -> object:
        typed = {**_named("fact:", found), **_named("why:", reasons)}
        return self._do(by, f"/gates/{gate.id}", f"/gates/{gate.id}/scores", typed)

    def decide(self, gate: GateRow, *, answer: str, reason: str, by: str) -> object:
        typed = {"answer": answer, "reason": reason}
        return self._do(by, f"/gates/{gate.id}", f"/gates/{gate.id}/decisions", typed)

    def revise(self, gate: GateRow, *, note: str, by: str) -> object:
        return self._do(by, f"/gates/{gate.id}", f"/gates/{gate.id}/revisions", {"note": note})

    def object_publicly(self, village_code: str, *, objector: str, evidence: str, by: str) -> object:
        page = f"/campaigns/{self.campaign_id}/publicity"
        typed = {"village": village_code, "objector": objector, "evidence": evidence}
        return self._do(by, page, f"{page}/objections", typed)

    def answer_objection(self, objection_id: int, *, answer: str, words: str, by: str) -> object:
        page = f"/campaigns/{self.campaign_id}/publicity"
        typed = {"objection": str(objection_id), "answer": answer, "words": words}
        return self._do(by, page, f"{page}/answers", typed)

    def enter_result(self, entry: Entry, *, by: str) -> object:
        page = f"/campaigns/{self.campaign_id}/ledger"
        typed = {
            "village": entry.village_code,
            "level": entry.level,
            "kind": entry.kind,
            "yuan": str(entry.yuan) if entry.yuan else "",
            "document": entry.document,
            "dated": entry.dated.isoformat(),
            "reason": entry.reason,
        }
        return self._do(by, page, f"{page}/results", typed)

    def keep_accounts(self, person_ids: Sequence[str], *, by: str) -> object:
        page = f"/campaigns/{self.campaign_id}/accounts"
        return self._do(by, page, f"{page}/kept", {"account": person_ids})

    def _town(self, code: str) -> str:
        return f"/campaigns/{self.campaign_id}/towns/{code}"

    def _village(self, code: str) -> str:
        return f"/campaigns/{self.campaign_id}/villages/{code}"

    def _do(self, by: str, path: str, action: str, typed: Typed, *, file: bytes | None = None) -> object:
        return self._send(by, self._look(by, path), action, typed, file=file)

    def _look(self, by: str, path: str) -> Page:
        """A page of somebody who is logged in; whose session has ended logs in once more."""
        browser = self.logins.browser_of(by)
        page = browser.look(path)
        if page.path == LOG_IN:
            self.logins.log_in(browser, by)
            page = browser.look(path)
        return page

    def _send(self, by: str, page: Page, action: str, typed: Typed, *, file: bytes | None = None) -> object:
        return self.logins.browser_of(by).send(page, action, typed, file=file).refusal


def _named(start: str, values: Mapping[str, str]) -> dict[str, str]:
    return {f"{start}{key}": value for key, value in values.items()}
