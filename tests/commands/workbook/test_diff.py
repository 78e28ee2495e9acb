"""``hqe workbook diff``: files and handed-in versions, as sentences and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

from records.store import Store
from records.tables.dossiers import UploadRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, HandIn, dossier_of
from tests.commands.conftest import Run

VILLAGE = "331181100200"


def write(folder: Path, name: str, data: bytes) -> Path:
    (folder / name).write_bytes(data)
    return folder / name


def test_diff_of_two_files_prints_cells_and_people(run: Run, tmp_path: Path) -> None:
    old = write(tmp_path, "old.xlsx", dossier_of(VILLAGE, plot="mistakes"))
    new, out = write(tmp_path, "new.xlsx", dossier_of(VILLAGE, 2)), tmp_path / "diff.json"

    done = run("workbook", "diff", old, new, VILLAGE, "--json", out)

    told = json.loads(out.read_text())["difference"]
    assert done.exit_code == 0, done.output
    assert "附件3 调查表：1处不同" in done.output
    assert "文化程度：(空白) → " in done.output
    assert (told["roster"]["changed"], told["roster"]["added"]) == (3, 0)
    assert "331199" not in done.output + out.read_text()


def test_diff_of_two_versions_reads_what_was_handed_in(
    submitting: Store, hand_in: HandIn, campaign: Campaign, run: Run
) -> None:
    assert isinstance(hand_in(), UploadRow)
    assert isinstance(hand_in(data=dossier_of(VILLAGE, 2)), UploadRow)

    done = run("workbook", "diff", "1", "2", VILLAGE)
    wrong = run("workbook", "diff", "1", "7", VILLAGE, "--campaign", CAMPAIGN_ID)

    assert (done.exit_code, "培训就业意愿：(空白) → 第2版补充" in done.output) == (0, True)
    assert (wrong.exit_code, "没有第7版材料" in wrong.stderr) == (2, True)


def test_diff_of_equal_files_says_so(run: Run, tmp_path: Path) -> None:
    file = write(tmp_path, "one.xlsx", dossier_of(VILLAGE))

    assert run("workbook", "diff", file, file, VILLAGE).output == "两版读到的内容完全相同。\n"


def test_diff_of_what_is_no_file_or_half_a_version_says_what_to_give(run: Run, tmp_path: Path) -> None:
    file = write(tmp_path, "one.xlsx", dossier_of(VILLAGE))

    for arguments, said in ((("none.xlsx", file), "没有文件"), (("1", file), "或者两个版本号")):
        wrong = run("workbook", "diff", *arguments, VILLAGE)
        assert (wrong.exit_code, said in wrong.stderr) == (1, True)
    assert run("workbook", "diff", file, file, "331181999999").exit_code == 1
