"""Verification of one village: returned and corrected, scored, seen, seen again, recognised or not."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from actions.duties import extensions
from actions.duties.duties import lapse
from actions.review import decisions, recognition, score_sheets, verification, visits
from records.copies.dump import lines_of
from records.dossiers.uploads import accepted_upload
from records.duties.duties import duty_with_key, open_duties
from records.review.gates import latest_gate
from records.review.scores import final_score, newest_sheet
from records.review.visits import visits_to
from records.runs import bells
from records.store import Store
from records.tables.campaign import VillageRow
from records.tables.dossiers import UploadRow
from records.tables.duties import DutyRow
from records.tables.messages import OutboxRow
from records.tables.people import PersonRow
from records.tables.review import DecisionRow, GateRow, ScoreRow
from records.tables.runs import CarrierRow
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, HandIn, dossier_of, judge, local

VILLAGE = "331181100200"
SUBJECT = f"{CAMPAIGN_ID}/{VILLAGE}"


def gate_named(store: Store, name: str) -> GateRow:
    with store.reading() as session:
        gate = latest_gate(session, CAMPAIGN_ID, name, SUBJECT)
        assert gate is not None
        return gate


def answer(
    store: Store, campaign: Campaign, *, name: str, answer: str, by: str = "reviewer-2", reason: str = ""
) -> DecisionRow | Refused:
    gate = gate_named(store, name)
    return decisions.decide(
        store,
        gate_id=gate.id,
        attempt=gate.attempt,
        by=by,
        answer=answer,
        reason=reason,
        seen_hash=gate.content_hash,
        door="portal",
        now=local(campaign, 11, 17),
    )


def score(store: Store, campaign: Campaign, **changed: object) -> Refused | str:
    usual: dict[str, object] = {
        "gate_id": gate_named(store, "desk_review").id,
        "by": "reviewer-2",
        "adjustments": {},
        "reasons": {},
        "now": local(campaign, 11, 17),
    }
    return score_sheets.score(store, **{**usual, **changed})  # type: ignore[arg-type]


def see(store: Store, campaign: Campaign, **changed: object) -> Refused | None:
    usual: dict[str, object] = {
        "campaign_id": CAMPAIGN_ID,
        "village_code": VILLAGE,
        "by": "reviewer-3",
        "notes": "抽查台账20人，均属实。",
        "adjustments": {"B1.3": "0"},
        "now": local(campaign, 11, 18),
    }
    return visits.record_visit(store, **{**usual, **changed})  # type: ignore[arg-type]


def village_of(store: Store) -> VillageRow:
    with store.reading() as session:
        return session.get_one(VillageRow, (CAMPAIGN_ID, VILLAGE))


def code_of(outcome: object) -> str:
    assert isinstance(outcome, Refused)
    return outcome.code


# --- returned, corrected, lapsed -----------------------------------------------------------------


@pytest.fixture
def returned(submitting: Store, at_desk: GateRow, campaign: Campaign) -> Store:
    """The first village sent back by reviewer A on 17 November, its correction asked for."""
    answer(submitting, campaign, name="desk_review", answer="return", reason="缺两人就业去向。")
    assert verification.desk_review(submitting, subject=SUBJECT, now=local(campaign, 11, 17)) is None
    return submitting


def correction(store: Store) -> DutyRow:
    with store.reading() as session:
        [duty] = open_duties(session, CAMPAIGN_ID, kind="correction", village_code=VILLAGE)
        return duty


def test_desk_review_returned_opens_a_correction_with_dates_of_its_own(
    returned: Store, campaign: Campaign
) -> None:
    duty = correction(returned)

    end = campaign.end_of(local(campaign, 11, 20).date())
    assert (duty.person_id, duty.due_at, duty.lock_at) == ("clerk-331181100", end, end)
    assert duty.facts["reasons"] == ["缺两人就业去向。"]
    assert village_of(returned).state == "returned"


def test_correction_accepted_opens_a_second_attempt_about_its_content(
    returned: Store, hand_in: HandIn, campaign: Campaign
) -> None:
    corrected = hand_in(data=dossier_of(VILLAGE, 2), now=local(campaign, 11, 18))
    assert isinstance(corrected, UploadRow)
    judge(returned, corrected, now=local(campaign, 11, 18, 11))

    outcome = verification.desk_review(returned, subject=SUBJECT, now=local(campaign, 11, 18, 11))

    gate = gate_named(returned, "desk_review")
    assert (outcome, gate.attempt, gate.content_hash) == (None, 2, corrected.sha256)
    assert village_of(returned).state == "under_review"


def test_correction_never_handed_in_lapses_the_village(returned: Store, campaign: Campaign) -> None:
    duty = correction(returned)
    assert duty.lock_at is not None
    after = duty.lock_at + timedelta(seconds=1)

    refused = lapse(returned, duty_id=duty.id, now=after)

    assert refused is None
    assert verification.desk_review(returned, subject=SUBJECT, now=after) == "lapsed"
    assert village_of(returned).state == "lapsed"


def test_correction_received_in_time_but_unchecked_does_not_lapse(
    returned: Store, hand_in: HandIn, campaign: Campaign
) -> None:
    duty = correction(returned)
    assert duty.lock_at is not None
    corrected = hand_in(data=dossier_of(VILLAGE, 2), now=duty.lock_at)
    after = duty.lock_at + timedelta(days=1)

    refused = lapse(returned, duty_id=duty.id, now=after)

    assert code_of(refused) == "unchecked"
    assert isinstance(corrected, UploadRow)
    assert judge(returned, corrected, now=after) == "accepted"
    with returned.reading() as session:
        ended = session.get_one(DutyRow, duty.id)
        assert (ended.state, ended.ended_at) == ("done", corrected.received_at)


def test_dossier_handed_in_for_a_run_that_was_done_gets_a_new_run(
    returned: Store, hand_in: HandIn, campaign: Campaign
) -> None:
    with returned.writing() as session:
        carrier = session.get_one(CarrierRow, ("verification", SUBJECT))
        carrier.state, carrier.flow_run_id = "done", "an-old-run"

    hand_in(data=dossier_of(VILLAGE, 2), now=local(campaign, 11, 18))

    with returned.reading() as session:
        carrier = session.get_one(CarrierRow, ("verification", SUBJECT))
        assert (carrier.state, carrier.flow_run_id, carrier.generation) == ("new", None, 2)
        assert ("verification", SUBJECT) in {(call.kind, call.subject) for call in bells.waiting(session)}


# --- scoring -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"adjustments": {"B1.3": "2"}}, "no_reason"),
        ({"adjustments": {"B1.3": "2"}, "reasons": {"B1.3": " "}}, "no_reason"),
        ({"adjustments": {"B9.9": "2"}, "reasons": {"B9.9": "台账"}}, "unknown_fact"),
        ({"adjustments": {"B1.3": "-1"}, "reasons": {"B1.3": "台账"}}, "not_a_number"),
        ({"adjustments": {"B1.3": "两例"}, "reasons": {"B1.3": "台账"}}, "not_a_number"),
        ({"adjustments": {"B1.3": "1/0"}, "reasons": {"B1.3": "台账"}}, "not_a_number"),
        ({"by": "leader-1"}, "not_reviewer"),
        ({"by": "reviewer-1"}, "own_town"),
    ],
)
def test_scoring_wrongly_is_refused_and_kept_nowhere(
    submitting: Store, at_desk: GateRow, campaign: Campaign, changed: dict[str, object], code: str
) -> None:
    refused = score(submitting, campaign, **changed)

    assert code_of(refused) == code
    assert _parties(submitting) == ["town"]


def _parties(store: Store) -> list[object]:
    with store.reading() as session:
        return sorted(line[0] for line in lines_of(session, ScoreRow, ["party"]))


def test_scoring_twice_keeps_both_sheets_and_counts_the_newer(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    for cases in ("2", "1"):
        score(submitting, campaign, adjustments={"B1.3": cases}, reasons={"B1.3": "抽查不符"})

    with submitting.reading() as session:
        newest = newest_sheet(session, accepted_upload(session, village_of(submitting)), "a")
        assert newest is not None
        assert (newest.adjustments, newest.lines["B1.3"][0]) == ({"B1.3": "1"}, "5")
    assert _parties(submitting) == ["a", "a", "town"]


def test_scoring_after_the_gate_closed_is_refused(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    answer(submitting, campaign, name="desk_review", answer="pass")

    assert code_of(score(submitting, campaign)) == "gate_closed"


# --- the visit -----------------------------------------------------------------------------------


@pytest.fixture
def passed(submitting: Store, at_desk: GateRow, campaign: Campaign) -> Store:
    """Reviewer A has scored and passed the first village; its visit is due."""
    score(submitting, campaign)
    answer(submitting, campaign, name="desk_review", answer="pass")
    assert verification.desk_review(submitting, subject=SUBJECT, now=local(campaign, 11, 17)) == "pass"
    assert verification.site_visit(submitting, subject=SUBJECT, now=local(campaign, 11, 17)) is None
    return submitting


def test_visit_is_not_for_a_holder_without_the_role_nor_for_who_filed(
    passed: Store, campaign: Campaign
) -> None:
    with passed.writing() as session:
        duty = duty_with_key(session, CAMPAIGN_ID, f"visit:{VILLAGE}")
        assert duty is not None
        duty.person_id = "coordinator-1"
        moved = session.get_one(PersonRow, "clerk-331181100")
        moved.roles, moved.town_code = ["reviewer"], ""

    refused = [see(passed, campaign, by=one) for one in ("coordinator-1", "clerk-331181100")]

    assert [code_of(one) for one in refused] == ["wrong_role", "own_filing"]


@pytest.mark.parametrize("day", [17, 19, 24, 25])
def test_visit_is_never_due_behind_the_last_day_that_its_extension_calls_safe(
    submitting: Store, at_desk: GateRow, campaign: Campaign, day: int
) -> None:
    score(submitting, campaign)
    answer(submitting, campaign, name="desk_review", answer="pass")
    verification.site_visit(submitting, subject=SUBJECT, now=local(campaign, 11, day))

    with submitting.reading() as session:
        visit = duty_with_key(session, CAMPAIGN_ID, f"visit:{VILLAGE}")
        assert visit is not None
        offered = extensions.offer(session, visit.id, until=date(2020, 12, 31), now=local(campaign, 11, day))
        assert not isinstance(offered, Refused)
    late = day > offered.price.latest_safe.day
    assert visit.due_at == campaign.end_of(date(2020, 12, 2) if late else date(2020, 11, 24))


def test_visit_recorded_ends_its_duty_and_is_kept(passed: Store, campaign: Campaign) -> None:
    refused = see(passed, campaign)

    with passed.reading() as session:
        [visit] = visits_to(session, CAMPAIGN_ID, VILLAGE)
        duty = duty_with_key(session, CAMPAIGN_ID, f"visit:{VILLAGE}")
        assert duty is not None
        assert (refused, visit.visited_by, visit.adjustments) == (None, "reviewer-3", {"B1.3": "0"})
        assert duty.state == "done"
    assert verification.site_visit(passed, subject=SUBJECT, now=local(campaign, 11, 18)) == "visited"


@pytest.mark.parametrize("state", ["withdrawn", "returned", "superseded"])
def test_visit_to_a_village_whose_dossier_is_away_is_refused_until_it_is_back(
    passed: Store, campaign: Campaign, state: str
) -> None:
    with passed.writing() as session:
        upload = accepted_upload(session, session.get_one(VillageRow, (CAMPAIGN_ID, VILLAGE)))
        upload.state = state
    draft = visits.save_draft(
        passed,
        campaign_id=CAMPAIGN_ID,
        village_code=VILLAGE,
        by="reviewer-3",
        typed={},
        now=local(campaign, 11, 18),
    )

    refused = see(passed, campaign)
    with passed.writing() as session:
        session.get_one(UploadRow, upload.id).state = "accepted"

    assert [code_of(one) for one in (draft, refused)] == ["dossier_away", "dossier_away"]
    assert see(passed, campaign) is None


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"notes": " "}, "no_notes"),
        ({"by": "clerk-331181100"}, "wrong_role"),
        ({"by": "reviewer-1"}, "own_town"),
        ({"adjustments": {"X1": "1"}}, "unknown_fact"),
        ({"adjustments": {"B1.3": "x"}}, "not_a_number"),
        ({"village_code": "331181100201"}, "not_open"),
    ],
)
def test_visit_recorded_wrongly_is_refused(
    passed: Store, campaign: Campaign, changed: dict[str, object], code: str
) -> None:
    refused = see(passed, campaign, **changed)

    assert code_of(refused) == code
    assert verification.site_visit(passed, subject=SUBJECT, now=local(campaign, 11, 18)) is None


# --- second review and recognition ---------------------------------------------------------------


@pytest.fixture
def seen(passed: Store, campaign: Campaign) -> Store:
    assert see(passed, campaign) is None
    return passed


@pytest.fixture
def doubted(seen: Store, campaign: Campaign) -> Store:
    """A second visitor found forged papers: the verdict turns, so that a second review is asked for."""
    with seen.writing() as session:
        [visit] = visits_to(session, CAMPAIGN_ID, VILLAGE)
        visit.adjustments = {"V2": "1"}
    assert verification.second_review(seen, subject=SUBJECT, now=local(campaign, 11, 19)) is None
    return seen


def test_second_review_of_a_clear_case_is_not_asked_for(seen: Store, campaign: Campaign) -> None:
    outcome = verification.second_review(seen, subject=SUBJECT, now=local(campaign, 11, 19))

    with seen.reading() as session:
        asked = latest_gate(session, CAMPAIGN_ID, "second_review", SUBJECT)
    assert (outcome, asked) == ("pass", None)


def test_second_review_asks_for_other_eyes_and_takes_no_others(doubted: Store, campaign: Campaign) -> None:
    with doubted.reading() as session:
        [duty] = open_duties(session, CAMPAIGN_ID, kind="gate", village_code=VILLAGE)
    same = answer(doubted, campaign, name="second_review", answer="pass", by="reviewer-2")
    scored = score(
        doubted, campaign, gate_id=gate_named(doubted, "second_review").id, now=local(campaign, 11, 19)
    )

    other = answer(doubted, campaign, name="second_review", answer="pass", by=duty.person_id)

    assert (code_of(same), code_of(scored)) == ("same_eyes", "same_eyes")
    assert isinstance(other, DecisionRow)
    assert verification.second_review(doubted, subject=SUBJECT, now=local(campaign, 11, 20)) == "pass"


def test_recognition_decided_settles_the_village_on_its_final_score(seen: Store, campaign: Campaign) -> None:
    now = local(campaign, 11, 20)
    before = recognition.recognition(seen, subject=SUBJECT, now=now)
    answer(seen, campaign, name="recognition", answer="recognise", by="leader-1")

    after = recognition.recognition(seen, subject=SUBJECT, now=now)

    with seen.reading() as session:
        final = final_score(session, village_of(seen))
        assert final is not None
    assert (before, after, village_of(seen).state) == (None, "recognised", "recognised")
    assert Fraction(final.total) >= campaign.scheme.pass_line
    assert _told(seen) == [["village_recognised", "clerk-331181100"]]


def _told(store: Store) -> list[list[object]]:
    with store.reading() as session:
        told = lines_of(session, OutboxRow, ["template", "person_id"])
    return [line for line in told if str(line[0]).startswith("village_")]


def test_recognition_refused_names_its_reason(seen: Store, campaign: Campaign) -> None:
    recognition.recognition(seen, subject=SUBJECT, now=local(campaign, 11, 20))
    answer(seen, campaign, name="recognition", answer="refuse", by="leader-1", reason="台账不实。")

    outcome = recognition.recognition(seen, subject=SUBJECT, now=local(campaign, 11, 20))

    with seen.reading() as session:
        facts = [line[1]["reasons"] for line in lines_of(session, OutboxRow, ["template", "facts"])
                 if line[0] == "village_refused"]  # fmt: skip
    assert (outcome, facts) == ("not_recognised", [["台账不实。"]])


def test_recognition_of_a_vetoed_village_can_only_be_refused(doubted: Store, campaign: Campaign) -> None:
    with doubted.reading() as session:
        [duty] = open_duties(session, CAMPAIGN_ID, kind="gate", village_code=VILLAGE)
    answer(doubted, campaign, name="second_review", answer="pass", by=duty.person_id)
    recognition.recognition(doubted, subject=SUBJECT, now=local(campaign, 11, 20))
    recognised = answer(doubted, campaign, name="recognition", answer="recognise", by="leader-1")
    answer(doubted, campaign, name="recognition", answer="refuse", by="leader-1", reason="弄虚作假。")

    outcome = recognition.recognition(doubted, subject=SUBJECT, now=local(campaign, 11, 20))

    assert (code_of(recognised), outcome) == ("vetoed", "vetoed")


def test_return_tells_the_deputy_head_once_by_whom_and_why(returned: Store, campaign: Campaign) -> None:
    for day in (17, 18):
        verification.desk_review(returned, subject=SUBJECT, now=local(campaign, 11, day))

    with returned.reading() as session:
        told = [line[1:] for line in lines_of(session, OutboxRow, ["template", "person_id", "facts"])
                if line[0] == "decision_made"]  # fmt: skip
    [[head, facts]] = told
    assert (head, facts["answer"], facts["reason"]) == ("head-331181100", "退回补正", "缺两人就业去向。")


# --- grounds -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("群众反映属实。", "veto_unproven"),
        ("花名册第4999行查无此人。", "no_such_evidence"),
        ("花名册第4行查无此人。", ""),
    ],
)
def test_veto_needs_evidence_that_is_there(
    submitting: Store, at_desk: GateRow, campaign: Campaign, reason: str, code: str
) -> None:
    done = score(submitting, campaign, adjustments={"V2": "1"}, reasons={"V2": reason})

    assert (code_of(done) if isinstance(done, Refused) else "") == code


def test_veto_found_on_site_needs_evidence_too(passed: Store, campaign: Campaign) -> None:
    refused = see(passed, campaign, adjustments={"V2": "1"}, notes="多人反映不属实。")
    kept = see(passed, campaign, adjustments={"V2": "1"}, notes="与《用工台账》不符。")

    assert (code_of(refused), kept) == ("veto_unproven", None)


def test_claim_that_only_judgement_can_accept_is_passed_with_a_reason(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    with submitting.writing() as session:
        upload = session.get_one(UploadRow, at_desk.upload_id)
        upload.facts = {**upload.facts, "C1": "2"}

    silent = answer(submitting, campaign, name="desk_review", answer="pass")
    score(submitting, campaign, adjustments={"C1": "2"}, reasons={"C1": "有市级授牌文件。"})
    reasoned = answer(submitting, campaign, name="desk_review", answer="pass")

    assert code_of(silent) == "claim_unreasoned"
    assert not isinstance(reasoned, Refused)
