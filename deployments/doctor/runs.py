"""Troubles of Prefect: it does not answer, or the run of a subject is dead, gone or stuck."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from actions.runs.repair import live_runs, ring_dead
from actions.upkeep.troubles import Trouble
from config.places import prefect_access
from config.settings import Settings
from deployments.local.preflight import is_taken
from deployments.prefect_server import server
from records import clock
from records.store import Store

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.objects import FlowRun

AT_ONCE = 200
STUCK_AFTER = timedelta(minutes=30)
"""Our runs last seconds; nobody executes one that has been under way for so long."""
STATES = {"FAILED": "失败", "CRASHED": "崩溃", "CANCELLED": "被取消", "COMPLETED": "已结束"}


def run_troubles(store: Store, settings: Settings, *, now: datetime) -> list[Trouble]:
    """What Prefect knows of the runs that ought to sleep; one line when it does not answer."""
    access = prefect_access(settings.home, settings.prefect_port, os.environ)
    api = access.api
    if not server.is_healthy(api, timeout=3):
        return [_away(settings, api)]
    from httpx import HTTPStatusError
    from prefect.client.orchestration import SyncPrefectClient

    expected = live_runs(store)

    def client() -> SyncPrefectClient:
        return SyncPrefectClient(api, auth_string=access.password)

    try:
        with client() as asking:
            found = {run.id: run for run in _runs(asking, list(expected))}
    except HTTPStatusError as error:
        what = f"Prefect 拒绝回答({error.response.status_code})"
        remedy = "核对口令文件 prefect/password；端口上可能是另一个 Prefect(HQE_PREFECT_PORT)。"
        return [Trouble("prefect_refuses", what, api, remedy)]
    return [
        trouble
        for run_id, subject in expected.items()
        for trouble in _of_run(store, subject, found.get(run_id), client, now)
    ]


def _away(settings: Settings, api: str) -> Trouble:
    runs = "./hqe up 正在运行，看日志 logs/server.log" if is_taken(settings.home) else "启动 ./hqe up"
    remedy = f"{runs}。其间乡镇照常上报、审核照常决定，恢复后自动补办。"
    return Trouble("prefect_away", "Prefect 没有应答", api, remedy)


def _runs(client: SyncPrefectClient, ids: list[UUID]) -> Iterator[FlowRun]:
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId

    for start in range(0, len(ids), AT_ONCE):
        asked = FlowRunFilter(id=FlowRunFilterId(any_=ids[start : start + AT_ONCE]))
        yield from client.read_flow_runs(flow_run_filter=asked, limit=AT_ONCE)


def _of_run(
    store: Store,
    subject: tuple[str, str],
    run: FlowRun | None,
    client: Callable[[], Any],
    now: datetime,
) -> Iterator[Trouble]:
    where, remedy = " ".join(subject), "运行 ./hqe doctor --repair 重新启动；定时检查也会自动补办。"
    ring = partial(ring_dead, store, [subject], now=now)
    if run is None:
        yield Trouble("run_gone", "运行已从 Prefect 中删除", where, remedy, ring)
    elif run.state is None or run.state.is_final():
        state = run.state.type.value if run.state else ""
        yield Trouble("run_gone", f"运行{STATES.get(state, '没有状态')}", where, remedy, ring)
    elif _is_stuck(run):
        what = f"运行在“{run.state.name}”状态超过{STUCK_AFTER.seconds // 60}分钟，没有进程在执行"
        yield Trouble("run_stuck", what, where, remedy, partial(_crash, client, run.id, ring))


def _is_stuck(run: FlowRun) -> bool:
    state = run.state
    if state is None or not (state.is_running() or state.is_pending()):
        return False
    return clock.host_now() - state.timestamp > STUCK_AFTER


def _crash(client: Callable[[], Any], run_id: UUID, ring: Callable[[], object]) -> None:
    """Give a run up whose process is gone; its subject gets another."""
    from prefect.states import Crashed

    with client() as telling:
        telling.set_flow_run_state(run_id, Crashed(message="hqe doctor: no process executes it"), force=True)
    ring()
