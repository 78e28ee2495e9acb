"""Uploads that are meant to hurt, and a portal that dies in the middle of one: a real process where it matters."""

from __future__ import annotations

import re
import resource
import signal
import socket
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from http.client import HTTPResponse
from io import BytesIO
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from actions.dossiers import uploads
from actions.people.login import hash_token
from portal.web.request import form_token
from records import clock
from records.store import Store
from records.tables.dossiers import UploadRow
from records.tables.people import SessionRow
from records.tables.upkeep import AuditRow
from rehearsal.bench.portal_process import serving
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, dossier_of, local, small_campaign
from tests.conftest import rows_of
from tests.portal.conftest import CLERK, Browser, Portal
from tests.portal_process import make_house, token_for

pytestmark = pytest.mark.programs

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEGABYTE = 2**20
GIGABYTE = 1024 * MEGABYTE


def page_of(campaign: Campaign) -> str:
    return f"/campaigns/{CAMPAIGN_ID}/villages/{campaign.villages[0].code}"


# --- what a file says of itself ------------------------------------------------------------------


def bomb() -> bytes:
    """A workbook of a few kilobytes that unpacks to half a gigabyte."""
    packed = BytesIO(dossier_of(small_campaign().villages[0].code))
    with (
        zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as parts,
        parts.open("xl/media/x.png", "w") as part,
    ):
        for _ in range(512):
            part.write(bytes(MEGABYTE))
    return packed.getvalue()


def macros() -> bytes:
    packed = BytesIO(dossier_of(small_campaign().villages[0].code))
    with zipfile.ZipFile(packed, "a") as parts:
        parts.writestr("xl/vbaProject.bin", b"x")
    return packed.getvalue()


@pytest.fixture
def clerk(portal: Portal, submitting: Store, campaign: Campaign, at: Callable[[int, int], None]) -> Browser:
    """A town clerk on the page of her first village."""
    at(11, 2)
    browser = portal.as_(CLERK)
    browser.look(page_of(campaign))
    return browser


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (bomb, "解压后过大"),
        (macros, "宏"),
        (lambda: b"%PDF-1.7\n", "PDF文件"),
        (lambda: b"\xff\xd8\xff\xe0", "JPEG图片"),
        (lambda: b"MZ\x90", "工作簿"),
        (lambda: b"", "空"),
    ],
    ids=["bomb", "macros", "pdf", "jpeg", "program", "empty"],
)
def test_file_that_hurts_is_refused_with_a_sentence(
    portal: Portal, clerk: Browser, campaign: Campaign, made: Callable[[], bytes], said: str
) -> None:
    page = clerk.fill_in(f"{page_of(campaign)}/uploads", files={"dossier": ("材料.xlsx", made())})

    refused = re.search(r'class="refused"[^>]*>([^<]+)<', page.text)
    assert page.status_code == 422
    assert refused is not None
    assert said in refused[1]
    assert rows_of(portal.store, UploadRow) == []


@pytest.mark.parametrize(
    "name",
    [
        "../../../../etc/cron.d/x.xlsx",
        "C:\\Windows\\x.xlsx",
        '=HYPERLINK("x").xlsx',
        "<script>.xlsx",
        "x\r\nA: b",
    ],
)
def test_name_of_a_file_is_kept_nowhere(
    portal: Portal, clerk: Browser, campaign: Campaign, name: str
) -> None:
    data = dossier_of(campaign.villages[0].code)

    page = clerk.fill_in(f"{page_of(campaign)}/uploads", files={"dossier": (name, data)})

    [upload] = rows_of(portal.store, UploadRow)
    clerk.look(page_of(campaign))
    sent = clerk.fill_in(f"/uploads/{upload.id}/file")
    told = (
        page.text
        + sent.headers["content-disposition"]
        + str([row.facts for row in rows_of(portal.store, AuditRow)])
    )
    assert "已收件" in page.text
    assert sent.content == data
    assert name not in told
    assert "HYPERLINK" not in told


# --- streams -------------------------------------------------------------------------------------


@pytest.fixture
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A house as on a machine: a portal of its own can be started on it."""
    made = make_house(tmp_path)
    yield made
    made.close()


def session_for(store: Store, person_id: str, token: str) -> None:
    now = clock.host_now()
    with store.writing() as session:
        session.add(
            SessionRow(
                token_hash=hash_token(token), person_id=person_id, begun_at=now, seen_at=now,
                ends_at=now + timedelta(hours=1), second_factor=True,
            )
        )  # fmt: skip


def head(path: str, address: str, **headers: str) -> bytes:
    """The beginning of a chunked request that says nothing of its length."""
    lines = [f"POST {path} HTTP/1.1", f"Host: {urlsplit(address).netloc}", "Transfer-Encoding: chunked"]
    return "\r\n".join(
        [*lines, *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()), "", ""]
    ).encode()


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def pour(address: str, beginning: bytes, *, most: int) -> tuple[int, int, str]:
    """Send megabytes until somebody answers; how many, the answer's status and text."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port or 0), timeout=60) as line:
        line.sendall(beginning)
        answer = HTTPResponse(line, method="POST")
        hearing = threading.Thread(target=answer.begin)
        hearing.start()
        sent, megabyte = 0, chunk(b"x" * MEGABYTE)
        with suppress(ConnectionError):
            while hearing.is_alive() and sent < most:
                line.sendall(megabyte)
                sent += MEGABYTE
        hearing.join(60)
        return sent, answer.status, answer.read().decode()


def highest_memory(process: int) -> int:
    """Bytes that the process ever had in memory."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) * 1024  # type: ignore[index]


@pytest.mark.parametrize("door", ["page", "api"])
def test_endless_stream_is_refused_early_and_costs_little(
    store: Store, submitting: Store, campaign: Campaign, tmp_path: Path, door: str
) -> None:
    clock.simulate(store, local(campaign, 11, 2))
    bearer = token_for(store, CLERK)
    session_for(store, CLERK, "cookie")
    with serving(tmp_path) as (process, address):
        # More than this on disk and the process would die of it.
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (32 * MEGABYTE, 32 * MEGABYTE))
        httpx.get(f"{address}/login")
        before = highest_memory(process.pid)
        if door == "api":
            beginning = head(f"/api/v1{page_of(campaign)}/uploads", address, Content_Type=XLSX, **bearer)
        else:
            form = (
                f'--b\r\nContent-Disposition: form-data; name="form_token"\r\n\r\n{form_token("cookie")}\r\n--b\r\n'
                'Content-Disposition: form-data; name="dossier"; filename="a.xlsx"\r\n\r\n'
            )
            beginning = head(
                f"{page_of(campaign)}/uploads", address, Content_Type="multipart/form-data; boundary=b",
                Cookie="hqe=cookie", Origin=address,
            ) + chunk(form.encode())  # fmt: skip

        sent, status, answer = pour(address, beginning, most=GIGABYTE)

        grown = highest_memory(process.pid) - before
        alive = httpx.get(f"{address}/readyz").status_code

    assert status == 413
    assert "15 MB" in answer
    assert sent < 128 * MEGABYTE
    assert grown < 64 * MEGABYTE
    assert alive == 200
    assert rows_of(store, UploadRow) == []


def test_announced_gigabyte_is_refused_before_it_is_sent(
    store: Store, submitting: Store, campaign: Campaign, tmp_path: Path
) -> None:
    bearer = token_for(store, CLERK)
    with serving(tmp_path) as (_, address):
        parts = urlsplit(address)
        with socket.create_connection((parts.hostname, parts.port or 0), timeout=60) as line:
            beginning = head(f"/api/v1{page_of(campaign)}/uploads", address, Content_Type=XLSX, **bearer)
            line.sendall(beginning.replace(b"Transfer-Encoding: chunked", b"Content-Length: %d" % GIGABYTE))
            answer = line.recv(65536)

    assert answer.startswith(b"HTTP/1.1 413")


# --- death in the middle -------------------------------------------------------------------------


def version(data: bytes, number: str) -> bytes:
    """The same dossier as another file."""
    packed = BytesIO(data)
    with zipfile.ZipFile(packed, "a") as parts:
        parts.comment = number.encode()
    return packed.getvalue()


def versions(data: bytes, whose: str) -> Iterator[bytes]:
    for number in count(1):
        yield version(data, f"{whose}/{number}")


def hand_in_until_it_dies(
    address: str, path: str, bearer: dict[str, str], files: Iterator[bytes], receipts: list[dict[str, object]]
) -> None:
    with httpx.Client(base_url=address, headers={**bearer, "Content-Type": XLSX}, timeout=60) as program:
        for data in files:
            try:
                answer = program.post(path, content=data)
            except httpx.TransportError:
                return
            assert answer.status_code == 201, answer.text
            receipts.append(answer.json())


def test_portal_killed_in_the_middle_of_uploads_loses_nothing_that_had_a_receipt(
    store: Store, submitting: Store, campaign: Campaign, tmp_path: Path
) -> None:
    clock.simulate(store, local(campaign, 11, 2))
    path, dossier = f"/api/v1{page_of(campaign)}/uploads", dossier_of(campaign.villages[0].code)
    bearer = token_for(store, CLERK)
    receipts: list[dict[str, object]] = []

    with serving(tmp_path) as (process, address):
        clients = [
            threading.Thread(
                target=hand_in_until_it_dies,
                args=(address, path, bearer, versions(dossier, str(one)), receipts),
            )
            for one in range(4)
        ]
        parts = urlsplit(address)
        with socket.create_connection((parts.hostname, parts.port or 0)) as slow:
            slow.sendall(head(path, address, Content_Type=XLSX, **bearer) + chunk(dossier[:1000]))
            for client in clients:
                client.start()
            while len(receipts) < 12:
                clients[0].join(0.01)
            process.send_signal(signal.SIGKILL)
            for client in clients:
                client.join()
    with serving(tmp_path) as (_, address):
        after = httpx.post(
            f"{address}{path}", content=version(dossier, "after"), headers={**bearer, "Content-Type": XLSX}
        )

    kept = {row.id: row for row in rows_of(store, UploadRow)}
    assert after.status_code == 201
    assert [one for one in receipts if kept[int(str(one["upload_id"]))].sha256 != one["sha256"]] == []
    assert len(kept) <= len(receipts) + len(clients) + 1
    for upload_id, row in kept.items():
        assert len(uploads.read_upload(store, upload_id)[1]) == row.size
    assert sorted(row.version for row in kept.values()) == list(range(1, len(kept) + 1))
