"""A disk that is full while a dossier is uploaded: a sentence, and nothing half kept."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from typing import NoReturn

import pytest

from records.store import Store
from records.tables.dossiers import UploadRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, dossier_of
from tests.conftest import rows_of
from tests.portal.conftest import CLERK, Portal

FULL = "磁盘已满，没有办理任何事项。请联系系统管理员清理磁盘后重试。"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def refuse(*_: object, **__: object) -> NoReturn:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


SEAMS = {
    "received": ("starlette.datastructures.UploadFile.write", "tempfile.SpooledTemporaryFile.write"),
    "kept": ("records.dossiers.files.keep",),
}
"""Where the disk says so: the temporary file of a body, or the sealed file."""
meanwhile = pytest.mark.parametrize("seams", SEAMS.values(), ids=SEAMS)


def fill_disk(monkeypatch: pytest.MonkeyPatch, seams: tuple[str, ...]) -> None:
    for seam in seams:
        monkeypatch.setattr(seam, refuse)


@meanwhile
def test_upload_on_the_page_is_refused_with_a_sentence(
    portal: Portal,
    submitting: Store,
    campaign: Campaign,
    at: Callable[[int, int], None],
    monkeypatch: pytest.MonkeyPatch,
    seams: tuple[str, ...],
) -> None:
    at(11, 2)
    village = campaign.villages[0].code
    browser = portal.as_(CLERK)
    browser.look(f"/campaigns/{CAMPAIGN_ID}/villages/{village}")
    fill_disk(monkeypatch, seams)

    page = browser.fill_in(
        f"/campaigns/{CAMPAIGN_ID}/villages/{village}/uploads",
        files={"dossier": ("材料.xlsx", dossier_of(village))},
    )

    assert (page.status_code, FULL in page.text) == (503, True)
    assert rows_of(submitting, UploadRow) == []


@meanwhile
def test_upload_by_a_program_is_refused_with_a_sentence(
    portal: Portal,
    submitting: Store,
    campaign: Campaign,
    at: Callable[[int, int], None],
    monkeypatch: pytest.MonkeyPatch,
    seams: tuple[str, ...],
) -> None:
    at(11, 2)
    village = campaign.villages[0].code
    program = portal.program(CLERK, "village.hand_in")
    fill_disk(monkeypatch, seams)

    answer = program.post(
        f"/api/v1/campaigns/{CAMPAIGN_ID}/villages/{village}/uploads",
        content=dossier_of(village),
        headers={"Content-Type": XLSX},
    )

    told = answer.json()
    assert (answer.status_code, told["code"], told["detail"]) == (503, "unwritten", FULL)
    assert rows_of(submitting, UploadRow) == []
