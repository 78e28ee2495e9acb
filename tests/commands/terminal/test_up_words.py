"""What ``hqe up`` tells the operator to do."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from commands.campaign.open import open_once
from commands.terminal.up_words import say_where
from config.settings import read_settings
from deployments.local.preflight import Premises
from records.store import Store
from records.tables.people import InvitationRow
from tests.conftest import rows_of

CAMPAIGN_ID = "longquan-2020"
SEPTEMBER = datetime(2020, 9, 1, tzinfo=UTC)


def words_of(store: Store, capsys: pytest.CaptureFixture[str], **environment: str) -> str:
    settings = read_settings({"HQE_HOME": str(store.home), **environment})
    say_where(settings, Premises(store, key_is_new=False, database_is_new=False))
    return capsys.readouterr().out


def test_up_without_campaign_and_mail_says_how_to_get_them(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    said = words_of(store, capsys)

    assert ("./hqe campaign open" in said, "HQE_SMTP_URL" in said, "invitation" in said) == (
        True,
        True,
        False,
    )


def test_up_invites_the_first_coordinator_anew_at_each_start(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    open_once(store, CAMPAIGN_ID, late=False, now=SEPTEMBER)
    setting = {"HQE_PUBLIC_URL": "http://hqe.example.invalid", "HQE_SMTP_URL": "smtp://mail.example.invalid"}

    said = [words_of(store, capsys, **setting) for _ in range(2)]

    rows = rows_of(store, InvitationRow)
    assert ["http://hqe.example.invalid/invitation/" in one for one in said] == [True, True]
    assert ["HQE_SMTP_URL" in one for one in said] == [False, False]
    assert [(row.person_id, row.replaced_at is None) for row in rows] == [
        ("coordinator-1", False),
        ("coordinator-1", True),
    ]
