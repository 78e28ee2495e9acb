"""The JSON interface: a token opens what its person may and what it was made for, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from actions.dossiers import uploads as upload_acts
from actions.review import decisions
from actions.review.codes import mint_code
from config.settings import read_settings
from portal.api.document import openapi
from portal.api.rate_limit import Pace
from portal.api.routes import API_ROUTES
from portal.app import make_app
from portal.web.problems import TITLES
from records import clock
from records.review.assignments import assigned_to_gate
from records.store import Store
from records.tables.dossiers import UploadRow
from records.tables.messages import OutboxRow
from records.tables.people import PersonRow, TokenRow
from records.tables.review import DecisionRow, GateRow
from records.tables.upkeep import AuditRow
from rules.campaign.campaign import Campaign
from rules.people.rights import SCOPES
from rules.signs import LONGEST_TEXT
from tests.actions.conftest import CAMPAIGN_ID, dossier_of, judge, local
from tests.conftest import rows_of
from tests.portal.conftest import CLERK, HERE, Portal, Wire

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def code_of(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a problem, which is one in every particular."""
    told = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(told) == {"type", "title", "status", "detail", "code", "request_id"}
    assert (told["status"], told["type"]) == (answer.status_code, f"urn:hqe:problem:{told['code']}")
    assert told["title"] == TITLES[answer.status_code]
    assert told["request_id"] == answer.headers["x-request-id"]
    assert told["detail"].endswith("。")
    return answer.status_code, told["code"]


@pytest.fixture
def uploads(campaign: Campaign) -> str:
    return f"/api/v1/campaigns/{CAMPAIGN_ID}/villages/{campaign.villages[0].code}/uploads"


@pytest.fixture
def decider(portal: Portal, at_desk: GateRow) -> str:
    """Somebody who is asked at the desk review."""
    with portal.store.reading() as session:
        people = sorted(assigned_to_gate(session, at_desk))
    return people[0]


# --- tokens --------------------------------------------------------------------------------------


def test_token_says_whose_it_is(portal: Portal) -> None:
    told = portal.program(CLERK, "village.read").get("/api/v1/token").json()

    assert (told["person_id"], told["scopes"], told["campaign_id"]) == (CLERK, ["village.read"], CAMPAIGN_ID)


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        ("", "no_token"),
        ("Basic aHFlOng=", "no_token"),
        ("Bearer ", "no_token"),
        ("Bearer hqe_x", "dead_token"),
    ],
)
def test_door_without_a_living_token_is_shut(portal: Portal, authorization: str, code: str) -> None:
    answer = portal.visitor().get("/api/v1/token", headers={"Authorization": authorization})

    assert code_of(answer) == (401, code)
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_session_of_a_browser_opens_no_door_for_programs(portal: Portal) -> None:
    assert code_of(portal.as_(CLERK).get("/api/v1/token")) == (401, "no_token")


@pytest.mark.parametrize("change", ["expired", "revoked", "stood_down"])
def test_token_that_ended_opens_nothing(portal: Portal, change: str) -> None:
    program = portal.program(CLERK)
    with portal.store.writing() as session:
        [row] = session.query(TokenRow)
        row.expires_at -= timedelta(days=2 if change == "expired" else 0)
        row.revoked_at = row.made_at if change == "revoked" else None
        session.get_one(PersonRow, CLERK).active = change != "stood_down"

    assert code_of(program.get("/api/v1/token")) == (401, "dead_token")


def test_request_from_a_page_of_another_site_is_refused(portal: Portal) -> None:
    answer = portal.program(CLERK).get("/api/v1/token", headers={"Origin": "https://evil.example.invalid"})

    assert code_of(answer) == (403, "foreign_origin")


def test_program_over_plain_http_is_refused(portal: Portal, tmp_path: Path) -> None:
    app = make_app(portal.store, read_settings({"HQE_HOME": str(tmp_path)}))
    program = httpx.Client(transport=Wire(app), base_url="http://portal.example.invalid")

    assert code_of(program.get("/api/v1/token")) == (400, "plain_http")


def test_program_that_knocks_too_often_has_to_wait(portal: Portal) -> None:
    portal.app.state.paces.tokens = Pace(2)
    portal.app.state.paces.strangers = Pace(1)
    program, stranger = portal.program(CLERK), portal.visitor()
    wrong = {"Authorization": "Bearer hqe_wrong"}

    answers = [program.get("/api/v1/token").status_code for _ in range(3)]
    strangers = [stranger.get("/api/v1/token", headers=wrong).status_code for _ in range(2)]
    late = program.get("/api/v1/token")

    assert (answers, strangers) == ([200, 200, 429], [401, 429])
    assert code_of(late) == (429, "too_fast")
    assert 0 < int(late.headers["retry-after"]) <= 60


def test_pace_begins_anew_with_each_window() -> None:
    moment = [0.0]
    pace = Pace(1, window=60.0, clock=lambda: moment[0])

    first, second = pace.wait("a"), pace.wait("a")
    other = pace.wait("b")
    moment[0] = 60.0

    assert (first, second, other, pace.wait("a")) == (0, 60, 0, 0)


@pytest.mark.parametrize("scope", [None, *SCOPES])
def test_token_without_the_scope_finds_nothing(portal: Portal, at_desk: GateRow, scope: str | None) -> None:
    program = portal.program("coordinator-1", scope or "none")
    names = {
        "campaign_id": CAMPAIGN_ID, "village_code": at_desk.village_code,
        "upload_id": at_desk.upload_id, "gate_id": at_desk.id,
    }  # fmt: skip

    opened = set()
    for route in API_ROUTES:
        answer = program.request(route.method, route.path.format(**names))
        if answer.status_code == 404:
            assert code_of(answer) == (404, "not_found")
        else:
            opened.add(route.right)

    reached = {"board.read", "village.read", "inbox", "gate.read"}
    assert opened == {"account"} | ({scope} & reached)


# --- status and uploads --------------------------------------------------------------------------


def test_board_counts_and_names_nobody(portal: Portal, submitting: Store, campaign: Campaign) -> None:
    answer = portal.program("coordinator-1").get(f"/api/v1/campaigns/{CAMPAIGN_ID}/board")

    shown = answer.json()
    assert [one["name"] for one in shown["stages"]] == [one.name for one in campaign.stages]
    assert {one["role"] for one in shown["duties"]} == {"town_clerk"}
    assert "季文静" not in answer.text


@pytest.mark.parametrize("way", ["raw", "form"])
def test_dossier_handed_in_is_received_and_its_findings_are_read(
    portal: Portal,
    submitting: Store,
    campaign: Campaign,
    at: Callable[[int, int], None],
    uploads: str,
    way: str,
) -> None:
    at(11, 2)
    program, data = portal.program(CLERK), dossier_of(campaign.villages[0].code, plot="mistakes")
    brought: dict[str, object] = {
        "raw": {"content": data, "headers": {"Content-Type": XLSX}},
        "form": {"files": {"dossier": ("../../etc/材料.xlsx", data)}},
    }[way]  # type: ignore[assignment]

    receipt = program.post(uploads, **brought)  # type: ignore[arg-type]
    [upload] = rows_of(portal.store, UploadRow)
    judge(portal.store, upload, now=local(campaign, 11, 2, 11))
    state = program.get(f"/api/v1/uploads/{receipt.json()['upload_id']}").json()

    assert (receipt.status_code, receipt.json()["state"], receipt.json()["version"]) == (201, "received", 1)
    assert upload_acts.read_upload(portal.store, upload.id)[1] == data
    assert state["upload"]["state"] == "returned"
    assert {one["severity"] for one in state["findings"]} >= {"error"}
    assert program.get(uploads).json() == {"uploads": [state["upload"]]}
    assert '"door":"api"' in next(
        row.facts for row in rows_of(portal.store, AuditRow) if row.act == "hand_in"
    )


@pytest.mark.parametrize(
    ("content", "kind", "expected"),
    [
        (b"", XLSX, (422, "file_empty")),
        (b"%PDF-1.7", XLSX, (422, "not_a_workbook")),
        (b"x" * (15 * 2**20 + 1), XLSX, (413, "file_too_large")),
        (b"x" * (16 * 2**20), XLSX, (413, "too_large")),
        (b"PK", "text/plain", (415, "wrong_media_type")),
        (b"--x\r\n", "multipart/form-data; boundary=x", (400, "bad_request")),
        (b"PK", "multipart/form-data", (400, "bad_request")),
    ],
)
def test_dossier_that_is_none_is_refused_with_a_sentence(
    portal: Portal, submitting: Store, uploads: str, content: bytes, kind: str, expected: tuple[int, str]
) -> None:
    answer = portal.program(CLERK).post(uploads, content=content, headers={"Content-Type": kind})

    assert code_of(answer) == expected
    assert rows_of(portal.store, UploadRow) == []


def test_stream_without_a_length_is_cut_off(portal: Portal, submitting: Store, uploads: str) -> None:
    def stream() -> object:
        for _ in range(17):
            yield b"x" * 2**20

    answer = portal.program(CLERK).post(
        uploads,
        content=stream(),
        headers={"Content-Type": XLSX},  # type: ignore[arg-type]
    )

    assert code_of(answer) == (413, "too_large")


def test_same_dossier_again_is_a_conflict(
    portal: Portal, submitting: Store, campaign: Campaign, at: Callable[[int, int], None], uploads: str
) -> None:
    at(11, 2)
    program, data = portal.program(CLERK), dossier_of(campaign.villages[0].code)
    first, second = (program.post(uploads, content=data, headers={"Content-Type": XLSX}) for _ in range(2))

    assert (first.status_code, code_of(second)) == (201, (409, "identical"))


# --- gates ---------------------------------------------------------------------------------------


def answer_of(gate: GateRow, code: str, **changed: object) -> dict[str, object]:
    usual = {"attempt": gate.attempt, "seen_hash": gate.content_hash, "answer": "return", "code": code}
    return {**usual, "reason": "第三项缺少证明。", **changed}


def minted(portal: Portal, gate: GateRow, person_id: str) -> str:
    with portal.store.writing() as session:
        return mint_code(session, portal.store.vault, gate, person_id=person_id, host_now=clock.host_now())


def test_gates_waiting_are_those_of_the_tokens_person(portal: Portal, at_desk: GateRow, decider: str) -> None:
    path = f"/api/v1/campaigns/{CAMPAIGN_ID}/gates"

    mine, clerks = (portal.program(one).get(path).json() for one in (decider, CLERK))

    assert [one["gate_id"] for one in mine["gates"]] == [at_desk.id]
    assert clerks == {"gates": []}


def test_gate_shows_what_is_decided_on(portal: Portal, at_desk: GateRow, decider: str) -> None:
    shown = portal.program(decider).get(f"/api/v1/gates/{at_desk.id}").json()

    assert shown["gate"]["content_hash"] == at_desk.content_hash
    assert [one["party"] for one in shown["sheets"]] == ["自评"]
    assert {one["answer"]: one["reason_needed"] for one in shown["gate"]["choices"]}["return"]


def test_decision_with_the_mailed_code_is_recorded_with_its_door(
    portal: Portal, at_desk: GateRow, decider: str
) -> None:
    code = minted(portal, at_desk, decider)

    done = portal.program(decider).post(
        f"/api/v1/gates/{at_desk.id}/decisions", json=answer_of(at_desk, code)
    )

    [decision] = rows_of(portal.store, DecisionRow)
    assert (done.status_code, done.json()["answer"], done.json()["gate_state"]) == (201, "return", "closed")
    assert (decision.door, decision.person_id) == ("api", decider)


def test_decision_with_a_token_alone_is_refused(portal: Portal, at_desk: GateRow, decider: str) -> None:
    path = f"/api/v1/gates/{at_desk.id}/decisions"
    program = portal.program(decider)
    without = answer_of(at_desk, "")
    del without["code"]

    refused = [program.post(path, json=body) for body in (without, answer_of(at_desk, "WRONG"))]

    assert [code_of(one) for one in refused] == [(422, "misshapen"), (422, "wrong_code")]
    assert rows_of(portal.store, DecisionRow) == []


def test_reason_that_nobody_would_read_is_refused_and_spends_no_code(
    portal: Portal, at_desk: GateRow, decider: str
) -> None:
    path, program = f"/api/v1/gates/{at_desk.id}/decisions", portal.program(decider)
    body = answer_of(at_desk, minted(portal, at_desk, decider))

    refused = program.post(path, json={**body, "reason": "甲" * (LONGEST_TEXT + 1)})
    done = program.post(path, json=body)

    assert code_of(refused) == (422, "too_long")
    assert done.status_code == 201
    assert [row.reason for row in rows_of(portal.store, DecisionRow)] == [body["reason"]]


def test_decision_with_somebody_elses_code_is_refused(portal: Portal, at_desk: GateRow, decider: str) -> None:
    code = minted(portal, at_desk, "reviewer-6" if decider != "reviewer-6" else "reviewer-5")

    answer = portal.program(decider).post(
        f"/api/v1/gates/{at_desk.id}/decisions", json=answer_of(at_desk, code)
    )

    assert code_of(answer) == (422, "wrong_code")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"seen_hash": "0" * 64}, (409, "stale_content")),
        ({"attempt": 2}, (409, "stale_content")),
        ({"answer": "perhaps"}, (422, "unknown_answer")),
        ({"reason": ""}, (422, "missing_reason")),
        ({"attempt": "one"}, (422, "misshapen")),
        ({"seat": "a"}, (422, "misshapen")),
    ],
)
def test_decision_on_anything_else_than_was_shown_is_refused(
    portal: Portal, at_desk: GateRow, decider: str, changed: dict[str, object], expected: tuple[int, str]
) -> None:
    code = minted(portal, at_desk, decider)

    answer = portal.program(decider).post(
        f"/api/v1/gates/{at_desk.id}/decisions", json=answer_of(at_desk, code, **changed)
    )

    assert code_of(answer) == expected
    assert rows_of(portal.store, DecisionRow) == []


def test_misshapen_decision_is_not_repeated_in_the_answer(
    portal: Portal, at_desk: GateRow, decider: str
) -> None:
    body = answer_of(at_desk, "x", reason={"身份证": "331199199003070019"})

    answer = portal.program(decider).post(f"/api/v1/gates/{at_desk.id}/decisions", json=body)

    assert "reason" in answer.json()["detail"]
    assert "331199" not in answer.text


def test_code_is_mailed_and_never_in_the_answer(portal: Portal, at_desk: GateRow, decider: str) -> None:
    with portal.store.writing() as session:
        for row in session.query(OutboxRow):
            row.state = "sent"

    answer = portal.program(decider).post(f"/api/v1/gates/{at_desk.id}/codes")
    again = portal.program(decider).post(f"/api/v1/gates/{at_desk.id}/codes")

    waiting = [row for row in rows_of(portal.store, OutboxRow) if row.state == "waiting"]
    assert (answer.status_code, answer.json()) == (202, {"gate_id": at_desk.id, "attempt": at_desk.attempt})
    assert [(row.template, row.person_id) for row in waiting] == [("gate_opened", decider)]
    assert code_of(again) == (409, "on_its_way")


def test_decision_that_came_first_is_named_to_the_second(
    portal: Portal, at_desk: GateRow, decider: str
) -> None:
    code, program = minted(portal, at_desk, decider), portal.program(decider)
    decisions.decide(
        portal.store, gate_id=at_desk.id, attempt=at_desk.attempt, by=decider, answer="return", reason="缺证明。",
        seen_hash=at_desk.content_hash, door="portal", now=at_desk.opened_at,
    )  # fmt: skip

    answer = program.post(f"/api/v1/gates/{at_desk.id}/decisions", json=answer_of(at_desk, code))

    assert answer.status_code == 409
    assert len(rows_of(portal.store, DecisionRow)) == 1


# --- the document --------------------------------------------------------------------------------


def test_document_names_every_door_and_asks_for_no_token(portal: Portal) -> None:
    document = portal.visitor().get("/api/v1/openapi.json").json()

    named = {(method.upper(), path) for path, one in document["paths"].items() for method in one}
    assert named == {(route.method, route.path) for route in API_ROUTES}
    assert document["servers"] == [{"url": HERE}]
    assert document == openapi(server=HERE)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST"])
def test_method_that_a_door_has_not_is_a_problem(portal: Portal, method: str) -> None:
    answer = portal.program(CLERK).request(method, "/api/v1/token")

    assert code_of(answer) == (405, "not_allowed")
    assert "GET" in answer.headers["allow"]


def test_door_that_breaks_tells_a_number_and_no_content(
    portal: Portal, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("331199199003070019")

    program = portal.program(CLERK)
    monkeypatch.setattr("portal.api.access.grants", broken)

    answer = program.get("/api/v1/token")

    assert code_of(answer) == (500, "broken")
    assert answer.json()["request_id"] in caplog.text
    assert "331199" not in answer.text + caplog.text
