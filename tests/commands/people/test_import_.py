"""``hqe people import``: the difference first; all rows or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from records.store import Store
from tests.commands.conftest import Run
from tests.commands.people.conftest import BY, ids

HEADER = "id,name,email,roles,town_code,conflicts,deputy\n"
GOOD = f"{HEADER}reviewer-9,韩知远,reviewer-9@example.invalid,reviewer,,331181100,reviewer-4\n"


def write(folder: Path, text: str) -> Path:
    file = folder / "new.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_people_import_shows_the_difference_first(opened: Store, run: Run, tmp_path: Path) -> None:
    file = write(tmp_path, GOOD)

    tried = run("people", "import", file, "--dry-run", *BY)
    done = run("people", "import", file, *BY)
    run("people", "confirm", 1)

    assert tried.output.endswith("将有1处变更，其余0人不变。\n")
    assert done.output.startswith("新增 reviewer-9 韩知远：姓名 无→韩知远")
    assert "reviewer-9" in ids(opened)


def test_people_import_dry_run_changes_nothing(opened: Store, run: Run, tmp_path: Path) -> None:
    run("people", "import", write(tmp_path, GOOD), "--dry-run", *BY)

    assert "reviewer-9" not in ids(opened)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("reviewer-8,某,a@example.invalid,chief,,,", "new.csv 第3行.roles:现为“chief”;可用:town_clerk"),
        ("reviewer-8,某,a@example.invalid,town_clerk,999,,", "第3行.town_code:现为“999”"),
        ("reviewer-8,某,mail,reviewer,,,", "第3行.email:现为“mail”;须为邮箱地址"),
        (
            "reviewer-8,某,a@example.invalid,reviewer,,,nobody",
            "第3行.deputy:现为“nobody”;须为 people.csv 中另一人的 id",
        ),
        ("reviewer-9,某,a@example.invalid,reviewer,,,", "new.csv id:现为“reviewer-9”;不得重复"),
    ],
)
def test_people_import_with_one_wrong_row_is_refused_whole(
    opened: Store, run: Run, tmp_path: Path, row: str, sentence: str
) -> None:
    refused = run("people", "import", write(tmp_path, f"{GOOD}{row}\n"), *BY)

    assert (refused.exit_code, sentence in refused.stderr) == (1, True)
    assert "reviewer-9" not in ids(opened)


def test_people_import_of_another_kind_of_file_is_refused(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "people.xlsx"
    file.write_bytes(b"PK")

    refused = run("people", "import", file, *BY)

    assert (refused.exit_code, "须为 .csv 文件" in refused.stderr) == (1, True)
