"""The running portal keeps to its OpenAPI document, whatever is sent to it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import httpx
import pytest
import schemathesis
import uvicorn
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS as CHECKS_THERE
from schemathesis.checks import load_all_checks

from portal.api.access import Paces
from portal.api.rate_limit import Pace
from portal.api.routes import API_ROUTES
from records.review.assignments import assigned_to_gate
from records.tables.review import GateRow
from tests.actions.conftest import CAMPAIGN_ID
from tests.portal.conftest import CLERK, Portal

EXAMPLES = 10
"""For each door, kind of person, way of making them and object."""
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
)


@contextmanager
def running(app: FastAPI) -> Iterator[str]:
    """The application behind a real server on loopback."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.01)
    [listening] = server.servers[0].sockets
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def address(portal: Portal, at_desk: GateRow) -> Iterator[str]:
    endless = Pace(10**6)
    portal.app.state.paces = Paces(tokens=endless, strangers=endless)
    with running(portal.app) as there:
        yield there


# What is sent is the same with either database, and it takes a while.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("role", ["town_clerk", "coordinator", "reviewer"])
def test_running_portal_keeps_to_its_document(
    portal: Portal, at_desk: GateRow, address: str, role: str, mode: GenerationMode
) -> None:
    with portal.store.reading() as session:
        reviewer = min(assigned_to_gate(session, at_desk))
    people = {"town_clerk": CLERK, "coordinator": "coordinator-1", "reviewer": reviewer}
    headers = {"Authorization": portal.program(people[role]).headers["Authorization"]}
    schema = schemathesis.openapi.from_dict(httpx.get(f"{address}/api/v1/openapi.json").json())
    there = {
        "campaign_id": CAMPAIGN_ID, "village_code": at_desk.village_code,
        "upload_id": at_desk.upload_id, "gate_id": at_desk.id,
    }  # fmt: skip

    tried = 0
    for operation in (found.ok() for found in schema.get_all_operations()):
        named = {name: there[name] for name in there if f"{{{name}}}" in operation.path}
        for path in (named, None):
            if mode.is_negative and path is not None and not list(operation.body):
                continue
            tried += _try(operation.as_strategy(mode, path_parameters=path), address, headers)

    assert tried >= len(API_ROUTES) * EXAMPLES // 4


def _try(cases: SearchStrategy[Case], address: str, headers: Mapping[str, str]) -> int:
    """Send examples and hold the answers against the document; how many were sent."""
    load_all_checks()
    wanted, sent = CHECKS_THERE.get_by_names(CHECKS), 0

    @seed(7)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def send(case: Case) -> None:
        nonlocal sent
        sent += 1
        case.call_and_validate(base_url=address, headers=dict(headers), checks=wanted)

    try:
        send()
    except Unsatisfiable:
        return 0
    return sent
