"""The portal as a process: it starts, says that it is able to work, trusts its proxy alone, and ends when told to."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import httpx
import pytest

from records.store import Store
from records.tables.duties import HeartbeatRow, OutageRow
from rehearsal.bench.portal_process import serving
from tests.conftest import rows_of
from tests.portal_process import make_house

pytestmark = pytest.mark.programs

T = TypeVar("T")
OFFICE = {"Host": "portal.example.invalid"}
FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}


@pytest.fixture(autouse=True)
def house(tmp_path: Path) -> Iterator[Store]:
    made = make_house(tmp_path)
    yield made
    made.close()


def test_process_serves_and_ends_cleanly(tmp_path: Path) -> None:
    with serving(tmp_path) as (process, address):
        ready = httpx.get(f"{address}/readyz").json()
        page = httpx.head(f"{address}/login")
        process.send_signal(signal.SIGTERM)
        ended = process.wait(30)

    assert ready == {"status": "ok"}
    assert page.status_code == 200
    assert ended in (0, -signal.SIGTERM)


def test_process_that_was_away_notes_for_how_long(tmp_path: Path, house: Store) -> None:
    with serving(tmp_path):
        first = until(lambda: rows_of(house, HeartbeatRow))
    with house.writing() as session:
        session.get_one(HeartbeatRow, "portal").seen_at -= timedelta(hours=2)
    with serving(tmp_path):
        [outage] = until(lambda: rows_of(house, OutageRow))

    assert first[0].name == "portal"
    assert outage.ended_at - outage.began_at >= timedelta(hours=2)


def until(found: Callable[[], list[T]]) -> list[T]:
    """What another process writes while it starts."""
    deadline = time.monotonic() + 60
    while not (rows := found()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return rows


def test_word_of_the_proxy_is_taken_and_nobody_elses(tmp_path: Path) -> None:
    with serving(tmp_path) as (_, address):
        proxy = httpx.get(f"{address}/login", headers={**OFFICE, **FORWARDED})
        bare = httpx.get(f"{address}/login", headers=OFFICE)
        metrics = httpx.get(f"{address}/metrics", headers={**OFFICE, **FORWARDED})
    with serving(tmp_path, HQE_PROXIES="192.0.2.1,10.0.0.0/8") as (_, address):
        stranger = httpx.get(f"{address}/login", headers={**OFFICE, **FORWARDED})

    assert (proxy.status_code, proxy.headers["set-cookie"][:11]) == (200, "__Host-hqe=")
    assert (bare.status_code, stranger.status_code, metrics.status_code) == (400, 400, 404)
    assert "https" in stranger.text


def test_plain_http_in_the_office_only_when_the_operator_says_so(tmp_path: Path) -> None:
    with serving(tmp_path, HQE_PLAIN_HTTP="1") as (_, address):
        plain = httpx.get(f"{address}/login", headers=OFFICE)
        behind_tls = httpx.get(f"{address}/login", headers={**OFFICE, **FORWARDED})

    assert (plain.status_code, plain.headers["set-cookie"][:4]) == (200, "hqe=")
    assert "secure" not in plain.headers["set-cookie"].lower()
    assert "strict-transport-security" not in plain.headers
    assert behind_tls.headers["set-cookie"].startswith("__Host-hqe=")


def test_log_is_json_lines_without_what_was_sent(tmp_path: Path) -> None:
    with serving(tmp_path, HQE_LOG_FORMAT="json") as (_, address):
        httpx.get(
            f"{address}/invitation/secret-token?who=331199199003070019", headers={"Cookie": "hqe=biscuit"}
        )
        form = {"name": "331199199003070019", "password": "secret-word"}
        httpx.post(f"{address}/login", data=form, headers={"Origin": address})

    log = (tmp_path / "portal.log").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in log.splitlines()]
    told = [(one["method"], one["route"], one["status"]) for one in lines if one["logger"] == "hqe.access"]
    assert ("GET", "/invitation/{token}", 422) in told
    assert ("POST", "/login", 403) in told
    for sent in ("secret-token", "331199", "biscuit", "secret-word", "127.0.0.1"):
        assert sent not in log
