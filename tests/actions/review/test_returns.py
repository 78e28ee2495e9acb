"""A return item by item: kept with the decision, told one by one, due on the day that was proposed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from actions.duties.clocks import clocks_of
from actions.review import decisions, verification
from records.duties.duties import open_duties
from records.store import Store
from records.tables.duties import DutyRow
from records.tables.messages import OutboxRow
from records.tables.review import DecisionRow, GateRow, ReturnItemRow
from rules.campaign.campaign import Campaign
from rules.duties.clocks import Clocks, delay_in_words
from rules.refusals import Refused
from rules.review.returns import ReturnItem
from tests.actions.conftest import CAMPAIGN_ID, local
from tests.conftest import rows_of

VILLAGE = "331181100200"
SUBJECT = f"{CAMPAIGN_ID}/{VILLAGE}"
ITEMS = (ReturnItem("B1.3", "第4行与台账不符"), ReturnItem("roster", "第7行缺就业去向"))
TOLD = [
    "B1.3 人力资源调查与基础台账动态更新(抽查与实际不符例数)：第4行与台账不符",
    "附件2 花名册：第7行缺就业去向",
]


def give_back(store: Store, campaign: Campaign, gate: GateRow, **changed: object) -> DecisionRow | Refused:
    usual: dict[str, object] = {
        "gate_id": gate.id,
        "attempt": gate.attempt,
        "by": "reviewer-2",
        "answer": "return",
        "reason": "",
        "seen_hash": gate.content_hash,
        "door": "portal",
        "now": local(campaign, 11, 17),
        "items": ITEMS,
    }
    return decisions.decide(store, **{**usual, **changed})  # type: ignore[arg-type]


def correction(store: Store, campaign: Campaign, *, day: int = 17) -> DutyRow:
    assert verification.desk_review(store, subject=SUBJECT, now=local(campaign, 11, day)) is None
    with store.reading() as session:
        [duty] = open_duties(session, CAMPAIGN_ID, kind="correction", village_code=VILLAGE)
        return duty


def test_items_go_one_by_one_to_the_duty_and_the_mail_and_are_due_as_proposed(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    done = give_back(submitting, campaign, at_desk, correct_by=date(2020, 11, 23))

    duty = correction(submitting, campaign)
    mails = [
        one.facts["reasons"] for one in rows_of(submitting, OutboxRow) if one.template == "correction_opened"
    ]
    end = campaign.end_of(date(2020, 11, 23))
    assert isinstance(done, DecisionRow)
    assert done.reason == f"1. {TOLD[0]}；2. {TOLD[1]}。"
    assert (duty.facts["reasons"], mails) == (TOLD, [TOLD])
    assert (duty.due_at, duty.lock_at) == (end, end)
    assert [(one.position, one.about) for one in rows_of(submitting, ReturnItemRow)] == [
        (1, "B1.3"),
        (2, "roster"),
    ]


def test_free_text_is_one_item_and_is_due_as_usual(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    done = give_back(submitting, campaign, at_desk, items=(), reason=" 缺两人就业去向。 ")

    duty = correction(submitting, campaign)
    assert isinstance(done, DecisionRow)
    assert (done.reason, duty.facts["reasons"]) == ("缺两人就业去向。", ["缺两人就业去向。"])
    assert duty.due_at == campaign.end_of(date(2020, 11, 20))
    assert [(one.about, one.sentence) for one in rows_of(submitting, ReturnItemRow)] == [
        ("", "缺两人就业去向。")
    ]


def test_free_text_beside_items_is_one_more(submitting: Store, at_desk: GateRow, campaign: Campaign) -> None:
    give_back(submitting, campaign, at_desk, reason="其余属实")

    assert correction(submitting, campaign).facts["reasons"] == [*TOLD, "其余属实"]


def test_day_that_passed_before_the_correction_opened_gives_the_usual_one(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    give_back(submitting, campaign, at_desk, correct_by=date(2020, 11, 18))

    assert correction(submitting, campaign, day=18).due_at == campaign.end_of(date(2020, 11, 23))


def test_return_from_before_there_were_items_is_told_by_its_reason(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    give_back(submitting, campaign, at_desk, items=(), reason="旧的理由")
    with submitting.writing() as session:
        for one in session.query(ReturnItemRow):
            session.delete(one)

    assert correction(submitting, campaign).facts["reasons"] == ["旧的理由"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"items": ()}, "missing_reason"),
        ({"items": (ReturnItem("Z9", "缺"),)}, "unknown_subject"),
        ({"items": (ReturnItem("", "331199199003070019重复"),)}, "id_in_item"),
        ({"answer": "pass"}, "items_without_return"),
        ({"correct_by": date(2020, 11, 17)}, "outside_window"),
        ({"correct_by": date(2020, 11, 21)}, "not_a_workday"),
        ({"correct_by": date(2020, 11, 25)}, "outside_window"),
    ],
)
def test_return_that_the_town_could_not_act_on_is_refused_and_kept_nowhere(
    submitting: Store, at_desk: GateRow, campaign: Campaign, changed: dict[str, object], code: str
) -> None:
    refused = give_back(submitting, campaign, at_desk, **changed)

    assert isinstance(refused, Refused)
    assert refused.code == code
    assert (rows_of(submitting, DecisionRow), rows_of(submitting, ReturnItemRow)) == ([], [])


def test_day_proposed_with_another_answer_counts_for_nothing(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    done = give_back(
        submitting,
        campaign,
        at_desk,
        answer="pass",
        items=(),
        correct_by=date(2020, 11, 17) - timedelta(days=9),
    )

    assert isinstance(done, DecisionRow)
    assert (done.answer, done.correct_by) == ("pass", "")


# --- how often, and whose days -------------------------------------------------------------------


def returned_before(store: Store, campaign: Campaign, times: int) -> None:
    """Corrections of this village, each asked for on the 4th and answered on the 6th."""
    with store.writing() as session:
        session.add_all(
            DutyRow(
                key=f"earlier:{n}",
                campaign_id=CAMPAIGN_ID,
                kind="correction",
                carrier_kind="verification",
                carrier_subject=SUBJECT,
                town_code=VILLAGE[:9],
                village_code=VILLAGE,
                role="town_clerk",
                person_id=f"clerk-{VILLAGE[:9]}",
                due_at=local(campaign, 11, 9),
                lock_at=local(campaign, 11, 9),
                state="done",
                opened_at=local(campaign, 11, 4),
                ended_at=local(campaign, 11, 6),
                facts={},
            )
            for n in range(times)
        )


@pytest.mark.parametrize(("times", "refused"), [(1, ""), (2, "return_limit")])
def test_dossier_is_returned_no_more_often_than_the_campaign_allows(
    submitting: Store, at_desk: GateRow, campaign: Campaign, times: int, refused: str
) -> None:
    returned_before(submitting, campaign, times)

    made = give_back(submitting, campaign, at_desk)

    assert (made.code if isinstance(made, Refused) else "") == refused


def test_clocks_of_town_and_bureau_are_counted_apart(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    returned_before(submitting, campaign, 1)

    with submitting.reading() as session:
        found = clocks_of(session, campaign, VILLAGE, now=local(campaign, 11, 18))

    assert found == Clocks(returned=1, most=2, town_days=2, bureau_days=2)


def test_days_by_which_the_bureau_is_late_are_given_to_the_town_by_themselves(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    with submitting.writing() as session:
        session.get_one(GateRow, at_desk.id).due_at = campaign.end_of(date(2020, 11, 16))
    give_back(submitting, campaign, at_desk, now=local(campaign, 11, 18))

    duty = correction(submitting, campaign, day=18)

    assert duty.due_at == campaign.end_of(date(2020, 11, 25))
    assert duty.facts["reasons"][-1] == delay_in_words(2)
    assert (duty.lock_at, duty.facts["delay"]) == (duty.due_at, 2)
