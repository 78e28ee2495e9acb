"""``hqe people``: live people, changed with a difference shown, audited."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from records.copies.dump import rows_of
from records.store import Store
from records.tables.people import PersonRow
from records.tables.review import GateRow
from records.tables.upkeep import AuditRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import local
from tests.commands.conftest import Run, set_clock

HEADER = "id,name,email,roles,town_code,conflicts,deputy\n"
GOOD = f"{HEADER}reviewer-9,韩知远,reviewer-9@example.invalid,reviewer,,331181100,reviewer-4\n"
BY = ("--by", "coordinator-1")


@pytest.fixture(autouse=True)
def at_work(opened: Store, campaign: Campaign) -> None:
    set_clock(opened, local(campaign, 10, 21))


def write(folder: Path, text: str) -> Path:
    file = folder / "new.csv"
    file.write_text(text, encoding="utf-8")
    return file


def ids(store: Store) -> set[str]:
    with store.reading() as session:
        return {row.id for row in rows_of(session, PersonRow)}


def test_people_list_shows_roles_deputies_and_conflicts(run: Run, tmp_path: Path) -> None:
    shown = run("people", "list", "--json", tmp_path / "people.json")

    people = json.loads((tmp_path / "people.json").read_text(encoding="utf-8"))["people"]
    assert (
        "reviewer-1 程思齐 审核人员  reviewer-1@example.invalid 代理人reviewer-2，回避331181100"
        in shown.output
    )
    assert len(people) == shown.output.count("@example.invalid")


def test_people_import_shows_the_difference_first(opened: Store, run: Run, tmp_path: Path) -> None:
    file = write(tmp_path, GOOD)

    tried = run("people", "import", file, "--dry-run", *BY)
    done = run("people", "import", file, *BY)

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


def test_people_invite_prints_a_link_once_and_audits_it(opened: Store, run: Run) -> None:
    made = run("people", "invite", "reviewer-1", *BY)

    with opened.reading() as session:
        [noted] = [row for row in rows_of(session, AuditRow) if row.act == "invite"]
    assert (made.exit_code, "/invitation/" in made.output) == (0, True)
    assert (noted.actor, json.loads(noted.facts)["door"]) == ("coordinator-1", "command")


def test_people_invite_by_somebody_else_is_refused(run: Run) -> None:
    refused = run("people", "invite", "reviewer-1", "--by", "reviewer-2")

    assert (refused.exit_code, "由活动协调员维护" in refused.stderr) == (2, True)


def test_people_deputy_conflict_and_standing_down_are_said_and_kept(opened: Store, run: Run) -> None:
    said = [
        run("people", *words, *BY).output
        for words in (
            ("deputy", "reviewer-1", "reviewer-4"),
            ("conflict", "reviewer-1", "331181103"),
            ("conflict", "reviewer-1", "331181100", "--lift"),
            ("deactivate", "reviewer-1"),
            ("activate", "reviewer-1"),
        )
    ]

    with opened.reading() as session:
        row = session.get_one(PersonRow, "reviewer-1")
    assert (row.deputy, row.conflicts, row.active) == ("reviewer-4", ["331181103"], True)
    assert said == [
        "已将reviewer-1的代理人设为reviewer-4。\n",
        "reviewer-1对331181103的回避已登记。\n",
        "reviewer-1对331181100的回避已解除。\n",
        "reviewer-1已停用。\n",
        "reviewer-1已启用。\n",
    ]


def test_people_deactivate_with_duties_that_nobody_can_take_says_which(
    submitting: Store, at_desk: GateRow, run: Run
) -> None:
    run("people", "deputy", "reviewer-2", *BY)

    refused = run("people", "deactivate", "reviewer-2", *BY)

    assert (refused.exit_code, "八都镇第一村材料初审" in refused.stderr) == (2, True)


def test_people_token_is_printed_once_and_listed_without_its_text(run: Run) -> None:
    made = run("people", "token", "clerk-331181100", "--name", "乡镇台账", "--days", "30", *BY)
    token = made.output.splitlines()[-1]
    listed = run("people", "tokens", "clerk-331181100")

    assert token.startswith("hqe_")
    assert "乡镇台账 有效" in listed.output
    assert "village.hand_in" in listed.output
    assert token not in listed.output


def test_people_revoke_token_ends_it(run: Run) -> None:
    run("people", "token", "clerk-331181100", "--name", "乡镇台账", *BY)

    done = run("people", "revoke-token", "1", *BY)

    assert done.output == "令牌#1已撤销。\n"
    assert "已撤销" in run("people", "tokens").output


def test_people_token_beyond_the_roles_is_refused(run: Run) -> None:
    refused = run("people", "token", "clerk-331181100", "--name", "x", "--scope", "gate.decide", *BY)

    assert refused.exit_code == 2
    assert "不能取得权限gate.decide" in refused.output
