"""Receipts from rows: each state's own words, and nobody's number."""

from __future__ import annotations

from actions.dossiers.receipts import receipt_of
from records.audit import agrees_with_paper
from records.store import Store
from records.tables.dossiers import UploadRow
from records.tables.messages import OutboxRow
from rules.campaign.campaign import Campaign
from rules.dossiers.receipts import Receipt
from tests.actions.conftest import HandIn, dossier_of, judge, local
from tests.actions.dossiers.test_withdrawal import take_back
from tests.conftest import rows_of


def receipt(store: Store, upload: UploadRow) -> Receipt:
    with store.reading() as session:
        return receipt_of(session, session.get_one(UploadRow, upload.id))


def test_receipt_is_there_at_once_and_reads_back_after_the_checks(
    submitting: Store, hand_in: HandIn, campaign: Campaign
) -> None:
    upload = hand_in()
    assert isinstance(upload, UploadRow)
    early = receipt(submitting, upload)
    judge(submitting, upload, now=local(campaign, 11, 2, 11))
    late = receipt(submitting, upload)

    assert (early.title, early.checked, early.read) == ("申报材料收件回执", "", None)
    assert (early.received, early.timeliness) == ("2020年11月2日(星期一) 10:00:00", "按时")
    assert late.read is not None
    assert (late.title, late.read.people) == ("申报材料校验通过回执", rows_of(submitting, UploadRow)[0].rows)
    assert late.read.sum.endswith(f"＝{late.read.total}")
    assert (late.sha256, late.forms_version) == (upload.sha256, campaign.forms.version)
    assert "11月15日(星期日)前报送纸质材料" in late.next_step
    assert "331199" not in repr(late)
    with submitting.reading() as session:
        for one in (early, late):
            assert agrees_with_paper(session, length=one.audit_length, head=one.audit_head)
    assert receipt(submitting, upload) == late


def test_receipt_of_a_returned_and_of_a_withdrawn_version_says_what_comes_next(
    submitting: Store, hand_in: HandIn, campaign: Campaign
) -> None:
    code = campaign.villages[0].code
    wrong = hand_in(data=dossier_of(code, plot="mistakes"))
    assert isinstance(wrong, UploadRow)
    judge(submitting, wrong, now=local(campaign, 11, 2, 11))
    right = hand_in(data=dossier_of(code, 2))
    assert isinstance(right, UploadRow)
    judge(submitting, right, now=local(campaign, 11, 2, 12))
    take_back(submitting, campaign)

    returned, withdrawn = receipt(submitting, wrong), receipt(submitting, right)

    assert (returned.state, returned.errors >= 3, returned.read) == ("returned", True, None)
    assert withdrawn.next_step == "这一版已撤回，不再计入。请修改后于11月15日(星期日)前重新上传。"


def test_mails_lead_to_the_receipt(submitting: Store, hand_in: HandIn, campaign: Campaign) -> None:
    upload = hand_in()
    assert isinstance(upload, UploadRow)
    judge(submitting, upload, now=local(campaign, 11, 2, 11))

    paths = {
        row.template: row.facts["path"]
        for row in rows_of(submitting, OutboxRow)
        if row.template in ("dossier_received", "dossier_accepted")
    }
    assert set(paths.values()) == {f"/uploads/{upload.id}/receipt"}
    assert len(paths) == 2
