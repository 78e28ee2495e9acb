"""Taking a dossier back: what stops counting, what opens again, who is told, and when it is too late."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import pytest

from actions.dossiers import acceptance, examination, withdrawal
from actions.duties import duties
from actions.review import score_sheets, verification
from actions.runs import why_waiting
from records.dossiers.rosters import elsewhere
from records.duties.duties import open_duties
from records.review.gates import gates_of
from records.runs import carriers
from records.store import Store
from records.tables.campaign import StageRow, VillageRow
from records.tables.dossiers import RosterPersonRow, UploadRow
from records.tables.duties import DutyRow
from records.tables.messages import OutboxRow
from records.tables.review import GateRow
from records.tables.runs import BellRow, CarrierRow
from records.tables.upkeep import AuditRow
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, HandIn, decide_latest, dossier_of, judge, local
from tests.conftest import rows_of


def take_back(store: Store, campaign: Campaign, **changed: object) -> UploadRow | Refused:
    """The first village's clerk takes its newest version back on 3 November."""
    village = campaign.villages[0]
    usual: dict[str, object] = {
        "campaign_id": CAMPAIGN_ID,
        "village_code": village.code,
        "by": f"clerk-{village.town_code}",
        "now": local(campaign, 11, 3),
    }
    return withdrawal.withdraw(store, **{**usual, **changed})  # type: ignore[arg-type]


def accept(store: Store, hand_in: HandIn, campaign: Campaign, **changed: object) -> UploadRow:
    upload = hand_in(**changed)
    assert isinstance(upload, UploadRow)
    now = changed.get("now", local(campaign, 11, 2, 11))
    assert isinstance(now, datetime)
    assert judge(store, upload, now=now) == "accepted"
    return upload


def states(store: Store, campaign: Campaign) -> tuple[list[str], str, dict[str, str]]:
    """(the village's versions, the village, its duties by kind)."""
    code = campaign.villages[0].code
    uploads = [one.state for one in rows_of(store, UploadRow) if one.village_code == code]
    village = next(one.state for one in rows_of(store, VillageRow) if one.code == code)
    owed = {one.kind: one.state for one in rows_of(store, DutyRow) if one.village_code == code}
    return uploads, village, owed


def test_accepted_dossier_taken_back_counts_no_more_and_is_owed_again(
    submitting: Store, hand_in: HandIn, campaign: Campaign
) -> None:
    upload = accept(submitting, hand_in, campaign)
    before = next(one for one in rows_of(submitting, DutyRow) if one.village_code == upload.village_code)

    done = take_back(submitting, campaign)

    assert isinstance(done, UploadRow)
    assert states(submitting, campaign) == (["withdrawn"], "taking_part", {"dossier": "open"})
    after = next(one for one in rows_of(submitting, DutyRow) if one.id == before.id)
    assert (after.due_at, after.lock_at, after.generation) == (
        before.due_at,
        before.lock_at,
        before.generation,
    )
    assert rows_of(submitting, AuditRow)[-1].act == "withdraw"
    assert rows_of(submitting, BellRow)[-1].cause == "withdrawn"
    told = [one for one in rows_of(submitting, OutboxRow) if one.template == "dossier_withdrawn"]
    assert sorted(one.person_id for one in told) == ["clerk-331181100", "head-331181100"]


def test_people_of_a_withdrawn_roster_stand_nowhere(
    submitting: Store, hand_in: HandIn, campaign: Campaign
) -> None:
    upload = accept(submitting, hand_in, campaign)
    other = campaign.villages[1]
    lookups = [one.lookup for one in rows_of(submitting, RosterPersonRow)]
    foreign = UploadRow(campaign_id=CAMPAIGN_ID, village_code=other.code, id=upload.id + 1000)
    with submitting.reading() as session:
        found = len(list(elsewhere(session, foreign, lookups)))

    take_back(submitting, campaign)

    with submitting.reading() as session:
        assert (found, list(elsewhere(session, foreign, lookups))) == (upload.rows or len(lookups), [])


def test_same_bytes_are_taken_again_after_a_withdrawal(
    submitting: Store, hand_in: HandIn, campaign: Campaign
) -> None:
    accept(submitting, hand_in, campaign)
    take_back(submitting, campaign)

    again = accept(submitting, hand_in, campaign, now=local(campaign, 11, 4))

    assert (again.version, again.late) == (2, False)
    assert states(submitting, campaign) == (["withdrawn", "accepted"], "submitted", {"dossier": "done"})


def test_dossier_taken_back_after_the_due_date_comes_late(
    submitting: Store, hand_in: HandIn, campaign: Campaign
) -> None:
    accept(submitting, hand_in, campaign)
    take_back(submitting, campaign, now=local(campaign, 11, 16))

    again = accept(submitting, hand_in, campaign, now=local(campaign, 11, 17))

    assert again.late
    assert states(submitting, campaign)[2] == {"dossier": "late"}


def test_dossier_taken_back_and_not_filed_again_lapses(
    submitting: Store, hand_in: HandIn, campaign: Campaign
) -> None:
    accept(submitting, hand_in, campaign)
    take_back(submitting, campaign)
    with submitting.reading() as session:
        (duty,) = open_duties(session, CAMPAIGN_ID, kind="dossier", village_code=campaign.villages[0].code)

    assert duties.lapse(submitting, duty_id=duty.id, now=local(campaign, 11, 19)) is None

    assert states(submitting, campaign)[1:] == ("lapsed", {"dossier": "lapsed"})


def test_dossier_taken_back_before_its_checks_is_never_judged(
    submitting: Store, hand_in: HandIn, campaign: Campaign
) -> None:
    upload = hand_in()
    assert isinstance(upload, UploadRow)
    understood = examination.examine_upload(submitting, upload_id=upload.id)

    assert isinstance(take_back(submitting, campaign), UploadRow)
    state = acceptance.judge_upload(
        submitting, upload_id=upload.id, understood=understood, now=local(campaign, 11, 3, 11)
    )

    assert state == "withdrawn"
    assert states(submitting, campaign) == (["withdrawn"], "taking_part", {"dossier": "open"})
    with submitting.reading() as session:
        (duty,) = open_duties(session, CAMPAIGN_ID, kind="dossier", village_code=campaign.villages[0].code)
        why = why_waiting.why_owed(session, campaign, duty, now=local(campaign, 11, 4))
    assert "第1版已撤回，尚未重新上报" in why


def test_dossier_taken_back_at_its_desk_ends_the_gate_and_is_asked_about_anew(
    submitting: Store, hand_in: HandIn, at_desk: GateRow, campaign: Campaign
) -> None:
    subject, code = at_desk.subject, campaign.villages[0].code
    with submitting.writing() as session:
        session.get_one(CarrierRow, ("verification", subject)).state = "done"
        session.get_one(StageRow, (CAMPAIGN_ID, "verification")).state = "open"

    assert isinstance(take_back(submitting, campaign, now=local(campaign, 11, 16)), UploadRow)

    assert states(submitting, campaign)[1:] == ("taking_part", {"dossier": "open", "gate": "cancelled"})
    assert verification.desk_review(submitting, subject=subject, now=local(campaign, 11, 16)) == "withdrawn"
    told = next(one for one in rows_of(submitting, OutboxRow) if one.template == "gate_withdrawn")
    assert (told.facts["version"], told.facts["gate"]) == (1, "材料初审")
    refused = decide_latest(submitting, "desk_review", subject, by=told.person_id, answer="pass")
    assert isinstance(refused, Refused)
    assert refused.code == "gate_closed"

    accept(submitting, hand_in, campaign, data=dossier_of(code, 2), now=local(campaign, 11, 17))
    with submitting.reading() as session:
        carrier = carriers.find(session, "verification", subject)
        assert carrier is not None
        assert carrier.state == "new"
    assert verification.desk_review(submitting, subject=subject, now=local(campaign, 11, 17)) is None
    with submitting.reading() as session:
        attempts = [
            (one.attempt, one.state) for one in gates_of(session, CAMPAIGN_ID) if one.subject == subject
        ]
    assert attempts == [(1, "superseded"), (2, "open")]


def corrected(store: Store, hand_in: HandIn, at_desk: GateRow, campaign: Campaign) -> None:
    """Returned on 16 November, a second version accepted on the 17th and at its desk."""
    asked = next(one.person_id for one in rows_of(store, DutyRow) if one.kind == "gate")
    decide_latest(store, "desk_review", at_desk.subject, by=asked, answer="return", reason="缺两人")
    verification.desk_review(store, subject=at_desk.subject, now=local(campaign, 11, 16))
    data = dossier_of(campaign.villages[0].code, 2)
    accept(store, hand_in, campaign, data=data, now=local(campaign, 11, 17))
    verification.desk_review(store, subject=at_desk.subject, now=local(campaign, 11, 17))


def test_correction_taken_back_is_owed_again_and_the_first_version_stays_out(
    submitting: Store, hand_in: HandIn, at_desk: GateRow, campaign: Campaign
) -> None:
    corrected(submitting, hand_in, at_desk, campaign)

    assert isinstance(take_back(submitting, campaign, now=local(campaign, 11, 17, 12)), UploadRow)

    uploads, village, owed = states(submitting, campaign)
    assert (uploads, village, owed["correction"]) == (["superseded", "withdrawn"], "returned", "open")
    assert verification.desk_review(submitting, subject=at_desk.subject, now=local(campaign, 11, 18)) is None
    with submitting.reading() as session:
        (duty,) = open_duties(session, CAMPAIGN_ID, kind="correction")
        why = why_waiting.why_owed(session, campaign, duty, now=local(campaign, 11, 18))
    assert "退回补正" in why

    accept(
        submitting, hand_in, campaign, data=dossier_of(at_desk.village_code, 3), now=local(campaign, 11, 18)
    )
    assert states(submitting, campaign)[1] == "under_review"
    assert verification.desk_review(submitting, subject=at_desk.subject, now=local(campaign, 11, 18)) is None
    newest = rows_of(submitting, GateRow)[-1]
    assert (newest.attempt, newest.state) == (3, "open")


def test_correction_taken_back_and_not_filed_again_lapses(
    submitting: Store, hand_in: HandIn, at_desk: GateRow, campaign: Campaign
) -> None:
    corrected(submitting, hand_in, at_desk, campaign)
    take_back(submitting, campaign, now=local(campaign, 11, 17, 12))
    with submitting.reading() as session:
        (duty,) = open_duties(session, CAMPAIGN_ID, kind="correction")

    assert duties.lapse(submitting, duty_id=duty.id, now=local(campaign, 11, 27)) is None

    assert (
        verification.desk_review(submitting, subject=at_desk.subject, now=local(campaign, 11, 27)) == "lapsed"
    )
    assert states(submitting, campaign)[1] == "lapsed"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"by": "clerk-331181103"}, "not_your_town"),
        ({"by": "reviewer-1"}, "not_your_town"),
        ({"village_code": "331181999999"}, "no_such_village"),
        ({"version": 2}, "not_newest"),
    ],
)
def test_withdrawal_by_a_stranger_or_of_another_version_is_refused(
    submitting: Store, hand_in: HandIn, campaign: Campaign, changed: Mapping[str, object], code: str
) -> None:
    accept(submitting, hand_in, campaign)

    refused = take_back(submitting, campaign, **changed)

    assert isinstance(refused, Refused)
    assert (refused.code, states(submitting, campaign)[0]) == (code, ["accepted"])


def test_withdrawal_without_a_dossier_or_of_a_returned_one_is_refused(
    submitting: Store, hand_in: HandIn, campaign: Campaign
) -> None:
    nothing = take_back(submitting, campaign)
    upload = hand_in(data=dossier_of(campaign.villages[0].code, plot="mistakes"))
    assert isinstance(upload, UploadRow)
    judge(submitting, upload, now=local(campaign, 11, 2, 11))
    returned = take_back(submitting, campaign)

    assert (nothing, isinstance(returned, Refused)) == (withdrawal.NOTHING, True)


def test_withdrawal_after_the_lock_date_is_refused(
    submitting: Store, hand_in: HandIn, campaign: Campaign
) -> None:
    accept(submitting, hand_in, campaign)

    refused = take_back(submitting, campaign, now=local(campaign, 11, 19))

    assert isinstance(refused, Refused)
    assert refused.code == "locked"


def test_withdrawal_once_the_reviewer_scored_or_decided_is_refused(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    asked = next(one.person_id for one in rows_of(submitting, DutyRow) if one.kind == "gate")
    score_sheets.score(
        submitting, gate_id=at_desk.id, by=asked, adjustments={}, reasons={}, now=local(campaign, 11, 16)
    )
    scored = take_back(submitting, campaign, now=local(campaign, 11, 16))
    decide_latest(submitting, "desk_review", at_desk.subject, by=asked, answer="pass")
    decided = take_back(submitting, campaign, now=local(campaign, 11, 16))

    assert [one.code for one in (scored, decided) if isinstance(one, Refused)] == ["review_begun", "decided"]


def test_correction_is_taken_whatever_the_stage(
    submitting: Store, hand_in: HandIn, at_desk: GateRow, campaign: Campaign
) -> None:
    asked = next(one.person_id for one in rows_of(submitting, DutyRow) if one.kind == "gate")
    decide_latest(submitting, "desk_review", at_desk.subject, by=asked, answer="return", reason="缺两人")
    verification.desk_review(submitting, subject=at_desk.subject, now=local(campaign, 11, 18))
    with submitting.writing() as session:
        for stage in ("submission", "verification"):
            session.get_one(StageRow, (CAMPAIGN_ID, stage)).state = "closed"

    # After the submission's own lock date: the correction's counts.
    upload = accept(
        submitting, hand_in, campaign, data=dossier_of(at_desk.village_code, 2), now=local(campaign, 11, 19)
    )

    assert (upload.late, states(submitting, campaign)[1]) == (False, "under_review")
