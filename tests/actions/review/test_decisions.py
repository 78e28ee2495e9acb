"""Deciding: the one function behind every door, and the races for one seat."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select, update

from actions.review import codes, decisions
from records import audit
from records.runs import bells
from records.store import Store
from records.tables.duties import DutyRow
from records.tables.messages import OutboxRow
from records.tables.people import PersonRow
from records.tables.review import CodeRow, DecisionRow, GateRow
from records.tables.upkeep import AuditRow
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from tests.actions.conftest import local
from tests.conftest import rows_of


def decide(store: Store, gate: GateRow, campaign: Campaign, **changed: object) -> DecisionRow | Refused:
    usual: dict[str, object] = {
        "gate_id": gate.id,
        "attempt": gate.attempt,
        "by": "reviewer-3",
        "answer": "pass",
        "reason": "",
        "seen_hash": gate.content_hash,
        "door": "command",
        "now": local(campaign, 11, 17),
    }
    return decisions.decide(store, **{**usual, **changed})  # type: ignore[arg-type]


def test_decide_at_quorum_closes_rings_and_ends_the_duty(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    before = _bells(submitting, at_desk)

    done = decide(submitting, at_desk, campaign)

    with submitting.reading() as session:
        gate = session.get_one(GateRow, at_desk.id)
        duty = session.scalars(select(DutyRow).where(DutyRow.kind == "gate")).one()
        assert isinstance(done, DecisionRow)
        assert (gate.state, gate.answer, duty.state) == ("closed", "pass", "done")
    assert _bells(submitting, at_desk) > before


def _bells(store: Store, gate: GateRow) -> int:
    with store.reading() as session:
        return bells.newest(session, gate.carrier_kind, gate.carrier_subject)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"answer": ""}, "unknown_answer"),
        ({"answer": "recognise"}, "unknown_answer"),
        ({"answer": "return"}, "missing_reason"),
        ({"answer": "veto", "reason": "弄虚作假"}, "veto_unnamed"),
        ({"seen_hash": "0" * 64}, "stale_content"),
        ({"by": "leader-1"}, "wrong_role"),
        ({"by": "clerk-331181100"}, "wrong_role"),
        ({"by": "nobody"}, "no_account"),
        ({"attempt": 2}, "no_such_gate"),
        ({"gate_id": 999}, "no_such_gate"),
    ],
)
def test_decide_wrongly_is_refused_and_changes_nothing(
    submitting: Store, at_desk: GateRow, campaign: Campaign, changed: dict[str, object], code: str
) -> None:
    refused = decide(submitting, at_desk, campaign, **changed)

    assert isinstance(refused, Refused)
    assert refused.code == code
    assert _decisions(submitting) == 0


def _decisions(store: Store) -> int:
    with store.reading() as session:
        return session.scalar(select(func.count()).select_from(DecisionRow)) or 0


def test_decide_by_somebody_with_a_conflict_is_refused(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    with submitting.writing() as session:
        session.get_one(PersonRow, "reviewer-3").conflicts = [at_desk.town_code]

    refused = decide(submitting, at_desk, campaign)

    assert isinstance(refused, Refused)
    assert refused.code == "own_town"


def test_ten_deciders_for_one_seat_one_wins_nine_are_told_who(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    people = [f"racer-{number}" for number in range(10)]
    with submitting.writing() as session:
        session.add_all(
            PersonRow(
                id=one, name=f"审核{one}", email=f"{one}@example.invalid", roles=["reviewer"],
                town_code="", conflicts=[], deputy="",
            )
            for one in people
        )  # fmt: skip
    start = Barrier(len(people))

    def race(person: str) -> DecisionRow | Refused:
        start.wait()
        return decide(submitting, at_desk, campaign, by=person)

    with ThreadPoolExecutor(len(people)) as pool:
        outcomes = list(pool.map(race, people))

    won = [one for one in outcomes if isinstance(one, DecisionRow)]
    told = [one.reason for one in outcomes if isinstance(one, Refused)]
    assert (len(won), len(told), _decisions(submitting)) == (1, 9, 1)
    assert all(f"审核{won[0].person_id}" in reason for reason in told)


def minted(store: Store, gate: GateRow, *, host_now: datetime, person: str = "reviewer-3") -> str:
    with store.writing() as session:
        return codes.mint_code(
            session, store.vault, session.get_one(GateRow, gate.id), person_id=person, host_now=host_now
        )


def by_code(
    store: Store,
    gate: GateRow,
    campaign: Campaign,
    code: str,
    *,
    host_now: datetime,
    answer: str = "pass",
    reason: str = "",
    by: str = "",
) -> DecisionRow | Refused:
    return codes.decide_by_code(
        store,
        gate_id=gate.id,
        code=code,
        answer=answer,
        reason=reason,
        door="prefect",
        now=local(campaign, 11, 17),
        host_now=host_now,
        by=by,
    )


def test_code_decides_as_the_person_it_was_sent_to(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    now = local(campaign, 11, 17)
    code = minted(submitting, at_desk, host_now=now, person="reviewer-2")

    done = by_code(submitting, at_desk, campaign, f" {code.lower()} ", host_now=now)

    assert isinstance(done, DecisionRow)
    assert (done.person_id, done.door) == ("reviewer-2", "prefect")


def test_code_wrong_five_times_is_dead(submitting: Store, at_desk: GateRow, campaign: Campaign) -> None:
    now = local(campaign, 11, 17)
    code = minted(submitting, at_desk, host_now=now)
    for _ in range(codes.MOST_TRIES):
        by_code(submitting, at_desk, campaign, "WRONG", host_now=now, by="reviewer-3")

    refused = by_code(submitting, at_desk, campaign, code, host_now=now, by="reviewer-3")

    assert isinstance(refused, Refused)
    assert (refused.code, _decisions(submitting)) == ("wrong_code", 0)


def test_wrong_code_stands_in_the_log_with_who_typed_it_and_its_source_and_not_without_end(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    now = local(campaign, 11, 17)
    minted(submitting, at_desk, host_now=now)

    with audit.coming_from("192.0.2.7"):
        by_code(submitting, at_desk, campaign, "GUESSED", host_now=now, by="reviewer-3")
        for _ in range(codes.MOST_UNNAMED + 3):
            by_code(submitting, at_desk, campaign, "GUESSED", host_now=now)

    noted = [row for row in rows_of(submitting, AuditRow) if row.act == "approval_code_refused"]
    told = [json.loads(row.facts) for row in noted]
    assert [row.actor for row in noted] == ["reviewer-3", *["unknown"] * (codes.MOST_UNNAMED + 1)]
    assert {(one["address"], one["door"], one["gate"]) for one in told} == {
        ("192.0.2.7", "prefect", "desk_review")
    }
    assert [one["pause"] for one in told] == [*[""] * (codes.MOST_UNNAMED + 1), "1小时"]
    assert "GUESSED" not in "".join(row.facts for row in noted)


def test_wrong_codes_of_one_person_do_not_fill_the_log(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    now = local(campaign, 11, 17)

    for _ in range(codes.MOST_NOTED + 2):
        by_code(submitting, at_desk, campaign, "GUESSED", host_now=now, by="reviewer-3")

    acts = [row.act for row in rows_of(submitting, AuditRow)]
    assert acts.count("approval_code_refused") == codes.MOST_NOTED


def test_code_after_a_day_is_dead(submitting: Store, at_desk: GateRow, campaign: Campaign) -> None:
    now = local(campaign, 11, 17)
    code = minted(submitting, at_desk, host_now=now)

    refused = by_code(submitting, at_desk, campaign, code, host_now=now + timedelta(hours=25))

    assert isinstance(refused, Refused)
    assert refused.code == "wrong_code"


def test_code_that_fitted_is_spent_although_its_answer_was_refused(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    now = local(campaign, 11, 17)
    code = minted(submitting, at_desk, host_now=now)

    refused = by_code(submitting, at_desk, campaign, code, host_now=now, answer="return")
    opposite = by_code(submitting, at_desk, campaign, code, host_now=now, answer="pass")

    assert isinstance(refused, Refused)
    assert isinstance(opposite, Refused)
    assert (refused.code, refused.reason.endswith("授权码已使用，请重新索取。")) == ("missing_reason", True)
    assert (opposite.code, _decisions(submitting)) == ("wrong_code", 0)


def test_wrong_codes_of_one_person_use_up_no_code_of_another(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    now = local(campaign, 11, 17)
    code = minted(submitting, at_desk, host_now=now, person="reviewer-2")
    for by in ["reviewer-3"] * codes.MOST_TRIES + [""] * codes.MOST_TRIES:
        by_code(submitting, at_desk, campaign, "WRONG", host_now=now, by=by)

    done = by_code(submitting, at_desk, campaign, code, host_now=now)

    assert isinstance(done, DecisionRow)


def test_nameless_wrong_codes_close_that_door_for_an_hour_and_no_other(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    now = local(campaign, 11, 17)
    code = minted(submitting, at_desk, host_now=now, person="reviewer-2")
    for _ in range(codes.MOST_UNNAMED):
        by_code(submitting, at_desk, campaign, "WRONG", host_now=now)

    nameless = by_code(submitting, at_desk, campaign, code, host_now=now)
    named = by_code(submitting, at_desk, campaign, code, host_now=now, by="reviewer-2")

    assert isinstance(nameless, Refused)
    assert (nameless.code, isinstance(named, DecisionRow)) == ("too_often", True)


def test_code_is_kept_under_the_key_of_the_house_and_gone_after_its_day(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    now = local(campaign, 11, 17)
    code = minted(submitting, at_desk, host_now=now)
    [kept] = [row.code_hash for row in rows_of(submitting, CodeRow)]

    minted(submitting, at_desk, host_now=now + codes.LIFETIME)

    plain = hashlib.sha256(f"{at_desk.id}:{code}".encode()).hexdigest()
    assert kept not in (plain, hashlib.sha256(code.encode()).hexdigest())
    assert kept not in [row.code_hash for row in rows_of(submitting, CodeRow)]


def test_fresh_codes_have_a_limit_in_an_hour(submitting: Store, at_desk: GateRow, campaign: Campaign) -> None:
    now, said = local(campaign, 11, 17), []
    for turn in range(codes.MOST_FRESH + 1):
        with submitting.writing() as session:
            session.execute(update(OutboxRow).values(state="sent"))
        done = codes.request_code(
            submitting, gate_id=at_desk.id, person_id="reviewer-2", now=now + timedelta(minutes=turn),
            host_now=now,
        )  # fmt: skip
        said.append(done.code if done else "")

    assert said == [""] * codes.MOST_FRESH + ["too_often"]
