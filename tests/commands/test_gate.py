"""``hqe gate``: what waits for a decision, and deciding with one's own code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from actions.review.codes import mint_code
from records import clock
from records.copies.dump import lines_of, rows_of
from records.store import Store
from records.tables.messages import OutboxRow
from records.tables.review import DecisionRow, GateRow
from records.tables.upkeep import AuditRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import local
from tests.commands.conftest import Run, set_clock


def minted(store: Store, gate: GateRow, person: str) -> str:
    with store.writing() as session:
        row = session.get_one(GateRow, gate.id)
        return mint_code(session, row, person_id=person, host_now=clock.host_now())


def decisions(store: Store) -> list[list[object]]:
    with store.reading() as session:
        return lines_of(session, DecisionRow, ["person_id", "answer", "seen_hash", "door"])


@pytest.fixture
def asked(submitting: Store, at_desk: GateRow, campaign: Campaign) -> GateRow:
    set_clock(submitting, local(campaign, 11, 17))
    return at_desk


def test_gate_list_of_a_person_shows_only_where_they_are_asked(
    submitting: Store, asked: GateRow, run: Run, tmp_path: Path
) -> None:
    mine = run("gate", "list", "--open", "--person", "reviewer-2", "--json", tmp_path / "gates.json")
    theirs = run("gate", "list", "--open", "--person", "leader-1")

    [found] = json.loads((tmp_path / "gates.json").read_text(encoding="utf-8"))["gates"]
    assert mine.output.startswith(
        f"#{asked.id} 材料初审 · 八都镇第一村 · 11月19日(星期四)截止 · 初审(审核人员)"
    )
    assert (found["gate_id"], found["content_hash"]) == (asked.id, asked.content_hash)
    assert theirs.output == "共0个审批点。\n"


def test_gate_show_lays_hash_scores_and_answers_before_the_reader(asked: GateRow, run: Run) -> None:
    shown = run("gate", "show", asked.id)

    assert shown.exit_code == 0
    assert f"内容哈希：{asked.content_hash}" in shown.output
    assert "评分(自评)：" in shown.output
    assert "可答：return 退回补正(须写理由)" in shown.output


def test_gate_show_of_an_unknown_number_is_refused(asked: GateRow, run: Run) -> None:
    shown = run("gate", "show", 999)

    assert (shown.exit_code, shown.stdout, "没有编号为999的审批点" in shown.stderr) == (2, "", True)


def test_gate_decide_with_the_own_code_records_what_was_shown(
    submitting: Store, asked: GateRow, run: Run
) -> None:
    code = minted(submitting, asked, "reviewer-2")

    done = run("gate", "decide", asked.id, "--by", "reviewer-2", "--answer", "pass", typing=f"{code}\n")

    assert done.exit_code == 0
    assert "已记录：初审“通过”。" in done.output
    assert code not in done.output
    assert decisions(submitting) == [["reviewer-2", "pass", asked.content_hash, "command"]]


def test_gate_decide_with_somebody_elses_code_is_refused(submitting: Store, asked: GateRow, run: Run) -> None:
    code = minted(submitting, asked, "reviewer-3")

    done = run("gate", "decide", asked.id, "--by", "reviewer-2", "--answer", "pass", "--code", code)

    assert (done.exit_code, "授权码不正确" in done.stderr, decisions(submitting)) == (2, True, [])


def test_gate_decide_with_a_code_for_older_content_is_refused(
    submitting: Store, asked: GateRow, run: Run
) -> None:
    code = minted(submitting, asked, "reviewer-2")
    with submitting.writing() as session:
        session.get_one(GateRow, asked.id).content_hash = "f" * 64

    done = run("gate", "decide", asked.id, "--by", "reviewer-2", "--answer", "pass", "--code", code)

    assert (done.exit_code, "旧授权码作废" in done.stderr, decisions(submitting)) == (2, True, [])


def test_gate_decide_without_a_reason_where_one_is_due_is_refused(
    submitting: Store, asked: GateRow, run: Run
) -> None:
    code = minted(submitting, asked, "reviewer-2")

    done = run("gate", "decide", asked.id, "--by", "reviewer-2", "--answer", "return", "--code", code)

    assert (done.exit_code, "必须写明理由" in done.stderr, decisions(submitting)) == (2, True, [])


def test_gate_code_is_mailed_and_never_printed(submitting: Store, asked: GateRow, run: Run) -> None:
    with submitting.writing() as session:
        for row in rows_of(session, OutboxRow):
            row.state = "sent"

    asked_for = [run("gate", "code", asked.id, "--person", "reviewer-2") for _ in range(2)]

    with submitting.reading() as session:
        waiting = [row for row in rows_of(session, OutboxRow) if row.state == "waiting"]
        [audited] = [row for row in rows_of(session, AuditRow) if row.act == "request_code"]
    assert [one.exit_code for one in asked_for] == [0, 2]
    assert asked_for[0].output == "新的授权码将发到本人邮箱，24小时内有效。\n"
    assert [(row.template, row.person_id, row.gate_id) for row in waiting] == [
        ("gate_opened", "reviewer-2", asked.id)
    ]
    assert json.loads(audited.facts)["door"] == "command"


@pytest.mark.parametrize(
    ("person", "sentence"),
    [("leader-1", "您没有对应的席位"), ("reviewer-1", "需要回避"), ("x", "没有编号为“x”")],
)
def test_gate_code_for_somebody_who_may_not_decide_is_refused(
    asked: GateRow, run: Run, person: str, sentence: str
) -> None:
    refused = run("gate", "code", asked.id, "--person", person)

    assert (refused.exit_code, sentence in refused.stderr) == (2, True)


def test_gate_show_names_the_lines_on_which_the_parties_differ(asked: GateRow, run: Run) -> None:
    alike = run("gate", "show", asked.id)
    run("gate", "score", asked.id, "--by", "reviewer-2", "--change", "B1.3=2:漏报两例")

    shown = run("gate", "show", asked.id)

    assert "分歧" not in alike.output
    assert [line for line in shown.output.splitlines() if line.startswith("分歧")] == [
        "分歧：B1.3 自评5.00 初审4.00"
    ]
    assert "  核定 B1.3＝2：漏报两例" in shown.output
