"""A village explained: reckoned anew to the same digest, and whatever somebody changed by hand is named."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import select

from actions.lists import award, recommendation
from actions.overview.explanation import explain
from actions.review import recognition
from records.review.gates import latest_gate, seat_duties
from records.runs import carriers
from records.store import Session, Store
from records.tables.campaign import CampaignRow
from records.tables.dossiers import BlobRow, UploadRow
from records.tables.lists import LedgerRow, PaymentLineRow, RecommendationRow
from records.tables.review import DecisionRow, GateRow, ScoreRow, VisitRow
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from rules.review.explanation import Explanation
from tests.actions.conftest import CAMPAIGN_ID, decide_latest, dossier_of, local
from tests.actions.review.test_reconciliation import SECOND, THIRD, disputed, doubted, judge_by, rule, wake
from tests.actions.review.test_verification import SUBJECT, VILLAGE

__all__ = ["doubted"]


@pytest.fixture
def paid(doubted: Store, campaign: Campaign) -> Store:
    """The whole way: two reviews that differ, a ruling, recognition, recommendation, award."""
    judge_by(doubted, campaign, "second_review", SECOND, {})
    wake(doubted, campaign)
    rule(doubted, campaign, dict.fromkeys(disputed(doubted, campaign), "2"))
    decided(doubted, "reconciliation", SUBJECT, THIRD, "settle")
    wake(doubted, campaign)
    decided(doubted, "recognition", SUBJECT, "leader-1", "recognise")
    assert recognition.recognition(doubted, subject=SUBJECT, now=local(campaign, 11, 24)) == "recognised"
    level = f"{CAMPAIGN_ID}/{campaign.awards[0].level}"
    with doubted.writing() as session:
        for kind, carried in (("recommendation", CAMPAIGN_ID), ("award", level)):
            carriers.enlist(
                session, kind=kind, subject=carried, campaign_id=CAMPAIGN_ID, label="", tags=[],
                at=local(campaign, 11, 26),
            )  # fmt: skip
    recommendation.rank_villages(doubted, subject=CAMPAIGN_ID, now=local(campaign, 11, 26))
    decided(doubted, "recommendation", CAMPAIGN_ID, "leader-1", "approve")
    recommendation.send_upward(doubted, subject=CAMPAIGN_ID, now=local(campaign, 11, 27))
    award.propose_awards(doubted, subject=level, now=local(campaign, 12, 1))
    for person in ("leader-1", "finance-1"):
        decided(doubted, "award", level, person, "approve")
    award.settle_awards(doubted, subject=level, now=local(campaign, 12, 2))
    return doubted


def decided(store: Store, name: str, subject: str, by: str, answer: str) -> None:
    done = decide_latest(store, name, subject, by=by, answer=answer)
    assert isinstance(done, DecisionRow), done


def explained(store: Store, by: str = "auditor-1") -> Explanation:
    found = explain(store, campaign_id=CAMPAIGN_ID, village_code=VILLAGE, reader=by)
    assert isinstance(found, Explanation), found
    return found


def test_whole_way_is_reckoned_anew_to_the_same_digest(paid: Store) -> None:
    found = explained(paid)

    assert [f"{one.step} {one.what}" for one in found.departures] == []
    assert found.digest == found.anew
    assert {one.step for one in found.links} == {
        "rules", "upload", "fact", "score", "visit", "gate", "decision", "rank", "payment",
    }  # fmt: skip
    assert set(found.lines[0].points) == {"town", "a", "b", "ruling", "final"}
    assert all(one.anew for one in found.links)


def newest(session: Session, table: Any, *where: Any) -> Any:
    return session.scalars(select(table).where(*where).order_by(table.id.desc())).first()


def sheet(party: str) -> Callable[[Session], Any]:
    return lambda session: newest(session, ScoreRow, ScoreRow.party == party)


def gate(name: str) -> Callable[[Session], Any]:
    return lambda session: newest(session, GateRow, GateRow.name == name)


def decision(name: str) -> Callable[[Session], Any]:
    return lambda session: session.scalars(
        select(DecisionRow).join(GateRow, GateRow.id == DecisionRow.gate_id).where(GateRow.name == name)
    ).first()


def of_village(table: Any) -> Callable[[Session], Any]:
    return lambda session: session.scalars(select(table).where(table.village_code == VILLAGE)).first()


Change = Callable[[Any], Any]


def more(text: str) -> str:
    return str(Fraction(text) + 1)


OF_SHEETS: dict[str, Change] = {
    "total": more,
    "part_a": more,
    "lines": lambda lines: {**lines, "A1.1": [more(lines["A1.1"][0]), ""]},
    "vetoes": lambda vetoes: [*vetoes, "V1"],
}
OF_WRITTEN_SHEETS: dict[str, Change] = {
    "adjustments": lambda made: {**made, "B1.2/1": "0"},
    "reasons": lambda made: {**made, "B1.1/1": "另一个理由"},
    "scored_by": lambda _: "reviewer-5",
}
OF_DECISIONS: dict[str, Change] = {
    "answer": lambda _: "return",
    "reason": lambda _: "另一个理由",
    "seen_hash": lambda text: text[::-1],
    "person_id": lambda _: "reviewer-5",
}
KINDS: dict[str, tuple[Callable[[Session], Any], str, Change]] = {
    "rules": (lambda session: session.get(CampaignRow, CAMPAIGN_ID), "frozen",
              lambda text: text.replace('"pass_line":"85/1"', '"pass_line":"84/1"')),
    "hash of the file": (of_village(UploadRow), "sha256", lambda text: text[::-1]),
    "fact": (of_village(UploadRow), "facts", lambda facts: {**facts, "employed": more(facts["employed"])}),
    "claim": (of_village(UploadRow), "facts", lambda facts: {**facts, "B3.4": "0"}),
    **{
        f"{party} {field}": (sheet(party), field, change)
        for party in ("town", "a", "b", "ruling", "final")
        for field, change in OF_SHEETS.items()
    },
    **{
        f"{party} {field}": (sheet(party), field, change)
        for party in ("a", "b", "ruling")
        for field, change in OF_WRITTEN_SHEETS.items()
    },
    "visit notes": (of_village(VisitRow), "notes", lambda _: "另一种情况"),
    "visit adjustments": (of_village(VisitRow), "adjustments", lambda _: {"B1.3": "3"}),
    **{
        f"{name} {field}": (decision(name), field, change)
        for name in ("desk_review", "second_review", "reconciliation", "recognition")
        for field, change in OF_DECISIONS.items()
    },
    "content of a gate": (gate("recognition"), "content_hash", lambda text: text[::-1]),
    "answer of a gate": (gate("recognition"), "answer", lambda _: "refuse"),
    "rank": (of_village(RecommendationRow), "rank", lambda rank: rank + 1),
    "ranked total": (of_village(RecommendationRow), "total", more),
    "recommended": (of_village(RecommendationRow), "recommended", lambda yes: not yes),
    "payment": (of_village(PaymentLineRow), "yuan", lambda yuan: yuan + 5000),
    "ledger": (of_village(LedgerRow), "payable_yuan", lambda yuan: yuan + 5000),
}  # fmt: skip
"""What is stored -> the row, the column, and how somebody with the database's password changes it."""


def test_every_kind_of_stored_value_that_was_changed_by_hand_is_caught(paid: Store) -> None:
    missed = []

    for kind, (find, column, change) in KINDS.items():
        with paid.writing() as session:
            row = find(session)
            before = getattr(row, column)
            setattr(row, column, change(before))
        found = explain(paid, campaign_id=CAMPAIGN_ID, village_code=VILLAGE, reader="auditor-1")
        if not isinstance(found, Explanation) or found.digest == found.anew:
            missed.append(kind)
        with paid.writing() as session:
            setattr(find(session), column, before)

    assert missed == []
    assert explained(paid).departures == ()


def test_bytes_that_somebody_exchanged_are_caught(paid: Store) -> None:
    with paid.writing() as session:
        upload = session.scalars(select(UploadRow).where(UploadRow.village_code == VILLAGE)).first()
        blob = session.get_one(BlobRow, upload.blob_id)  # type: ignore[union-attr]
        blob.sealed = paid.vault.seal(dossier_of(VILLAGE, version=9), about=blob.about)

    assert "upload" in {one.step for one in explained(paid).departures}


def test_second_reviewer_reads_nothing_of_the_first_in_it(doubted: Store) -> None:
    second = latest_of(doubted, "second_review")
    blind, nobody, overseer = (
        explained(doubted, by) for by in (asked_at(doubted, second), "", "coordinator-1")
    )

    for one in (blind, nobody):
        assert {party for line in one.lines for party in line.points} == {"town"}
        assert not any("初审" in link.what for link in one.links)
        assert one.notes
    assert {party for line in overseer.lines for party in line.points} == {"town", "a"}


def latest_of(store: Store, name: str) -> GateRow:
    with store.reading() as session:
        gate = latest_gate(session, CAMPAIGN_ID, name, SUBJECT)
        assert gate is not None
        return gate


def asked_at(store: Store, gate: GateRow) -> str:
    with store.reading() as session:
        [duty] = seat_duties(session, gate).values()
        return duty.person_id


def test_village_without_a_dossier_has_nothing_to_explain(submitting: Store, campaign: Campaign) -> None:
    codes = ["nowhere", campaign.villages[1].code]
    found = [
        explain(submitting, campaign_id=CAMPAIGN_ID, village_code=code, reader="auditor-1") for code in codes
    ]

    assert [one.code for one in found if isinstance(one, Refused)] == ["no_such_village", "no_dossier"]
