"""What a watcher gets: counters, gauges and log lines, without a name, an address or a word of anybody's."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from config.log import JsonLine
from config.settings import read_settings
from portal.app import make_app
from portal.web.request_log import Recount
from records import clock
from records.runs.ticks import note_tick
from records.sealing.vault import Vault
from records.store import Store
from records.tables.review import GateRow
from tests.portal.conftest import CLERK, Browser, Portal, Wire

HERE = "http://127.0.0.1"


def watcher(store: Store, home: Path, *, client: str = "127.0.0.1", **env: str) -> Browser:
    """A portal asked from this address."""
    wire = Wire(make_app(store, read_settings({"HQE_HOME": str(home), "HQE_PLAIN_HTTP": "1", **env})))
    wire._carrier.client = (client, 1)
    return Browser(transport=wire, base_url=HERE)


def numbers(answer: httpx.Response) -> dict[str, float]:
    assert answer.status_code == 200
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(number) for name, _, number in (line.rpartition(" ") for line in lines)}


def test_requests_are_counted_by_route_and_never_by_address(
    portal: Portal, at_desk: GateRow, tmp_path: Path
) -> None:
    browser = watcher(portal.store, tmp_path)
    browser.get(f"/gates/{at_desk.id}?q=331199199003070019")
    browser.get("/nothing/331199199003070019")
    browser.get("/static/portal.css")
    browser.request("BREW", "/login")

    answer = browser.get("/metrics")

    found = numbers(answer)
    counted = {name: one for name, one in found.items() if name.startswith("hqe_requests_total")}
    assert counted == {
        'hqe_requests_total{method="GET",route="/gates/{gate_id}",status="303"}': 1,
        'hqe_requests_total{method="GET",route="unknown",status="404"}': 1,
        'hqe_requests_total{method="GET",route="/static",status="200"}': 1,
        'hqe_requests_total{method="OTHER",route="/login",status="405"}': 1,
    }
    assert found['hqe_request_seconds_count{route="/gates/{gate_id}"}'] == 1
    assert "331199" not in answer.text


def test_gauges_are_those_of_the_rows(
    portal: Portal, at_desk: GateRow, at: Callable[[int, int], None], tmp_path: Path
) -> None:
    at(11, 17)
    browser = watcher(portal.store, tmp_path)
    before = numbers(browser.get("/metrics"))
    with portal.store.writing() as session:
        note_tick(session, host_now=clock.host_now())

    found = numbers(browser.get("/metrics"))

    assert found["hqe_database_up"] == 1
    assert found['hqe_uploads{state="accepted"}'] == 1
    assert found['hqe_open_gates{gate="desk_review"}'] == 1
    assert found['hqe_open_duties{kind="gate"}'] == 1
    assert found['hqe_outbox{state="waiting"}'] > 0
    assert found["hqe_waiting_bells"] > 0
    assert found["hqe_oldest_unsent_seconds"] > 0
    assert "hqe_last_tick_age_seconds" not in before
    assert 0 <= found["hqe_last_tick_age_seconds"] < 60
    assert not any(town in name for name in found for town in ("331181", "八都"))


def test_metrics_without_the_database_say_so(tmp_path: Path) -> None:
    gone = Store(f"sqlite:///{tmp_path / 'no' / 'such.db'}", vault=Vault(bytes(32)), home=tmp_path)

    found = numbers(watcher(gone, tmp_path).get("/metrics"))

    gone.close()
    assert found["hqe_database_up"] == 0
    assert "hqe_waiting_bells" not in found


@pytest.mark.parametrize(
    ("client", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("10.0.0.7", {}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 404),
        ("10.0.0.7", {"Authorization": "Bearer watch"}, 200),
        ("10.0.0.7", {"Authorization": "Bearer wrong"}, 404),
        ("127.0.0.1", {"Authorization": "Bearer wrong"}, 404),
        ("10.0.0.7", {"Authorization": "Bearer "}, 404),
    ],
)
def test_metrics_are_for_this_machine_or_the_token(
    portal: Portal, tmp_path: Path, client: str, headers: dict[str, str], status: int
) -> None:
    browser = watcher(portal.store, tmp_path, client=client, HQE_METRICS_TOKEN="watch")

    assert browser.get("/metrics", headers=headers).status_code == status


def test_metrics_without_a_token_set_take_none(portal: Portal, tmp_path: Path) -> None:
    browser = watcher(portal.store, tmp_path, client="10.0.0.7")

    assert browser.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


# --- the log -------------------------------------------------------------------------------------


def test_log_line_tells_route_and_time_and_nothing_of_what_was_sent(
    portal: Portal, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "hqe.access")
    browser = portal.as_(CLERK)
    caplog.clear()

    answer = browser.get("/account?who=季文静", headers={"User-Agent": "secret-agent"})

    [line] = [
        json.loads(JsonLine().format(record)) for record in caplog.records if record.name == "hqe.access"
    ]
    assert set(line) == {
        "time", "level", "logger", "message", "method", "route", "status", "ms", "request_id",
    }  # fmt: skip
    assert (line["method"], line["route"], line["status"]) == ("GET", "/account", 200)
    assert line["request_id"] == answer.headers["x-request-id"]
    for said in ("季文静", CLERK, "secret-agent", browser.cookies["__Host-hqe"], "127.0.0.1"):
        assert said not in json.dumps(line, ensure_ascii=False)


def test_request_number_from_outside_is_not_taken(portal: Portal) -> None:
    answer = portal.visitor().get("/login", headers={"X-Request-ID": "forged"})

    assert answer.headers["x-request-id"] != "forged"


def test_exception_in_a_log_line_is_its_kind_and_place() -> None:
    try:
        raise ValueError("331199199003070019")
    except ValueError as error:
        record = logging.getLogger("x").makeRecord(
            "x", logging.ERROR, "f", 1, "it broke", (), (ValueError, error, error.__traceback__)
        )

    line = json.loads(JsonLine().format(record))

    assert (line["exception"], line["message"]) == ("ValueError", "it broke")
    assert "test_metrics.py" in line["where"]
    assert "331199" not in str(line)


def test_lifespan_is_no_request() -> None:
    heard: list[object] = []

    async def nothing(*_: object) -> None:
        return None

    asyncio.run(Recount(nothing, lambda *told: heard.append(told))({"type": "lifespan"}, nothing, nothing))  # type: ignore[arg-type]

    assert heard == []


@pytest.mark.parametrize(
    "header",
    [
        "X-Real-IP",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Port",
        "X-Forwarded-Proto",
        "Forwarded",
        "Via",
        "X-Client-IP",
        "True-Client-IP",
    ],
)
@pytest.mark.parametrize("said", ["127.0.0.1", "192.0.2.7", ""])
def test_whoever_a_proxy_brings_reads_no_numbers_whatever_it_says_of_them(
    portal: Portal, tmp_path: Path, header: str, said: str
) -> None:
    at_hand = watcher(portal.store, tmp_path)

    assert (
        at_hand.get("/metrics").status_code,
        at_hand.get("/metrics", headers={header: said}).status_code,
    ) == (
        200,
        404,
    )
