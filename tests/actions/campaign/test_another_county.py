"""A county that is not Longquan: other dates, seats, ladders, forms and levels, and not a line of code."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook

from actions.campaign import lifecycle, stages, survey
from actions.lists import award as award_acts
from actions.lists import recommendation
from actions.review import decisions, verification
from commands.test import rooms
from config.campaign_folder import read_folder
from config.places import ROOT
from notifications.catalog import facts_needed
from notifications.rendering import render
from records.copies.dump import rows_of
from records.dossiers import files
from records.review.gates import latest_gate
from records.runs import carriers
from records.store import Store
from records.tables.campaign import StageRow, VillageRow
from records.tables.dossiers import UploadRow
from records.tables.duties import DutyRow
from records.tables.lists import DocumentRow, LedgerRow
from records.tables.messages import OutboxRow
from records.tables.review import ScoreRow
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from workbooks.template.template import make_template

READING = read_folder(ROOT / "tests/config/yunxi-2026")
COUNTY = "yunxi-2026"
MERGED, WHITE = "339901001200", "339901100200"
PLACES = re.compile("龙泉|丽水|浙江")


def day(county: Campaign, month: int, day_of_month: int) -> datetime:
    return datetime(2026, month, day_of_month, 10, tzinfo=county.zone)


@pytest.fixture
def county() -> Campaign:
    assert READING.campaign is not None, READING.mistakes
    return READING.campaign


@pytest.fixture
def opened(store: Store, county: Campaign) -> Store:
    assert READING.calendar is not None
    now = day(county, 3, 2)
    done = lifecycle.open_campaign(store, campaign=county, calendar=READING.calendar, by="xie", now=now)
    assert (done, stages.open_due_stage(store, campaign_id=COUNTY, now=now)) == (COUNTY, "survey")
    return store


def put(store: Store, county: Campaign, code: str, *, state: str, total: str = "100") -> None:
    """A village with an accepted dossier and a final score, without the way there."""
    at = day(county, 4, 20)
    with store.writing() as session:
        blob = files.keep(session, store.vault, code.encode(), about="test")
        upload = UploadRow(
            campaign_id=COUNTY, village_code=code, version=1, blob_id=blob, sha256=code, size=1, filed_by="zhou",
            received_at=at, late=False, state="accepted", facts={"able_and_willing": "9"},
        )  # fmt: skip
        session.add(upload)
        session.flush()
        session.add(
            ScoreRow(
                campaign_id=COUNTY, village_code=code, upload_id=upload.id, party="final", adjustments={},
                reasons={}, lines={}, total=total, part_a="60", vetoes=[], scored_by="system", scored_at=at,
            )
        )  # fmt: skip
        session.get_one(VillageRow, (COUNTY, code)).state = state


def carry(store: Store, county: Campaign, kind: str, subject: str) -> None:
    at = day(county, 4, 20)
    with store.writing() as session:
        carriers.enlist(session, kind=kind, subject=subject, campaign_id=COUNTY, label="", tags=[], at=at)


def answer(store: Store, county: Campaign, name: str, subject: str, **answers: str) -> None:
    with store.reading() as session:
        gate = latest_gate(session, COUNTY, name, subject)
        assert gate is not None
    for person, said in answers.items():
        done = decisions.decide(
            store, gate_id=gate.id, attempt=gate.attempt, by=person, answer=said, reason="", door="portal",
            seen_hash=gate.content_hash, now=gate.opened_at,
        )  # fmt: skip
        assert not isinstance(done, Refused), done.reason


def paper(store: Store, key: str) -> list[list[object]]:
    """Title, and the rows below the columns, of a list the campaign wrote."""
    with store.reading() as session:
        blob = session.get_one(DocumentRow, key).blob_id
        data = files.fetch(session, store.vault, blob, about=f"document:{key}")
    sheet = load_workbook(BytesIO(data)).worksheets[0]
    return [[sheet["A1"].value], *(list(row) for row in sheet.iter_rows(min_row=4, values_only=True))]


def test_stages_of_the_county_keep_its_own_dates_and_weekend_policies(
    opened: Store, county: Campaign
) -> None:
    with opened.reading() as session:
        rows = {row.name: row for row in rows_of(session, StageRow)}
        dates = {
            name: (row.due_at.astimezone(county.zone).date(), row.lock_at.astimezone(county.zone).date())
            for name, row in rows.items()
        }

    assert dates == {
        "survey": (date(2026, 3, 13), date(2026, 3, 16)),
        "submission": (date(2026, 4, 7), date(2026, 4, 12)),
        "verification": (date(2026, 5, 15), date(2026, 5, 15)),
        "recommendation": (date(2026, 5, 29), date(2026, 5, 29)),
        "award": (date(2026, 6, 22), date(2026, 6, 22)),
    }


def test_nothing_of_another_place_is_said_in_the_county(opened: Store, county: Campaign) -> None:
    for town in county.towns:
        survey.ask_for_survey(opened, subject=f"{COUNTY}/{town.code}", now=day(county, 3, 2))
    with opened.reading() as session:
        messages = [(row.template, row.facts) for row in rows_of(session, OutboxRow)]
    common = {"campaign": county.title, "county": county.county, "recipient": "周一", "link": ""}
    said = [
        render(template, {name: {**facts, **common}[name] for name in facts_needed(template)}).body
        for template, facts in messages
    ]
    book = load_workbook(BytesIO(make_template(county, WHITE)))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]

    assert len(said) == 6
    assert [text for text in said + cells if PLACES.search(text)] == []
    assert {"缺一类台账(每例扣2分,填例数,没有填0)", "机构(4分)"} <= set(cells)
    assert any("公民身份号码" in cell for cell in cells)


def test_gate_of_two_seats_asks_two_reviewers_without_a_conflict(opened: Store, county: Campaign) -> None:
    subject = f"{COUNTY}/{MERGED}"
    put(opened, county, MERGED, state="submitted")
    carry(opened, county, "verification", subject)
    verification.desk_review(opened, subject=subject, now=day(county, 4, 21))
    with opened.reading() as session:
        asked = sorted(row.person_id for row in rows_of(session, DutyRow) if row.kind == "gate")

    answer(opened, county, "desk_review", subject, **{asked[0]: "pass"})
    with_one = verification.desk_review(opened, subject=subject, now=day(county, 4, 22))
    answer(opened, county, "desk_review", subject, **{asked[1]: "pass"})

    assert (len(set(asked)), "shen.1" in asked, with_one) == (2, False, None)
    assert verification.desk_review(opened, subject=subject, now=day(county, 4, 22)) == "pass"


def test_lists_of_the_county_name_its_levels_and_count_what_was_paid_before(
    opened: Store, county: Campaign
) -> None:
    award = f"{COUNTY}/xian"
    for code, total in ((MERGED, "100"), (WHITE, "97")):
        put(opened, county, code, state="recognised", total=total)
    carry(opened, county, "recommendation", COUNTY)
    carry(opened, county, "award", award)
    recommendation.rank_villages(opened, subject=COUNTY, now=day(county, 5, 18))
    answer(opened, county, "recommendation", COUNTY, ju="approve")
    award_acts.propose_awards(opened, subject=award, now=day(county, 6, 1))
    answer(opened, county, "award", award, ju="approve", cai="approve")

    assert recommendation.send_upward(opened, subject=COUNTY, now=day(county, 5, 19))
    award_acts.settle_awards(opened, subject=award, now=day(county, 6, 2))

    assert paper(opened, f"{COUNTY}:recommendation") == [
        ["2026年云溪县就业示范村建设活动推荐市级示范村名单"],
        [1, "溪口街道", "下渡村", "100.00"],
    ]
    note = "以前年度已奖补(2022年县级示范村3000元)，从高不重复，本次不再奖补"
    assert paper(opened, f"{COUNTY}:award:xian:1") == [
        ["2026年云溪县就业示范村建设活动县级示范村奖补资金发放清单"],
        [1, "溪口街道", "下渡村", 3000, 0, note],
        [2, "白沙镇", "白沙村", 0, 3000, None],
    ]
    with opened.reading() as session:
        levels = {row.level for row in rows_of(session, LedgerRow) if row.campaign_id == COUNTY}
    assert levels == {"xian"}


def test_code_and_templates_name_no_place() -> None:
    """Places come from campaign folders alone; a docstring may quote the notice, a sentence may not."""
    suffixes = {".py", ".j2", ".html", ".yaml"}
    read = [path for room in rooms() for path in (ROOT / room).rglob("*") if path.suffix in suffixes]

    named = [path for path in read if PLACES.search(path.read_text(encoding="utf-8"))]

    assert [path for path in named if ROOT / "config/campaigns" not in path.parents] == []


def test_county_opens_at_nine_of_its_own_zone(county: Campaign) -> None:
    assert county.start_of(date(2026, 3, 2)) == datetime(2026, 3, 2, 1, tzinfo=UTC)
