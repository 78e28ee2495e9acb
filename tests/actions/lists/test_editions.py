"""Papers: made once, made anew only with a reason, opened with one where they hold what is private."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import docx2txt
import pytest

from actions.lists.editions import make_paper, open_paper, open_paper_pdf
from actions.lists.paper_facts import KIND_FACTS
from records import audit
from records.lists.papers import papers_of
from records.review.gates import latest_gate
from records.store import Store
from records.tables.campaign import VillageRow
from records.tables.lists import PaperRow
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, hand_in_first, judge, local, move_village, small_campaign
from tests.actions.lists.test_results import COUNTY, FIRST, LATER, SECOND, open_under
from workbooks.papers.office import FAILED, NO_OFFICE
from workbooks.papers.paper_templates import FOLDER, TEMPLATES, shipped


@pytest.fixture
def decided(store: Store) -> Store:
    """Two villages recognised and paid, the first sent upward, the campaign closed."""
    open_under(store, "difference")
    return store


def make(store: Store, kind: str = "recognition_list", **changed: Any) -> PaperRow | Refused:
    usual: dict[str, Any] = {"campaign_id": CAMPAIGN_ID, "kind": kind, "by": "coordinator-1", "now": LATER}
    return make_paper(store, **{**usual, **changed})


def made(store: Store, kind: str = "recognition_list", **changed: Any) -> PaperRow:
    paper = make(store, kind, **changed)
    assert isinstance(paper, PaperRow), paper
    return paper


def words(store: Store, paper: PaperRow) -> str:
    """What another program reads in it, its foot too."""
    data = open_paper(store, paper_id=paper.id, by="finance-1", reason="核对", now=LATER)
    assert isinstance(data, bytes)
    return str(docx2txt.process(BytesIO(data)))


def test_paper_bears_number_edition_and_the_end_of_the_audit_log(decided: Store) -> None:
    with decided.reading() as session:
        length, head = audit.length_and_head(session)

    text = words(decided, made(decided))

    assert "第一村" in text
    assert f"文书编号 {CAMPAIGN_ID}-001" in text
    assert f"第1版　审计日志第{length}条 {head[:16]}" in text
    assert small_campaign().scheme.mark in text


def test_paper_is_made_anew_only_when_it_changed_and_then_with_a_reason(decided: Store) -> None:
    first, again = made(decided), made(decided)
    move_village(decided, "331181100201", "under_review")

    silent = make(decided)
    second = made(decided, why="第四村重新审核。")

    assert isinstance(silent, Refused)
    assert (again.id, silent.code, second.number, second.edition) == (first.id, "changed_paper", 1, 2)
    assert "第2版(第四村重新审核。)" in words(decided, second)
    assert "第四村" in words(decided, first)


def test_template_that_the_bureau_edited_is_used_and_makes_a_new_edition(decided: Store) -> None:
    made(decided)
    folder = decided.home / FOLDER
    folder.mkdir()
    (folder / "recognition_list.docx").write_bytes(shipped("publicity_notice"))

    silent, second = make(decided), make(decided, why="换用新模板。")

    assert isinstance(silent, Refused)
    assert silent.reason.startswith("模板与第1版不同")
    # The bureau's words ask for what this kind has not.
    assert isinstance(second, Refused)
    assert (second.code, "workdays" in second.reason) == ("template_broken", True)


def test_broken_template_is_told_and_keeps_nothing(decided: Store) -> None:
    (decided.home / FOLDER).mkdir()
    (decided.home / FOLDER / "recognition_list.docx").write_bytes(b"no word file")

    refused = make(decided)

    assert isinstance(refused, Refused)
    with decided.reading() as session:
        assert (refused.code, papers_of(session, CAMPAIGN_ID)) == ("template_broken", [])


@pytest.mark.parametrize(
    "kind",
    ["recognition_list", "publicity_notice", "recommendation_letter", "town_summary", "campaign_report"],
)
def test_paper_of_the_whole_campaign_is_made(decided: Store, kind: str) -> None:
    assert len(words(decided, made(decided, kind))) > 100


def test_notice_of_a_campaign_without_a_publicity_leaves_its_days_open(decided: Store) -> None:
    assert "公示期为　　个工作日" in words(decided, made(decided, "publicity_notice"))


def test_letter_says_who_is_missing_and_who_would_swap(decided: Store) -> None:
    move_village(decided, "331181103200", "returned")

    text = words(decided, made(decided, "recommendation_letter"))

    assert "未随本次报送的社区(村)情况" in text
    assert "小查田村" in text
    assert "任一社区(村)增减1分" in text


def test_payment_list_has_total_account_and_both_signatures_and_is_opened_with_a_reason(
    decided: Store,
) -> None:
    with decided.reading() as session:
        gate = latest_gate(session, CAMPAIGN_ID, "award", COUNTY)
    assert gate is not None
    paper = made(decided, "payment_list", about=str(gate.id), by="finance-1")

    silent = open_paper(decided, paper_id=paper.id, by="finance-1", now=LATER)
    text = words(decided, paper)

    assert isinstance(silent, Refused)
    assert silent.code == "no_reason"
    assert ("20000元(大写：贰万元整)" in text, "汪致明" in text, "姚守成" in text, "未填报" in text) == (
        True, True, True, True,
    )  # fmt: skip
    with decided.reading() as session:
        assert audit.length_and_head(session)[0] > paper.audit_length


@pytest.mark.parametrize(
    ("kind", "spellings"),
    [
        ("recognition_list", ("", FIRST, "第一份", "1")),
        ("recommendation_letter", ("", "0", FIRST)),
        ("payment_list", ("{gate}", "0{gate}", " {gate}", "{wide}")),
    ],
)
def test_one_list_has_one_document_number_however_it_is_named(
    decided: Store, kind: str, spellings: tuple[str, ...]
) -> None:
    with decided.reading() as session:
        gate = latest_gate(session, CAMPAIGN_ID, "award", COUNTY)
    assert gate is not None
    wide = str(gate.id).translate({ord("0") + n: ord("０") + n for n in range(10)})

    papers = [made(decided, kind, about=one.format(gate=gate.id, wide=wide)) for one in spellings]

    assert {(one.number, one.edition) for one in papers} == {(1, 1)}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"by": "leader-1"}, "not_maker"),
        ({"why": "再" * 201}, "long_reason"),
        ({"kind": "payment_list", "about": "9" * 40}, "no_such_list"),
        ({"kind": "poem"}, "no_such_paper"),
        ({"kind": "visit_sheet", "about": "999"}, "foreign_village"),
        ({"kind": "payment_list", "about": ""}, "no_such_list"),
        ({"kind": "payment_list", "about": "1"}, "no_such_list"),
        ({"kind": "recommendation_form", "about": "331181103200"}, "nothing_to_print"),
    ],
)
def test_paper_that_cannot_be_made_is_refused(decided: Store, changed: dict[str, Any], code: str) -> None:
    refused = make(decided, **changed)

    assert isinstance(refused, Refused)
    assert refused.code == code


def test_paper_is_opened_by_nobody_without_the_role(decided: Store) -> None:
    paper = made(decided)

    refused = open_paper(decided, paper_id=paper.id, by="clerk-331181100", now=LATER)

    assert isinstance(refused, Refused)
    assert refused.code == "no_such_paper"


def test_every_kind_of_paper_has_a_template_and_facts() -> None:
    assert list(TEMPLATES) == list(KIND_FACTS)


def test_form_and_visit_sheet_say_what_the_dossier_says(submitting: Store) -> None:
    upload = hand_in_first(submitting, small_campaign())
    assert not isinstance(upload, Refused)
    judge(submitting, upload, now=local(small_campaign(), 11, 2, 11))
    with submitting.writing() as session:
        row = session.get_one(VillageRow, (CAMPAIGN_ID, FIRST))
        state, row.state = row.state, "recognised"
    refused = make(submitting, "visit_sheet", about=SECOND)

    sheet = words(submitting, made(submitting, "visit_sheet", about=FIRST))

    assert isinstance(refused, Refused)
    assert (state, refused.code, "B1.1/1" in sheet) == ("submitted", "nothing_to_print", True)


@pytest.mark.programs
def test_pdf_is_made_or_a_sentence_says_what_is_missing(decided: Store) -> None:
    paper = made(decided)

    pdf = open_paper_pdf(decided, paper_id=paper.id, by="finance-1", now=LATER)

    assert pdf in (NO_OFFICE, FAILED) or (isinstance(pdf, bytes) and pdf.startswith(b"%PDF"))
