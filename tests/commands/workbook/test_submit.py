"""``hqe workbook submit``: a receipt, once."""

from __future__ import annotations

from pathlib import Path

from records.copies.dump import lines_of
from records.store import Store
from records.tables.dossiers import UploadRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import dossier_of, local
from tests.commands.conftest import Run, set_clock

TOWN, VILLAGE = "331181100", "331181100200"


def test_workbook_submit_gives_a_receipt(
    submitting: Store, campaign: Campaign, run: Run, tmp_path: Path
) -> None:
    set_clock(submitting, local(campaign, 11, 16))
    file = tmp_path / "dossier.xlsx"
    file.write_bytes(dossier_of(VILLAGE))

    done = [run("workbook", "submit", file, VILLAGE, "--by", f"clerk-{TOWN}") for _ in range(2)]

    with submitting.reading() as session:
        [[sha256, late, by]] = lines_of(session, UploadRow, ["sha256", "late", "filed_by"])
    assert done[0].output.startswith("已收件：第1版，2020年11月16日(星期一) 10:00:00(逾期)\n")
    assert (sha256 in done[0].output, late, by) == (True, True, f"clerk-{TOWN}")
    assert (done[1].exit_code, "与第1版完全相同" in done[1].stderr) == (2, True)
