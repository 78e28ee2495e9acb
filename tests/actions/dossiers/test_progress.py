"""Findings of a second version held against the first: in the mail and in the annotated copy."""

from __future__ import annotations

from io import BytesIO

from openpyxl import load_workbook
from sqlalchemy import select

from actions.dossiers.annotated_copy import annotated_copy
from records.store import Store
from records.tables.dossiers import UploadRow
from records.tables.messages import OutboxRow
from records.tables.upkeep import AuditRow
from rules.campaign.campaign import Campaign
from rules.dossiers.checks.annotation import LIST_TITLE
from rules.refusals import Refused
from tests.actions.conftest import HandIn, dossier_of, judge, local
from tests.conftest import rows_of

CLERK = "clerk-331181100"


def better(data: bytes) -> bytes:
    """The clerk fills in what was blank and forgets somebody's sex."""
    book = load_workbook(BytesIO(data))
    sheet = book["附件2 花名册"]
    sheet["H13"], sheet["G20"] = "本科", None
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def two_versions(store: Store, hand_in: HandIn, campaign: Campaign) -> list[UploadRow]:
    wrong = dossier_of(campaign.villages[0].code, plot="mistakes")
    for hour, data in enumerate((wrong, better(wrong)), 11):
        upload = hand_in(data=data)
        assert isinstance(upload, UploadRow)
        assert judge(store, upload, now=local(campaign, 11, 2, hour)) == "returned"
    return rows_of(store, UploadRow)


def test_mail_of_a_second_version_says_what_became_of_the_first_ones_findings(
    submitting: Store, hand_in: HandIn, campaign: Campaign
) -> None:
    two_versions(submitting, hand_in, campaign)

    with submitting.reading() as session:
        wanted = select(OutboxRow).where(OutboxRow.template == "dossier_findings").order_by(OutboxRow.id)
        told = [row.facts["progress"] for row in session.scalars(wanted)]
    assert told[0] == ""
    assert told[1].startswith("与第1版相比：已改正")
    assert "新出现1处。" in told[1]


def test_copy_of_a_second_version_tells_the_same_and_is_audited(
    submitting: Store, hand_in: HandIn, campaign: Campaign
) -> None:
    second = two_versions(submitting, hand_in, campaign)[1]

    now = local(campaign, 11, 3)
    copy = annotated_copy(
        submitting, upload_id=second.id, by=CLERK, reason="", scanner="", now=now, host_now=now
    )

    assert isinstance(copy, bytes)
    sheet = load_workbook(BytesIO(copy))[LIST_TITLE]
    states = [row[2].value for row in sheet.iter_rows(min_row=5)]
    assert sheet["A1"].value == "八都镇第一村申报材料第2版 问题清单"
    assert (states.count("新出现"), states[-1]) == (1, "已改正")
    last = rows_of(submitting, AuditRow)[-1]
    assert (last.actor, last.act, last.facts) == (CLERK, "open_annotated", '{"reason":"","version":2}')


def test_copy_is_not_for_other_towns_without_a_reason_nor_before_the_check(
    submitting: Store, hand_in: HandIn, campaign: Campaign
) -> None:
    upload = hand_in()
    assert isinstance(upload, UploadRow)
    now = local(campaign, 11, 3)

    def asked(by: str, reason: str) -> bytes | Refused:
        return annotated_copy(
            submitting, upload_id=upload.id, by=by, reason=reason, scanner="", now=now, host_now=now
        )

    early = asked(CLERK, "")
    judge(submitting, upload, now=now)
    foreign = asked("coordinator-1", " ")

    assert isinstance(early, Refused)
    assert isinstance(foreign, Refused)
    assert (early.code, foreign.code) == ("not_checked", "no_reason")
    with submitting.reading() as session:
        assert "open_annotated" not in {row.act for row in session.scalars(select(AuditRow))}
