"""What a request to Prefect's interface is: a look, a press of a button that is noted, or nothing for a person."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from rules.refusals import Refused

LOOK, PRESS = "prefect.look", "prefect.press"
"""The rights; who has them is said in ``rules.people.rights``."""

NO_RUNS_BY_HAND = Refused("no_runs_by_hand", "运行由本系统自动产生，不用手动另起。没有办理任何事项。")
NOT_HERE = Refused(
    "not_in_prefect", "Prefect 页面上不能这样操作，没有办理任何事项。需要修改的，请用本系统的页面。"
)
ANSWERS = Refused("answers_unread", "审批表单中填写的内容含授权码，不能查看。")

READING = frozenset({"GET", "HEAD", "OPTIONS"})
QUESTIONS = re.compile(
    r"/(filter|count|paginate|history|lateness|counts|count-task-runs|count-deployments|next-runs"
    r"|concurrency_status|count-by/[a-z-]+|ui/schemas/validate)$"
)
"""Prefect asks these by POST because the filter is long."""
SECRET = re.compile(r"^/api/(block_documents|variables|flow_runs/[^/]+/input)(/|$)")
"""What may hold somebody's code or password."""
CROOKED = re.compile(r"//|/\.{1,2}(/|$)|[\\\x00-\x1f]")
"""A path that somebody on the way may read as another one."""
FORM = re.compile(r"^/api/flow_runs/[^/]+/input/[^/]+-(schema|description)$")
"""The empty form of an approval, which *Resume* shows."""
RUN = re.compile(r"^/api/flow_runs/([0-9a-f-]{36})(/|$)")
BY_HAND = re.compile(r"^/api/(deployments/[^/]+/create_flow_run(/bulk)?|flow_runs/)$")


@dataclass(frozen=True, slots=True)
class Button:
    """A thing that can be pressed: how Prefect's pages send it, and what its body may change."""

    method: str
    path: re.Pattern[str]
    name: str
    changes: frozenset[str] | None = None
    """The fields that the body may have; None: any."""


def _button(method: str, path: str, name: str, *changes: str) -> Button:
    return Button(method, re.compile(f"^/api/{path}$"), name, frozenset(changes) or None)


BUTTONS = (
    _button("POST", r"flow_runs/[^/]+/resume", "resume"),
    _button("POST", r"flow_runs/[^/]+/set_state", "set_state"),
    _button("DELETE", r"flow_runs/[^/]+", "delete_run"),
    _button("POST", r"deployments/[^/]+/pause_deployment", "pause"),
    _button("POST", r"deployments/[^/]+/resume_deployment", "unpause"),
    _button("PATCH", r"deployments/[^/]+", "pause", "paused"),
    _button("PATCH", r"deployments/[^/]+/schedules/[^/]+", "pause", "active"),
    _button("PATCH", r"work_pools/[^/]+", "pause", "is_paused"),
    _button("PATCH", r"work_pools/[^/]+/queues/[^/]+", "pause", "is_paused"),
    _button("PATCH", r"work_queues/[^/]+", "pause", "is_paused"),
)
"""All that can be pressed. What a body could change besides (the program that a pool starts, say) is nobody's to
press: that would be somebody else's code on this machine. Nor is what falls on many runs at once, which no page of
Prefect sends: the log could not say on which."""


@dataclass(frozen=True, slots=True)
class Errand:
    """Something asked of Prefect by a person: the right that it takes, and what is pressed on which run."""

    right: str
    pressed: str = ""
    run_id: str = ""
    about: str = ""
    """What it is pressed on where that is no run: ``deployments/…``, ``work_pools/…``."""


def errand_of(method: str, path: str, body: bytes = b"") -> Errand | Refused:
    """What this request is; refused where no person may send it at all, whatever their roles."""
    if CROOKED.search(path):
        return NOT_HERE
    if SECRET.match(path) and not (method in READING and FORM.match(path)):
        return ANSWERS if "/input" in path else NOT_HERE
    if method in READING or (method == "POST" and QUESTIONS.search(path)):
        return Errand(LOOK)
    if method == "POST" and BY_HAND.match(path):
        return NO_RUNS_BY_HAND
    button = next((one for one in BUTTONS if one.method == method and one.path.match(path)), None)
    if button is None or not _changes_only(button.changes, body):
        return NOT_HERE
    run = RUN.match(path)
    return (
        Errand(PRESS, button.name, run[1]) if run else Errand(PRESS, button.name, about=path[len("/api/") :])
    )


def _changes_only(fields: frozenset[str] | None, body: bytes) -> bool:
    if fields is None:
        return True
    try:
        told = json.loads(body)
    except ValueError:
        return False
    return isinstance(told, Mapping) and told.keys() <= fields
