"""Two blind sheets become one: each complete by itself, a third person where they differ, blind until then."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest

from actions.review import recognition, reconciliation, reopening, score_sheets, verification
from actions.review.case import Case, case_at
from actions.review.score_sheets import final_sheet
from records.dossiers.uploads import accepted_upload
from records.duties.duties import open_duties
from records.review.gates import latest_gate
from records.review.scores import newest_sheet
from records.store import Store
from records.tables.campaign import VillageRow
from records.tables.people import PersonRow
from records.tables.review import GateRow
from records.tables.upkeep import AuditRow
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, decide_latest, local
from tests.actions.review.test_verification import SUBJECT, VILLAGE, gate_named, see
from tests.conftest import rows_of

DOUBTED = {
    "B1.1/1": "0",
    "B1.1/2": "0",
    "B2.3/1": "0",
    "B2.3/3": "0",
    "B3.2/2": "0",
    "B2.5/2": "0",
    "B2.4/2": "0",
}
WHY = "所附材料看不出来。"
FIRST, SECOND, THIRD = "reviewer-2", "reviewer-4", "reviewer-6"


def judge_by(store: Store, campaign: Campaign, gate: str, by: str, changed: Mapping[str, str]) -> None:
    done = score_sheets.score(
        store, gate_id=gate_named(store, gate).id, by=by, adjustments=changed,
        reasons=dict.fromkeys(changed, WHY), now=local(campaign, 11, 17),
    )  # fmt: skip
    assert not isinstance(done, Refused), done
    decided = decide_latest(store, gate, SUBJECT, by=by, answer="pass")
    assert not isinstance(decided, Refused), decided


@pytest.fixture
def doubted(submitting: Store, at_desk: GateRow, campaign: Campaign) -> Store:
    """A has taken so many points off that B is asked."""
    judge_by(submitting, campaign, "desk_review", FIRST, DOUBTED)
    for step in (verification.desk_review, verification.site_visit):
        step(submitting, subject=SUBJECT, now=local(campaign, 11, 18))
    assert see(submitting, campaign, adjustments={}) is None
    assert verification.second_review(submitting, subject=SUBJECT, now=local(campaign, 11, 19)) is None
    return submitting


def wake(store: Store, campaign: Campaign) -> list[str | None]:
    steps = (verification.second_review, reconciliation.reconciliation, recognition.recognition)
    return [step(store, subject=SUBJECT, now=local(campaign, 11, 20)) for step in steps]


def rule(store: Store, campaign: Campaign, points: Any, **changed: object) -> Refused | str:
    usual: dict[str, object] = {
        "gate_id": gate_named(store, "reconciliation").id,
        "by": THIRD,
        "points": points,
        "reasons": dict.fromkeys(points, "调阅原件后认定。"),
        "now": local(campaign, 11, 20),
    }
    return reconciliation.rule_on(store, **{**usual, **changed})  # type: ignore[arg-type]


def final_of(store: Store, campaign: Campaign) -> Fraction | None:
    with store.reading() as session:
        upload = accepted_upload(session, session.get_one(VillageRow, (CAMPAIGN_ID, VILLAGE)))
        sheet = final_sheet(session, campaign, upload)
        return sheet.total if sheet else None


def totals(store: Store) -> dict[str, Fraction]:
    with store.reading() as session:
        upload = accepted_upload(session, session.get_one(VillageRow, (CAMPAIGN_ID, VILLAGE)))
        made = {party: newest_sheet(session, upload, party) for party in ("town", "a", "b")}
        return {party: Fraction(row.total) for party, row in made.items() if row}


def disputed(store: Store, campaign: Campaign) -> list[str]:
    with store.reading() as session:
        upload = accepted_upload(session, session.get_one(VillageRow, (CAMPAIGN_ID, VILLAGE)))
        return [one.id for one in score_sheets.disputes_on(session, campaign, upload)]


def test_second_reviewer_who_agrees_with_the_town_is_not_overruled_in_silence(
    doubted: Store, campaign: Campaign
) -> None:
    judge_by(doubted, campaign, "second_review", SECOND, {})

    woken = wake(doubted, campaign)

    assert totals(doubted)["b"] == totals(doubted)["town"] > totals(doubted)["a"]
    assert (woken, final_of(doubted, campaign)) == (["pass", None, None], None)
    assert disputed(doubted, campaign) == ["B1.1", "B2.3", "B2.4", "B2.5", "B3.2"]


def test_ruling_decides_what_each_line_counts(doubted: Store, campaign: Campaign) -> None:
    judge_by(doubted, campaign, "second_review", SECOND, {})
    wake(doubted, campaign)
    points = {"B1.1": "6", "B2.3": "2", "B2.4": "3", "B2.5": "3", "B3.2": "2"}

    shown = rule(doubted, campaign, points)
    decided = decide_latest(doubted, "reconciliation", SUBJECT, by=THIRD, answer="settle")
    woken = wake(doubted, campaign)

    assert not isinstance(decided, Refused)
    assert woken == ["pass", "pass", None]
    assert final_of(doubted, campaign) == totals(doubted)["town"] - 3 - 2
    assert Fraction(str(shown)) == final_of(doubted, campaign)
    assert gate_named(doubted, "recognition").state == "open"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"by": FIRST}, "same_eyes"),
        ({"by": SECOND}, "same_eyes"),
        ({"by": "clerk-331181100"}, "wrong_role"),
        ({"by": "nobody"}, "not_reviewer"),
        ({"points": {"B1.1": "6"}}, "not_ruled"),
        ({"reasons": {}}, "not_ruled"),
    ],
)
def test_ruling_wrongly_is_refused_and_kept_nowhere(
    doubted: Store, campaign: Campaign, changed: dict[str, object], code: str
) -> None:
    judge_by(doubted, campaign, "second_review", SECOND, {})
    wake(doubted, campaign)
    points = dict.fromkeys(disputed(doubted, campaign), "1")

    refused = rule(doubted, campaign, **{"points": points, **changed})
    decided = decide_latest(doubted, "reconciliation", SUBJECT, by=THIRD, answer="settle")

    assert isinstance(refused, Refused)
    assert isinstance(decided, Refused)
    assert decided.code == "not_ruled"
    assert refused.code == code
    assert final_of(doubted, campaign) is None


def test_reviewers_who_agree_need_no_third(doubted: Store, campaign: Campaign) -> None:
    judge_by(doubted, campaign, "second_review", SECOND, DOUBTED)

    assert wake(doubted, campaign) == ["pass", "pass", None]
    assert final_of(doubted, campaign) == totals(doubted)["a"] == totals(doubted)["b"]


def test_ruling_about_opinions_that_changed_since_does_not_count(doubted: Store, campaign: Campaign) -> None:
    judge_by(doubted, campaign, "second_review", SECOND, {})
    wake(doubted, campaign)
    rule(doubted, campaign, dict.fromkeys(disputed(doubted, campaign), "1"))
    decide_latest(doubted, "reconciliation", SUBJECT, by=THIRD, answer="settle")
    with doubted.writing() as session:
        upload = accepted_upload(session, session.get_one(VillageRow, (CAMPAIGN_ID, VILLAGE)))
        made = newest_sheet(session, upload, "b")
        assert made is not None
        made.adjustments = {"B1.2/1": "0"}

    woken = wake(doubted, campaign)

    with doubted.reading() as session:
        gate = latest_gate(session, CAMPAIGN_ID, "reconciliation", SUBJECT)
    assert gate is not None
    assert (woken, gate.attempt, gate.state) == (["pass", None, None], 2, "open")


def acts_on(store: Store) -> list[str]:
    return [row.act for row in rows_of(store, AuditRow) if row.subject == SUBJECT]


def test_dispute_that_is_gone_is_asked_of_nobody_any_more(doubted: Store, campaign: Campaign) -> None:
    judge_by(doubted, campaign, "second_review", SECOND, {})
    wake(doubted, campaign)
    with doubted.writing() as session:
        upload = accepted_upload(session, session.get_one(VillageRow, (CAMPAIGN_ID, VILLAGE)))
        made = newest_sheet(session, upload, "b")
        assert made is not None
        made.adjustments = DOUBTED

    woken = wake(doubted, campaign)

    with doubted.reading() as session:
        owed = open_duties(session, CAMPAIGN_ID, kind="gate", village_code=VILLAGE)
    assert woken == ["pass", "pass", None]
    assert gate_named(doubted, "reconciliation").state == "superseded"
    assert [duty.facts["gate"] for duty in owed] == [campaign.gate("recognition").title]
    assert "overtake" in acts_on(doubted)


def test_whoever_judged_only_what_was_overtaken_since_may_be_the_third(
    doubted: Store, campaign: Campaign
) -> None:
    """Else every reopening would use people up, until nobody is left to rule."""
    judge_by(doubted, campaign, "second_review", SECOND, {})
    for reviewer in (THIRD, "reviewer-5", "reviewer-3"):
        gate = gate_named(doubted, "second_review")
        anew = reopening.reopen_gate(
            doubted, gate_id=gate.id, by="coordinator-1", reason="请另一人再看。", now=local(campaign, 11, 19)
        )
        assert not isinstance(anew, Refused), anew
        judge_by(doubted, campaign, "second_review", reviewer, {})

    wake(doubted, campaign)

    with doubted.reading() as session:
        [owed] = open_duties(session, CAMPAIGN_ID, kind="gate", village_code=VILLAGE)
    assert owed.facts["gate"] == campaign.gate("reconciliation").title
    assert owed.person_id not in {FIRST, "reviewer-3"}
    points = dict.fromkeys(disputed(doubted, campaign), "1")
    assert isinstance(rule(doubted, campaign, points, by="reviewer-3"), Refused)
    assert isinstance(rule(doubted, campaign, points, by=THIRD), str)


def only_score(store: Store, campaign: Campaign, gate: str, by: str) -> object:
    """A sheet at an open review whose author then leaves the decision to somebody else."""
    return score_sheets.score(
        store, gate_id=gate_named(store, gate).id, by=by, adjustments={"B1.2/1": "0"},
        reasons={"B1.2/1": WHY}, now=local(campaign, 11, 19),
    )  # fmt: skip


def test_author_of_a_sheet_who_did_not_decide_may_not_be_the_third_person(
    doubted: Store, campaign: Campaign
) -> None:
    assert isinstance(only_score(doubted, campaign, "second_review", THIRD), str)
    judge_by(doubted, campaign, "second_review", SECOND, {})

    wake(doubted, campaign)

    with doubted.reading() as session:
        [owed] = open_duties(session, CAMPAIGN_ID, kind="gate", village_code=VILLAGE)
    refused = rule(doubted, campaign, dict.fromkeys(disputed(doubted, campaign), "1"))
    assert owed.person_id not in {FIRST, SECOND, THIRD}
    assert isinstance(refused, Refused)
    assert refused.code == "same_eyes"


def test_author_of_a_first_sheet_who_did_not_decide_may_not_review_second(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    assert isinstance(only_score(submitting, campaign, "desk_review", SECOND), str)
    judge_by(submitting, campaign, "desk_review", FIRST, DOUBTED)
    for step in (verification.desk_review, verification.site_visit):
        step(submitting, subject=SUBJECT, now=local(campaign, 11, 18))
    assert see(submitting, campaign, adjustments={}) is None
    assert verification.second_review(submitting, subject=SUBJECT, now=local(campaign, 11, 19)) is None

    refused = only_score(submitting, campaign, "second_review", SECOND)

    assert isinstance(refused, Refused)
    assert refused.code == "same_eyes"


# --- blind ---------------------------------------------------------------------------------------


def seen(store: Store, gate: str, by: str) -> Case:
    with store.reading() as session:
        case = case_at(session, gate_named(store, gate).id, by=by)
    assert isinstance(case, Case)
    return case


@pytest.mark.parametrize("by", ["", SECOND, THIRD, "clerk-331181100"])
@pytest.mark.parametrize("gate", ["desk_review", "second_review"])
def test_nothing_of_the_first_review_is_shown_while_the_second_is_open(
    doubted: Store, gate: str, by: str
) -> None:
    case = seen(doubted, gate, by)

    assert "初审" not in {sheet.party for sheet in case.sheets}
    assert WHY not in repr(case)


def test_who_oversees_sees_both_unless_they_review(doubted: Store) -> None:
    overseer = seen(doubted, "desk_review", "coordinator-1")
    with doubted.writing() as session:
        person = session.get_one(PersonRow, SECOND)
        person.roles = ["reviewer", "coordinator"]

    in_two_roles = seen(doubted, "desk_review", SECOND)

    assert {sheet.party for sheet in overseer.sheets} == {"自评", "初审"}
    assert {sheet.party for sheet in in_two_roles.sheets} == {"自评"}


def test_both_are_shown_once_both_are_done(doubted: Store, campaign: Campaign) -> None:
    judge_by(doubted, campaign, "second_review", SECOND, {})

    assert {sheet.party for sheet in seen(doubted, "second_review", "").sheets} == {"自评", "初审", "复审"}
