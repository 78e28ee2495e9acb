"""A village in its second review whose first one returned it, took points off and said why: what nobody may leak."""

from __future__ import annotations

from fractions import Fraction

from actions.review import decisions, score_sheets, verification
from actions.runs import wake
from records.dossiers.uploads import accepted_upload
from records.review.gates import latest_gate
from records.review.scores import newest_sheet
from records.store import Store
from records.tables.campaign import VillageRow
from records.tables.people import PersonRow
from records.tables.review import DecisionRow, GateRow
from rules.campaign.campaign import Campaign
from rules.campaign.scoring_words import rounded
from rules.refusals import Refused
from rules.review.returns import ReturnItem
from tests.actions.conftest import CAMPAIGN_ID, dossier_of, hand_in_first, judge, local
from tests.actions.review.test_verification import SUBJECT, VILLAGE, gate_named, see

SAID = {
    "item": "独语甲：花名册第9行去向不明",
    "sheet": "独语乙：所附材料看不出来",
    "decision": "独语丙：多处佐证薄弱",
}
"""What reviewer A said, and where."""
FIRST, SECOND, DEPUTY = "reviewer-2", "reviewer-3", "reviewer-4"
ROLES = ["reviewer", "coordinator", "auditor"]
DOUBTED = {**dict.fromkeys(("B1.1/1", "B1.1/2", "B2.3/1", "B2.3/3", "B2.5/2", "B3.2/2"), "0"), "B3.4": "3"}
"""To a total with quarters, that stands nowhere else."""


def decide(store: Store, by: str, answer: str, **said: object) -> None:
    gate = gate_named(store, "desk_review")
    done = decisions.decide(
        store, gate_id=gate.id, attempt=gate.attempt, by=by, answer=answer, seen_hash=gate.content_hash,
        door="portal", now=gate.opened_at, **{"reason": "", **said},
    )  # type: ignore[arg-type]  # fmt: skip
    assert isinstance(done, DecisionRow), done


def begin(store: Store, campaign: Campaign) -> None:
    """From the first desk review to the open second one, whose reviewer and deputy oversee the campaign too."""
    with store.writing() as session:
        for person_id in (SECOND, DEPUTY):
            session.get_one(PersonRow, person_id).roles = ROLES
    decide(store, FIRST, "return", items=[ReturnItem("B1.3", SAID["item"])])
    assert verification.desk_review(store, subject=SUBJECT, now=local(campaign, 11, 16)) is None
    again = hand_in_first(
        store, campaign, data=dossier_of(VILLAGE, version=2), now=local(campaign, 11, 17),
        host_now=local(campaign, 11, 17),
    )  # fmt: skip
    assert not isinstance(again, Refused), again
    assert judge(store, again, now=local(campaign, 11, 17)) == "accepted"
    assert verification.desk_review(store, subject=SUBJECT, now=local(campaign, 11, 17)) is None
    scored = score_sheets.score(
        store, gate_id=gate_named(store, "desk_review").id, by=FIRST, adjustments=DOUBTED,
        reasons=dict.fromkeys(DOUBTED, SAID["sheet"]), now=local(campaign, 11, 17),
    )  # fmt: skip
    assert not isinstance(scored, Refused), scored
    decide(store, FIRST, "pass", reason=SAID["decision"])
    for step in (verification.desk_review, verification.site_visit):
        step(store, subject=SUBJECT, now=local(campaign, 11, 18))
    assert see(store, campaign, adjustments={}) is None
    assert verification.second_review(store, subject=SUBJECT, now=local(campaign, 11, 19)) is None
    wake.record_sleep(store, wake.begin_wake(store, "verification", SUBJECT), now=local(campaign, 11, 19))


def secrets(store: Store) -> list[str]:
    """All that would tell the second reviewer of the first."""
    with store.reading() as session:
        gate = latest_gate(session, CAMPAIGN_ID, "second_review", SUBJECT)
        assert isinstance(gate, GateRow)
        assert gate.state == "open"
        upload = accepted_upload(session, session.get_one(VillageRow, (CAMPAIGN_ID, VILLAGE)))
        first = newest_sheet(session, upload, "a")
        assert first is not None
        return [*SAID.values(), rounded(Fraction(first.total)), first.total]


def leaks(store: Store, text: str) -> list[str]:
    return [one for one in secrets(store) if one in text]
