"""Recommendation of the best to the level above by 30 November (notice, five, four)."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime
from fractions import Fraction

from actions.campaign.decree import waits_for_calendar
from actions.duties.assignment import seats_for
from actions.lists.papers import keep_list
from actions.lists.revision import next_attempt
from actions.lists.standing import is_approved, locked_list, may_be_overtaken, overtake
from actions.lookup import campaign_of
from actions.review.gates import Question, open_gate
from actions.steps import split_subject
from records import audit, outbox
from records.campaign.villages import lock_villages, villages_of
from records.dossiers.uploads import accepted_upload
from records.lists.documents import has_left, paper_key
from records.lists.lists import excluded_from
from records.lists.recommendations import ranking_shown, sent_rankings
from records.people import people
from records.review.scores import final_score
from records.store import Session, Store, repeatable
from records.tables.campaign import VillageRow
from records.tables.lists import RecommendationRow
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from rules.campaign.scoring_words import rounded
from rules.lists import ranking


@waits_for_calendar
@repeatable
def rank_villages(store: Store, *, subject: str, now: datetime) -> None:
    """Rank the recognised villages and open the bureau's gate about exactly this list.

    A list that came back is ranked anew, without those whom the coordinator took off it; so is one of
    which a village is no longer recognised, or not on the score that was shown. Who was recognised after
    a list was sent is put on a supplementary one, if the village would have been on that list in time.
    """
    campaign_id, _ = split_subject(subject)
    with store.writing() as session:
        campaign = campaign_of(session, campaign_id)
        lock_villages(session, campaign_id, state="recognised")
        last = locked_list(session, campaign, "recommendation", subject)
        if last is not None and may_be_overtaken(session, last):
            if _is_true(session, campaign, last):
                return
            overtake(session, campaign, last, now=now)
        attempt = next_attempt(session, campaign, last, now=now)
        sent = sent_rankings(session, campaign_id)
        if attempt is not None and (not sent or _late_ones(session, campaign, subject, sent)[1]):
            _ask_bureau(session, campaign, subject, sent, attempt=attempt, now=now)


Ranked = tuple[ranking.Candidate, ...]


def _late_ones(
    session: Session, campaign: Campaign, subject: str, sent: Sequence[RecommendationRow]
) -> tuple[Ranked, Ranked]:
    """Who is ranked now, and who of them is recommended.

    A list that was sent stays: nobody leaves it, and whoever the bureau itself was late with is not shut
    out by its quota.
    """
    shown = {row.village_code for row in sent}
    recognised = villages_of(session, campaign.id, states=["recognised"])
    still = [_candidate(session, one) for one in recognised if one.code in shown]
    new = [one for one in _eligible(session, campaign, subject) if one.code not in shown]
    ranked = ranking.rank(_candidate(session, village) for village in new)
    best = ranking.recommend((*ranked, *still), campaign.scheme.recommend_line, campaign.quota_upward)
    return ranked, tuple(one for one in ranked if one in best)


def _ask_bureau(
    session: Session,
    campaign: Campaign,
    subject: str,
    sent: Sequence[RecommendationRow],
    *,
    attempt: int,
    now: datetime,
) -> None:
    ranked, best = _late_ones(session, campaign, subject, sent)
    chosen = {candidate.village_code for candidate in best}
    question = Question(
        name="recommendation",
        subject=subject,
        content_hash=_fingerprint(ranked, chosen),
        carrier=("recommendation", subject),
        asked=seats_for(session, campaign.gate("recommendation")),
        about=f"{campaign.title}{'补充' if sent else ''}推荐名单({len(best)}个)",
    )
    gate = open_gate(session, campaign, question, attempt=attempt, now=now)
    session.add_all(
        RecommendationRow(
            gate_id=gate.id,
            village_code=candidate.village_code,
            rank=place,
            total=str(candidate.total),
            recommended=candidate.village_code in chosen,
        )
        for place, candidate in enumerate(ranked, 1)
    )
    session.flush()


def _is_true(session: Session, campaign: Campaign, gate: GateRow) -> bool:
    """All of it are still recognised, each on the score that the bureau saw."""
    recognised = {row.code: row for row in villages_of(session, campaign.id, states=["recognised"])}
    return all(
        row.village_code in recognised and _total(session, recognised[row.village_code]) == row.total
        for row in ranking_shown(session, gate)
    )


def _total(session: Session, village: VillageRow) -> str:
    final = final_score(session, village)
    assert final is not None
    return str(Fraction(final.total))


def _eligible(session: Session, campaign: Campaign, subject: str) -> list[VillageRow]:
    excluded = excluded_from(session, campaign.id, "recommendation", subject)
    recognised = villages_of(session, campaign.id, states=["recognised"])
    return [village for village in recognised if village.code not in excluded]


def _candidate(session: Session, village: VillageRow) -> ranking.Candidate:
    final = final_score(session, village)
    assert final is not None
    willing = Fraction(accepted_upload(session, village).facts.get("able_and_willing", "0"))
    return ranking.Candidate(
        village_code=village.code,
        total=Fraction(final.total),
        part_a=Fraction(final.part_a),
        able_and_willing=int(willing),
    )


def sensitivity(session: Session, campaign: Campaign) -> list[str]:
    """In words, what one point more or less of any recognised village would change on the whole list."""
    recognised = villages_of(session, campaign.id, states=["recognised"])
    off = excluded_from(session, campaign.id, "recommendation", campaign.id)
    candidates = [_candidate(session, one) for one in recognised if one.code not in off]
    found = ranking.swaps(candidates, campaign.scheme.recommend_line, campaign.quota_upward)
    return [_swap_in_words(campaign, one) for one in found]


def _swap_in_words(campaign: Campaign, swap: ranking.Swap) -> str:
    moved = "增加" if swap.points > 0 else "减少"
    parts = [
        f"{'、'.join(campaign.village(code).name for code in codes)}{what}"
        for codes, what in ((swap.enters, "进入推荐名单"), (swap.leaves, "退出推荐名单"))
        if codes
    ]
    return f"{campaign.village(swap.village_code).name}{moved}{abs(swap.points)}分，{'，'.join(parts)}。"


def _fingerprint(ranked: Sequence[ranking.Candidate], chosen: Collection[str]) -> str:
    lines = [
        f"{place} {candidate.village_code} {candidate.total} {candidate.village_code in chosen}"
        for place, candidate in enumerate(ranked, 1)
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def hash_of_ranking(rows: Sequence[RecommendationRow]) -> str:
    """The content of the gate that asks about exactly these lines."""
    lines = [f"{row.rank} {row.village_code} {row.total} {row.recommended}" for row in rows]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@repeatable
def send_upward(store: Store, *, subject: str, now: datetime) -> bool:
    """After the bureau approved: write the list and tell the towns; False while that has not happened."""
    campaign_id, _ = split_subject(subject)
    with store.writing() as session:
        campaign = campaign_of(session, campaign_id)
        gate = locked_list(session, campaign, "recommendation", subject)
        if gate is None or (not has_left(session, gate) and not is_approved(gate)):
            return False
        if not has_left(session, gate):
            if not _is_true(session, campaign, gate):
                return False
            rows = [row for row in ranking_shown(session, gate) if row.recommended]
            _write_document(session, store, campaign, rows, gate=gate, now=now)
            _tell_towns(session, campaign, rows, now)
            facts = {"villages": [row.village_code for row in rows], "answer": gate.answer}
            audit.note(session, at=now, actor="system", act="recommend", subject=campaign_id, facts=facts)
    return True


def _write_document(
    session: Session,
    store: Store,
    campaign: Campaign,
    rows: list[RecommendationRow],
    *,
    gate: GateRow,
    now: datetime,
) -> None:
    more = "补充" if sent_rankings(session, campaign.id) else ""
    lines: list[list[str | int]] = []
    for row in rows:
        village = campaign.village(row.village_code)
        town = campaign.town(village.town_code).name
        lines.append([row.rank, town, village.name, rounded(Fraction(row.total))])
    title = f"{campaign.title}{more}推荐{campaign.level_above.title}名单"
    columns = ["名次", "乡镇(街道)", "社区(村)", "得分"]
    keep_list(
        session,
        store,
        campaign,
        key=paper_key(session, gate),
        title=title,
        columns=columns,
        rows=lines,
        now=now,
        gate_id=gate.id,
    )


def _tell_towns(session: Session, campaign: Campaign, rows: list[RecommendationRow], now: datetime) -> None:
    for row in rows:
        village = campaign.village(row.village_code)
        for clerk in people.with_role(session, "town_clerk", town_code=village.town_code):
            outbox.post(
                session,
                key=f"{campaign.id}:recommendation_sent:{village.code}:{clerk.id}",
                campaign_id=campaign.id,
                template="recommendation_sent",
                person_id=clerk.id,
                facts={
                    "town": campaign.town(village.town_code).name,
                    "village": village.name,
                    "level": campaign.level_above.title,
                },
                at=now,
            )
