"""Deciding in the Prefect UI: the Resume form of a sleeping run, and what becomes of what is typed into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from prefect.exceptions import PrefectHTTPStatusError

from actions.review import decisions as decision_acts
from records import clock
from records.runs import carriers
from records.store import Store
from records.tables.duties import DutyRow
from records.tables.people import PersonRow
from records.tables.review import DecisionRow, GateRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, local, recognise
from tests.conftest import rows_of
from tests.flows.desk import Desk

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

SUBJECT = f"{CAMPAIGN_ID}/331181100200"
UNRECORDED = "上次提交未记录："
WRONG_CODE = "授权码不正确、已过期或尝试次数过多，决定没有记录。请使用最新邮件中的授权码。"


# SQLite only: what the business database is makes no difference to this door.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def desk(at_work: Store, at_desk: GateRow, campaign: Campaign, prefect_client: SyncPrefectClient) -> Desk:
    """The first village's run, asleep at its desk review on 17 November."""
    clock.simulate(at_work, local(campaign, 11, 17))
    desk = Desk(at_work, prefect_client, kind="verification", subject=SUBJECT)
    assert desk.ring() == "asleep"
    return desk


def decisions(desk: Desk) -> list[tuple[str, str, str, str]]:
    return [(one.person_id, one.answer, one.reason, one.door) for one in rows_of(desk.store, DecisionRow)]


def test_form_offers_the_answers_of_its_gate_and_requires_nothing(desk: Desk) -> None:
    form = desk.form()

    fields = form["properties"]
    assert list(fields) == ["code", "answer", "reason", "detail"]
    assert fields["answer"]["enum"] == ["通过", "退回补正", "一票否决"]
    assert fields["reason"]["enum"][0] == "材料不齐全"
    assert fields["code"]["description"].startswith(desk.carrier.waits_for)
    assert "required" not in form
    assert [name for name, field in fields.items() if "default" in field] == []


def test_sleeping_run_says_in_its_state_why_it_waits(desk: Desk) -> None:
    assert desk.state() == ("Suspended", desk.carrier.waits_for)
    assert desk.carrier.waits_for.startswith("八都镇第一村材料初审：")


def test_empty_form_is_only_a_bell(desk: Desk) -> None:
    before, wakes = desk.business(), desk.carrier.wakes

    answered = desk.resume()

    assert (answered, desk.carrier.wakes) == ("ACCEPT", wakes + 1)
    assert desk.business() == before
    assert UNRECORDED not in desk.state()[1]


def test_whole_form_decides_as_the_person_to_whom_the_code_was_sent(desk: Desk) -> None:
    desk.resume(code=desk.code_for("reviewer-2"), answer="通过")

    assert decisions(desk) == [("reviewer-2", "pass", "", "prefect")]
    assert desk.state()[1].startswith("八都镇第一村现场核查：")


def test_listed_reason_and_what_was_added_to_it_are_kept_as_one(desk: Desk) -> None:
    desk.resume(code=desk.code_for("reviewer-2"), answer="退回补正", reason="材料不齐全", detail="缺附件三")

    assert decisions(desk) == [("reviewer-2", "return", "材料不齐全：缺附件三", "prefect")]
    assert [one.facts["reasons"] for one in rows_of(desk.store, DutyRow) if one.kind == "correction"] == [
        ["材料不齐全：缺附件三"]
    ]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"code": "WRONG", "answer": "通过"}, WRONG_CODE),
        ({"code": "WRONG"}, "授权码和决定必须同时填写。"),
        ({"answer": "通过", "detail": "同意"}, "授权码和决定必须同时填写。"),
        ({"code": "CODE"}, "授权码和决定必须同时填写。授权码已使用，请重新索取。"),
        ({"code": "CODE", "answer": "退回补正"}, "选择“退回补正”必须写明理由。授权码已使用，请重新索取。"),
        (
            {"code": "CODE", "answer": "一票否决", "reason": "存在弄虚作假"},
            "请先在评分表中勾选一票否决项并写明理由，再作“一票否决”的决定。授权码已使用，请重新索取。",
        ),
    ],
)
def test_form_that_cannot_be_recorded_says_why_and_changes_nothing(
    desk: Desk, typed: dict[str, str], why: str
) -> None:
    before, code = desk.business(), desk.code_for("reviewer-3")

    desk.resume(**{name: code if text == "CODE" else text for name, text in typed.items()})

    assert desk.business() == before
    assert desk.state() == ("Suspended", desk.carrier.waits_for)
    assert desk.carrier.waits_for.endswith(f"{UNRECORDED}{why}")
    assert UNRECORDED in desk.form()["properties"]["code"]["description"]


def test_code_in_a_refused_form_stands_nowhere_in_prefect_and_cannot_be_used_again(desk: Desk) -> None:
    code, key = desk.code_for("reviewer-2"), f"suspended-{desk.carrier.sleep_key}-response"

    desk.resume(code=code, answer="退回补正")
    with pytest.raises(PrefectHTTPStatusError, match="input not found"):
        desk.client._client.get(f"/flow_runs/{desk.run_id}/input/{key}")
    desk.resume(code=code, answer="通过")

    assert decisions(desk) == []
    assert desk.carrier.waits_for.endswith(f"{UNRECORDED}{WRONG_CODE}")


def test_note_about_a_refused_form_goes_with_the_next_wake(desk: Desk) -> None:
    desk.resume(code="WRONG", answer="通过")

    desk.ring()

    assert UNRECORDED not in desk.state()[1]


def test_answer_of_another_gate_is_refused_by_the_server_and_wakes_nobody(desk: Desk) -> None:
    wakes = desk.carrier.wakes

    answered = desk.resume(code="ANY", answer="认定")

    assert (answered, desk.carrier.wakes, desk.state()[0]) == ("REJECT", wakes, "Suspended")


def test_code_of_somebody_without_a_seat_is_refused(desk: Desk) -> None:
    before = desk.business()

    desk.resume(code=desk.code_for("leader-1"), answer="通过")

    assert desk.business() == before
    assert desk.state()[1].endswith("只有本人具有该角色的人员可以办理或代理。")


def test_code_of_somebody_of_that_town_is_refused(desk: Desk) -> None:
    with desk.store.writing() as session:
        session.get_one(PersonRow, "reviewer-2").conflicts = ["331181100"]
    before = desk.business()

    desk.resume(code=desk.code_for("reviewer-2"), answer="通过")

    assert desk.business() == before
    assert desk.state()[1].endswith("您需要回避。请由其他同事办理。")


def test_code_for_content_that_changed_is_refused(desk: Desk) -> None:
    code = desk.code_for("reviewer-2")
    with desk.store.writing() as session:
        session.get_one(GateRow, desk.carrier.gate_id).content_hash = "0" * 64
    before = desk.business()

    desk.resume(code=code, answer="通过")

    assert desk.business() == before
    assert desk.state()[1].endswith("材料已更新，旧授权码作废，请查看最新邮件。")


def test_form_for_a_seat_taken_meanwhile_is_refused_without_naming_who_took_it(
    desk: Desk, campaign: Campaign, at_desk: GateRow
) -> None:
    code = desk.code_for("reviewer-2")
    first = decision_acts.decide(
        desk.store,
        gate_id=at_desk.id,
        attempt=1,
        by="reviewer-3",
        answer="pass",
        reason="",
        seen_hash=at_desk.content_hash,
        door="portal",
        now=local(campaign, 11, 17),
    )
    assert isinstance(first, DecisionRow)

    desk.resume(code=code, answer="退回补正", detail="缺附件三")

    assert decisions(desk) == [("reviewer-3", "pass", "", "portal")]
    said = desk.state()[1]
    assert said.endswith("该席位已有同事先作出决定，您的决定没有记录。")
    assert [one.id for one in campaign.people if one.name in said] == []


def test_one_person_in_two_seats_is_refused_the_second(
    opened: Store, at_work: Store, campaign: Campaign, prefect_client: SyncPrefectClient
) -> None:
    recognise(opened, "331181100200")
    with opened.writing() as session:
        session.get_one(PersonRow, "leader-1").roles = ["bureau_leader", "finance"]
        carriers.enlist(
            session, kind="award", subject=f"{CAMPAIGN_ID}/county", campaign_id=CAMPAIGN_ID,
            label="award", tags=[], at=local(campaign, 12, 1),
        )  # fmt: skip
    clock.simulate(at_work, local(campaign, 12, 1))
    desk = Desk(at_work, prefect_client, kind="award", subject=f"{CAMPAIGN_ID}/county")
    assert desk.attend("award") == "asleep"
    codes = [desk.code_for("leader-1") for _ in range(2)]

    desk.resume(code=codes[0], answer="同意")
    after_one = desk.business()
    desk.resume(code=codes[1], answer="同意")

    assert decisions(desk) == [("leader-1", "approve", "", "prefect")]
    assert desk.business() == after_one
    assert desk.state()[1].endswith("您已于12月1日10:00作出决定，同一审批点一人只能占一席。")
