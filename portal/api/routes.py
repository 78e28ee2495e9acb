"""The JSON interface: status, uploads and gates for programs that act as a person."""

from __future__ import annotations

from actions.dossiers import uploads
from actions.overview.board import Board, board
from actions.review.case import Case, case_at, cases_awaiting
from actions.review.codes import decide_by_code, request_code
from portal.api.access import DOOR, ApiRoute, Call, dossier_in
from portal.api.shapes import (
    BoardState,
    Choice,
    CodeOnItsWay,
    Decided,
    Finding,
    GateCase,
    GateList,
    GateState,
    NewDecision,
    OpenDuty,
    Receipt,
    SeatState,
    SheetState,
    StageState,
    TokenState,
    TownState,
    UploadList,
    UploadState,
)
from portal.web.path_objects import need
from records import clock
from records.campaign.campaigns import current_campaign
from records.dossiers.findings import findings_of
from records.dossiers.uploads import uploads_of
from records.review.assignments import assigned_to_gate
from records.tables.dossiers import FindingRow, UploadRow
from records.tables.review import GateRow
from rules.people.rights import Place, may
from rules.refusals import Refused

V1 = "/api/v1"


def whose(call: Call) -> TokenState:
    with call.store.reading() as session:
        campaign_id = current_campaign(session) or ""
    return TokenState(
        person_id=call.person.id,
        name=call.person.name,
        roles=list(call.person.roles),
        town_code=call.person.town_code,
        token_name=call.token.name,
        scopes=list(call.token.scopes),
        expires_at=call.token.expires_at,
        campaign_id=campaign_id,
    )


# --- status --------------------------------------------------------------------------------------


def show_board(call: Call) -> BoardState:
    with call.store.reading() as session:
        return _board(board(session, need(call.found.campaign).id, call.now))


def _board(shown: Board) -> BoardState:
    return BoardState(
        campaign_id=shown.campaign_id,
        title=shown.title,
        at=shown.at,
        stages=[
            StageState(
                name=one.name, title=one.title, state=one.state, opens_at=one.opens_at, due_at=one.due_at,
                lock_at=one.lock_at, opened_at=one.opened_at, closed_at=one.closed_at, counts=one.counts,
            )
            for one in shown.stages
        ],
        towns=[
            TownState(
                stage=one.stage, town_code=one.town_code, town=one.town, counts=one.counts,
                waits_on=list(one.ball), late_workdays=one.late_workdays,
            )
            for one in shown.cells
        ],
        duties=[
            OpenDuty(
                duty_id=one.duty_id, stage=one.stage, kind=one.kind, what=one.what,
                town_code=one.town_code, where=one.where, role=one.role, since=one.since,
                due_at=one.due_at, lock_at=one.lock_at, late_workdays=one.late_workdays,
            )
            for one in shown.waiting
        ],
    )  # fmt: skip


# --- uploads -------------------------------------------------------------------------------------


def hand_in(call: Call) -> Receipt | Refused:
    village = need(call.found.village)
    done = uploads.hand_in(
        call.store,
        campaign_id=village.campaign_id,
        village_code=village.code,
        data=dossier_in(call),
        by=call.person.id,
        now=call.now,
        host_now=clock.host_now(),
    )
    return done if isinstance(done, Refused) else _receipt(done)


def _receipt(upload: UploadRow) -> Receipt:
    return Receipt(
        upload_id=upload.id,
        campaign_id=upload.campaign_id,
        village_code=upload.village_code,
        version=upload.version,
        state=upload.state,  # type: ignore[arg-type]
        sha256=upload.sha256,
        size=upload.size,
        received_at=upload.received_at,
        late=upload.late,
        checked_at=upload.checked_at,
    )


def list_uploads(call: Call) -> UploadList:
    with call.store.reading() as session:
        return UploadList([_receipt(one) for one in reversed(uploads_of(session, need(call.found.village)))])


def show_upload(call: Call) -> UploadState:
    upload = need(call.found.upload)
    with call.store.reading() as session:
        found = findings_of(session, upload.id)
    return UploadState(_receipt(upload), [_finding(one) for one in found])


def _finding(row: FindingRow) -> Finding:
    return Finding(row.code, row.severity, row.sheet, row.ref, row.message)  # type: ignore[arg-type]


# --- gates ---------------------------------------------------------------------------------------


def list_gates(call: Call) -> GateList:
    """What waits for this person and lies open to them: a conflict closes a gate as on the pages."""
    with call.store.reading() as session:
        waiting = cases_awaiting(session, need(call.found.campaign).id, call.person.id)
        rows = {one.gate_id: session.get_one(GateRow, one.gate_id) for one in waiting}
        return GateList(
            [
                _gate(one)
                for one in waiting
                if may(
                    "gate.read",
                    call.rule_person,
                    Place(rows[one.gate_id].town_code, assigned_to_gate(session, rows[one.gate_id])),
                )
            ]
        )


def _gate(shown: Case) -> GateState:
    return GateState(
        gate_id=shown.gate_id,
        campaign_id=shown.campaign_id,
        name=shown.name,
        title=shown.title,
        about=shown.about,
        attempt=shown.attempt,
        state=shown.state,
        content_hash=shown.content_hash,
        opened_at=shown.opened_at,
        due_at=shown.due_at,
        choices=[Choice(one, title, one in shown.reason_needed) for one, title in shown.answers],
        seats=[
            SeatState(one.seat, one.role_title, one.person, one.answer, one.reason, one.decided_at)
            for one in shown.seats
        ],
    )


def show_gate(call: Call) -> GateCase | Refused:
    gate = need(call.found.gate)
    with call.store.reading() as session:
        shown = case_at(session, gate.id, by=call.person.id)
    if isinstance(shown, Refused):
        return shown
    return GateCase(
        gate=_gate(shown),
        upload=shown.upload,
        sheets=[SheetState(one.party, one.total, one.points, list(one.vetoes)) for one in shown.sheets],
        findings=[one.message for one in shown.findings],
        lines=list(shown.lines),
    )


def decide(call: Call) -> Decided | Refused:
    """Whoever decides has a one-time password in the portal; here it is the mailed code that a token lacks."""
    gate, wanted = need(call.found.gate), call.body
    assert isinstance(wanted, NewDecision)
    if wanted.attempt != gate.attempt:
        return Refused("stale_content", "该审批点已进入另一次办理，请重新读取后再作决定。")
    done = decide_by_code(
        call.store,
        gate_id=gate.id,
        code=wanted.code,
        answer=wanted.answer,
        reason=wanted.reason,
        door=DOOR,
        now=call.now,
        host_now=clock.host_now(),
        by=call.person.id,
        seen_hash=wanted.seen_hash,
    )
    if isinstance(done, Refused):
        return done
    with call.store.reading() as session:
        state = session.get_one(GateRow, gate.id).state
    return Decided(gate.id, done.attempt, done.seat, done.answer, done.decided_at, state)


def send_code(call: Call) -> CodeOnItsWay | Refused:
    gate = need(call.found.gate)
    refused = request_code(
        call.store, gate_id=gate.id, person_id=call.person.id, now=call.now, host_now=clock.host_now()
    )
    return refused or CodeOnItsWay(gate.id, gate.attempt)


VILLAGE = f"{V1}/campaigns/{{campaign_id}}/villages/{{village_code}}"
API_ROUTES: tuple[ApiRoute, ...] = (
    ApiRoute("GET", f"{V1}/token", "account", whose, TokenState, "Whose token this is"),
    ApiRoute(
        "GET", f"{V1}/campaigns/{{campaign_id}}/board", "board.read", show_board, BoardState,
        "Where a campaign stands",
    ),
    ApiRoute(
        "GET", f"{VILLAGE}/uploads", "village.read", list_uploads, UploadList,
        "Every version of a village's dossier",
    ),
    ApiRoute(
        "POST", f"{VILLAGE}/uploads", "village.hand_in", hand_in, Receipt,
        "Hand in a dossier (.xlsx); answered when it is stored, checked later",
        takes=bytes, status=201, refuses=(409, 413, 415, 422),
    ),
    ApiRoute(
        "GET", f"{V1}/uploads/{{upload_id}}", "village.read", show_upload, UploadState,
        "One version: its state and what the checks found",
    ),
    ApiRoute(
        "GET", f"{V1}/campaigns/{{campaign_id}}/gates", "inbox", list_gates, GateList,
        "What waits for a decision of the token's person",
    ),
    ApiRoute(
        "GET", f"{V1}/gates/{{gate_id}}", "gate.read", show_gate, GateCase,
        "Everything a decision rests on",
    ),
    ApiRoute(
        "POST", f"{V1}/gates/{{gate_id}}/codes", "gate.decide", send_code, CodeOnItsWay,
        "Have a one-time approval code mailed to the token's person", status=202, refuses=(409, 422),
    ),
    ApiRoute(
        "POST", f"{V1}/gates/{{gate_id}}/decisions", "gate.decide", decide, Decided,
        "Decide, with the approval code that was mailed",
        takes=NewDecision, status=201, refuses=(409, 413, 415, 422),
    ),
)  # fmt: skip
