"""The head of the audit log, mailed to offices: once a day, what the log held then."""

from __future__ import annotations

from datetime import timedelta

from actions.upkeep.audit_head import post_head
from records import audit, outbox
from records.store import Store
from records.tables.messages import OutboxRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import local
from tests.conftest import rows_of

OFFICES = ("office@example.invalid", "archive@example.invalid")


def test_head_goes_to_each_office_once_a_day(submitting: Store, campaign: Campaign) -> None:
    now = local(campaign, 11, 10)

    counts = [
        post_head(submitting, offices=OFFICES, now=now + timedelta(hours=hours)) for hours in (0, 1, 24)
    ]

    told = [one for one in rows_of(submitting, OutboxRow) if one.template == "audit_head"]
    assert counts == [2, 0, 2]
    assert [one.facts[outbox.ADDRESS] for one in told] == [*OFFICES, *OFFICES]


def test_head_that_was_mailed_agrees_with_the_log_later(submitting: Store, campaign: Campaign) -> None:
    post_head(submitting, offices=OFFICES, now=local(campaign, 11, 10))
    with submitting.writing() as session:
        audit.note(session, at=local(campaign, 11, 11), actor="a", act="b", subject="c")

    told = next(one.facts for one in rows_of(submitting, OutboxRow) if one.template == "audit_head")
    with submitting.reading() as session:
        head = told["head"].replace(" ", "")
        assert audit.agrees_with_paper(session, length=told["length"], head=head)


def test_head_of_a_house_without_offices_goes_nowhere(submitting: Store, campaign: Campaign) -> None:
    assert post_head(submitting, offices=(), now=local(campaign, 11, 10)) == 0
