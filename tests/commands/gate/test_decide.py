"""``hqe gate decide``: with one's own code, on what was shown."""

from __future__ import annotations

from actions.review.codes import mint_code
from records import clock
from records.copies.dump import lines_of
from records.store import Store
from records.tables.review import DecisionRow, GateRow
from tests.commands.conftest import Run


def minted(store: Store, gate: GateRow, person: str) -> str:
    with store.writing() as session:
        row = session.get_one(GateRow, gate.id)
        return mint_code(session, store.vault, row, person_id=person, host_now=clock.host_now())


def decisions(store: Store) -> list[list[object]]:
    with store.reading() as session:
        return lines_of(session, DecisionRow, ["person_id", "answer", "seen_hash", "door"])


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
