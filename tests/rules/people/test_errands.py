"""What a person may send to Prefect's interface through the portal."""

from __future__ import annotations

import json

import pytest

from rules.people.errands import LOOK, PRESS, Errand, errand_of
from rules.refusals import Refused

RUN = "0190c0de-0000-7000-8000-000000000001"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/assets/index-abc.js"),
        ("HEAD", "/api/health"),
        ("GET", f"/api/flow_runs/{RUN}"),
        ("GET", f"/api/flow_runs/{RUN}/input/keyset-schema"),
        ("GET", "/api/admin/version"),
        ("GET", "/api/admin/settings"),
        ("POST", "/api/flow_runs/filter"),
        ("POST", "/api/ui/flow_runs/count-task-runs"),
        ("POST", "/api/ui/schemas/validate"),
        ("POST", "/api/events/count-by/day"),
        ("POST", "/api/work_pools/hqe/queues/filter"),
    ],
)
def test_look_is_only_a_look(method: str, path: str) -> None:
    assert errand_of(method, path) == Errand(LOOK)


@pytest.mark.parametrize(
    ("method", "path", "body", "pressed", "run"),
    [
        ("POST", f"/api/flow_runs/{RUN}/resume", {"run_input": {}}, "resume", RUN),
        ("POST", f"/api/flow_runs/{RUN}/set_state", {"state": {}}, "set_state", RUN),
        ("DELETE", f"/api/flow_runs/{RUN}", None, "delete_run", RUN),
        ("POST", "/api/deployments/abc/pause_deployment", None, "pause", ""),
        ("POST", "/api/deployments/abc/resume_deployment", None, "unpause", ""),
        ("PATCH", "/api/deployments/abc", {"paused": True}, "pause", ""),
        ("PATCH", "/api/deployments/abc/schedules/def", {"active": False}, "pause", ""),
        ("PATCH", "/api/work_pools/hqe", {"is_paused": True}, "pause", ""),
        ("PATCH", "/api/work_pools/hqe/queues/default", {"is_paused": True}, "pause", ""),
        ("PATCH", "/api/work_queues/abc", {"is_paused": False}, "pause", ""),
    ],
)
def test_button_is_a_press_on_its_run_or_on_what_it_names(
    method: str, path: str, body: object, pressed: str, run: str
) -> None:
    about = "" if run else path.removeprefix("/api/")

    assert errand_of(method, path, json.dumps(body).encode()) == Errand(PRESS, pressed, run, about)


@pytest.mark.parametrize(
    ("method", "path", "body", "code"),
    [
        ("POST", "/api/deployments/abc/create_flow_run", {}, "no_runs_by_hand"),
        ("POST", "/api/deployments/abc/create_flow_run/bulk", {}, "no_runs_by_hand"),
        ("POST", "/api/flow_runs/", {}, "no_runs_by_hand"),
        ("GET", f"/api/flow_runs/{RUN}/input/keyset-response", None, "answers_unread"),
        ("POST", f"/api/flow_runs/{RUN}/input/filter", {}, "answers_unread"),
        ("POST", f"/api/flow_runs/{RUN}/input", {}, "answers_unread"),
        ("DELETE", f"/api/flow_runs/{RUN}/input/keyset-schema", None, "answers_unread"),
        ("POST", "/api/block_documents/filter", {}, "not_in_prefect"),
        ("GET", "/api/variables/name/x", None, "not_in_prefect"),
        ("POST", "/api/deployments/", {"name": "x"}, "not_in_prefect"),
        ("POST", "/api/flow_runs/bulk_delete", {}, "not_in_prefect"),
        ("POST", "/api/flow_runs/bulk_set_state", {"state": {}}, "not_in_prefect"),
        ("PATCH", "/api/work_pools/hqe", {"is_paused": True, "base_job_template": {}}, "not_in_prefect"),
        ("PATCH", "/api/work_pools/hqe", ["is_paused"], "not_in_prefect"),
        ("PATCH", "/api/deployments/abc", {"entrypoint": "x.py:f"}, "not_in_prefect"),
        ("POST", "/api/work_pools/hqe/get_scheduled_flow_runs", {}, "not_in_prefect"),
        ("GET", "/api/./variables/name/x", None, "not_in_prefect"),
        ("GET", "/api/flows/../variables/name/x", None, "not_in_prefect"),
        ("GET", "/api//variables", None, "not_in_prefect"),
        ("GET", "/api/flows/..", None, "not_in_prefect"),
        ("GET", "/api\\variables", None, "not_in_prefect"),
        ("PUT", "/api/admin/storage", {}, "not_in_prefect"),
        ("POST", f"/api/flow_runs/{RUN}/set_state/", {}, "not_in_prefect"),
    ],
)
def test_what_is_no_button_is_refused_whoever_asks(method: str, path: str, body: object, code: str) -> None:
    refused = errand_of(method, path, json.dumps(body).encode())

    assert isinstance(refused, Refused)
    assert refused.code == code


def test_body_that_cannot_be_read_changes_nothing() -> None:
    assert isinstance(errand_of("PATCH", "/api/work_pools/hqe", b"{"), Refused)
