"""Recommendation: the ranking, the cut at line and quota, and one list for the city."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from actions.campaign import stages
from actions.duties.extensions import Offer, grant, offer
from actions.duties.extensions import lines_of as lines_of_offer
from actions.lists import recommendation, revision
from config.frozen import freeze
from records.copies.dump import lines_of
from records.lists.recommendations import ranking_of
from records.review.gates import latest_gate
from records.runs import carriers
from records.store import Store
from records.tables.campaign import CampaignRow
from records.tables.lists import DocumentRow
from records.tables.messages import OutboxRow
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, decide_latest, local, recognise, small_campaign

FIRST, SECOND, THIRD = "331181100200", "331181100201", "331181103200"


@pytest.fixture
def campaign() -> Campaign:
    """Two of three villages may be recommended."""
    return replace(small_campaign(), quota_upward=2)


@pytest.fixture
def ranking(opened: Store) -> Store:
    with opened.writing() as session:
        carriers.enlist(
            session,
            kind="recommendation",
            subject=CAMPAIGN_ID,
            campaign_id=CAMPAIGN_ID,
            label="",
            tags=[],
            at=small_campaign().start_of(small_campaign().stages[0].opens),
        )
    return opened


def rank(store: Store, campaign: Campaign) -> list[tuple[int, str, bool]]:
    recommendation.rank_villages(store, subject=CAMPAIGN_ID, now=local(campaign, 11, 26))
    with store.reading() as session:
        return [(row.rank, row.village_code, row.recommended) for row in ranking_of(session, CAMPAIGN_ID)]


def test_ranking_breaks_ties_and_stops_at_the_quota(ranking: Store, campaign: Campaign) -> None:
    recognise(ranking, FIRST, total="92", part_a="44")
    recognise(ranking, SECOND, total="92", part_a="45")
    recognise(ranking, THIRD, total="277/3", part_a="40")

    ranked = rank(ranking, campaign)

    assert ranked == [(1, THIRD, True), (2, SECOND, True), (3, FIRST, False)]


def test_ranking_leaves_out_who_misses_the_line_by_a_hair(ranking: Store, campaign: Campaign) -> None:
    recognise(ranking, FIRST, total="90")
    recognise(ranking, SECOND, total="89999/1000")

    ranked = rank(ranking, campaign)

    assert ranked == [(1, FIRST, True), (2, SECOND, False)]


def test_ranking_asked_for_again_changes_nothing(ranking: Store, campaign: Campaign) -> None:
    recognise(ranking, FIRST, total="95")
    before = rank(ranking, campaign)
    recognise(ranking, SECOND, total="99")

    again = rank(ranking, campaign)

    with ranking.reading() as session:
        assert len(lines_of(session, GateRow, ["id"])) == 1
    assert again == before


def test_list_is_written_once_after_the_decision_and_towns_are_told(
    ranking: Store, campaign: Campaign
) -> None:
    recognise(ranking, FIRST, total="95")
    rank(ranking, campaign)
    before = recommendation.send_upward(ranking, subject=CAMPAIGN_ID, now=local(campaign, 11, 26))
    decide_latest(ranking, "recommendation", CAMPAIGN_ID, by="leader-1", answer="approve")

    done = [
        recommendation.send_upward(ranking, subject=CAMPAIGN_ID, now=local(campaign, 11, day))
        for day in (27, 28)
    ]

    assert (before, done) == (False, [True, True])
    assert documents(ranking) == [[f"{CAMPAIGN_ID}:recommendation", local(campaign, 11, 27)]]
    assert told(ranking) == [["recommendation_sent", "clerk-331181100"]]


def send(store: Store, campaign: Campaign, *, day: int = 27) -> bool:
    answer(store, "approve")
    return recommendation.send_upward(store, subject=CAMPAIGN_ID, now=local(campaign, 11, day))


def test_village_recognised_after_the_list_was_sent_goes_on_a_supplementary_one(
    ranking: Store, campaign: Campaign
) -> None:
    recognise(ranking, FIRST, total="95")
    rank(ranking, campaign)
    first = send(ranking, campaign)
    recognise(ranking, SECOND, total="93")

    ranked = rank(ranking, campaign)
    asked = recommendation.send_upward(ranking, subject=CAMPAIGN_ID, now=local(campaign, 11, 28))
    second = send(ranking, campaign, day=29)

    assert (first, ranked, asked, second) == (True, [(1, SECOND, True)], False, True)
    assert [key for key, _ in documents(ranking)] == [
        f"{CAMPAIGN_ID}:recommendation",
        f"{CAMPAIGN_ID}:recommendation:2",
    ]
    assert len(told(ranking)) == 2


@pytest.mark.parametrize(("total", "supplements"), [("97", True), ("91", False), ("89", False)])
def test_quota_that_was_used_up_shuts_out_nobody_who_would_have_been_inside(
    ranking: Store, campaign: Campaign, total: str, supplements: bool
) -> None:
    recognise(ranking, FIRST, total="95")
    recognise(ranking, SECOND, total="93")
    rank(ranking, campaign)
    send(ranking, campaign)
    recognise(ranking, THIRD, total=total)

    ranked = rank(ranking, campaign)

    assert ((1, THIRD, True) in ranked) is supplements
    assert (
        recommendation.send_upward(ranking, subject=CAMPAIGN_ID, now=local(campaign, 11, 28))
        is not supplements
    )


def test_run_that_sent_its_list_is_woken_by_a_late_recognition(ranking: Store, campaign: Campaign) -> None:
    recognise(ranking, FIRST, total="95")
    rank(ranking, campaign)
    send(ranking, campaign)
    late = f"{CAMPAIGN_ID}/{SECOND}"
    with ranking.writing() as session:
        stages.finish_carrier(
            session, "recommendation", CAMPAIGN_ID, heard=10**9, now=local(campaign, 11, 27)
        )
        carriers.enlist(
            session, kind="verification", subject=late, campaign_id=CAMPAIGN_ID, label="", tags=[],
            at=local(campaign, 11, 16),
        )  # fmt: skip
    recognise(ranking, SECOND, total="93")

    with ranking.writing() as session:
        stages.finish_carrier(session, "verification", late, heard=10**9, now=local(campaign, 12, 1))

    with ranking.reading() as session:
        woken = carriers.find(session, "recommendation", CAMPAIGN_ID)
        assert woken is not None
        assert (woken.state, woken.generation) == ("new", 2)


def documents(store: Store) -> list[list[object]]:
    with store.reading() as session:
        return lines_of(session, DocumentRow, ["key", "made_at"])


def told(store: Store) -> list[list[object]]:
    with store.reading() as session:
        lines = lines_of(session, OutboxRow, ["template", "person_id"])
    return [line for line in lines if line[0] == "recommendation_sent"]


def test_returned_list_goes_up_after_the_coordinator_took_a_village_off_it(
    ranking: Store, campaign: Campaign
) -> None:
    recognise(ranking, FIRST, total="95")
    recognise(ranking, SECOND, total="93")
    rank(ranking, campaign)
    first = answer(ranking, "return", "公示有异议。")
    rank(ranking, campaign)
    waiting = recommendation.send_upward(ranking, subject=CAMPAIGN_ID, now=local(campaign, 11, 27))

    refused = revision.revise(
        ranking, gate_id=first.id, by="coordinator-1", excluded={FIRST: "公示期内有异议，经查属实。"},
        note="已复核公示意见。", now=local(campaign, 11, 27),
    )  # fmt: skip
    ranked = rank(ranking, campaign)
    answer(ranking, "approve")
    done = recommendation.send_upward(ranking, subject=CAMPAIGN_ID, now=local(campaign, 11, 28))

    assert (waiting, refused, ranked, done) == (False, None, [(1, SECOND, True)], True)


def answer(store: Store, said: str, reason: str = "") -> GateRow:
    with store.reading() as session:
        gate = latest_gate(session, CAMPAIGN_ID, "recommendation", CAMPAIGN_ID)
        assert gate is not None
    decide_latest(store, "recommendation", CAMPAIGN_ID, by="leader-1", answer=said, reason=reason)
    return gate


def test_more_time_for_a_revision_has_a_price_and_is_granted(ranking: Store, campaign: Campaign) -> None:
    recognise(ranking, FIRST, total="95")
    rank(ranking, campaign)
    gate = answer(ranking, "return", "公示有异议。")
    rank(ranking, campaign)
    with ranking.reading() as session:
        duty = revision.revision_of(session, gate)
        assert duty is not None
        offered = offer(session, duty.id, until=date(2020, 12, 1), now=local(campaign, 11, 27))
    assert isinstance(offered, Offer)
    assert lines_of_offer(offered, campaign) == [
        "名单修订：11月30日(星期一)延至12月1日(星期二)",
        "“择优推荐”11月30日(星期一)截止，其间工作日由0个减为0个",
        "推荐丽水市级(用足期限)：由12月2日(星期三)推至12月3日(星期四)，晚于截止日",
        "最晚可延至：11月29日(星期日)",
        "无法兑现：“择优推荐”须于2020-11-30前完成，按此延期最早要到2020-12-02。",
    ]

    refused = grant(
        ranking, offered=offered, by="coordinator-1", reason="复核未完", anyway=True,
        now=local(campaign, 11, 27),
    )  # fmt: skip

    assert refused is None


def test_days_for_a_revision_are_those_of_the_folder(ranking: Store, campaign: Campaign) -> None:
    with ranking.writing() as session:
        row = session.get_one(CampaignRow, CAMPAIGN_ID)
        row.frozen = freeze(replace(campaign, revision_workdays=4))
    recognise(ranking, FIRST, total="95")
    rank(ranking, campaign)
    gate = answer(ranking, "return", "公示有异议。")

    rank(ranking, campaign)

    with ranking.reading() as session:
        duty = revision.revision_of(session, gate)
        assert duty is not None
    assert duty.due_at == campaign.end_of(date(2020, 12, 2))
