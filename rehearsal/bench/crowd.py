"""Many browsers at once, in a process of their own: what they are to do comes as JSON, how it went goes back so.

``python -m rehearsal.bench.crowd`` imports little and does little beside asking, so that what is measured is the
portal. Each browser keeps its connection; redirects are not followed, since they are an answer too.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Awaitable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx

from config.places import ROOT

TIMEOUT_S = 120.0
UNANSWERED = 0
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Look:
    """A page to ask for after having thought for so long."""

    path: str
    pause_s: float


@dataclass(frozen=True, slots=True)
class Guest:
    """A browser with the cookie of a session, and the pages that it asks for one after the other."""

    token: str
    looks: tuple[Look, ...]


@dataclass(frozen=True, slots=True)
class Sending:
    """A dossier in a file, to be sent to ``path`` with the form that this session was given."""

    token: str
    form_token: str
    path: str
    file: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Status (0: none came), size of the body in bytes, and seconds until all of it was there."""

    status: int
    size: int
    seconds: float


def browse(address: str, guests: Sequence[Guest]) -> list[list[Answer]]:
    """All guests at once; their answers in the order of what they asked for."""
    told = _in_a_process({"address": address, "guests": [asdict(guest) for guest in guests]})
    return [[Answer(*one) for one in answers] for answers in told]


def send(address: str, sendings: Sequence[Sending], *, clients: int) -> list[Answer]:
    """So many clients at once, each sending the next dossier as soon as its last one is answered."""
    order = {"address": address, "clients": clients, "sendings": [asdict(one) for one in sendings]}
    return [Answer(*one) for one in _in_a_process(order)]


def _in_a_process(order: dict[str, Any]) -> list[Any]:
    """Raises ``CalledProcessError`` when the crowd's process fails."""
    command = [sys.executable, "-m", "rehearsal.bench.crowd"]
    done = subprocess.run(
        command, input=json.dumps(order).encode(), stdout=subprocess.PIPE, check=True, cwd=ROOT
    )
    answers: list[Any] = json.loads(done.stdout)
    return answers


# --- in the crowd's process ------------------------------------------------------------------------------


def main() -> None:
    order = json.load(sys.stdin)
    act = _browse_all(order) if "guests" in order else _send_all(order)
    json.dump(asyncio.run(act), sys.stdout)


async def _browse_all(order: dict[str, Any]) -> list[Any]:
    return list(await asyncio.gather(*(_browse(order["address"], guest) for guest in order["guests"])))


async def _browse(address: str, guest: dict[str, Any]) -> list[Any]:
    answers = []
    async with _browser(address) as browser:
        for look in guest["looks"]:
            await asyncio.sleep(look["pause_s"])
            answers.append(await _timed(browser.get(look["path"], headers=_cookie(guest))))
    return answers


async def _send_all(order: dict[str, Any]) -> list[Any]:
    waiting = list(enumerate(order["sendings"]))[::-1]
    answers: list[Any] = [None] * len(waiting)
    clients = [_send_on(order["address"], waiting, answers) for _ in range(order["clients"])]
    await asyncio.gather(*clients)
    return answers


async def _send_on(address: str, waiting: list[tuple[int, dict[str, Any]]], answers: list[Any]) -> None:
    async with _browser(address) as browser:
        while waiting:
            number, sending = waiting.pop()
            answers[number] = await _timed(_send(browser, address, sending))


async def _send(browser: httpx.AsyncClient, address: str, sending: dict[str, Any]) -> httpx.Response:
    data = Path(sending["file"]).read_bytes()
    return await browser.post(
        sending["path"],
        data={"form_token": sending["form_token"]},
        files={"dossier": ("申报材料.xlsx", data, XLSX)},
        headers={"Origin": address, **_cookie(sending)},
    )


def _browser(address: str) -> httpx.AsyncClient:
    # Nothing is encrypted here, and 50 stores of certificates take seconds to read.
    return httpx.AsyncClient(base_url=address, timeout=TIMEOUT_S, trust_env=False, verify=False)


def _cookie(session: dict[str, Any]) -> dict[str, str]:
    return {"Cookie": f"hqe={session['token']}"}


async def _timed(asking: Awaitable[httpx.Response]) -> tuple[int, int, float]:
    started = time.perf_counter()
    try:
        answer = await asking
    except httpx.TransportError:
        return UNANSWERED, 0, time.perf_counter() - started
    return answer.status_code, len(answer.content), time.perf_counter() - started


if __name__ == "__main__":
    main()
