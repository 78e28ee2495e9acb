"""What the portal is weighed with: figures from answers, verdicts, a small crowd and a short deadline hour."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.review import decisions
from records.duties.duties import open_duties
from records.store import Store
from records.tables.review import GateRow
from rehearsal.bench.bounds import Bound, missed, told
from rehearsal.bench.crowd import Answer
from rehearsal.bench.deadline_hour import Hour, Rush, measure_hour
from rehearsal.bench.pages import KINDS, WARM_UP, Pages, Timing, Use, measure_pages, percentile, summed_up
from rehearsal.bench.portal import BOUNDS, Measured, causes, figures
from rehearsal.bench.portal_process import serving
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, at_desk, campaign, hand_in, opened, submitting
from tests.portal_process import make_house

pytestmark = pytest.mark.programs

__all__ = ["at_desk", "campaign", "hand_in", "opened", "submitting"]


@pytest.mark.parametrize(
    ("values", "share", "found"),
    [([5.0], 0.95, 5.0), ([3.0, 1.0, 2.0, 4.0], 0.5, 2.0), (list(range(1, 101)), 0.95, 95)],
)
def test_percentile_is_the_value_that_so_many_do_not_exceed(
    values: list[float], share: float, found: float
) -> None:
    assert percentile(values, share) == found


def test_warm_up_counts_only_for_being_answered() -> None:
    kinds = ["board"] * WARM_UP + ["board", "inbox", "case"] * 3
    cold, warm = Answer(500, 9_000, 9.0), Answer(200, 10, 0.1)

    pages = summed_up([(kinds, [cold] * WARM_UP + [warm] * 9)])

    assert (pages.not_ok, pages.largest) == (WARM_UP, 9_000)
    assert pages.timings == {kind: Timing(3, 100.0, 100.0) for kind in KINDS} | {
        "all": Timing(9, 100.0, 100.0)
    }


def pages_of(p95: float) -> Pages:
    return Pages({kind: Timing(1, p95 / 2, p95) for kind in (*KINDS, "all")}, 20_000, 0)


FINE = Hour(receipts=200, broken=0, wall_s=9.0, p95_ms=900.0, portal_cpu_s=0.01, to_bare=1.1)


def test_figures_within_their_bounds_miss_nothing() -> None:
    got = figures(Measured(pages_of(100.0), pages_of(124.0), pages_of(149.0), FINE, 200))

    assert set(got) == set(BOUNDS)
    assert missed(got, BOUNDS) == []
    assert "board_larger_to_ours: 1.49 (at most 1.5)" in told(got, BOUNDS)


def test_figures_out_of_their_bounds_are_named() -> None:
    lost = Hour(receipts=199, broken=1, wall_s=9.0, p95_ms=900.0, portal_cpu_s=0.01, to_bare=1.31)

    got = figures(Measured(pages_of(151.0), None, None, lost, 200))

    assert [one.partition(":")[0] for one in missed(got, BOUNDS)] == [
        "board_p95_ms", "inbox_p95_ms", "case_p95_ms", "dossiers_without_receipt", "uploads_broken", "upload_to_bare",
    ]  # fmt: skip
    assert "case_larger_to_ours: not measured" in told(got, BOUNDS)


def test_bound_is_met_by_the_value_itself_in_either_direction() -> None:
    bounds = {"few": Bound(most=2.0), "many": Bound(least=2.0)}

    assert missed({"few": 2.0, "many": 2.0}, bounds) == []
    assert missed({"few": 2.01, "many": 1.99}, bounds) == ["few: 2.01, at most 2", "many: 1.99, at least 2"]


def test_larger_county_on_another_database_is_told_by_both_causes() -> None:
    measured = Measured(pages_of(100.0), pages_of(150.0), pages_of(180.0), FINE, 200)

    assert causes(measured) == {
        **{f"{kind}_by_size_alone": 1.2 for kind in KINDS},
        **{f"{kind}_by_database_alone": 1.5 for kind in KINDS},
    }
    assert causes(Measured(pages_of(100.0), None, None, FINE, 200)) == {}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A house as on a machine: a portal of its own can be started on it."""
    made = make_house(tmp_path)
    yield made
    made.close()


def test_small_crowd_is_let_in_everywhere(store: Store, at_desk: GateRow, tmp_path: Path) -> None:
    with store.reading() as session:
        [asked] = open_duties(session, CAMPAIGN_ID, kind="gate")
    decisions.decide(
        store, gate_id=at_desk.id, attempt=at_desk.attempt, by=asked.person_id, answer="return",
        reason="请补充", seen_hash=at_desk.content_hash, door="portal", now=at_desk.opened_at,
    )  # fmt: skip
    use = Use(users=5, looks=6, thinking_s=0.0)

    with serving(tmp_path) as (_, address):
        pages = measure_pages(store, address, campaign_id=CAMPAIGN_ID, use=use)

    assert pages.not_ok == 0
    assert {name: one.count for name, one in pages.timings.items()} == {
        "board": 12, "inbox": 9, "case": 9, "all": 30,
    }  # fmt: skip


def test_short_hour_loses_nothing(campaign: Campaign, tmp_path: Path) -> None:
    rush = Rush(dossiers=4, rows=60, clients=4, checked=3)

    hour = measure_hour(campaign, tmp_path, rush=rush, say=lambda _: None)

    assert (hour.receipts, hour.broken) == (4, 0)
    assert hour.to_bare > 0
